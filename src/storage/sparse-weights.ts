import { allocate, HopfieldError } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, SparseMemory } from '../kernels/contract/kernels.js'
import { connectionWeights } from './connection-weights.js'
import type { ConnectionTable } from './connections.js'
import { keepStaged, learnAgain } from './coupled-weights.js'
import { type Transposed, transposed } from './csr-transpose.js'
import type { CouplingLearner } from './learner.js'
import { RowWeights } from './row-weights.js'

interface Made {
  readonly weights: Int32Array | Float64Array
  readonly divisor: number
  /** Whether they are counts of patterns, as Hebb's are. */
  readonly counts: boolean
}

/** J on few connections: as a rule makes them, or as given. */
export class SparseWeights extends RowWeights {
  readonly form = 'sparse'
  readonly #connections: ConnectionTable
  /** Undefined where weights were given. */
  readonly #learner: CouplingLearner | undefined
  /** Made at the first use after a change, unless given. */
  #made: Made | undefined
  #symmetric: boolean | undefined
  #transposed: Transposed | undefined

  /** @param from one weight a connection; or a learner of them, J_ij = (N/C)·ξ_iᵀAξ_j, C the mean number of sources. */
  constructor(
    kernels: Kernels,
    neurons: number,
    connections: ConnectionTable,
    from: CouplingLearner | Int32Array | Float64Array,
  ) {
    super(kernels, neurons)
    this.#connections = connections
    const given = ArrayBuffer.isView(from)
    this.#learner = given ? undefined : from
    this.#made = given ? { weights: from, divisor: 1, counts: false } : undefined
  }

  get divisor(): number {
    return this.#current().divisor
  }

  get symmetric(): boolean {
    const weights = this.#learner?.symmetric === true ? undefined : this.#current().weights
    this.#symmetric ??= isSymmetric(this.#connections, weights, this.neurons)
    return this.#symmetric
  }

  get meanSources(): number {
    return this.#connections.sources.length / this.neurons
  }

  report(): object | undefined {
    return this.#learner?.report?.()
  }

  store(patterns: StateSource): readonly number[] | undefined {
    const learner = this.#learned()
    const rows = this.patterns.stage(patterns)
    const kept = keepStaged(learner, rows, patterns.count, this.neurons)
    this.patterns.commit(kept?.length ?? patterns.count)
    this.#renew()
    return kept
  }

  forget(index: number): void {
    const learner = this.#learned()
    this.patterns.own()
    learner.forget(index)
    this.patterns.forget(index)
    this.#renew()
  }

  clear(): void {
    this.#learned().clear()
    this.patterns.clear()
    this.#renew()
  }

  matrix(): Int32Array | Float64Array {
    const n = this.neurons
    const { starts, sources } = this.#connections
    const { weights, divisor, counts } = this.#current()
    const out = allocate('weights', n * n * 8, () =>
      counts ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    const by = counts ? 1 : divisor
    for (let i = 0; i < n; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) out[i * n + sources[k]] += weights[k] / by
    }
    return out
  }

  protected relearn(rows: Uint32Array, count: number): void {
    learnAgain(this.#learned(), rows, this.rows(0, count), count)
    this.#renew()
  }

  protected make(asynchronous: boolean): SparseMemory {
    const { neurons, count } = this
    const { weights } = this.#current()
    const plain = {
      form: 'sparse',
      neurons,
      count,
      rows: this.rows(0, count),
      ...this.#connections,
      weights,
    } as const
    if (!asynchronous || !(weights instanceof Int32Array)) return { ...plain, ...NO_TARGETS }
    const { starts, sources } = this.#connections
    if (this.symmetric) return { ...plain, targetStarts: starts, targets: sources, targetWeights: weights }
    const { starts: targetStarts, sources: targets, places } = this.#leads()
    return { ...plain, targetStarts, targets, targetWeights: Int32Array.from(places, (k) => weights[k]) }
  }

  #renew(): void {
    this.#made = undefined
    this.#symmetric = undefined
    this.changed()
  }

  #current(): Made {
    if (this.#made !== undefined) return this.#made
    const { divisor, ...coupling } = this.#learned().coupling()
    const columns = this.patterns.columns(0, this.count)
    const by = { count: this.count, ...coupling }
    const weights = connectionWeights(this.#leads(), columns, this.neurons, by)
    const counts = divisor === this.neurons
    // From N to the mean number of sources, by one rounding where they are counts.
    const mean = this.meanSources === 0 ? 1 : this.meanSources
    this.#made = { weights, divisor: counts ? mean : (divisor / this.neurons) * mean, counts }
    return this.#made
  }

  #leads(): Transposed {
    this.#transposed ??= transposed(this.#connections, this.neurons)
    return this.#transposed
  }

  #learned(): CouplingLearner {
    if (this.#learner !== undefined) return this.#learner
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'weights: they were given, and take no patterns in or out')
  }
}

const NO_TARGETS = {
  targetStarts: new Uint32Array(0),
  targets: new Uint32Array(0),
  targetWeights: new Int32Array(0),
} as const

/** Row by row against column by column; connections that are there twice add up. */
function isSymmetric(
  connections: ConnectionTable,
  weights: Int32Array | Float64Array | undefined,
  neurons: number,
): boolean {
  const { starts, sources } = connections
  const { starts: ends, sources: targets, places } = transposed(connections, neurons)
  const weight = (k: number): number => weights?.[k] ?? 1
  const difference = new Float64Array(neurons)
  for (let i = 0; i < neurons; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) difference[sources[k]] += weight(k)
    for (let k = ends[i]; k < ends[i + 1]; k++) difference[targets[k]] -= weight(places[k])
    for (let k = starts[i]; k < starts[i + 1]; k++) if (difference[sources[k]] !== 0) return false
    for (let k = ends[i]; k < ends[i + 1]; k++) if (difference[targets[k]] !== 0) return false
  }
  return true
}
