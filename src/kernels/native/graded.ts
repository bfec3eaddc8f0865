import type { GradedKernels, GradedNetwork, IntegrationPlan } from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { TierExports } from './exports.js'
import { type Handle, type Handles, onHandles } from './handles.js'

export function gradedKernels(
  tier: TierExports,
  { ofGraded }: Handles,
  { numbers: control }: ControlBlock,
): GradedKernels {
  /** Writes what native/addon/graded.h reads by position. Returns the network's handle. */
  function write(network: GradedNetwork, plan: IntegrationPlan, count: number): Handle {
    const handle = ofGraded(network)
    control[0] = count
    control[1] = plan.method === 'euler' ? 0 : 1
    control[2] = plan.adaptive ? 1 : 0
    control[3] = plan.step
    control[4] = plan.accuracy
    control[5] = plan.tolerance
    control[6] = plan.maxSteps
    return handle
  }

  return {
    gradedSlopes: onHandles(ofGraded, tier.gradedSlopes),
    gradedEnergies: onHandles(ofGraded, tier.gradedEnergies),
    integrate(network, potentials, count, plan, ...results) {
      const handle = write(network, plan, count)
      tier.integrate(handle.id, handle, potentials, ...results)
    },
    async integrateAsync(network, potentials, count, plan, ...results) {
      const handle = write(network, plan, count)
      await tier.integrateAsync(handle.id, handle, potentials, ...results)
    },
    integrateTraced(network, potentials, plan, ...results) {
      const handle = write(network, plan, 1)
      return tier.integrateTraced(handle.id, handle, potentials, ...results)
    },
  }
}
