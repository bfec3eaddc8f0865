import { contrast, contrastSteps } from '../contrast.js'
import { freeEnergies, freeEnergySteps, importance, importanceSteps } from '../free-energies.js'
import { gibbs, gibbsSteps, hiddenMeanSteps, hiddenMeans, visibleMeanSteps, visibleMeans } from '../gibbs.js'
import { logPartitionSteps, logPartitions } from '../log-partitions.js'
import type { Family } from '../table.js'

/** Boltzmann machines. */
export const MACHINE_KERNELS = {
  kernels: {
    hiddenMeans,
    visibleMeans,
    gibbs,
    contrast,
    freeEnergies,
    importance,
    logPartitions,
  },
  steps: {
    hiddenMeans: hiddenMeanSteps,
    visibleMeans: visibleMeanSteps,
    gibbs: gibbsSteps,
    contrast: contrastSteps,
    freeEnergies: freeEnergySteps,
    importance: importanceSteps,
    logPartitions: logPartitionSteps,
  },
} as const satisfies Family
