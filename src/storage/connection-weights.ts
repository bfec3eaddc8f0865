import { allocate } from '../errors.js'
import type { CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import type { ConnectionTable } from './connections.js'

/** Connections times patterns a step: some tenths of a millisecond, or a millisecond where kernels are slow. */
const PRODUCTS = { native: 2 ** 22, typescript: 2 ** 17 }

/**
 * ξ_iᵀAξ_j of every connection from j to i, in their places: whole numbers, in 32 bits where all of them fit.
 * @param memory of which kernels read the columns alone.
 */
export function* connectionWeights(
  kernels: Kernels,
  memory: CoupledMemory,
  table: ConnectionTable,
): Generator<void, Int32Array | Float64Array> {
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
): Generator<void, boolean> {
  const { neurons, count } = memory
  const most = (kernels.parallel ? PRODUCTS.native : PRODUCTS.typescript) / (count + 32)
  for (let from = 0; from < neurons; ) {
    let to = from + 1
    // Each neuron also costs a product with all patterns, however few sources it has.
    while (to < neurons && starts[to + 1] - starts[from] + (to - from) <= most) to++
    const [first, last] = [starts[from], starts[to]]
    const [heard, some] = [sources.subarray(first, last), out.subarray(first, last)]
    const largest = kernels.connectionWeights(memory, from, starts.subarray(from, to + 1), heard, some)
    if (out instanceof Int32Array && largest >= 2 ** 31) return false
    from = to
    yield
  }
  return true
}
