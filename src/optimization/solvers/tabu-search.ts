import { call, type Steps } from '../../async/steps.js'
import { integer, optional, type Read, Schema } from '../../input/options.js'
import { checkInteger } from '../../input/validate.js'
import { TABU } from '../../kernels/contract/kernels.js'
import { PURPOSE } from '../../numerics/philox.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const OWN = {
  /** Sweeps of a read, of as many flips as there are variables; 1 to 2^24, and 100 by default. */
  numSweeps: integer(1, 2 ** 24, 100),
  /** Steps for which a flipped variable stays as it is, 0 to N − 1; min(20, N/4) by default, and up to ten more by chance. */
  tenure: optional<number, number, number>((name, value, variables) =>
    checkInteger(name, value, 0, Math.max(variables - 1, 0)),
  ),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface TabuOptions extends SolverOptions {
  numSweeps?: number
  tenure?: number
}
export interface TabuAsyncOptions extends SolverAsyncOptions {
  numSweeps?: number
  tenure?: number
}

/**
 * One-flip tabu search (Glover 1989; Palubeckis 2004): each step makes the best flip among variables that have not moved for a while, up or
 * down, or any that leads to a new best. Strong on dense problems with few, large couplings. The best state of each read counts.
 * @throws HopfieldError as `steepestDescent`.
 */
export function tabu<Solution>(
  problem: IsingProblem<Solution>,
  options?: TabuOptions,
): SolverResult<Solution> {
  const method = 'tabu'
  const ising = isingOf(problem, method)
  const read = OPTIONS.read(method, options, ising.variables)
  return solveHere(method, ising, read, kindOf(read))
}

/** As `tabu`, off the event loop: the same bits. */
export async function tabuAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: TabuAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'tabuAsync'
  const ising = isingOf(problem, method)
  const read = LATER.read(method, options, ising.variables)
  return await solveBeside(method, ising, read, kindOf(read))
}

const kindOf = (read: Read<typeof OWN>): SolverKind => ({
  reads: 1,
  make: (search) => new TabuSearch(search, read),
})

/** Operations of a call. The fields of a state are found anew in each, so the bits of real couplings depend on it: it is one number. */
const OPERATIONS = 2 ** 21
/** Chance in how long a variable stays tabu. */
const SPREAD = 10

export class TabuSearch implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #sweeps: number
  readonly #tenure: number
  readonly #steps: number

  constructor(search: Search, { numSweeps, tenure }: Read<typeof OWN>) {
    const { ising } = search
    const n = ising.variables
    this.#search = search
    this.units = search.reads
    this.#sweeps = checkInteger('numSweeps', numSweeps, 1, Math.floor(2 ** 31 / n))
    this.#tenure = tenure ?? Math.min(20, n >> 2)
    const each = n + ising.model.table.sources.length / n
    this.#steps = Math.max(16, Math.floor(OPERATIONS / each))
  }

  *run(from: number, to: number): Steps<void> {
    const search = this.#search
    const { ising, kernels, words } = search
    const n = ising.variables
    const steps = this.#sweeps * n
    const spread = Math.min(SPREAD, n - 1 - this.#tenure)
    for (let read = from; read < to && !search.over; read++) {
      const row = new Uint32Array(words)
      search.begin(read, row)
      const best = row.slice()
      const until = new Uint32Array(n)
      const numbers = new Float64Array(TABU.length).fill(Number.POSITIVE_INFINITY)
      search.offer(read, row)
      for (let first = 0, part = 0; first < steps && !search.over; first += this.#steps, part++) {
        const tenures = this.#tenures(read, part, Math.min(this.#steps, steps - first), spread)
        const before = numbers[TABU.best]
        const cost = tenures.length * n
        yield* call(
          kernels,
          cost,
          'tabu',
          ising.memory,
          ising.model.fields,
          row,
          best,
          until,
          first,
          tenures,
          numbers,
        )
        if (numbers[TABU.best] < before) search.offer(read, best)
        search.sweeps = Math.max(search.sweeps, Math.ceil((first + tenures.length) / n))
      }
    }
  }

  /** How long each flip stays tabu. */
  #tenures(read: number, part: number, count: number, spread: number): Uint32Array {
    const { kernels, seed } = this.#search
    const out = new Uint32Array(count)
    kernels.philox(seed[0], seed[1], PURPOSE.tabu, read, part, out)
    for (let k = 0; k < count; k++) out[k] = this.#tenure + Math.floor((out[k] / 2 ** 32) * (spread + 1))
    return out
  }
}
