import { bidirectional, bidirectionalAsync } from '../bidirectional.js'
import { correlationSteps, correlations } from '../form-weights.js'
import type { Family } from '../table.js'

/** Pairs of patterns, and their outer products. */
export const PAIR_KERNELS = {
  kernels: {
    bidirectional,
    bidirectionalAsync,
    correlations,
  },
  steps: { correlations: correlationSteps },
} as const satisfies Family
