import type { Portion } from '../../async/chunk-size.js'
import { call, isLight, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Vectors } from '../../input/vectors.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'
import { energyOf, totalOf } from './retrieval-steps.js'

/** Products of one chunk: some tens of milliseconds. */
const PRODUCTS = 2 ** 27

/** Queries of one chunk. */
export function products({ count, dimension }: KeyMemory): Portion {
  return { most: Math.min(Math.max(Math.floor(PRODUCTS / (count * dimension)), 16), 1024), multiple: 1 }
}

/** Numbers that kernels say of B vectors and all keys, `each` of them a vector. */
abstract class KeyMeasureJob implements Job<KeyMemory, Float64s> {
  readonly count: number
  protected readonly kernels: Kernels
  protected readonly plan: RetrievalPlan
  readonly #vectors: Float32Array
  readonly #each: number
  readonly #out: Float64s

  constructor(kernels: Kernels, plan: RetrievalPlan, { data, count }: Vectors, what: string, each: number) {
    this.count = count
    this.kernels = kernels
    this.plan = plan
    this.#vectors = data
    this.#each = each
    this.#out = allocate(what, count * each * 8, () => new Float64Array(count * each))
  }

  portion(memory: KeyMemory): Portion {
    return products(memory)
  }

  compute(memory: KeyMemory, from: number, to: number): Steps<void> {
    const out = this.#out.subarray(from * this.#each, to * this.#each)
    return this.measure(memory, part(this.#vectors, from, to, memory.dimension), to - from, out)
  }

  /** Writes the numbers of some vectors. */
  protected abstract measure(
    memory: KeyMemory,
    vectors: Float32Array,
    some: number,
    out: Float64Array,
  ): Steps<void>

  result(): Float64s {
    return this.#out
  }
}

/** The similarities of B queries to all keys: B × M numbers. */
export class SimilaritiesJob extends KeyMeasureJob {
  /** @param keys M. */
  constructor(kernels: Kernels, plan: RetrievalPlan, queries: Vectors, keys: number) {
    super(kernels, { ...plan, beta: 1 }, queries, 'overlaps', keys)
  }

  protected *measure(memory: KeyMemory, queries: Float32Array, some: number, out: Float64Array): Steps<void> {
    const { count, dimension } = memory
    // Who is similar does not depend on who counts more.
    const alike = memory.salience === undefined ? memory : { ...memory, salience: undefined }
    yield* call(this.kernels, some * count * dimension, 'logits', alike, queries, some, this.plan, out)
    for (let b = 0; b < some && this.plan.similarity === 'euclidean'; b++) {
      let square = 0
      for (let c = b * dimension; c < (b + 1) * dimension; c++) square += queries[c] * queries[c]
      for (let k = b * count; k < (b + 1) * count; k++) out[k] -= square / 2
      yield
    }
  }
}

/** The weights that B queries give to all keys: B × M numbers. */
export class AssociationsJob extends KeyMeasureJob {
  /** @param keys M. */
  constructor(kernels: Kernels, plan: RetrievalPlan, queries: Vectors, keys: number) {
    super(kernels, plan, queries, 'weights', keys)
  }

  protected *measure(memory: KeyMemory, queries: Float32Array, some: number, out: Float64Array): Steps<void> {
    const operations = 2 * some * memory.count * memory.dimension
    yield* call(this.kernels, operations, 'associate', memory, queries, some, this.plan, out)
  }
}

/** E of B states. */
export class KeyEnergiesJob extends KeyMeasureJob {
  constructor(kernels: Kernels, plan: RetrievalPlan, states: Vectors) {
    super(kernels, plan, states, 'energies', 1)
  }

  protected *measure(memory: KeyMemory, states: Float32Array, some: number, out: Float64Array): Steps<void> {
    const { count, dimension } = memory
    const potentials = new Float64Array(2 * some)
    const total = totalOf(memory)
    const asked = [memory, states, some, this.plan] as const
    yield {
      here: () => this.kernels.retrieve(...asked, undefined, undefined, potentials),
      beside: (flag) => this.kernels.retrieveAsync(...asked, undefined, undefined, potentials, flag),
      light: isLight(this.kernels, some * count * dimension),
    }
    for (let b = 0; b < some; b++) {
      const row = states.subarray(b * dimension, (b + 1) * dimension)
      out[b] = energyOf(memory, this.plan, total, row, potentials[2 * b], potentials[2 * b + 1])
      if (b % 64 === 63) yield
    }
  }
}
