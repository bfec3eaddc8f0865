import { allocate, HopfieldError } from '../errors.js'
import type { Kernels, SparseMemory } from '../kernels/kernels.js'
import { columnWords, popcount32 } from '../kernels/layout.js'
import type { StateSource } from '../patterns/spins.js'
import type { ConnectionTable } from './connections.js'
import { RowWeights } from './row-weights.js'

/** J on few connections: Hebb's integers, or numbers as given. */
export class SparseWeights extends RowWeights {
  readonly divisor: number
  #symmetric: boolean | undefined
  #transposed: Transposed | undefined
  readonly #connections: ConnectionTable
  readonly #given: boolean
  #weights: Int32Array | Float64Array

  /** @param given one weight a connection; undefined to learn them: J_ij = (1/C) Σ_μ ξ_i^μ ξ_j^μ, C the mean number of sources. */
  constructor(
    kernels: Kernels,
    neurons: number,
    connections: ConnectionTable,
    given: Int32Array | Float64Array | undefined,
  ) {
    super(kernels, neurons)
    this.#connections = connections
    this.#given = given !== undefined
    const { length } = connections.sources
    this.#weights = given ?? new Int32Array(length)
    this.divisor = given === undefined && length > 0 ? length / neurons : 1
  }

  get symmetric(): boolean {
    this.#symmetric ??= isSymmetric(this.#connections, this.#given ? this.#weights : undefined, this.neurons)
    return this.#symmetric
  }

  store(patterns: StateSource): void {
    this.#refuse()
    this.patterns.stage(patterns)
    const columns = this.patterns.columns(0, this.count + patterns.count)
    this.#weights = this.#hebbian(columns, this.count + patterns.count)
    this.patterns.commit(patterns.count)
    this.changed()
  }

  forget(index: number): void {
    this.#refuse()
    this.patterns.own()
    const rest = this.others(index)
    const columns = new Uint32Array(this.neurons * columnWords(this.count - 1))
    this.kernels.transpose(rest, this.count - 1, this.neurons, columns)
    this.#weights = this.#hebbian(columns, this.count - 1)
    this.patterns.forget(index)
    this.changed()
  }

  clear(): void {
    this.#refuse()
    this.#weights = new Int32Array(this.#connections.sources.length)
    this.patterns.clear()
    this.changed()
  }

  matrix(): Int32Array | Float64Array {
    const n = this.neurons
    const { starts, sources } = this.#connections
    const weights = this.#weights
    const out = allocate('weights', n * n * 8, () =>
      weights instanceof Int32Array && !this.#given ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    for (let i = 0; i < n; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) out[i * n + sources[k]] += weights[k]
    }
    return out
  }

  protected make(asynchronous: boolean): SparseMemory {
    const { neurons, count } = this
    const weights = this.#weights
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
    this.#transposed ??= transposed(this.#connections, neurons)
    const { starts: targetStarts, sources: targets, places } = this.#transposed
    return { ...plain, targetStarts, targets, targetWeights: Int32Array.from(places, (k) => weights[k]) }
  }

  /** Σ_μ ξ_i^μ ξ_j^μ of every connection. */
  #hebbian(columns: Uint32Array, count: number): Int32Array {
    const { starts, sources } = this.#connections
    const height = columnWords(count)
    const out = new Int32Array(sources.length)
    for (let i = 0; i < this.neurons; i++) {
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        let differing = 0
        const [a, b] = [i * height, sources[k] * height]
        for (let w = 0; w < height; w++) differing += popcount32(columns[a + w] ^ columns[b + w])
        out[k] = count - 2 * differing
      }
    }
    return out
  }

  #refuse(): void {
    if (!this.#given) return
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'weights: they were given, and take no patterns in or out')
  }
}

const NO_TARGETS = {
  targetStarts: new Uint32Array(0),
  targets: new Uint32Array(0),
  targetWeights: new Int32Array(0),
} as const

/** Connections by where they lead: `sources` are then those who hear, `places` where each was. */
interface Transposed extends ConnectionTable {
  readonly places: Uint32Array
}

function transposed({ starts, sources }: ConnectionTable, neurons: number): Transposed {
  const ends = new Uint32Array(neurons + 1)
  for (const j of sources) ends[j + 1]++
  for (let j = 0; j < neurons; j++) ends[j + 1] += ends[j]
  const next = ends.slice()
  const targets = new Uint32Array(sources.length)
  const places = new Uint32Array(sources.length)
  for (let i = 0; i < neurons; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const at = next[sources[k]]++
      targets[at] = i
      places[at] = k
    }
  }
  return { starts: ends, sources: targets, places }
}

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
