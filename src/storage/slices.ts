import type { Kernels } from '../kernels/contract/kernels.js'

/** Products a step: about a millisecond, or a few where kernels are slow. */
const PRODUCTS = { native: 2 ** 26, typescript: 2 ** 20 }

/** Rows 0 … count − 1 in steps of which each takes `products` for a row. */
export function* inSlices(
  kernels: Kernels,
  count: number,
  products: number,
): Generator<[from: number, to: number], void> {
  const most = kernels.parallel ? PRODUCTS.native : PRODUCTS.typescript
  const some = Math.max(1, Math.floor(most / Math.max(products, 1)))
  for (let from = 0; from < count; from += some) yield [from, Math.min(from + some, count)]
}
