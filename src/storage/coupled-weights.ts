import { allHere, call, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { alignedReals } from './aligned.js'
import { constantOfPairs, unitOf } from './constant-field.js'
import { type Coupling, type CouplingLearner, isAboutMean, learnAgain } from './learner.js'
import { lookedThrough } from './looked-through.js'
import type { Staged } from './packed-rows.js'
import type { RecordReader, RecordWriter } from './record.js'
import type { Preparation, Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'

const NONE = new Float64Array(0)

/** J = ΞᵀAΞ, never formed. */
export class CoupledWeights extends RowWeights<CoupledMemory> {
  readonly form = 'coupled'
  readonly symmetric: boolean
  readonly #learner: CouplingLearner
  readonly #selfWeights: boolean
  /** What is known of the weights since patterns last came or went. */
  #known: Known = nothing()
  readonly #divisors = new WeakMap<CoupledMemory, number>()

  constructor(kernels: Kernels, neurons: number, learner: CouplingLearner, selfWeights: boolean) {
    super(kernels, neurons)
    this.symmetric = learner.symmetric
    this.#learner = learner
    this.#selfWeights = selfWeights
  }

  get divisor(): number {
    return this.#divisorBy(this.#current(), this.count)
  }

  protected override divisorOf(memory: CoupledMemory): number {
    return this.#divisors.get(memory) as number
  }

  #divisorBy(coupling: Coupling, count: number): number {
    return isAboutMean(coupling) ? coupling.divisor * unitOf(this.neurons, count) : coupling.divisor
  }

  protected override hold(): () => void {
    return this.#learner.hold?.() ?? super.hold()
  }

  report(): object | undefined {
    return this.#learner.report?.()
  }

  override get weightDivisor(): number {
    return this.#current().divisor
  }

  matrix(unit: number): Int32Array | Float64Array {
    const { neurons: n } = this
    const { divisor, coupling } = this.#current()
    const out = allocate('weights', n * n * 8, () =>
      coupling === 'shift' || divisor === n ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    this.kernels.formWeights(this.memory(false), 0, n, out instanceof Int32Array ? 1 : divisor / unit, out)
    return out
  }

  protected override get keepsColumns(): boolean {
    return true
  }

  protected override get columns(): Uint32Array {
    return this.memory(true).columns
  }

  protected override recordOwn(to: RecordWriter): void {
    this.#learner.record(to)
  }

  protected override restoreOwn(from: RecordReader): void {
    this.#learner.restore(from, this.rows(0, this.count), this.count)
    this.#known = nothing()
  }

  protected override *learn({ all, count }: Staged, aside: boolean): Steps<readonly number[] | undefined> {
    const kept = yield* this.#learner.store(all, count, aside)
    this.#known = nothing()
    return kept
  }

  protected override unlearn(index: number): void {
    this.#learner.forget(index, this.rows(0, this.count))
    this.#known = nothing()
  }

  protected override relearn({ all }: Replacement): void {
    learnAgain(this.#learner, all(), this.count)
    this.#known = nothing()
  }

  protected override unlearnAll(): void {
    this.#learner.clear()
    this.#known = nothing()
  }

  protected prepare(asynchronous: boolean): Preparation<CoupledMemory> {
    const { count } = this
    return this.#steps(this.#couple(), this.rows(0, count), count, asynchronous)
  }

  *#steps(
    coupling: Steps<Coupling>,
    rows: Uint32Array,
    count: number,
    asynchronous: boolean,
  ): Steps<CoupledMemory> {
    const by = yield* coupling
    const memory = yield* this.#made(by, rows, count, asynchronous)
    this.#divisors.set(memory, this.#divisorBy(by, count))
    return memory
  }

  *#made(
    { divisor: _, ...coupling }: Coupling,
    rows: Uint32Array,
    count: number,
    asynchronous: boolean,
  ): Steps<CoupledMemory> {
    const { neurons, kernels } = this
    const columns = yield* this.patterns.columnsOf(rows, count)
    const matrix = coupling.coupling === 'matrix'
    const selfWeights = new Float64Array(neurons)
    const responses =
      matrix && asynchronous ? alignedReals(kernels, 'responses', neurons * paddedStride(count)) : NONE
    const memory: CoupledMemory = {
      form: 'coupled',
      neurons,
      count,
      rows,
      columns,
      ...coupling,
      selfWeights,
      responses,
      constant: undefined,
    }
    // Either work is of one neuron after the other: with AΞ of one at hand, what it tells itself costs next to nothing.
    const own = this.#selfWeights ? undefined : selfWeights
    if (matrix) yield* respond(kernels, memory, own)
    else if (own !== undefined) yield* tellThemselves(kernels, memory, own)
    if (!isAboutMean(coupling)) return memory
    return { ...memory, constant: yield* constantOfPairs(kernels, memory, this.#selfWeights) }
  }

  /** A as it is now. */
  #couple(): Steps<Coupling> {
    return coupled(this.#known, this.#learner.coupling())
  }

  #current(): Coupling {
    return this.#known.coupling ?? allHere(this.#couple())
  }
}

interface Known {
  coupling?: Coupling
}

/** Without a prototype, to which somebody might have added properties. */
function nothing(): Known {
  return Object.create(null) as Known
}

/** What is known, or else made by the steps. */
function* coupled(known: Known, making: Steps<Coupling>): Steps<Coupling> {
  known.coupling ??= yield* making
  return known.coupling
}

/** A matrix of couplings: its answer AΞ to each neuron, and what that tells the neuron itself, where they are wanted. */
function* respond(kernels: Kernels, memory: CoupledMemory, own: Float64Array | undefined): Steps<void> {
  const { count, neurons, couplings, columns, responses } = memory
  const width = paddedStride(count)
  const out = responses.length === 0 ? undefined : responses
  const operations = neurons * count * count
  yield* call(kernels, operations, 'responses', couplings, width, columns, count, neurons, out, own)
}

/** d_i = ξ_iᵀAξ_i of every neuron. */
function* tellThemselves(kernels: Kernels, memory: CoupledMemory, own: Float64Array): Steps<void> {
  const { neurons, count } = memory
  yield* lookedThrough(kernels, memory)
  yield* call(kernels, 32 * neurons * (count + 1), 'selfWeights', memory, 0, neurons, own)
}
