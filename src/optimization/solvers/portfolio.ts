import { abreast, type Steps } from '../../async/steps.js'
import { GROUP } from '../../kernels/contract/kernels.js'
import { type Eliminated, eliminationOrder } from '../problems/elimination.js'
import type { Ising } from '../problems/ising-model.js'
import { reduction } from '../problems/reduction.js'
import { TourIsing } from '../problems/tsp.js'
import { Annealing } from './anneal.js'
import { type AnnealingSchedule, longerAndLonger, scheduleOf } from './annealing-schedule.js'
import { ExactRun, isNarrow } from './exact.js'
import { InnerSearch } from './inner-search.js'
import { NEWCOMERS, Recombination } from './recombination.js'
import { groupOf } from './replicas.js'
import type { Search } from './search.js'
import { Bifurcations } from './simulated-bifurcation.js'
import type { Solver, SolverKind } from './solver-runner.js'
import { TabuSearch } from './tabu-search.js'
import { felt } from './thermodynamic-length.js'
import { TourSearch } from './tour-search.js'

/** One thing that `solve` did. */
export interface Choice {
  solver: 'reduction' | 'exact' | 'tourSearch' | 'tabu' | 'anneal' | 'simulatedBifurcation' | 'recombination'
  /** Variables of the problem that it was given. */
  variables: number
  /** Why, in words. */
  reason: string
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
/** Sweeps of the first round. */
const [FIRST_LENGTH] = longerAndLonger()
/** Rounds where nothing ends them, and reads of all rounds that there may be. */
const ROUNDS = 4
/** Rounds before the best states of several annealings are put together. */
const ALONE = 3
const MOST_READS = 2 ** 32

/** One annealing of so many sweeps, which falls soon. */
function annealed(
  ising: Ising,
  numSweeps: number,
  betaRange?: readonly [from: number, to: number],
): AnnealingSchedule {
  return scheduleOf(ising, { numSweeps, betaRange, schedule: 'geometric', betas: undefined })
}

/** One whose replicas are to differ: what is put together from them is then better, though none of them need be. */
function annealedSlowly(ising: Ising, numSweeps: number): AnnealingSchedule {
  const options = { numSweeps, betaRange: undefined, schedule: 'linear', betas: undefined } as const
  return scheduleOf(ising, options, ERA_HOTTEST)
}
/** Where its β begins, in units of 1/σ. */
const ERA_HOTTEST = 1

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

/** A search of its own in each round, which is longer than the one before. */
type Member = (inner: InnerSearch, round: number, length: number) => Steps<void>

const annealing: Member = (inner, round, length) =>
  new Annealing(inner, annealed(inner.ising, length)).run(round, round + 1)

const forbidding: Member = (inner, round, length) => {
  const numSweeps = Math.min(length, MOST_TABU_SWEEPS)
  return new TabuSearch(inner, { numSweeps, tenure: undefined }).run(round, round + 1)
}

/** Steps of oscillators for each sweep of a round, and the most of them: more do not find more in as much time. */
const STEPS_PER_SWEEP = 4
const MOST_STEPS = 4096

const bifurcating: Member = (inner, round, length) => {
  const numSteps = Math.min(STEPS_PER_SWEEP * length, MOST_STEPS)
  const own = { numSteps, variant: 'discrete', timeStep: undefined } as const
  return new Bifurcations(inner, own, LONG_STEP).run(round, round + 1)
}
/** Where signs are mixed no mode is much stiffer than the others, and steps may be long. */
const LONG_STEP = 1.75

/**
 * Chains alone: words of 512 replicas gain nothing where each has so many neighbours. They find more in as much time than oscillators do,
 * which find other states. Cold sweeps flip little, and so take little time.
 */
const CHAINS = 24
const CHAIN_RANGE = [1.2, 30] as const
const chains: Member = (inner, round, length) => {
  const numSweeps = Math.min(STEPS_PER_SWEEP * length, MOST_STEPS)
  const unit = inner.ising.model.scale / felt(inner.ising)
  const range = [CHAIN_RANGE[0] * unit, CHAIN_RANGE[1] * unit] as const
  const alone = new Annealing(inner, annealed(inner.ising, numSweeps, range), { together: 1 })
  return alone.run(CHAINS * round, CHAINS * (round + 1))
}

/** Whether all couplings are ±1 in their unit. */
function hasSigns({ model, variables, facts }: Ising): boolean {
  const { weights } = model.table
  if (weights.length !== variables * (variables - 1)) return false
  // None is zero: squares of whole numbers are as few as they are where each is 1.
  if (weights instanceof Int32Array) return facts.squares === weights.length
  return weights.every((w) => w === 1 || w === -1)
}

/** Which solvers are asked, and in which order. Members of a round and annealings of an age do not need each other. */
export class Portfolio implements SolverKind {
  readonly reads = 1
  readonly anyOrder = true
  readonly lazy = true
  readonly chosen: Choice[] = []
  proved = false
  readonly #threads: number
  #limited = false

  /** @param threads members that run at the same time. */
  constructor(threads: number) {
    this.#threads = threads
  }

  make(search: Search): Solver {
    return { units: 1, portion: { most: 1, multiple: 1 }, run: () => this.#run(search) }
  }

  #choose(solver: Choice['solver'], variables: number, reason: string): void {
    this.chosen.push({ solver, variables, reason })
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
    const make = (): InnerSearch => new InnerSearch(search, reduced, MOST_READS)
    const inner = make()
    const { variables } = inner.ising
    if (reduced !== undefined) {
      const left = variables === 0 ? 'nothing is left' : `${variables} are left`
      this.#choose('reduction', ising.variables, `couplings that outweigh all others of a variable: ${left}`)
      if (variables === 0) {
        search.offer(0, reduced.expand(new Uint32Array(0)))
        this.proved = true
        return
      }
    }
    if (variables <= FEW) {
      yield* this.#exact(inner, undefined, 'few states')
      return
    }
    yield* this.#searches(make)
  }

  *#searches(make: () => InnerSearch): Steps<void> {
    const inner = make()
    const { ising } = inner
    const { variables } = ising
    yield* ising.prepare(inner.kernels)
    const dense = ising.isDense
    const members = this.#members(ising, dense)
    for (const work of this.#round(members, make, 0, FIRST_LENGTH)) {
      yield* work
      if (inner.over) return
    }
    const order = yield* this.#order(ising)
    if (order !== undefined) return yield* this.#exact(inner, order, 'a narrow graph')
    if (variables <= MOST_STATES) return yield* this.#exact(inner, undefined, 'few states')
    const ages = this.#limited && !dense && groupOf(ising) === GROUP
    const rounds = ages ? ALONE : this.#limited ? Number.POSITIVE_INFINITY : ROUNDS
    yield* abreast(this.#rounds(members, make, rounds), this.#threads)
    if (ages && !inner.over) yield* this.#eras(make, ALONE)
  }

  /** The rounds after the first one, of which the last ones are as long as each other. */
  *#rounds(
    members: readonly Member[],
    make: () => InnerSearch,
    rounds: number,
  ): Generator<Steps<void>, void> {
    const search = make()
    const lengths = longerAndLonger()
    let length = 0
    for (let round = 0; round < rounds && !search.over; round++) {
      length = lengths.next().value ?? length
      if (round > 0) yield* this.#round(members, make, round, length)
    }
  }

  *#round(
    members: readonly Member[],
    make: () => InnerSearch,
    round: number,
    length: number,
  ): Generator<Steps<void>, void> {
    for (const member of members) {
      const inner = make()
      if (inner.over) return
      yield member(inner, round, length)
    }
  }

  /** Who searches in each round. */
  #members(ising: Ising, dense: boolean): readonly Member[] {
    const { variables } = ising
    if (dense && variables > MOST_TABU && hasSigns(ising)) {
      this.#choose('simulatedBifurcation', variables, 'all pairs are coupled by ±1')
      this.#choose('anneal', variables, 'in turn with simulatedBifurcation')
      return [bifurcating, chains]
    }
    const tabu = variables <= (dense ? MOST_TABU : SMALL)
    if (tabu) this.#choose('tabu', variables, dense ? 'dense couplings' : 'few variables')
    this.#choose(
      'anneal',
      variables,
      tabu ? 'in turn with tabu' : dense ? 'dense couplings' : 'sparse couplings',
    )
    return tabu ? [forbidding, annealing] : [annealing]
  }

  /** Ages of annealing, each with more of them or longer ones than the one before, after which their best states are put together. */
  *#eras(make: () => InnerSearch, round: number): Steps<void> {
    const inner = make()
    const { ising } = inner
    let next = round
    const number = (): number => next++
    const elite = new Recombination(inner, MOST_ELITE, number)
    let told = false
    for (const [groups, length] of eras()) {
      const best = Array.from({ length: groups }, () => new Recombination(inner, NEWCOMERS, number))
      yield* abreast(this.#age(best, make, length, number), this.#threads)
      if (inner.over || next >= MOST_GROUPS) return
      // Whichever annealing ended first, the first one counts first.
      const pool = new Recombination(inner, groups * NEWCOMERS, number)
      for (const group of best) pool.takeBest(group, NEWCOMERS)
      if (!told) this.#choose('recombination', ising.variables, 'the best states of several annealings')
      told = true
      yield* pool.run(GENERATIONS * groups * NEWCOMERS)
      elite.takeBest(pool, NEWCOMERS)
      yield* elite.run(GENERATIONS * NEWCOMERS)
      if (inner.over) return
    }
  }

  /** Annealings of so many sweeps. */
  *#age(
    best: readonly Recombination[],
    make: () => InnerSearch,
    length: number,
    number: () => number,
  ): Generator<Steps<void>, void> {
    for (const group of best) {
      const inner = make()
      const at = number()
      if (inner.over || at >= MOST_GROUPS) return
      const onEnd: Recombination['take'] = (...given) => group.take(...given)
      yield new Annealing(inner, annealedSlowly(inner.ising, length), { onEnd }).run(at, at + 1)
    }
  }

  *#exact(inner: InnerSearch, order: Eliminated | undefined, reason: string): Steps<void> {
    this.#choose('exact', inner.ising.variables, reason)
    const solver = new ExactRun(inner.ising, order).make(inner)
    yield* solver.run(0, solver.units)
    this.proved = !inner.over
  }

  *#order(ising: Ising): Steps<Eliminated | undefined> {
    const { table } = ising.model
    if (!isSparse(ising)) return undefined
    const { variables } = ising
    const order = yield* eliminationOrder(table, variables)
    return order !== undefined && order.size <= MOST_NUMBERS && isNarrow(order, variables) ? order : undefined
  }
}
