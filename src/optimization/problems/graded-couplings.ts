import { allocate } from '../../errors.js'
import type { GradedNetwork } from '../../kernels/contract/kernels.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import type { Ising } from './ising-model.js'

/** J as graded neurons hear it: rows of all where most pairs are coupled, connections elsewhere. */
export function gradedCouplings(ising: Ising): Pick<GradedNetwork, 'weights' | 'connections'> {
  const n = ising.variables
  const { starts, sources, weights } = ising.model.table
  if (ising.memory.form === 'sparse') {
    return { weights: Float64Array.from(weights), connections: { starts, sources } }
  }
  const stride = paddedStride(n)
  const rows = allocate('couplings', n * stride * 8, () => new Float64Array(n * stride))
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) rows[i * stride + sources[k]] = weights[k]
  }
  return { weights: rows, connections: undefined }
}
