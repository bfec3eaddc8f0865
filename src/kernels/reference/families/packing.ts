import { interleave, interleaveSteps, nearest, nearestSteps } from '../nearest.js'
import { overlapSteps, overlaps } from '../overlap.js'
import { pack, transpose, transposeSteps, unpack } from '../pack.js'
import { philox } from '../random.js'
import type { Family } from '../table.js'

/** What every memory needs: bits, overlaps, random words. */
export const PACKING_KERNELS = {
  kernels: {
    pack,
    unpack,
    transpose,
    overlaps,
    interleave,
    nearest,
    philox,
  },
  steps: {
    transpose: transposeSteps,
    overlaps: overlapSteps,
    interleave: interleaveSteps,
    nearest: nearestSteps,
  },
} as const satisfies Family
