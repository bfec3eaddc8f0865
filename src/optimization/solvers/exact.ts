import { allBeside, call, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { Schema, without } from '../../input/options.js'
import { atOnce } from '../../platform/turn.js'
import { type Eliminated, Eliminations, eliminationOrder } from '../problems/elimination.js'
import type { Ising } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, solveBeside, solveHere } from './solver-runner.js'

const OPTIONS = new Schema(without(SOLVE, 'numReads', 'seed', 'initialStates'))
const LATER = new Schema(without(SOLVE_ASYNC, 'numReads', 'seed', 'initialStates'))

export interface ExactOptions extends Omit<SolverOptions, 'numReads' | 'seed' | 'initialStates'> {}
export interface ExactAsyncOptions extends Omit<SolverAsyncOptions, 'numReads' | 'seed' | 'initialStates'> {}

/** What `exact` has found. If `stopped` is 'end', no state has less energy. */
export interface ExactResult<Solution> extends SolverResult<Solution> {
  /** How many states have the least energy; undefined if the run was stopped before all were known. */
  minima: number | undefined
}

const UNUSED = { numReads: undefined, seed: [0, 0], initialStates: undefined } as const

/**
 * A state of least energy, proved: by looking at all 2^N states of up to 32 variables, or by dynamic programming where couplings are few,
 * as on trees, rings, ladders and narrow lattices of any length (Bertelè and Brioschi 1972): 2^w numbers a variable for treewidth w.
 * Of several such states one is told, always the same. Energies of real couplings are equal where they are after rounding.
 * @throws HopfieldError ERR_HOPFIELD_RANGE for more than 32 variables and too many couplings, and without variables; ERR_HOPFIELD_OPTION,
 * _TYPE, _RANGE naming the option.
 */
export function exact<Solution>(
  problem: IsingProblem<Solution>,
  options?: ExactOptions,
): ExactResult<Solution> {
  const ising = isingOf(problem, 'exact')
  const read = { ...UNUSED, ...OPTIONS.read('exact', options) }
  const run = new ExactRun(ising, atOnce(orderOf(ising)))
  return run.told(solveHere('exact', ising, read, run))
}

/** As `exact`, off the event loop: the same bits. */
export async function exactAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: ExactAsyncOptions,
): Promise<ExactResult<Solution>> {
  const ising = isingOf(problem, 'exactAsync')
  const read = { ...UNUSED, ...LATER.read('exactAsync', options) }
  const run = new ExactRun(ising, await allBeside(orderOf(ising), { ...read, onProgress: undefined }))
  return run.told(await solveBeside('exactAsync', ising, read, run))
}

function orderOf<Solution>(ising: Ising<Solution>): Generator<void, Eliminated | undefined> {
  return eliminationOrder(ising.model.table, ising.variables)
}

/** All states of so many variables are looked at. */
const MOST_VARIABLES = 32

/** Whether variables are taken out one by one: a number of a table costs some tens of nanoseconds, a state less than one. */
export function isNarrow(order: Eliminated, variables: number): boolean {
  return variables > MOST_VARIABLES || order.size * 16 < 2 ** variables
}

export class ExactRun {
  readonly reads = 1
  readonly #ising: Ising
  readonly #order: Eliminated | undefined
  #minima = Number.NaN

  constructor(ising: Ising, order: Eliminated | undefined) {
    this.#ising = ising
    this.#order = order
  }

  readonly make = (search: Search): Solver => {
    const n = this.#ising.variables
    const order = this.#order
    if (order !== undefined && isNarrow(order, n)) {
      return new Programme(search, order, (minima) => {
        this.#minima = minima
      })
    }
    if (n <= MOST_VARIABLES) {
      return new Enumeration(search, (minima) => {
        this.#minima = minima
      })
    }
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `problem: expected at most ${MOST_VARIABLES} variables, or so few couplings that tables of 2^27 numbers hold all that matters, got ${n} variables with ${this.#ising.model.table.sources.length / 2} couplings; use another solver`,
    )
  }

  told<Solution>(result: SolverResult<Solution>): ExactResult<Solution> {
    return { ...result, minima: result.stopped === 'end' ? this.#minima : undefined }
  }
}

/** States of one call: some milliseconds. */
const STATES = { native: 2 ** 23, typescript: 2 ** 16 }

/** All states, in parts that have the same last variables. */
class Enumeration implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #fixed: number
  readonly #mirrored: boolean
  readonly #couplings: Float64Array
  readonly #fields: Float64Array
  readonly #tell: (minima: number) => void
  #least = Number.POSITIVE_INFINITY
  #first = 0
  #count = 0

  constructor(search: Search, tell: (minima: number) => void) {
    const { ising, kernels } = search
    const n = ising.variables
    const { starts, sources, weights } = ising.model.table
    this.#search = search
    this.#tell = tell
    this.#couplings = new Float64Array(n * n)
    for (let i = 0; i < n; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) this.#couplings[i * n + sources[k]] = weights[k]
    }
    this.#fields = ising.model.fields ?? new Float64Array(n)
    // Without fields a state and its opposite have the same energy, so that the last variable may be −1.
    this.#mirrored = ising.model.fields === undefined && n > 6
    const together = Math.log2(kernels.parallel ? STATES.native : STATES.typescript)
    this.#fixed = Math.max(this.#mirrored ? 1 : 0, Math.min(n - together, n - 6))
    this.units = 2 ** (this.#fixed - (this.#mirrored ? 1 : 0))
  }

  *run(from: number, to: number): Steps<void> {
    const search = this.#search
    const { ising, kernels, words } = search
    const n = ising.variables
    const out = new Float64Array(3)
    for (let prefix = from; prefix < to && !search.over; prefix++) {
      const states = 2 ** (n - this.#fixed)
      yield* call(kernels, states, 'lowestStates', this.#couplings, this.#fields, n, this.#fixed, prefix, out)
      const [energy, first, count] = out
      if (energy < this.#least || (energy === this.#least && first < this.#first)) {
        if (energy < this.#least) this.#count = 0
        this.#least = energy
        this.#first = first
        const row = new Uint32Array(words)
        row[0] = first
        search.offer(0, row)
      }
      if (energy === this.#least) this.#count += count
    }
    this.#tell(this.#count * (this.#mirrored ? 2 : 1))
    search.sweeps = 1
  }
}

/** Variable after variable is taken out of the problem. */
class Programme implements Solver {
  readonly units = 1
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #order: Eliminated
  readonly #tell: (minima: number) => void

  constructor(search: Search, order: Eliminated, tell: (minima: number) => void) {
    this.#search = search
    this.#order = order
    this.#tell = tell
  }

  *run(): Steps<void> {
    const search = this.#search
    const work = new Eliminations(search.ising, this.#order)
    for (const _ of work.steps()) {
      yield
      if (search.over) return
    }
    const row = new Uint32Array(search.words)
    for (const [i, s] of work.state.entries()) if (s > 0) row[i >>> 5] |= 1 << (i & 31)
    search.offer(0, row)
    search.sweeps = 1
    this.#tell(work.minima)
  }
}
