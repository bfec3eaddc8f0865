import { associate, associateSteps } from '../association.js'
import { mostSimilar, mostSimilarSteps } from '../most-similar.js'
import { keyNormSteps, keyNorms, logitSteps, logits, retrieve, retrieveAsync } from '../retrieval.js'
import type { Family } from '../table.js'

/** Stored keys and values. */
export const RETRIEVAL_KERNELS = {
  kernels: {
    keyNorms,
    logits,
    associate,
    mostSimilar,
    retrieve,
    retrieveAsync,
    quantizedBytes: () => 0,
    quantizeKeys: () => {},
  },
  steps: {
    keyNorms: keyNormSteps,
    logits: logitSteps,
    associate: associateSteps,
    mostSimilar: mostSimilarSteps,
  },
} as const satisfies Family
