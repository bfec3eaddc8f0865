import { call, portionOf, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import { choice, type Given, integer, optional, type Read, Schema } from '../../input/options.js'
import { checkNumber } from '../../input/validate.js'
import { type Kernels, VARIANTS } from '../../kernels/contract/kernels.js'
import { columnWords } from '../../kernels/contract/layout.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import type { Ising, Model } from '../problems/ising-model.js'
import { type IsingProblem, isingOf } from '../problems/ising-problem.js'
import { type Oscillators, oscillators } from './oscillators.js'
import { Replicas } from './replicas.js'
import type { Search } from './search.js'
import { SOLVE, SOLVE_ASYNC, type SolverAsyncOptions, type SolverOptions } from './solver-options.js'
import type { SolverResult } from './solver-result.js'
import { type Solver, type SolverKind, solveBeside, solveHere } from './solver-runner.js'
import { felt } from './thermodynamic-length.js'

const OWN = {
  /** Steps of a read, each a product of all couplings with all positions; 1 to 2^24, and 1000 by default. */
  numSteps: integer(1, 2 ** 24, 1000),
  /** What pulls an oscillator: the 'discrete' signs of the others, by default; their positions ('ballistic'); or these, with a pump of its own for each ('generalised'). */
  variant: choice(VARIANTS, 'discrete'),
  /** Length of a step, above 0 and up to 4; by default 1.1/√(1 + |λ|/2σ), λ being the eigenvalue of J that is largest in absolute value. */
  timeStep: optional<number>((name, value) => checkNumber(name, value, Number.MIN_VALUE, 4)),
}
const OPTIONS = new Schema({ ...SOLVE, ...OWN })
const LATER = new Schema({ ...SOLVE_ASYNC, ...OWN })

export interface SimulatedBifurcationOptions extends SolverOptions, Given<typeof OWN> {}
export interface SimulatedBifurcationAsyncOptions extends SolverAsyncOptions, Given<typeof OWN> {}

/**
 * Simulated bifurcation (Goto, Tatsumura and Dixon 2019; Goto et al. 2021): an oscillator for each variable, whose rest position at 0 becomes
 * unstable while a pump falls from 1 to 0; then it goes to one of two walls, +1 or −1. All move at once. Each read keeps the best of about
 * 32 states on its way. 'generalised' gives each oscillator a pump of its own, which falls the slower the nearer it is to a wall (Goto,
 * Hidaka and Tatsumura 2025). Eight reads go side by side. `sweeps` counts steps.
 * @throws HopfieldError ERR_HOPFIELD_OPTION, _RANGE, _TYPE, _SHAPE, _VALUE naming the option; ERR_HOPFIELD_RANGE without variables.
 */
export function simulatedBifurcation<Solution>(
  problem: IsingProblem<Solution>,
  options?: SimulatedBifurcationOptions,
): SolverResult<Solution> {
  const method = 'simulatedBifurcation'
  const ising = isingOf(problem, method)
  return solveHere(method, ising, ...about(OPTIONS.read(method, options, ising.variables)))
}

/** As `simulatedBifurcation`, off the event loop: the same bits. */
export async function simulatedBifurcationAsync<Solution>(
  problem: IsingProblem<Solution>,
  options?: SimulatedBifurcationAsyncOptions,
): Promise<SolverResult<Solution>> {
  const method = 'simulatedBifurcationAsync'
  const ising = isingOf(problem, method)
  return await solveBeside(method, ising, ...about(LATER.read(method, options, ising.variables)))
}

function about<Options extends Read<typeof OWN>>(read: Options): [Options, SolverKind] {
  return [read, { reads: 16, make: (search) => new Bifurcations(search, read) }]
}

/** Looks at the energy of a read. */
const LOOKS = 32
/** Oscillators that begin in one step. */
const STEP = 2 ** 13
/** How far from 0 oscillators begin, at most. */
const NEAR = 0.1
/** Reads whose steps a kernel makes side by side. */
export const TOGETHER = 8
/** Steps are so long, in units of what the stiffest mode takes for a radian. Beyond 2 it would grow without end. */
const STIFF = 1.1

/** Operations of a step of one read, about. */
function costOf(kernels: Kernels, { model, variables }: Ising): number {
  const all = model.table.sources.length + 16 * variables
  return kernels.parallel ? all / 4 : all
}

/** What is known of a model, which never changes: to find it takes as long as hundreds of steps. */
const KNOWN = new WeakMap<Model, Oscillators>()

function* oscillatorsOf({ model, variables }: Ising, sigma: number): Generator<void, Oscillators> {
  const found = KNOWN.get(model) ?? (yield* oscillators(model, variables, sigma))
  KNOWN.set(model, found)
  return found
}

export class Bifurcations implements Solver {
  readonly units: number
  readonly portion = { most: 1, multiple: 1 }
  readonly #search: Search
  readonly #own: Read<typeof OWN>
  readonly #stiff: number

  /** @param stiff how long a step is where the caller says nothing. */
  constructor(search: Search, own: Read<typeof OWN>, stiff: number = STIFF) {
    this.#search = search
    this.#own = own
    this.#stiff = stiff
    this.units = Math.ceil(search.reads / TOGETHER)
  }

  *run(from: number, to: number): Steps<void> {
    const { ising } = this.#search
    const { strength, radian } = yield* oscillatorsOf(ising, felt(ising))
    const step = this.#own.timeStep ?? this.#stiff * radian
    for (let unit = from; unit < to && !this.#search.over; unit++)
      yield* this.#some(unit * TOGETHER, strength, step)
  }

  /** Reads from `first` on, as many as go side by side. */
  *#some(first: number, strength: number, step: number): Steps<void> {
    const search = this.#search
    const { ising, kernels } = search
    const { numSteps, variant } = this.#own
    const count = Math.min(TOGETHER, search.reads - first)
    const size = count * ising.variables
    const x = allocate('oscillators', size * 24, () => new Float64Array(size))
    const y = new Float64Array(size)
    const pumps = new Float64Array(size)
    for (let k = 0; k < count; k++) {
      pumps.fill(1, k * ising.variables, (k + 1) * ising.variables)
      yield
    }
    yield* this.#begin(first, count, x)
    const reads = new Replicas(search, first, count)
    const now = new Uint32Array(ising.variables * columnWords(count))
    const each = count * costOf(kernels, ising)
    const most = portionOf(kernels, each)
    const between = Math.ceil(numSteps / LOOKS)
    for (let done = 0; done < numSteps && !search.over; ) {
      const to = Math.min(done + most, numSteps, done - (done % between) + between)
      const plan = {
        variant,
        strength,
        step,
        numSteps: to - done,
        left: numSteps - done,
        externalField: ising.model.fields,
      }
      yield* call(kernels, plan.numSteps * each, 'bifurcate', ising.memory, plan, x, y, pumps, count)
      done = to
      search.sweeps = Math.max(search.sweeps, done)
      if (done % between !== 0 && done < numSteps && !search.over) continue
      yield* signsOf(x, ising.variables, now)
      yield* reads.look(now, each)
    }
    yield* reads.end()
  }

  /** Near 0, on the side where the read begins. */
  *#begin(first: number, count: number, x: Float64Array): Generator<void, void> {
    const { ising, seed, words } = this.#search
    const row = new Uint32Array(words)
    for (let k = 0; k < count; k++) {
      row.fill(0)
      this.#search.begin(first + k, row)
      const draw = new WordStream(seed[0], seed[1]).seek(PURPOSE.bifurcations, first + k)
      const from = k * ising.variables
      for (let i = 0; i < ising.variables; i++) {
        x[from + i] = ((row[i >>> 5] >>> (i & 31)) & 1 ? NEAR : -NEAR) * draw.uniform()
        if (i % STEP === STEP - 1) yield
      }
      yield
    }
  }
}

/** On which side oscillators are: N rows of a bit for each set of them. */
function* signsOf(x: Float64Array, variables: number, now: Uint32Array): Generator<void, void> {
  const words = now.length / variables
  now.fill(0)
  for (let r = 0; r * variables < x.length; r++) {
    const [from, bit] = [r * variables, 1 << (r & 31)]
    for (let i = 0, at = r >>> 5; i < variables; i++, at += words) if (x[from + i] >= 0) now[at] |= bit
    yield
  }
}
