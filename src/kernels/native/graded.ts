import type { GradedKernels, IntegrationPlan } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import type { Handles } from './handles.js'

export function gradedKernels(tier: TierExports, handles: Handles): GradedKernels {
  /** What native/addon/graded.h reads by position. */
  const control = new Float64Array(7)

  function encode(plan: IntegrationPlan, count: number): Float64Array {
    control[0] = count
    control[1] = plan.method === 'euler' ? 0 : 1
    control[2] = plan.adaptive ? 1 : 0
    control[3] = plan.step
    control[4] = plan.accuracy
    control[5] = plan.tolerance
    control[6] = plan.maxSteps
    return control
  }

  return {
    gradedSlopes: (network, ...given) => tier.gradedSlopes(handles.ofGraded(network), ...given),
    gradedEnergies: (network, ...given) => tier.gradedEnergies(handles.ofGraded(network), ...given),
    integrate: (network, potentials, count, plan, ...results) =>
      tier.integrate(handles.ofGraded(network), encode(plan, count), potentials, ...results),
    integrateAsync: async (network, potentials, count, plan, ...results) =>
      tier.integrateAsync(handles.ofGraded(network), encode(plan, count), potentials, ...results),
    integrateTraced: (network, potentials, plan, ...results) =>
      tier.integrateTraced(handles.ofGraded(network), encode(plan, 1), potentials, ...results),
  }
}
