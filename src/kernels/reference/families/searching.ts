import { descend, descendSteps } from '../descent.js'
import { lowestStateSteps, lowestStates } from '../lowest-states.js'
import type { Family } from '../table.js'
import { tabu, tabuSteps } from '../tabu.js'

/** Lowest states, and ways down to them. */
export const SEARCHING_KERNELS = {
  kernels: {
    lowestStates,
    descend,
    tabu,
  },
  steps: {
    lowestStates: lowestStateSteps,
    descend: descendSteps,
    tabu: tabuSteps,
  },
} as const satisfies Family
