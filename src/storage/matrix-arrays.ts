import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { alignedReals } from './aligned.js'
import type { Numbers } from './learner.js'

/** N × N integers, all zero, without gaps between the rows. */
export function integerMatrix(neurons: number): Int32Array {
  return allocate('weights', neurons ** 2 * 4, () => new Int32Array(neurons ** 2))
}

/** N rows of paddedStride(N) integers, all zero. */
export function paddedIntegers(neurons: number): Int32Array {
  const size = neurons * paddedStride(neurons)
  return allocate('weights', size * 4, () => new Int32Array(size))
}

/** N rows of paddedStride(N) reals, all zero. */
export function paddedReals(kernels: Kernels, neurons: number): Float64Array {
  return alignedReals(kernels, 'weights', neurons * paddedStride(neurons))
}

/** N × N numbers, row-major, in padded rows. */
export function paddedRows<Kind extends Numbers>(matrix: ArrayLike<number>, n: number, out: Kind): Kind {
  const stride = paddedStride(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * stride + j] = matrix[i * n + j]
  return out
}
