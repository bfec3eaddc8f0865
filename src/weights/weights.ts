import type { Memory } from '../kernels/kernels.js'
import type { StateSource } from '../patterns/spins.js'

/** The weights of a network in one of their forms, with the patterns they came from. Owns its arrays. */
export interface Weights {
  /** P. */
  readonly count: number
  /** Adds patterns; on any error nothing has changed. */
  store(patterns: StateSource): void
  /** Takes one pattern out. */
  forget(index: number): void
  clear(): void
  /** Packed patterns from…to, a view. */
  rows(from: number, to: number): Uint32Array
  /** J as integers, a fresh N×N matrix. */
  matrix(): Int32Array
  /** Integer overlaps v^μ. */
  overlaps(state: Uint32Array): Int32Array
  /** Integer fields into out. */
  fields(state: Uint32Array, out: Float64Array): void
  /** Q = Σ_i≠j J_ij s_i s_j. */
  quadratic(state: Uint32Array): number
  /** What a recall kernel reads; with columns where updates go neuron by neuron. */
  memory(asynchronous: boolean): Memory
}
