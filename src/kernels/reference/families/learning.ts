import { bounded, boundedSteps, clipped, clippedSteps } from '../bounded.js'
import { border, borderSteps, responseSteps, responses, retire, retireSteps } from '../inverse.js'
import { minimalOverlap, minimalOverlapSteps } from '../minimal-overlap.js'
import { perceptron, perceptronSteps } from '../perceptron.js'
import { rankOne, rankOneSteps, storkey, storkeySteps } from '../storkey.js'
import type { Family } from '../table.js'

/** Learning rules but Hebb's. */
export const LEARNING_KERNELS = {
  kernels: {
    storkey,
    rankOne,
    border,
    retire,
    responses,
    perceptron,
    minimalOverlap,
    bounded,
    clipped,
  },
  steps: {
    storkey: storkeySteps,
    rankOne: rankOneSteps,
    border: borderSteps,
    retire: retireSteps,
    responses: responseSteps,
    perceptron: perceptronSteps,
    minimalOverlap: minimalOverlapSteps,
    bounded: boundedSteps,
    clipped: clippedSteps,
  },
} as const satisfies Family
