// What ../weights-options.ts exports, for an entry with Hebb's rule in patterns alone.
import { leftOut } from '../../errors.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { ImplicitWeights } from '../../storage/implicit-weights.js'
import type { ChosenWeights, WeightsOptions } from '../weights-options.js'

export type * from '../weights-options.js'

/** What the options must say, where they say something. */
const ONLY = { learning: 'hebbian', weights: 'implicit', connections: undefined, selfWeights: false } as const

/** As its namesake. */
export function weightsFor(kernels: Kernels, neurons: number, options: WeightsOptions): ChosenWeights {
  for (const name of Object.keys(ONLY) as (keyof typeof ONLY)[]) {
    const given = options[name]
    if (given !== undefined && given !== ONLY[name]) throw leftOut(name)
  }
  return { weights: new ImplicitWeights(kernels, neurons), learning: 'hebbian', options: {} }
}
