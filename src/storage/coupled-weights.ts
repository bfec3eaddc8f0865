import { allocate, HopfieldError } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords, spin } from '../kernels/contract/layout.js'
import { couple } from '../kernels/reference/coupled.js'
import { atOnce, inTurns } from '../platform/turn.js'
import { alignedReals } from './aligned.js'
import type { Coupling, CouplingLearner } from './learner.js'
import { RowWeights } from './row-weights.js'

/** J = ΞᵀAΞ, never formed. */
export class CoupledWeights extends RowWeights {
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
    return this.#current().divisor
  }

  report(): object | undefined {
    return this.#learner.report?.()
  }

  store(patterns: StateSource): readonly number[] | undefined {
    const rows = this.patterns.stage(patterns)
    const kept = keepStaged(this.#learner, rows, patterns.count, this.neurons)
    this.patterns.commit(kept?.length ?? patterns.count)
    this.#renew()
    return kept
  }

  forget(index: number): void {
    this.patterns.own()
    this.#learner.forget(index)
    this.patterns.forget(index)
    this.#renew()
  }

  clear(): void {
    this.#learner.clear()
    this.patterns.clear()
    this.#renew()
  }

  /** (1/divisor)·ξ_iᵀAξ_j for all pairs: P additions each. */
  matrix(): Int32Array | Float64Array {
    const { count, neurons: n } = this
    const { divisor, coupling } = this.#current()
    const memory = this.make(false)
    const height = columnWords(count)
    const out = allocate('weights', n * n * 8, () =>
      coupling === 'shift' || divisor === n ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    const by = out instanceof Int32Array ? 1 : divisor
    const own = new Int32Array(count)
    const votes = new Float64Array(count)
    for (let j = 0; j < n; j++) {
      for (let mu = 0; mu < count; mu++) own[mu] = spin(memory.columns, mu, j * height)
      couple(memory, own, votes)
      for (let i = 0; i < n; i++) {
        let sum = i === j ? 0 - memory.selfWeights[i] : 0
        for (let mu = 0; mu < count; mu++) sum += spin(memory.columns, mu, i * height) * votes[mu]
        out[i * n + j] = sum / by
      }
    }
    return out
  }

  protected relearn(rows: Uint32Array, count: number): void {
    learnAgain(this.#learner, rows, this.rows(0, count), count)
    this.#renew()
  }

  protected make(asynchronous: boolean): CoupledMemory {
    const memory = this.#bare()
    if (memory.coupling === 'matrix') {
      const responding = this.#responding(memory, asynchronous)
      atOnce(responding.steps)
      return responding.memory
    }
    return this.#selfWeights ? memory : { ...memory, selfWeights: ownVotes(memory) }
  }

  protected override makeInTurns(asynchronous: boolean): Promise<CoupledMemory> | undefined {
    if (this.#current().coupling !== 'matrix') return undefined
    const { memory, steps } = this.#responding(this.#bare(), asynchronous)
    return inTurns(steps).then(() => memory)
  }

  /** Without what a neuron would tell itself. */
  #bare(): CoupledMemory {
    const { count, neurons } = this
    const { divisor: _, ...coupling } = this.#current()
    return {
      form: 'coupled',
      neurons,
      count,
      rows: this.rows(0, count),
      columns: this.patterns.columns(0, count),
      ...coupling,
      selfWeights: new Float64Array(neurons),
      responses: NONE,
    }
  }

  /** A matrix of couplings: its answer AΞ to each neuron, filled in by steps. */
  #responding(
    memory: CoupledMemory,
    asynchronous: boolean,
  ): { memory: CoupledMemory; steps: Generator<void, void> } {
    const { count, neurons } = memory
    const responses = asynchronous
      ? alignedReals(this.kernels, 'responses', neurons * paddedStride(count))
      : NONE
    const filled = { ...memory, responses }
    return { memory: filled, steps: respond(this.kernels, filled, this.#selfWeights) }
  }

  #current(): Coupling {
    this.#coupling ??= this.#learner.coupling()
    return this.#coupling
  }

  #renew(): void {
    this.#coupling = undefined
    this.changed()
  }
}

const NONE = new Float64Array(0)

/** Hands staged rows to a learner, and moves those it keeps to the front; which they are, or undefined for all. */
export function keepStaged(
  learner: CouplingLearner,
  rows: Uint32Array,
  count: number,
  neurons: number,
): readonly number[] | undefined {
  const kept = learner.store(rows, count)
  const stride = rowWords(neurons)
  for (const [to, from] of kept?.entries() ?? []) {
    rows.copyWithin(to * stride, from * stride, (from + 1) * stride)
  }
  return kept
}

/** Lets a learner begin from nothing with other patterns; on any error it has those from before. */
export function learnAgain(
  learner: CouplingLearner,
  rows: Uint32Array,
  before: Uint32Array,
  count: number,
): void {
  learner.clear()
  try {
    const kept = learner.store(rows, count)
    if (kept === undefined || kept.length === count) return
    throw new HopfieldError(
      'ERR_HOPFIELD_DEPENDENT',
      'expected a pattern that is linearly independent of the others, got a combination of them',
    )
  } catch (error) {
    learner.clear()
    learner.store(before, count)
    throw error
  }
}

/** Products a step: about a millisecond, or a few where kernels are slow. */
const PRODUCTS = { native: 2 ** 26, typescript: 2 ** 20 }

function* respond(kernels: Kernels, memory: CoupledMemory, selfWeights: boolean): Generator<void, void> {
  const { count, neurons, couplings, columns, responses } = memory
  const width = paddedStride(count)
  const height = columnWords(count)
  const most = kernels.parallel ? PRODUCTS.native : PRODUCTS.typescript
  const some = Math.max(1, Math.floor(most / Math.max(count * count, 1)))
  for (let from = 0; from < neurons; from += some) {
    const to = Math.min(from + some, neurons)
    const out = responses.length === 0 ? undefined : responses.subarray(from * width, to * width)
    const own = selfWeights ? undefined : memory.selfWeights.subarray(from, to)
    const heard = columns.subarray(from * height, to * height)
    kernels.responses(couplings, width, heard, count, to - from, out, own)
    yield
  }
}

/** d_i = ξ_iᵀAξ_i: what a neuron would tell itself. */
function ownVotes(memory: CoupledMemory): Float64Array {
  const { neurons, count, columns } = memory
  const height = columnWords(count)
  const [own, votes] = [new Int32Array(count), new Float64Array(count)]
  return Float64Array.from({ length: neurons }, (_, i) => {
    for (let mu = 0; mu < count; mu++) own[mu] = spin(columns, mu, i * height)
    couple(memory, own, votes)
    return own.reduce((sum, value, mu) => sum + value * votes[mu], 0)
  })
}
