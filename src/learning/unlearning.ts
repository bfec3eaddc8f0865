import type { Kernels } from '../kernels/contract/kernels.js'

/**
 * Unlearning (Hopfield, Feinstein and Palmer 1983): J_ij −= ε·s_i s_j for i ≠ j, where s is a state that a recall from noise
 * ended in. Weakens spurious states more than stored ones, until too much of it weakens all. O(N²).
 * @param state packed.
 * @param rate ε, in the unit of the weights: with J over N, the paper's 0.01 is 0.01/N.
 * @param weights N × paddedStride(N), changed in place.
 */
export function unlearn(
  kernels: Kernels,
  state: Uint32Array,
  neurons: number,
  rate: number,
  weights: Float64Array,
): void {
  kernels.rankOne(state, neurons, -rate, weights, false)
}

/**
 * One step of daydreaming (Serricchio et al. 2024): J_ij += (ξ_iξ_j − s_i s_j)/(τN) for i ≠ j, first ξξᵀ then −ssᵀ. ξ is a
 * stored pattern, s the state that a recall from noise ended in. Does not spoil what it learned, however long it goes on. O(N²).
 * @param pattern packed, and `state` too.
 * @param tau τ above 0: the larger, the smaller the step.
 * @param weights N × paddedStride(N), changed in place.
 */
export function daydream(
  kernels: Kernels,
  pattern: Uint32Array,
  state: Uint32Array,
  neurons: number,
  tau: number,
  weights: Float64Array,
): void {
  const step = 1 / (tau * neurons)
  kernels.rankOne(pattern, neurons, step, weights, false)
  kernels.rankOne(state, neurons, -step, weights, false)
}
