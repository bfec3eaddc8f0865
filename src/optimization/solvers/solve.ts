import type { Steps } from '../../async/steps.js'
import { Schema, without } from '../../input/options.js'
import { GROUP } from '../../kernels/contract/kernels.js'
import { type Eliminated, eliminationOrder } from '../problems/elimination.js'
import type { Ising } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { reduction } from '../problems/reduction.js'
import { TourIsing } from '../problems/tsp.js'
import { Annealing } from './anneal.js'
import { type AnnealingSchedule, longerAndLonger, scheduleOf } from './annealing-schedule.js'
import { ExactRun } from './exact.js'
import { InnerSearch } from './inner-search.js'
import { NEWCOMERS, Recombination } from './recombination.js'
import { groupOf } from './replicas.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, solveBeside, solveHere } from './solver-runner.js'
import { TabuSearch } from './tabu-search.js'
import { TourSearch } from './tour-search.js'

const OPTIONS = new Schema(without(SOLVE, 'numReads', 'initialStates'))
const LATER = new Schema(without(SOLVE_ASYNC, 'numReads', 'initialStates', 'threads'))

export interface SolveOptions extends Omit<SolverOptions, 'numReads' | 'initialStates'> {}
export interface SolveAsyncOptions
  extends Omit<SolverAsyncOptions, 'numReads' | 'initialStates' | 'threads'> {}

/** One thing that `solve` did. */
export interface Choice {
  solver: 'reduction' | 'exact' | 'tourSearch' | 'tabu' | 'anneal' | 'recombination'
  /** Variables of the problem that it was given. */
  variables: number
  /** Why, in words. */
  reason: string
}

/** What `solve` has found. */
export interface SolveResult<Solution> extends SolverResult<Solution> {
  /** What was done, in order. */
  chosen: Choice[]
  /** Whether no state has less energy, as far as couplings are not rounded. */
  proved: boolean
}

/**
 * The best state that this package finds, by solvers that it chooses by the instance: `tourSearch` for round trips; `exact` where states are
 * few or couplings form a narrow graph; otherwise `anneal`, again and again and each time for longer, and `tabu` in turn with it on dense or small problems. With
 * a target or a time, the best states of several annealings are put together anew, where couplings are sparse and small whole numbers.
 * Before that, variables whose strongest coupling outweighs all others together are taken out, which leaves a fifth of a sparse random graph,
 * and the optimum. It ends with `target` or `maxTime`; without either after four rounds, 1,280 sweeps in all.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function solve<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolveOptions,
): SolveResult<Solution> {
  const ising = isingOf(problem, 'solve')
  const portfolio = new Portfolio()
  const read = { ...PLAIN, ...OPTIONS.read('solve', options) }
  return portfolio.told(solveHere('solve', ising, read, portfolio))
}

/** As `solve`, off the event loop: the same bits. */
export async function solveAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolveAsyncOptions,
): Promise<SolveResult<Solution>> {
  const ising = isingOf(problem, 'solveAsync')
  const portfolio = new Portfolio()
  const read = { ...PLAIN, ...LATER.read('solveAsync', options) }
  return portfolio.told(await solveBeside('solveAsync', ising, read, portfolio))
}

/** Sweeps of a tour search, without and with a limit from outside. */
const TOUR_SWEEPS = 200
const MOST_TOUR_SWEEPS = 2 ** 24
/** Variables whose states are looked at before and after a first search. */
const FEW = 20
const MOST_STATES = 32
/** Neighbours of a variable, the mean of all, beyond which no graph is narrow or has much to take out. */
const MOST_NEIGHBOURS = 16
/** Most numbers in the tables of `exact` where it takes variables out one by one: about a second of work. */
const MOST_NUMBERS = 2 ** 24
/** Variables of a dense problem on which a flip of tabu search is cheap. */
const MOST_TABU = 500
/** Variables of any problem on which it is. */
const SMALL = 100
const MOST_TABU_SWEEPS = 2 ** 20
/** Rounds where nothing ends them, and reads of all rounds that there may be. */
const ROUNDS = 4
/** Rounds before the best states of several annealings are put together. */
const ALONE = 3
const MOST_READS = 2 ** 32

/** One annealing of so many sweeps, in the usual range. */
function annealed(ising: Ising, numSweeps: number): AnnealingSchedule {
  return scheduleOf(ising, { numSweeps, betaRange: undefined, schedule: 'linear', betas: undefined })
}

function isSparse({ model, variables }: Ising): boolean {
  return model.table.sources.length <= MOST_NEIGHBOURS * variables
}

/** Annealings of an age, and their sweeps. */
function* eras(): Generator<[groups: number, length: number]> {
  yield [4, 1200]
  yield [8, 1200]
  for (let length = 2400; ; length *= 2) yield [16, Math.min(length, MOST_IN_ERAS)]
}
const MOST_IN_ERAS = 2 ** 20
/** Groups of replicas that there may be: reads are numbers of 32 bits. */
const MOST_GROUPS = 2 ** 22
/** New states for each that is kept. */
const GENERATIONS = 10
const MOST_ELITE = 64

const PLAIN = { numReads: 1, initialStates: undefined, threads: undefined }

class Portfolio {
  readonly reads = 1
  readonly #chosen: Choice[] = []
  #proved = false
  #limited = false

  readonly make = (search: Search): Solver => ({
    units: 1,
    portion: { most: 1, multiple: 1 },
    run: () => this.#run(search),
  })

  told<Solution>(result: SolverResult<Solution>): SolveResult<Solution> {
    return { ...result, chosen: this.#chosen, proved: this.#proved }
  }

  #choose(solver: Choice['solver'], variables: number, reason: string): void {
    this.#chosen.push({ solver, variables, reason })
  }

  #run(search: Search): Steps<void> {
    return search.ising instanceof TourIsing ? this.#tours(search, search.ising) : this.#states(search)
  }

  *#tours(search: Search, ising: TourIsing): Steps<void> {
    this.#choose('tourSearch', ising.variables, 'round trip')
    const numSweeps = search.limited ? MOST_TOUR_SWEEPS : TOUR_SWEEPS
    yield* new TourSearch(search, ising, { numSweeps }).run(0, 1)
  }

  *#states(search: Search): Steps<void> {
    const { ising } = search
    this.#limited = search.limited
    const reduced = isSparse(ising) ? yield* reduction(ising) : undefined
    const inner = new InnerSearch(search, reduced, MOST_READS)
    const { variables } = inner.ising
    if (reduced !== undefined) {
      const left = variables === 0 ? 'nothing is left' : `${variables} are left`
      this.#choose('reduction', ising.variables, `couplings that outweigh all others of a variable: ${left}`)
      if (variables === 0) {
        search.offer(0, reduced.expand(new Uint32Array(0)))
        this.#proved = true
        return
      }
    }
    if (variables <= FEW) {
      yield* this.#exact(inner, undefined, 'few states')
      return
    }
    yield* this.#searches(inner)
  }

  *#searches(inner: InnerSearch): Steps<void> {
    const { ising } = inner
    const { variables } = ising
    const dense = ising.memory.form === 'matrix'
    let round = 0
    const tabu = variables <= (dense ? MOST_TABU : SMALL)
    if (tabu) this.#choose('tabu', variables, dense ? 'dense couplings' : 'few variables')
    this.#choose(
      'anneal',
      variables,
      tabu ? 'in turn with tabu' : dense ? 'dense couplings' : 'sparse couplings',
    )
    for (const length of longerAndLonger()) {
      if (tabu) {
        yield* new TabuSearch(inner, {
          numSweeps: Math.min(length, MOST_TABU_SWEEPS),
          tenure: undefined,
        }).run(round, round + 1)
        if (inner.over) return
      }
      yield* new Annealing(inner, annealed(ising, length)).run(round, round + 1)
      if (inner.over) return
      if (round === 0) {
        const order = variables <= MOST_STATES ? undefined : yield* this.#order(ising)
        if (variables <= MOST_STATES || order !== undefined) {
          return yield* this.#exact(inner, order, order === undefined ? 'few states' : 'a narrow graph')
        }
      }
      round++
      if (!this.#limited && round === ROUNDS) return
      if (this.#limited && round === ALONE && !dense && groupOf(ising) === GROUP)
        return yield* this.#eras(inner, round)
    }
  }

  /** Ages of annealing, each with more of them or longer ones than the one before, after which their best states are put together. */
  *#eras(inner: InnerSearch, round: number): Steps<void> {
    const { ising } = inner
    let next = round
    const number = (): number => next++
    const elite = new Recombination(inner, MOST_ELITE, number)
    let told = false
    for (const [groups, length] of eras()) {
      const pool = new Recombination(inner, groups * NEWCOMERS, number)
      const onEnd: Recombination['take'] = (...given) => pool.take(...given)
      for (let k = 0; k < groups && !inner.over; k++) {
        const group = number()
        yield* new Annealing(inner, annealed(ising, length), { onEnd }).run(group, group + 1)
        if (inner.over || next >= MOST_GROUPS) return
      }
      if (!told) this.#choose('recombination', ising.variables, 'the best states of several annealings')
      told = true
      yield* pool.run(GENERATIONS * groups * NEWCOMERS)
      elite.takeBest(pool, NEWCOMERS)
      yield* elite.run(GENERATIONS * NEWCOMERS)
      if (inner.over) return
    }
  }

  *#exact(inner: InnerSearch, order: Eliminated | undefined, reason: string): Steps<void> {
    this.#choose('exact', inner.ising.variables, reason)
    const solver = new ExactRun(inner.ising, order).make(inner)
    yield* solver.run(0, solver.units)
    this.#proved = !inner.over
  }

  *#order(ising: Ising): Steps<Eliminated | undefined> {
    const { table } = ising.model
    if (!isSparse(ising)) return undefined
    const order = yield* eliminationOrder(table, ising.variables)
    return order !== undefined && order.size <= MOST_NUMBERS ? order : undefined
  }
}
