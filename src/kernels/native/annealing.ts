import {
  ACCEPTANCES,
  type AnnealingKernels,
  type Beside,
  type BifurcationKernels,
  VARIANTS,
} from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { AnnealingWork, BifurcationWork, TierExports } from './exports.js'
import { type Handles, onHandles } from './handles.js'

type Kernels = AnnealingKernels & BifurcationKernels

/** These kernels, and the same on other threads. */
export function annealingKernels(
  tier: TierExports,
  { of }: Handles,
  { numbers: control }: ControlBlock,
): { here: Kernels; beside: Pick<Beside, keyof Kernels> } {
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
  function swarm(
    ...[memory, plan, positions, momenta, pumps, count]: Parameters<BifurcationKernels['bifurcate']>
  ): BifurcationWork {
    const handle = of(memory)
    control[0] = VARIANTS.indexOf(plan.variant)
    control[1] = plan.strength
    control[2] = plan.step
    control[3] = plan.numSteps
    control[4] = plan.left
    return [handle.id, handle, plan.externalField, positions, momenta, pumps, count]
  }
  return {
    here: {
      anneal: (...given) => tier.anneal(...work(...given)),
      replicaQuadratics: onHandles(of, tier.replicaQuadratics),
      exchangeClusters: onHandles(of, tier.exchangeClusters),
      bifurcate: (...given) => tier.bifurcate(...swarm(...given)),
    },
    beside: {
      anneal: async (memory, plan, replicas, count, flag) =>
        tier.annealAsync(...work(memory, plan, replicas, count), flag),
      replicaQuadratics: onHandles(of, tier.replicaQuadraticsAsync),
      exchangeClusters: onHandles(of, tier.exchangeClustersAsync),
      bifurcate: async (memory, plan, positions, momenta, pumps, count, flag) =>
        tier.bifurcateAsync(...swarm(memory, plan, positions, momenta, pumps, count), flag),
    },
  }
}
