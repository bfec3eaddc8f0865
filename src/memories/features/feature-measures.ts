import type { Portion } from '../../async/chunk-size.js'
import { call, inPortions, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { FEATURES, type Kernels } from '../../kernels/contract/kernels.js'
import { log } from '../../numerics/log.js'
import { type FeatureArrays, featureOperations } from '../../storage/feature-sums.js'
import { part } from '../batch.js'
import type { Job } from '../runner.js'

/** What a memory says about vectors. */
export interface Told {
  readonly densities: Float64s
  /** count × d numbers. */
  readonly pulls: Float64s
}

/** Asks a memory about `count` vectors. */
export function* asked(
  kernels: Kernels,
  { features, signs, sums }: FeatureArrays,
  vectors: Float32Array,
  count: number,
): Steps<Told> {
  const dimension = features[FEATURES.dimension]
  const densities = new Float64Array(count)
  const pulls = allocate('pulls', vectors.length * 8, () => new Float64Array(vectors.length))
  const each = 2 * featureOperations({ features, signs, sums })
  for (const [from, to] of inPortions(kernels, count, each, true)) {
    const rows = part(vectors, from, to, dimension)
    const results = [part(densities, from, to, 1), part(pulls, from, to, dimension)] as const
    yield* call(
      kernels,
      (to - from) * each,
      'askFeatures',
      features,
      signs,
      sums,
      rows,
      to - from,
      ...results,
    )
  }
  return { densities, pulls }
}

/** E = −β⁻¹ ln f; Infinity where noise leaves nothing of f. */
export function energyOf(density: number, beta: number): number {
  return density > 0 ? (0 - log(density)) / beta : Number.POSITIVE_INFINITY
}

/** What of many vectors is wanted. */
export class MeasureJob implements Job<FeatureArrays, Float64s> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #vectors: Float32Array
  readonly #dimension: number
  readonly #out: Float64s
  readonly #measure: (density: number) => number

  constructor(
    kernels: Kernels,
    vectors: Float32Array,
    dimension: number,
    measure: (density: number) => number,
  ) {
    this.count = vectors.length / dimension
    this.#kernels = kernels
    this.#vectors = vectors
    this.#dimension = dimension
    this.#out = new Float64Array(this.count)
    this.#measure = measure
  }

  portion(memory: FeatureArrays): Portion {
    return portionFor(memory)
  }

  *compute(memory: FeatureArrays, from: number, to: number): Steps<void> {
    const rows = part(this.#vectors, from, to, this.#dimension)
    const { densities } = yield* asked(this.#kernels, memory, rows, to - from)
    for (let b = from; b < to; b++) this.#out[b] = this.#measure(densities[b - from])
  }

  result(): Float64s {
    return this.#out
  }
}

/** Vectors a chunk: some tens of milliseconds. */
export function portionFor(memory: FeatureArrays): Portion {
  return { most: Math.max(1, Math.floor(2 ** 26 / featureOperations(memory))), multiple: 1 }
}
