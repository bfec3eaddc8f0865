import type { PairKernels } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import { type Handles, onHandles } from './handles.js'

export function pairKernels(tier: TierExports, { ofPairs }: Handles): PairKernels {
  return {
    bidirectional: onHandles(ofPairs, tier.bidirectional),
    bidirectionalAsync: onHandles(ofPairs, tier.bidirectionalAsync),
  }
}
