import type { FeatureVectors } from './feature-options.js'

/**
 * One recall: a climb of the density f(x) = Σ_μ e^(−β(1 − x·ξ^μ)) as the memory estimates it. The pull v(x) estimates Σ_μ ξ^μ e^(…), the read-out
 * of a softmax before it is divided, so v/|v| is the softmax's next state, and sign(v) that of ±1. Where noise makes that a step down, the
 * state goes less far: to v + λx, with λ = |v|/|x|, then twice that, and so on; half of the last λ is tried first at the next state. So f rises
 * from state to state, and every recall ends.
 */
export class Ascent {
  readonly #bipolar: boolean
  readonly #tolerance: number
  #state: Float32Array
  #pull: Float64Array | undefined
  /** λ in units of |v|/|x|. */
  #restraint = 0
  /** Whether it was raised at the present state. */
  #raised = false
  density = Number.NEGATIVE_INFINITY
  steps = 0
  converged = false

  constructor(kind: FeatureVectors, tolerance: number, cue: Float32Array) {
    this.#bipolar = kind === 'bipolar'
    this.#tolerance = tolerance
    this.#state = cue
  }

  get state(): Float32Array {
    return this.#state
  }

  /** The state to ask the memory about; undefined if the present one rests. */
  next(): Float32Array | undefined {
    if (this.#pull === undefined) return this.#state
    let next = this.#candidate(this.#pull)
    if (this.#rests(next) && !this.#raised && this.#restraint > 0) {
      this.#restraint = 0
      next = this.#candidate(this.#pull)
    }
    this.converged = this.#rests(next)
    return this.converged ? undefined : next
  }

  /** What the memory says about that state. */
  told(state: Float32Array, density: number, pull: Float64Array): void {
    this.steps++
    if (density > this.density) {
      this.#state = state
      this.density = density
      this.#pull = pull
      this.#restraint = this.#restraint > 1 ? this.#restraint / 2 : 0
      this.#raised = false
    } else {
      this.#restraint = this.#restraint === 0 ? 1 : 2 * this.#restraint
      this.#raised = true
    }
  }

  #rests(next: Float32Array): boolean {
    let moved = 0
    for (let i = 0; i < next.length; i++) moved = Math.max(moved, Math.abs(next[i] - this.#state[i]))
    return moved <= this.#tolerance
  }

  #candidate(pull: Float64Array): Float32Array {
    const state = this.#state
    const next = new Float32Array(state.length)
    const lambda = this.#restraint === 0 ? 0 : this.#restraint * (sizeOf(pull) / sizeOf(state))
    if (this.#bipolar) {
      for (let i = 0; i < next.length; i++) {
        const field = pull[i] + lambda * state[i]
        next[i] = field > 0 ? 1 : field < 0 ? -1 : state[i]
      }
      return next
    }
    const field = pull.map((v, i) => v + lambda * state[i])
    const size = sizeOf(field)
    if (size === 0) return state
    for (let i = 0; i < next.length; i++) next[i] = field[i] / size
    return next
  }
}

/** The length of a vector. */
export function sizeOf(x: Float32Array | Float64Array): number {
  let square = 0
  for (let i = 0; i < x.length; i++) square += x[i] * x[i]
  return Math.sqrt(square)
}
