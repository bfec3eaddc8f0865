import { Mark } from '../async/steps.js'
import { allocate, describe, HopfieldError } from '../errors.js'
import { readRealRow } from '../input/reals.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { MatrixLearner } from '../storage/learner.js'
import { keptAs, paddedRows } from '../storage/matrix-arrays.js'

/**
 * A learning rule of your own. Its argument is all stored patterns, P × N values ±1, row-major; it returns J, N × N finite numbers,
 * row-major. It is called after every change of the stored patterns.
 */
export type CustomRule = (patterns: Int8Array, shape: { count: number; neurons: number }) => NumbersLike

const MOST = 1e100

export function customLearner(
  kernels: Kernels,
  neurons: number,
  rule: CustomRule,
  selfWeights: boolean,
): MatrixLearner {
  const size = neurons * paddedStride(neurons)
  return {
    divisor: 1,
    numbers: [Int32Array, Float64Array],
    *learn(rows, count) {
      if (count === 0) return allocate('weights', size * 8, () => new Float64Array(size))
      const patterns = new Int8Array(count * neurons)
      kernels.unpack(rows, count, neurons, patterns)
      const made: unknown = rule(patterns, { count, neurons })
      if (made instanceof Promise) {
        throw new HopfieldError(
          'ERR_HOPFIELD_TYPE',
          `learning: expected a function that returns ${neurons * neurons} numbers, got ${describe(made)}`,
        )
      }
      const name = 'weights of the learning rule'
      const matrix = readRealRow(name, made, neurons * neurons, { least: -MOST, most: MOST })
      for (let i = 0; i < neurons && !selfWeights; i++) matrix[i * neurons + i] = 0
      yield new Mark(count, count)
      const Kept = keptAs(made, matrix) === Int32Array ? Int32Array : Float64Array
      const out = allocate('weights', size * Kept.BYTES_PER_ELEMENT, () => new Kept(size))
      return paddedRows<Int32Array | Float64Array>(matrix, neurons, out)
    },
  }
}
