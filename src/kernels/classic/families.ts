// What ../families.ts exports, for an entry with Hebb's rule in patterns alone.
import { externalDot } from '../reference/energy.js'
import { localFieldSteps, localFields, quadraticSteps, quadratics } from '../reference/forms.js'
import { hebbian, hebbianSteps } from '../reference/hebbian.js'
import { recall, recallAsync, recallTraced } from '../reference/recall.js'
import type { Family } from '../reference/table.js'

export { PACKING_KERNELS } from '../reference/families/packing.js'
export type { Family } from '../reference/table.js'

/** There is one rule, whose kernel is below. */
export const LEARNING_KERNELS = { kernels: {}, steps: {} } as const satisfies Family

export const PAIRWISE_KERNELS = {
  kernels: { localFields, quadratics, externalDot, recall, recallAsync, recallTraced, hebbian },
  steps: { localFields: localFieldSteps, quadratics: quadraticSteps, hebbian: hebbianSteps },
} as const satisfies Family
