import { allocate } from '../../errors.js'
import type { GradedNetwork } from '../../kernels/contract/kernels.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import { intoRows } from './coupling-facts.js'
import type { Ising } from './ising-model.js'

/** J as graded neurons hear it: rows of all where most pairs are coupled, connections elsewhere. Made in small steps. */
export function* gradedCouplings(
  ising: Ising,
): Generator<void, Pick<GradedNetwork, 'weights' | 'connections'>> {
  const n = ising.variables
  const { table } = ising.model
  if (!ising.isDense) {
    const { starts, sources, weights } = table
    return { weights: Float64Array.from(weights), connections: { starts, sources } }
  }
  const size = n * paddedStride(n)
  const rows = allocate('couplings', size * 8, () => new Float64Array(size))
  return { weights: yield* intoRows(table, rows), connections: undefined }
}
