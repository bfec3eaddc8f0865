import { allocate } from '../../errors.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'

/** Dot products. */
const PLAN: RetrievalPlan = { beta: 1, similarity: 'dot', separator: 'softmax', precision: 'double' }

/** Δ_i = min_{j≠i} (x_i·x_i − x_i·x_j). */
export function separation(kernels: Kernels, memory: KeyMemory, index: number): number {
  const { count, dimension, keys } = memory
  const dots = allocate('separation', count * 8, () => new Float64Array(count))
  const plain: KeyMemory = { ...memory, scales: undefined, offsets: undefined, salience: undefined }
  const key = keys.slice(index * dimension, (index + 1) * dimension)
  kernels.logits(plain, key, 1, PLAN, dots)
  let least = Number.POSITIVE_INFINITY
  for (let mu = 0; mu < count; mu++) {
    if (mu !== index) least = Math.min(least, dots[index] - dots[mu])
  }
  return least
}
