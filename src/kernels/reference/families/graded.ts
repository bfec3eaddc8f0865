import { gradedEnergies, gradedSlopes, integrate, integrateAsync, integrateTraced } from '../graded.js'
import type { Family } from '../table.js'

/** Graded neurons. */
export const GRADED_KERNELS = {
  kernels: {
    gradedSlopes,
    gradedEnergies,
    integrate,
    integrateAsync,
    integrateTraced,
  },
  steps: {},
} as const satisfies Family
