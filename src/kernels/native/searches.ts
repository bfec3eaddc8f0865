import type { Beside, SearchKernels } from '../contract/kernels.js'
import type { TierExports } from './exports.js'
import { type Handles, onHandles } from './handles.js'

export function searchKernels(tier: TierExports, { of }: Handles): Pick<SearchKernels, 'descend' | 'tabu'> {
  return { descend: onHandles(of, tier.descend), tabu: onHandles(of, tier.tabu) }
}

/** The same on other threads. */
export function searchesBeside(tier: TierExports, { of }: Handles): Pick<Beside, 'descend' | 'tabu'> {
  return { descend: onHandles(of, tier.descendAsync), tabu: onHandles(of, tier.tabuAsync) }
}
