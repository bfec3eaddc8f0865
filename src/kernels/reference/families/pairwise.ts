import { ascend, rewired } from '../connecting.js'
import { externalDot } from '../energy.js'
import {
  connectionWeightSteps,
  connectionWeights,
  correlationSteps,
  correlations,
  formWeights,
  selfWeightSteps,
  selfWeights,
} from '../form-weights.js'
import { localFieldSteps, localFields, quadraticSteps, quadratics } from '../forms.js'
import { hebbian, hebbianSteps, quotientSteps, quotients } from '../hebbian.js'
import { recall, recallAsync, recallTraced, sample, sampleAsync } from '../recall.js'
import { signedSums } from '../signed-sums.js'
import type { Family } from '../table.js'

/** Memories of weights between neurons: fields, energies, recalls and samples, Hebb's rule, and what weights are made of. */
export const PAIRWISE_KERNELS = {
  kernels: {
    localFields,
    quadratics,
    externalDot,
    recall,
    recallAsync,
    recallTraced,
    sample,
    sampleAsync,
    ascend,
    rewired,
    formWeights,
    connectionWeights,
    selfWeights,
    signedSums,
    correlations,
    hebbian,
    quotients,
  },
  steps: {
    localFields: localFieldSteps,
    quadratics: quadraticSteps,
    connectionWeights: connectionWeightSteps,
    selfWeights: selfWeightSteps,
    correlations: correlationSteps,
    hebbian: hebbianSteps,
    quotients: quotientSteps,
  },
} as const satisfies Family
