import type { FormWeightsKernels } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import type { Handles } from './handles.js'

export function formWeightsKernels(
  tier: TierExports,
  handles: Handles,
): Omit<FormWeightsKernels, 'correlations'> {
  return {
    formWeights: (memory, ...given) => tier.formWeights(handles.of(memory), ...given),
    connectionWeights: (memory, ...given) => tier.connectionWeights(handles.of(memory), ...given),
    selfWeights: (memory, ...given) => tier.selfWeights(handles.of(memory), ...given),
  }
}
