import { call, inPortions, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import type { Kernels, KeyMemory, RetrievalPlan } from '../../kernels/contract/kernels.js'
import { each } from '../../storage/record.js'

const PLAN: RetrievalPlan = { beta: 1, similarity: 'dot', separator: 'softmax', precision: 'double' }
const NONE = new Uint8Array(0)

/** A·Bᵀ of f32 rows of the same length, in f64: the logits of rows of A with those of B as keys. */
export function* products(
  kernels: Kernels,
  a: Float32Array,
  b: Float32Array,
  length: number,
): Steps<Float64s> {
  const [rows, count] = [a.length / length, b.length / length]
  const keys: KeyMemory = {
    count,
    dimension: length,
    width: length,
    keys: b,
    values: b,
    scales: undefined,
    offsets: undefined,
    largestNorm: 0,
    salience: undefined,
    quantizedKeys: NONE,
  }
  const out = allocate('products', rows * count * 8, () => new Float64Array(rows * count))
  for (const [from, to] of inPortions(kernels, rows, count * length, true)) {
    const some = a.subarray(from * length, to * length)
    const part = out.subarray(from * count, to * count)
    yield* call(kernels, (to - from) * count * length, 'logits', keys, some, to - from, PLAN, part)
  }
  return out
}

/** Rows of `width` numbers as columns, rounded to f32. */
export function* transposed(rows: Float32Array | Float64Array, width: number): Generator<void, Float32Array> {
  const count = rows.length / width
  const out = allocate('columns', rows.length * 4, () => new Float32Array(rows.length))
  const take = (b: number): void => {
    for (let i = 0; i < width; i++) out[i * count + b] = rows[b * width + i]
  }
  yield* each(count, take, width)
  return out
}
