import { call, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import type { ConnectionTable } from './connection-table.js'

/** Connections times patterns a step: some milliseconds of a kernel. */
const PRODUCTS = { native: 2 ** 25, typescript: 2 ** 20 }
/** Connections whose sources are looked at in one step: some tenths of a millisecond. */
const SOURCES = 2 ** 18

/**
 * ξ_iᵀAξ_j of every connection from j to i, in their places: whole numbers, in 32 bits where all of them fit.
 * @param memory of which kernels read the columns alone.
 */
export function* connectionWeights(
  kernels: Kernels,
  memory: CoupledMemory,
  table: ConnectionTable,
): Steps<Int32Array | Float64Array> {
  const length = table.sources.length
  const integers = allocate('weights', length * 4, () => new Int32Array(length))
  if (yield* fill(kernels, memory, table, integers)) return integers
  const reals = allocate('weights', length * 8, () => new Float64Array(length))
  yield* fill(kernels, memory, table, reals)
  return reals
}

/** Whether all of them fit; where not, those behind are left out. */
function* fill(
  kernels: Kernels,
  memory: CoupledMemory,
  { starts, sources }: ConnectionTable,
  out: Int32Array | Float64Array,
): Steps<boolean> {
  const { neurons, count } = memory
  const products = kernels.parallel ? PRODUCTS.native : PRODUCTS.typescript
  const most = Math.min(products / (count + 32), SOURCES)
  for (let from = 0; from < neurons; ) {
    let to = from + 1
    // Each neuron also costs a product with all patterns, however few sources it has.
    while (to < neurons && starts[to + 1] - starts[from] + (to - from) <= most) to++
    const [first, last] = [starts[from], starts[to]]
    const [heard, some] = [sources.subarray(first, last), out.subarray(first, last)]
    const operations = (last - first + to - from) * (count + 32)
    const given = [memory, from, starts.subarray(from, to + 1), heard, some] as const
    const largest = yield* call(kernels, operations, 'connectionWeights', ...given)
    if (out instanceof Int32Array && largest >= 2 ** 31) return false
    from = to
  }
  return true
}
