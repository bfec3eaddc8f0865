import type { Steps } from '../../async/steps.js'
import { allocate, HopfieldError } from '../../errors.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { each } from '../../storage/record.js'
import { products, transposed } from './products.js'

/** The mean of rows, rounded to f32. */
export function* meanOf(data: Float32Array, dimension: number): Generator<void, Float32Array> {
  const sums = new Float64Array(dimension)
  const count = data.length / dimension
  const add = (b: number): void => {
    for (let i = 0; i < dimension; i++) sums[i] += data[b * dimension + i]
  }
  yield* each(count, add, dimension)
  return Float32Array.from(sums, (sum) => sum / count)
}

/** Rows less the mean, rounded to f32. */
export function* centred(data: Float32Array, mean: Float32Array): Generator<void, Float32Array> {
  const { length: dimension } = mean
  const out = allocate('rows', data.length * 4, () => new Float32Array(data.length))
  const take = (b: number): void => {
    for (let i = 0; i < dimension; i++) out[b * dimension + i] = data[b * dimension + i] - mean[i]
  }
  yield* each(out.length / dimension, take, dimension)
  return out
}

/**
 * W L⁻¹, where L Lᵀ = Σ + ridge·(tr Σ/d)·1 is the covariance of the rows (Cholesky). All maps that whiten differ by a rotation, which changes no
 * similarity.
 */
export function* whitened(
  kernels: Kernels,
  rows: Float32Array,
  weights: Float32Array,
  dimension: number,
  ridge: number,
): Steps<Float32Array> {
  const columns = yield* transposed(rows, dimension)
  const count = rows.length / dimension
  const factor = yield* products(kernels, columns, columns, count)
  let trace = 0
  for (let i = 0; i < dimension; i++) trace += factor[i * dimension + i] / count
  if (trace === 0)
    throw new HopfieldError('ERR_HOPFIELD_VALUE', 'data: expected vectors that differ, got only equal ones')
  const more = (ridge * trace) / dimension
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = factor[i * dimension + j] / count + (i === j ? more : 0)
      for (let k = 0; k < j; k++) sum -= factor[i * dimension + k] * factor[j * dimension + k]
      // Beside the ridge nothing but rounding can be below it.
      factor[i * dimension + j] = i === j ? Math.sqrt(Math.max(sum, more)) : sum / factor[j * dimension + j]
    }
    yield
  }
  const outputs = weights.length / dimension
  const out = new Float32Array(weights.length)
  const row = new Float64Array(dimension)
  for (let o = 0; o < outputs; o++) {
    row.set(weights.subarray(o * dimension, (o + 1) * dimension))
    for (let j = dimension - 1; j >= 0; j--) {
      row[j] /= factor[j * dimension + j]
      for (let k = 0; k < j; k++) row[k] -= row[j] * factor[j * dimension + k]
    }
    out.set(row, o * dimension)
    yield
  }
  return out
}
