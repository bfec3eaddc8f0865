import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float32s, Float64s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import type { FeatureArrays } from '../../storage/feature-sums.js'
import { each } from '../../storage/record.js'
import { part, StateBatch } from '../batch.js'
import type { Job } from '../runner.js'
import { Ascent } from './ascent.js'
import { asked, energyOf, portionFor } from './feature-measures.js'
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
export class FeatureRecallBatchResult extends StateBatch<FeatureRecallResult, Float32s> {
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

/** Cues of one chunk at most: each is an object while it climbs. */
const MOST = 4096
/** Numbers that take as long as a step of one number, and as an object. */
const [STEP, OBJECT] = [8, 64]

/** The recall of many cues: each climbs by itself, and one that rests is asked about no more. */
export class FeatureRecallJob implements Job<FeatureArrays, FeatureRecallBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #width: number
  readonly #beta: number
  readonly #vectors: FeatureVectors
  readonly #options: Ascending
  readonly #cues: Float32Array
  readonly #result: FeatureRecallBatchResult

  /** @param cues B × d numbers, of length 1 or ±1. */
  constructor(
    kernels: Kernels,
    of: { readonly dimension: number; readonly beta: number; readonly vectors: FeatureVectors },
    cues: Float32Array,
    options: Ascending,
  ) {
    this.count = cues.length / of.dimension
    this.#kernels = kernels
    this.#width = of.dimension
    this.#beta = of.beta
    this.#vectors = of.vectors
    this.#options = options
    this.#cues = cues
    this.#result = new FeatureRecallBatchResult(
      allocate('states', cues.length * 4, () => new Float32Array(cues.length)),
      new Uint32Array(this.count),
      new Uint8Array(this.count),
      new Float64Array(this.count),
    )
  }

  portion(memory: FeatureArrays): Portion {
    const { most, multiple } = portionFor(memory)
    return { most: Math.min(most, MOST), multiple }
  }

  *compute(memory: FeatureArrays, from: number, to: number): Steps<void> {
    const width = this.#width
    const { tolerance, maxSteps } = this.#options
    const climbs: Ascent[] = []
    const begin = (k: number): void => {
      climbs.push(new Ascent(this.#vectors, tolerance, part(this.#cues, from + k, from + k + 1, width)))
    }
    yield* each(to - from, begin, width + OBJECT)
    let active = climbs
    while (active.length > 0) {
      const going: [Ascent, Float32Array][] = []
      const move = (k: number): void => {
        const state = active[k].next()
        if (state !== undefined) going.push([active[k], state])
      }
      yield* each(active.length, move, STEP * width + OBJECT)
      const rows = new Float32Array(going.length * width)
      yield* each(going.length, (k) => rows.set(going[k][1], k * width), width)
      const { densities, pulls } = yield* asked(this.#kernels, memory, rows, going.length)
      const tell = (k: number): void => {
        const [climb, state] = going[k]
        climb.told(state, densities[k], pulls.slice(k * width, (k + 1) * width))
      }
      yield* each(going.length, tell, width + OBJECT)
      active = going.map(([climb]) => climb).filter(({ steps }) => steps < maxSteps)
      yield
    }
    const { states, steps, converged, energies } = this.#result
    const end = (k: number): void => {
      // Whether those that could not go on rest.
      climbs[k].next()
      states.set(climbs[k].state, (from + k) * width)
      steps[from + k] = climbs[k].steps
      converged[from + k] = climbs[k].converged ? 1 : 0
      energies[from + k] = energyOf(climbs[k].density, this.#beta)
    }
    yield* each(climbs.length, end, STEP * width + OBJECT)
  }

  result(): FeatureRecallBatchResult {
    return this.#result
  }
}
