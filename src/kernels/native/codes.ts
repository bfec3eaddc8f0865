import type { CodeKernels } from '../contract/kernels.js'
import type { ControlBlock } from './control.js'
import type { CodeWork, TierExports } from './exports.js'
import type { Handles } from './handles.js'

export function codeKernels(
  tier: TierExports,
  handles: Handles,
  { numbers: control }: ControlBlock,
): Omit<CodeKernels, 'willshawStore'> {
  function work(
    ...[memory, starts, units, count, plan, rows, outcomes]: Parameters<CodeKernels['recallCodes']>
  ): CodeWork {
    const handle = handles.ofCodes(memory)
    // What native/addon/codes.h reads by position. NaN and −1 stand for what is not given.
    control[0] = count
    control[1] = plan.threshold ?? Number.NaN
    control[2] = plan.winners ?? -1
    control[3] = plan.steps
    return [handle.id, handle, starts, units, rows, outcomes]
  }
  return {
    recallCodes: (...given) => tier.recallCodes(...work(...given)),
    recallCodesAsync: async (memory, starts, units, count, plan, rows, outcomes, flag) =>
      tier.recallCodesAsync(...work(memory, starts, units, count, plan, rows, outcomes), flag),
  }
}
