import type { Portion } from '../../async/chunk-size.js'
import type { Steps } from '../../async/steps.js'
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

/** The recall of many cues: each climbs by itself, and one that rests is asked about no more. */
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
