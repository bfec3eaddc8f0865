import type { Beside, FormWeightsKernels } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import { type Handles, onHandles } from './handles.js'

export function formWeightsKernels(
  tier: TierExports,
  { of }: Handles,
): Omit<FormWeightsKernels, 'correlations' | 'signedSums'> {
  return {
    formWeights: onHandles(of, tier.formWeights),
    connectionWeights: onHandles(of, tier.connectionWeights),
    selfWeights: onHandles(of, tier.selfWeights),
  }
}

export function formWeightsBeside(
  tier: TierExports,
  { of }: Handles,
): Pick<Beside, 'connectionWeights' | 'selfWeights'> {
  return {
    connectionWeights: onHandles(of, tier.connectionWeightsAsync),
    selfWeights: onHandles(of, tier.selfWeightsAsync),
  }
}
