import type { Portion } from '../../async/chunk-size.js'
import { call, inPortions, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float32s, Float64s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import { FEATURES, type Kernels } from '../../kernels/contract/kernels.js'
import { log } from '../../numerics/log.js'
import { type FeatureArrays, featureOperations } from '../../storage/feature-sums.js'
import { Batch, part } from '../batch.js'
import type { Job } from '../runner.js'
import { Ascent } from './ascent.js'
import type { Ascending, FeatureVectors } from './feature-options.js'

/** The result of one recall. */
export interface FeatureRecallResult {
  /** d numbers, of length 1 or ±1; a new array. */
  state: Float32s
  /** How often the memory was asked. */
  steps: number
  /** Whether the state rests. */
  converged: boolean
  /** E of the state; Infinity where the memory sees nothing. */
  energy: number
}

/** The results of B recalls, row b for cue b. Iterable: one {@link FeatureRecallResult} per cue. */
export class FeatureRecallBatchResult extends Batch<FeatureRecallResult, Float32s> {
  /** B × d, row-major. */
  readonly states: Float32s
  readonly steps: Uint32s
  readonly converged: Uint8s
  readonly energies: Float64s

  constructor(states: Float32s, steps: Uint32s, converged: Uint8s, energies: Float64s) {
    super()
    this.states = states
    this.steps = steps
    this.converged = converged
    this.energies = energies
  }

  override state(b: number): Float32s {
    this.check('state', b)
    return this.row(this.states, b)
  }

  override at(b: number): FeatureRecallResult {
    this.check('at', b)
    return {
      state: this.row(this.states, b),
      steps: this.steps[b],
      converged: this.converged[b] === 1,
      energy: this.energies[b],
    }
  }
}

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

function portionFor(memory: FeatureArrays): Portion {
  return { most: Math.max(1, Math.floor(2 ** 26 / featureOperations(memory))), multiple: 1 }
}

/** The recall of many cues: each climbs by itself, and who rests leaves. */
export class FeatureRecallJob implements Job<FeatureArrays, FeatureRecallBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #width: number
  readonly #beta: number
  readonly #maxSteps: number
  readonly #climbs: readonly Ascent[]

  /** @param cues B × d numbers, of length 1 or ±1. */
  constructor(
    kernels: Kernels,
    of: { readonly dimension: number; readonly beta: number; readonly vectors: FeatureVectors },
    cues: Float32Array,
    { maxSteps, tolerance }: Ascending,
  ) {
    this.count = cues.length / of.dimension
    this.#kernels = kernels
    this.#width = of.dimension
    this.#beta = of.beta
    this.#maxSteps = maxSteps
    this.#climbs = Array.from(
      { length: this.count },
      (_, b) => new Ascent(of.vectors, tolerance, part(cues, b, b + 1, of.dimension)),
    )
  }

  portion(memory: FeatureArrays): Portion {
    return portionFor(memory)
  }

  *compute(memory: FeatureArrays, from: number, to: number): Steps<void> {
    const width = this.#width
    let active = this.#climbs.slice(from, to)
    while (active.length > 0) {
      const going: [Ascent, Float32Array][] = []
      for (const climb of active) {
        const state = climb.next()
        if (state !== undefined) going.push([climb, state])
      }
      const rows = new Float32Array(going.length * width)
      for (const [k, [, state]] of going.entries()) rows.set(state, k * width)
      const { densities, pulls } = yield* asked(this.#kernels, memory, rows, going.length)
      for (const [k, [climb, state]] of going.entries()) {
        climb.told(state, densities[k], pulls.slice(k * width, (k + 1) * width))
      }
      active = going.map(([climb]) => climb).filter(({ steps }) => steps < this.#maxSteps)
      yield
    }
    // Whether those that could not go on rest.
    for (const climb of this.#climbs.slice(from, to)) climb.next()
  }

  result(): FeatureRecallBatchResult {
    const states = new Float32Array(this.count * this.#width)
    for (const [b, { state }] of this.#climbs.entries()) states.set(state, b * this.#width)
    return new FeatureRecallBatchResult(
      states,
      Uint32Array.from(this.#climbs, ({ steps }) => steps),
      Uint8Array.from(this.#climbs, ({ converged }) => (converged ? 1 : 0)),
      Float64Array.from(this.#climbs, ({ density }) => energyOf(density, this.#beta)),
    )
  }
}
