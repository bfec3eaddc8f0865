import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
import { type Into, type Room, roomFor } from '../../input/out.js'
import type { Float32s, Float64s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import type { FeatureArrays } from '../../storage/feature-sums.js'
import { part, StateBatch } from '../batch.js'
import type { Job } from '../runner.js'
import { Ascent } from './ascent.js'
import { asked, energyOf, portionFor } from './feature-measures.js'
import type { Ascending, FeatureVectors } from './feature-options.js'

/** The result of one recall. */
export interface FeatureRecallResult {
  /** d numbers, of length 1 or ±1; a new array, or the option `out`. */
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
/** Numbers of cues between two steps, and how many of them an object takes as long as. */
const [STEP, OBJECT] = [2 ** 13, 16]

/** The recall of many cues: each climbs by itself, and one that rests is asked about no more. */
export class FeatureRecallJob implements Job<FeatureArrays, FeatureRecallBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #width: number
  readonly #beta: number
  readonly #vectors: FeatureVectors
  readonly #options: Ascending
  readonly #cues: Float32Array
  readonly #room: Room<Float32s, Float32Array>
  readonly #result: FeatureRecallBatchResult

  /** @param cues B × d numbers, of length 1 or ±1. */
  constructor(
    kernels: Kernels,
    of: { readonly dimension: number; readonly beta: number; readonly vectors: FeatureVectors },
    cues: Float32Array,
    options: Ascending,
    into: Into | undefined,
  ) {
    this.count = cues.length / of.dimension
    this.#kernels = kernels
    this.#width = of.dimension
    this.#beta = of.beta
    this.#vectors = of.vectors
    this.#options = options
    this.#cues = cues
    this.#room = roomFor(into, Float32Array, cues.length) as Room<Float32s, Float32Array>
    this.#result = new FeatureRecallBatchResult(
      this.#room.given,
      new Uint32Array(this.count),
      new Uint8Array(this.count),
      new Float64Array(this.count),
    )
  }

  portion(memory: FeatureArrays): Portion {
    const { most, multiple } = portionFor(memory)
    return { most: Math.min(most, MOST), multiple }
  }

  checkRoom(): void {
    this.#room.check()
  }

  *compute(memory: FeatureArrays, from: number, to: number): Steps<void> {
    const width = this.#width
    const { tolerance, maxSteps } = this.#options
    const due = pause(width)
    const climbs: Ascent[] = []
    for (let b = from; b < to; b++) {
      climbs.push(new Ascent(this.#vectors, tolerance, part(this.#cues, b, b + 1, width)))
      if (due()) yield
    }
    let active = climbs
    while (active.length > 0) {
      const going: [Ascent, Float32Array][] = []
      for (const climb of active) {
        const state = climb.next()
        if (state !== undefined) going.push([climb, state])
        if (due()) yield
      }
      const rows = new Float32Array(going.length * width)
      for (const [k, [, state]] of going.entries()) rows.set(state, k * width)
      const { densities, pulls } = yield* asked(this.#kernels, memory, rows, going.length)
      for (const [k, [climb, state]] of going.entries()) {
        climb.told(state, densities[k], pulls.slice(k * width, (k + 1) * width))
        if (due()) yield
      }
      active = going.map(([climb]) => climb).filter(({ steps }) => steps < maxSteps)
      yield
    }
    const { steps, converged, energies } = this.#result
    const { plain: states } = this.#room
    for (const [k, climb] of climbs.entries()) {
      // Whether those that could not go on rest.
      climb.next()
      states.set(climb.state, (from + k) * width)
      steps[from + k] = climb.steps
      converged[from + k] = climb.converged ? 1 : 0
      energies[from + k] = energyOf(climb.density, this.#beta)
      if (due()) yield
    }
  }

  result(): FeatureRecallBatchResult {
    return this.#result
  }
}

/** Says after every so many cues that it is time for a step. */
function pause(width: number): () => boolean {
  const some = Math.max(1, Math.floor(STEP / (width + OBJECT)))
  let done = 0
  return () => ++done % some === 0
}
