import type { Portion } from '../../async/chunk-size.js'
import { call, isLight, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Vectors } from '../../input/vectors.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'
import { energyOf } from './retrieval-steps.js'

/** Products of one chunk: some tens of milliseconds. */
const PRODUCTS = 2 ** 27

function portion({ count, dimension }: KeyMemory): Portion {
  return { most: Math.min(Math.max(Math.floor(PRODUCTS / (count * dimension)), 16), 1024), multiple: 1 }
}

/** The similarities of B queries to all keys: B × M numbers. */
export class SimilaritiesJob implements Job<KeyMemory, Float64s> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #queries: Float32Array
  readonly #out: Float64s

  /** @param keys M. */
  constructor(kernels: Kernels, plan: RetrievalPlan, { data, count }: Vectors, keys: number) {
    this.count = count
    this.#kernels = kernels
    this.#plan = { ...plan, beta: 1 }
    this.#queries = data
    const size = count * keys
    this.#out = allocate('overlaps', size * 8, () => new Float64Array(size))
  }

  portion(memory: KeyMemory): Portion {
    return portion(memory)
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const { count, dimension } = memory
    const queries = part(this.#queries, from, to, dimension)
    const out = this.#out.subarray(from * count, to * count)
    const operations = (to - from) * count * dimension
    yield* call(this.#kernels, operations, 'logits', memory, queries, to - from, this.#plan, out)
    for (let b = 0; b < to - from && this.#plan.similarity === 'euclidean'; b++) {
      let square = 0
      for (let c = b * dimension; c < (b + 1) * dimension; c++) square += queries[c] * queries[c]
      for (let k = b * count; k < (b + 1) * count; k++) out[k] -= square / 2
      yield
    }
  }

  result(): Float64s {
    return this.#out
  }
}

/** The weights that B queries give to all keys: B × M numbers. */
export class AssociationsJob implements Job<KeyMemory, Float64s> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #queries: Float32Array
  readonly #out: Float64s

  /** @param keys M. */
  constructor(kernels: Kernels, plan: RetrievalPlan, { data, count }: Vectors, keys: number) {
    this.count = count
    this.#kernels = kernels
    this.#plan = plan
    this.#queries = data
    const size = count * keys
    this.#out = allocate('weights', size * 8, () => new Float64Array(size))
  }

  portion(memory: KeyMemory): Portion {
    return portion(memory)
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const { count, dimension } = memory
    const queries = part(this.#queries, from, to, dimension)
    const out = this.#out.subarray(from * count, to * count)
    const operations = 2 * (to - from) * count * dimension
    yield* call(this.#kernels, operations, 'associate', memory, queries, to - from, this.#plan, out)
  }

  result(): Float64s {
    return this.#out
  }
}

/** E of B states. */
export class KeyEnergiesJob implements Job<KeyMemory, Float64s> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #plan: RetrievalPlan
  readonly #states: Float32Array
  readonly #out: Float64s

  constructor(kernels: Kernels, plan: RetrievalPlan, { data, count }: Vectors) {
    this.count = count
    this.#kernels = kernels
    this.#plan = plan
    this.#states = data
    this.#out = allocate('energies', count * 8, () => new Float64Array(count))
  }

  portion(memory: KeyMemory): Portion {
    return portion(memory)
  }

  *compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const { count, dimension } = memory
    const states = part(this.#states, from, to, dimension)
    const potentials = new Float64Array(2 * (to - from))
    const asked = [memory, states, to - from, this.#plan] as const
    yield {
      here: () => this.#kernels.retrieve(...asked, undefined, undefined, potentials),
      beside: (flag) => this.#kernels.retrieveAsync(...asked, undefined, potentials, flag),
      light: isLight(this.#kernels, (to - from) * count * dimension),
    }
    for (let b = 0; b < to - from; b++) {
      const row = states.subarray(b * dimension, (b + 1) * dimension)
      this.#out[from + b] = energyOf(memory, this.#plan, row, potentials[2 * b], potentials[2 * b + 1])
      if (b % 64 === 63) yield
    }
  }

  result(): Float64s {
    return this.#out
  }
}
