import { call, portionOf, type Steps } from '../../async/steps.js'
import { Schema } from '../../input/options.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { beginReads, type Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'

const OPTIONS = new Schema(SOLVE)
const LATER = new Schema(SOLVE_ASYNC)

/**
 * Steepest descent: flips the variable whose flip lowers the energy most, the first of equals, until none does: a local minimum of each
 * read. It is the last step of many other methods, and a baseline for them. `sweeps` counts flips.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function steepestDescent<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolverOptions,
): SolverResult<Solution> {
  const method = 'steepestDescent'
  const ising = isingOf(problem, method)
  return solveHere(method, ising, OPTIONS.read(method, options, ising.variables), DESCENT)
}

/** As `steepestDescent`, off the event loop: the same bits. */
export async function steepestDescentAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: SolverAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'steepestDescentAsync'
  const ising = isingOf(problem, method)
  return await solveBeside(method, ising, LATER.read(method, options, ising.variables), DESCENT)
}

const DESCENT: SolverKind = { reads: 1, make: (search) => new Descents(search) }

/**
 * Most flips of a call, and its operations. They bound the time in which a call heeds the clock. Each call finds the fields of real couplings
 * anew, so that their bits depend on it: it is the same on every backend.
 */
const FLIPS = 4096
const OPERATIONS = 2 ** 21

class Descents implements Solver {
  readonly units: number
  readonly portion: { most: number; multiple: number }
  readonly #search: Search
  readonly #together: number
  readonly #most: number

  constructor(search: Search) {
    this.#search = search
    this.units = search.reads
    const { ising, kernels } = search
    const n = ising.variables
    // Finding all fields, and then about a flip for every other variable, which looks at all of them.
    const flip = n + (2 * ising.model.table.sources.length) / n
    const each = ising.model.table.sources.length + (n / 2) * flip
    this.#together = Math.min(portionOf(kernels, each), 256)
    this.#most = Math.max(1, Math.min(FLIPS, Math.floor(OPERATIONS / flip)))
    this.portion = { most: this.#together, multiple: 1 }
  }

  *run(from: number, to: number): Steps<void> {
    const search = this.#search
    const { ising, kernels, words } = search
    const { fields } = ising.model
    for (let first = from; first < to && !search.over; first += this.#together) {
      const count = Math.min(this.#together, to - first)
      const rows = new Uint32Array(count * words)
      yield* beginReads(search, first, rows)
      const totals = new Float64Array(count)
      const flips = new Uint32Array(count)
      const cost = count * this.#most * ising.variables
      do {
        yield* call(kernels, cost, 'descend', ising.memory, fields, rows, count, this.#most, flips)
        for (const [b, done] of flips.entries()) totals[b] += done
        search.sweeps = totals.reduce((most, total) => Math.max(most, total), search.sweeps)
        search.offer(first, rows, yield* ising.energiesInSteps(kernels, rows))
        // Real couplings are carried along with a rounding each flip, and might go round for ever where two states are equally good.
      } while (flips.some((done, b) => done === this.#most && totals[b] < MOST) && !search.over)
    }
  }
}

/** Flips after which a read ends in any case. */
const MOST = 2 ** 31
