import { addFeatureSteps, addFeatures, askFeatureSteps, askFeatures } from '../features.js'
import type { Family } from '../table.js'

/** Random features. */
export const FEATURE_KERNELS = {
  kernels: {
    addFeatures,
    askFeatures,
  },
  steps: {
    addFeatures: addFeatureSteps,
    askFeatures: askFeatureSteps,
  },
} as const satisfies Family
