import type { CodeKernels } from '../contract/kernels.js'
import type { CodeWork, TierExports } from './exports.js'
import type { Handles } from './handles.js'

export function codeKernels(tier: TierExports, handles: Handles): Omit<CodeKernels, 'willshawStore'> {
  function work(
    ...[memory, starts, units, count, plan, rows, outcomes]: Parameters<CodeKernels['recallCodes']>
  ): CodeWork {
    // NaN and −1 stand for what is not given.
    const { threshold = Number.NaN, winners = -1, steps } = plan
    return [
      handles.ofCodes(memory),
      Float64Array.of(count, threshold, winners, steps),
      starts,
      units,
      rows,
      outcomes,
    ]
  }
  return {
    recallCodes: (...given) => tier.recallCodes(...work(...given)),
    recallCodesAsync: async (...given) => tier.recallCodesAsync(...work(...given)),
  }
}
