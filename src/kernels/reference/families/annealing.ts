import { anneal, annealSteps, replicaQuadraticSteps, replicaQuadratics } from '../annealing.js'
import { bifurcate, bifurcateSteps } from '../bifurcation.js'
import { exchangeClusterSteps, exchangeClusters } from '../clusters.js'
import type { Family } from '../table.js'

/** Replicas and oscillators of an Ising problem. */
export const ANNEALING_KERNELS = {
  kernels: {
    anneal,
    replicaQuadratics,
    exchangeClusters,
    bifurcate,
  },
  steps: {
    anneal: annealSteps,
    replicaQuadratics: replicaQuadraticSteps,
    exchangeClusters: exchangeClusterSteps,
    bifurcate: bifurcateSteps,
  },
} as const satisfies Family
