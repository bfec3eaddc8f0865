import type { Portion } from '../../async/chunk-size.js'
import { call, isLight, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float32s, Float64s, Uint32s } from '../../input/typed-arrays.js'
import type { Vectors } from '../../input/vectors.js'
import {
  type Kernels,
  type KeyMemory,
  type RetrievalPlan,
  softmaxCut,
} from '../../kernels/contract/kernels.js'
import { exp } from '../../numerics/exp.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'
import { Largest } from './largest.js'

/** The keys most similar to each of B queries, k of each; row b belongs to query b. */
export interface TopRows {
  /** k: fewer than were asked for if fewer are stored. */
  k: number
  /** B × k indices, the most similar key first; among equals the lower index first. */
  indices: Uint32s
  /** Their similarities, as `overlaps` gives them. */
  similarities: Float64s
  /** Their association weights. */
  weights: Float64s
  /** Their values, B × k × e, if the option `values` is true. */
  values?: Float32s
}

/** Products of a step: a few milliseconds. */
const PRODUCTS = { native: 2 ** 22, typescript: 2 ** 17 }

/** The most similar keys of many queries, in small steps on this thread. */
export class TopJob implements Job<KeyMemory, TopRows> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #queries: Float32Array
  readonly #result: TopRows
  /** Those of the result: a property that it lacks would be read off Object.prototype. */
  readonly #values: Float32s | undefined

  /** @param k at most the number of keys. */
  constructor(
    kernels: Kernels,
    plan: RetrievalPlan,
    { count, data }: Vectors,
    { k, values }: { k: number; values: number | undefined },
  ) {
    this.count = count
    this.#kernels = kernels
    this.#plan = plan
    this.#queries = data
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
    const { k, indices, similarities } = this.#result
    const { dimension, width } = memory
    const queries = part(this.#queries, from, to, dimension)
    const found = yield* this.#mostSimilar(memory, queries, to - from)
    for (const [b, largest] of found.entries()) {
      const best = largest.sorted()
      const at = (from + b) * k
      indices.set(best.indices, at)
      similarities.set(best.values, at)
      for (const [rank, mu] of best.indices.entries()) {
        const value = memory.values.subarray(mu * width, (mu + 1) * width)
        this.#values?.set(value, (at + rank) * width)
      }
      const query = queries.subarray(b * dimension, (b + 1) * dimension)
      yield* this.#weigh(memory, query, best.indices, at)
    }
  }

  /** Tile by tile, so that queries share a pass over the keys. */
  *#mostSimilar(memory: KeyMemory, queries: Float32Array, count: number): Steps<Largest[]> {
    const { dimension } = memory
    const plan = { ...this.#plan, beta: 1 }
    const most = this.#kernels.parallel ? PRODUCTS.native : PRODUCTS.typescript
    const length = Math.max(64, Math.floor(most / (count * dimension) / 64) * 64)
    const found = Array.from({ length: count }, () => new Largest(this.#result.k))
    const halves = found.map((_, b) => {
      let square = 0
      for (let c = b * dimension; c < (b + 1) * dimension; c++) square += queries[c] * queries[c]
      return plan.similarity === 'euclidean' ? square / 2 : 0
    })
    for (let first = 0; first < memory.count; first += length) {
      const some = Math.min(length, memory.count - first)
      const out = new Float64Array(count * some)
      const tile = tileOf(memory, first, some)
      yield* call(this.#kernels, count * some * dimension, 'logits', tile, queries, count, plan, out)
      for (const [b, largest] of found.entries()) {
        const own = out.subarray(b * some, (b + 1) * some)
        if (halves[b] !== 0) for (let r = 0; r < some; r++) own[r] -= halves[b]
        largest.offer(own, first)
      }
      yield
    }
    return found
  }

  /** Weights of one query's keys as `associate` has them; of a softmax without looking at the others again. */
  *#weigh(memory: KeyMemory, query: Float32Array, keys: Uint32Array, at: number): Steps<void> {
    const { weights } = this.#result
    const plan = this.#plan
    if (plan.separator !== 'softmax') {
      const all = new Float64Array(memory.count)
      const operations = 2 * memory.count * memory.dimension
      yield* call(this.#kernels, operations, 'associate', memory, query, 1, plan, all)
      for (const [rank, mu] of keys.entries()) weights[at + rank] = all[mu]
      return yield
    }
    const potentials = new Float64Array(2)
    const asked = [memory, query, 1, plan] as const
    yield {
      here: () => this.#kernels.retrieve(...asked, undefined, undefined, potentials),
      beside: (flag) => this.#kernels.retrieveAsync(...asked, undefined, potentials, flag),
      light: isLight(this.#kernels, memory.count * memory.dimension),
    }
    const logits = new Float64Array(keys.length)
    this.#kernels.logits(those(memory, keys), query, 1, plan, logits)
    const [reference, partition] = potentials
    for (const [rank, logit] of logits.entries()) {
      const below = logit - reference
      weights[at + rank] = below < -softmaxCut(memory.count) ? 0 : Math.fround(exp(below)) / partition
    }
    yield
  }

  result(): TopRows {
    return this.#result
  }
}

const NO_COPY = new Uint8Array(0)

/** Keys first … first + count of a memory, as a memory. */
function tileOf(memory: KeyMemory, first: number, count: number): KeyMemory {
  const { dimension, scales, offsets } = memory
  const keys = memory.keys.subarray(first * dimension, (first + count) * dimension)
  return {
    ...memory,
    count,
    width: dimension,
    keys,
    values: keys,
    scales: scales?.subarray(first, first + count),
    offsets: offsets?.subarray(first, first + count),
    quantizedKeys: NO_COPY,
  }
}

/** Some keys of a memory, as a memory. */
function those(memory: KeyMemory, which: Uint32Array): KeyMemory {
  const { dimension, scales, offsets } = memory
  const keys = new Float32Array(which.length * dimension)
  for (const [rank, mu] of which.entries()) {
    keys.set(memory.keys.subarray(mu * dimension, (mu + 1) * dimension), rank * dimension)
  }
  const of = (numbers: Float64Array | undefined): Float64Array | undefined =>
    numbers && Float64Array.from(which, (mu) => numbers[mu])
  return {
    ...memory,
    count: which.length,
    width: dimension,
    keys,
    values: keys,
    scales: of(scales),
    offsets: of(offsets),
    quantizedKeys: NO_COPY,
  }
}
