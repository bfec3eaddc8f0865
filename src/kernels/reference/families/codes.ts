import { recallCodes, recallCodesAsync } from '../codes.js'
import type { Family } from '../table.js'
import { willshawStore } from '../willshaw.js'

/** Sparse codes. */
export const CODE_KERNELS = {
  kernels: {
    recallCodes,
    recallCodesAsync,
    willshawStore,
  },
  steps: {},
} as const satisfies Family
