import type { Kernels } from '../kernels/contract/kernels.js'
import { integerWeights } from './perceptron.js'

/**
 * Weights that forget (Parisi 1986; Nadal, Toulouse, Changeux and Dehaene 1986): J_ij + ξ_iξ_j, held within ±L, pattern after pattern. The
 * latest patterns are always there, and old ones fade where Hebb's rule would lose all of them at once. O(N²) a pattern.
 * @param limit L, 1 to 2^31 − 3; about 0.35·√N keeps most.
 * @param start weights to go on from, changed in place; zeros if undefined.
 * @returns N × N integers, symmetric if they began so, zero diagonal likewise.
 */
export function palimpsestWeights(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
  limit: number,
  start?: Int32Array,
): Int32Array {
  const weights = start ?? integerWeights(neurons)
  kernels.bounded(rows, count, neurons, limit, weights)
  return weights
}
