import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../kernels/contract/layout.js'

/**
 * The signs of Hebb's weights, one bit each (Sompolinsky 1987): J_ij = sgn(Σ_μ ξ_i^μ ξ_j^μ). A thirty-second of the memory for
 * 0.102 N patterns in place of 0.138 N. O(P·N²/64) bit operations.
 * @param positive what a sum of 0 becomes: +1, or −1. Odd numbers of patterns have none.
 * @returns N packed rows: bit j of row i is 1 where J_ij = +1; the diagonal is 0, which is no −1 but no weight.
 */
export function clippedSigns(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
  positive: boolean,
): Uint32Array {
  const columns = allocate('columns', neurons * columnWords(count) * 4, () =>
    kernels.allocate(neurons * columnWords(count)),
  )
  kernels.transpose(rows, count, neurons, columns)
  const signs = allocate('weights', neurons * rowWords(neurons) * 4, () =>
    kernels.allocate(neurons * rowWords(neurons)),
  )
  kernels.clipped(columns, count, neurons, positive, signs)
  return signs
}
