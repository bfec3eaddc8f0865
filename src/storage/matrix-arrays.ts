import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { atOnce } from '../platform/turn.js'
import { alignedReals } from './aligned.js'
import type { Numbers, NumbersClass } from './learner.js'
import { misfit, type RecordReader, within } from './record.js'

/** The largest weight: fields and energies stay finite. */
const LARGEST = 1e100

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
export function paddedRows<Kind extends Numbers>(matrix: Numbers, n: number, out: Kind): Kind {
  const stride = paddedStride(n)
  for (let i = 0; i < n; i++) out.set(matrix.subarray(i * n, (i + 1) * n), i * stride)
  return out
}

/**
 * The array in which numbers from outside are kept: floats and reals in typed arrays stay what they are; all others are 32-bit
 * integers if they can be, whose fields cost least, and reals if not.
 */
export function keptAs(given: unknown, numbers: Float64Array): NumbersClass {
  if (given instanceof Float64Array) return Float64Array
  if (given instanceof Float32Array) return Float32Array
  return numbers.every((x) => x === (x | 0)) ? Int32Array : Float64Array
}

/** Padded rows as N × N numbers, row-major: a copy. */
export function withoutPadding<Kind extends Int32Array | Float64Array>(rows: Kind, n: number): Kind {
  const stride = paddedStride(n)
  const out = allocate('weights', n * n * rows.BYTES_PER_ELEMENT, () => rows.slice(0, n * n) as Kind)
  for (let i = 0; i < n && stride !== n; i++) out.set(rows.subarray(i * stride, i * stride + n), i * n)
  return out
}

/** Whether J_ij = J_ji throughout. */
export function isSymmetric(rows: Numbers, n: number): boolean {
  return atOnce(symmetric(rows, n))
}

/** The same in small steps. Square by square, so that columns stay in the cache. */
export function* symmetric(rows: Numbers, n: number): Generator<void, boolean> {
  const stride = paddedStride(n)
  const side = 32
  for (let top = 0; top < n; top += side) {
    yield
    for (let left = 0; left <= top; left += side) {
      for (let i = top; i < Math.min(top + side, n); i++) {
        for (let j = left; j < Math.min(left + side, i); j++) {
          if (rows[i * stride + j] !== rows[j * stride + i]) return false
        }
      }
    }
  }
  return true
}

/** Refuses weights that kernels could not work with: what is not zero behind the N-th of a row, and what is not within ±1e100. */
export function checkMatrix(from: RecordReader, name: string, rows: Numbers, n: number): void {
  within(from, name, rows, LARGEST)
  from.check(function* () {
    const stride = paddedStride(n)
    for (let i = 0; i < rows.length / stride && stride > n; i++) {
      for (let k = i * stride + n; k < (i + 1) * stride; k++) {
        if (rows[k] !== 0) throw misfit(`${name}[${k}]`, `expected 0 behind the row, got ${rows[k]}`)
      }
      if (i % 1024 === 1023) yield
    }
  })
}

export function hasZeroDiagonal(rows: Numbers, n: number): boolean {
  const stride = paddedStride(n)
  for (let i = 0; i < n; i++) if (rows[i * stride + i] !== 0) return false
  return true
}
