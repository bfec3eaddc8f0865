import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import { columnWords, paddedStride } from '../kernels/contract/layout.js'
import { alignedReals } from './aligned.js'
import { constantOfPairs, unitOf } from './constant-field.js'
import { type Coupling, type CouplingLearner, isAboutMean, learnAgain } from './learner.js'
import type { Staged } from './packed-rows.js'
import type { RecordReader, RecordWriter } from './record.js'
import type { Preparation, Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'
import { inSlices } from './slices.js'

const NONE = new Float64Array(0)

/** J = ΞᵀAΞ, never formed. */
export class CoupledWeights extends RowWeights<CoupledMemory> {
  readonly form = 'coupled'
  readonly symmetric: boolean
  readonly #learner: CouplingLearner
  readonly #selfWeights: boolean
  #coupling: Coupling | undefined

  constructor(kernels: Kernels, neurons: number, learner: CouplingLearner, selfWeights: boolean) {
    super(kernels, neurons)
    this.symmetric = learner.symmetric
    this.#learner = learner
    this.#selfWeights = selfWeights
  }

  get divisor(): number {
    const current = this.#current()
    return isAboutMean(current) ? current.divisor * unitOf(this.neurons, this.count) : current.divisor
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
    this.#coupling = undefined
  }

  protected override *learn({ all, count }: Staged, aside: boolean): Steps<readonly number[] | undefined> {
    const kept = yield* this.#learner.store(all, count, aside)
    this.#coupling = undefined
    return kept
  }

  protected override unlearn(index: number): void {
    this.#learner.forget(index, this.rows(0, this.count))
    this.#coupling = undefined
  }

  protected override relearn({ all }: Replacement): void {
    learnAgain(this.#learner, all(), this.rows(0, this.count), this.count)
    this.#coupling = undefined
  }

  protected override unlearnAll(): void {
    this.#learner.clear()
    this.#coupling = undefined
  }

  protected prepare(asynchronous: boolean, inSteps: boolean): Preparation<CoupledMemory> {
    const { count } = this
    return this.#steps(this.#current(), this.rows(0, count), count, { asynchronous, inSteps })
  }

  *#steps(
    { divisor: _, ...coupling }: Coupling,
    rows: Uint32Array,
    count: number,
    { asynchronous, inSteps }: { asynchronous: boolean; inSteps: boolean },
  ): Generator<void, CoupledMemory> {
    const { neurons, kernels } = this
    const columns = yield* this.patterns.columnsOf(rows, count, inSteps)
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

  #current(): Coupling {
    this.#coupling ??= this.#learner.coupling()
    return this.#coupling
  }
}

/** A matrix of couplings: its answer AΞ to each neuron, and what that tells the neuron itself, where they are wanted. */
function* respond(
  kernels: Kernels,
  memory: CoupledMemory,
  own: Float64Array | undefined,
): Generator<void, void> {
  const { count, neurons, couplings, columns, responses } = memory
  const width = paddedStride(count)
  const height = columnWords(count)
  for (const [from, to] of inSlices(kernels, neurons, count * count)) {
    const out = responses.length === 0 ? undefined : responses.subarray(from * width, to * width)
    const heard = columns.subarray(from * height, to * height)
    kernels.responses(couplings, width, heard, count, to - from, out, own?.subarray(from, to))
    yield
  }
}

/** d_i = ξ_iᵀAξ_i of every neuron. */
function* tellThemselves(kernels: Kernels, memory: CoupledMemory, own: Float64Array): Generator<void, void> {
  for (const [from, to] of inSlices(kernels, memory.neurons, 32 * (memory.count + 1))) {
    kernels.selfWeights(memory, from, to, own.subarray(from, to))
    yield
  }
}
