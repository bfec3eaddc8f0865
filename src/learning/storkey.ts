import type { Kernels } from '../kernels/contract/kernels.js'
import { realWeights } from './reals.js'

/**
 * Storkey's weights (1997) of `count` packed patterns, learned one after the other:
 * ΔJ_ij = (ξ_iξ_j − ξ_i h_ji − h_ij ξ_j)/N with h_ij = Σ_{k≠i,j} J_ik ξ_k. Local and incremental as Hebb's rule is, with room
 * for N/√(2 ln N) patterns where Hebb's has N/(2 ln N), and kinder to correlated ones. O(N²) a pattern.
 * @returns N × paddedStride(N), symmetric, zero diagonal.
 */
export function storkeyWeights(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
): Float64Array {
  const weights = realWeights(kernels, neurons)
  kernels.storkey(rows, count, neurons, weights)
  return weights
}
