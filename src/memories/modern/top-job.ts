import type { Portion } from '../../async/chunk-size.js'
import { call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float32s, Float64s, Uint32s } from '../../input/typed-arrays.js'
import type { Vectors } from '../../input/vectors.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'

/** The keys most similar to each of B queries, k of each; row b belongs to query b. */
export interface TopRows {
  /** k: fewer than were asked for if fewer are stored, or may be seen. */
  k: number
  /** B × k indices, the most similar key first; among equals the lower index first. */
  indices: Uint32s
  /** Their similarities, as `overlaps` gives them. */
  similarities: Float64s
  /** Their association weights; with `only` or `mask` among the keys that may be seen. */
  weights: Float64s
  /** Their values, B × k × e, if the option `values` is true. */
  values?: Float32s
}

/** What is asked of the keys. */
export interface TopWanted {
  /** At most the number of keys that may be seen. */
  readonly k: number
  /** M. */
  readonly stored: number
  /** e, where values are wanted. */
  readonly values: number | undefined
  /** M flags, 0 where a key must not be seen. */
  readonly seen: Uint8Array | undefined
}

/** The most similar keys of many queries. */
export class TopJob implements Job<KeyMemory, TopRows> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #queries: Float32Array
  readonly #seen: Uint8Array | undefined
  readonly #result: TopRows
  /** Those of the result: a property that it lacks would be read off Object.prototype. */
  readonly #values: Float32s | undefined

  constructor(
    kernels: Kernels,
    plan: RetrievalPlan,
    { count, data }: Vectors,
    { k, values, seen }: TopWanted,
  ) {
    this.count = count
    this.#kernels = kernels
    this.#plan = plan
    this.#queries = data
    this.#seen = seen
    const size = count * k
    const length = size * (values ?? 0)
    this.#values =
      values === undefined ? undefined : allocate('values', length * 4, () => new Float32Array(length))
    this.#result = {
      k,
      indices: allocate('indices', size * 4, () => new Uint32Array(size)),
      similarities: allocate('similarities', size * 8, () => new Float64Array(size)),
      weights: allocate('weights', size * 8, () => new Float64Array(size)),
      ...(this.#values === undefined ? {} : { values: this.#values }),
    }
  }

  portion({ count, dimension }: KeyMemory): Portion {
    return { most: Math.min(Math.max(Math.floor(2 ** 27 / (count * dimension)), 16), 1024), multiple: 1 }
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const { k, indices, similarities, weights } = this.#result
    const { dimension, width } = memory
    const count = to - from
    const queries = part(this.#queries, from, to, dimension)
    const shifts = new Float64Array(count)
    for (let c = 0; c < count * dimension && this.#plan.similarity === 'euclidean'; c++) {
      shifts[Math.floor(c / dimension)] += queries[c] * queries[c]
    }
    for (let b = 0; b < count; b++) shifts[b] /= 2
    const own = [indices, similarities, weights].map((rows) => rows.subarray(from * k, to * k))
    const [found, similar, weighed] = own as [Uint32Array, Float64Array, Float64Array]
    const asked = [
      memory,
      queries,
      count,
      this.#plan,
      k,
      this.#seen,
      shifts,
      found,
      similar,
      weighed,
    ] as const
    yield* call(this.#kernels, 2 * count * memory.count * dimension, 'mostSimilar', ...asked)
    for (let rank = from * k; rank < to * k && this.#values !== undefined; rank++) {
      const mu = indices[rank]
      this.#values.set(memory.values.subarray(mu * width, (mu + 1) * width), rank * width)
      if (rank % 1024 === 1023) yield
    }
  }

  result(): TopRows {
    return this.#result
  }
}
