import { ACCEPTANCES, type AnnealingKernels, type Beside } from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { AnnealingWork, TierExports } from './exports.js'
import { type Handles, onHandles } from './handles.js'

/** These kernels, and the same on other threads. */
export function annealingKernels(
  tier: TierExports,
  { of }: Handles,
  { numbers: control }: ControlBlock,
): { here: AnnealingKernels; beside: Pick<Beside, keyof AnnealingKernels> } {
  function work(...[memory, plan, replicas, count]: Parameters<AnnealingKernels['anneal']>): AnnealingWork {
    const handle = of(memory)
    // What native/addon/annealing.h reads by position.
    control[0] = plan.firstSweep
    control[1] = plan.seedLow
    control[2] = plan.seedHigh
    control[3] = plan.group
    control[4] = ACCEPTANCES.indexOf(plan.acceptance)
    return [handle.id, handle, plan.betas, plan.externalField, replicas, count]
  }
  return {
    here: {
      anneal: (...given) => tier.anneal(...work(...given)),
      replicaQuadratics: onHandles(of, tier.replicaQuadratics),
      exchangeClusters: onHandles(of, tier.exchangeClusters),
    },
    beside: {
      anneal: async (memory, plan, replicas, count, flag) =>
        tier.annealAsync(...work(memory, plan, replicas, count), flag),
      replicaQuadratics: onHandles(of, tier.replicaQuadraticsAsync),
      exchangeClusters: onHandles(of, tier.exchangeClustersAsync),
    },
  }
}
