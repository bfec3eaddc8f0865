import type { PairKernels } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import type { Handles } from './handles.js'

export function pairKernels(tier: TierExports, handles: Handles): PairKernels {
  return {
    bidirectional: (pairs, ...given) => tier.bidirectional(handles.ofPairs(pairs), ...given),
    bidirectionalAsync: async (pairs, ...given) => tier.bidirectionalAsync(handles.ofPairs(pairs), ...given),
  }
}
