// What ../packing.ts exports, for an entry that searches nothing.
import { overlapSteps, overlaps } from '../../overlap.js'
import { pack, transpose, transposeSteps, unpack } from '../../pack.js'
import { philox } from '../../random.js'
import type { Family } from '../../table.js'

export const PACKING_KERNELS = {
  kernels: { pack, unpack, transpose, overlaps, philox },
  steps: { transpose: transposeSteps, overlaps: overlapSteps },
} as const satisfies Family
