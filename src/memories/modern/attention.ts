import { HopfieldError } from '../../errors.js'
import { readFlags } from '../../input/glyphs.js'
import { type Given, optional, Schema, unread } from '../../input/options.js'
import { type Float32s, isInert } from '../../input/typed-arrays.js'
import { checkInteger, isArrayLike } from '../../input/validate.js'
import { readVector, readVectors, type Vectors, type VectorsLike } from '../../input/vectors.js'
import type { KeyMemory } from '../../kernels/contract/kernels.js'
import { RETRIEVAL_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { BACKEND } from '../backend-option.js'
import { COMPARING, RENAMED, retrievalPlan } from './comparing-options.js'

const ATTENTION = {
  /** d, numbers per query and per key; may be omitted if `queries` is an array of arrays. */
  dimension: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** B × M flags, row-major: a key with flag 0 or false is hidden from the query. */
  mask: unread<ArrayLike<number | bigint | boolean>>(),
  ...COMPARING,
  ...BACKEND,
}
const SCHEMA = new Schema(ATTENTION, RENAMED)

export interface AttentionOptions extends Given<typeof ATTENTION> {}

/**
 * softmax(β Q Kᵀ) V (Vaswani et al. 2017), which is one recall step of every query (Ramsauer et al. 2021, eq. 10). It keeps
 * nothing, and does not copy K or V if they are Float32Arrays. For many calls with the same keys use ModernHopfield.
 *
 * @param queries B × d numbers, flat or nested.
 * @param keys M × d.
 * @param values M × e.
 * @returns B × e numbers, row-major; the same bits as ModernHopfield gives. Zeros for a query that gives no key any weight.
 * @throws HopfieldError ERR_HOPFIELD_SHAPE, _VALUE, _TYPE, _RANGE or _OPTION naming the argument.
 */
export function attention(
  queries: VectorsLike,
  keys: VectorsLike,
  values: VectorsLike,
  options?: AttentionOptions,
): Float32s {
  const read = SCHEMA.read('attention', options)
  const { mask } = read
  const dimension = read.dimension ?? checkInteger('attention: dimension', lengthOfFirst(queries), 1, 2 ** 24)
  const plan = retrievalPlan('attention', read, dimension)
  const { similarity } = plan
  const kernels = kernelsFor(read.backend, RETRIEVAL_KERNELS)
  let q = readVectors('attention: queries', queries, dimension)
  let k = readVectors('attention: keys', keys, dimension)
  if (k.count === 0) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', 'attention: keys: expected at least one key, got none')
  }
  let v = readVectors('attention: values', values, widthOf(values, k.count))
  if (v.count !== k.count) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `attention: values: expected ${k.count} (one per key), got ${v.count}`,
    )
  }
  const flags = mask === undefined ? undefined : readMask(mask, q.count, k.count)
  if (![queries, keys, values, mask].every(isInert)) {
    // Reading one may have run the caller's code, and those that are taken as they are may have changed since.
    const again = (name: string, given: unknown, before: Vectors, width: number): Vectors => {
      if (!isInert(given)) return before
      return { ...before, data: readVector(`attention: ${name}`, given, before.count * width) }
    }
    q = again('queries', queries, q, dimension)
    k = again('keys', keys, k, dimension)
    v = again('values', values, v, v.data.length / v.count)
  }
  const norms = new Float64Array(k.count)
  kernels.keyNorms(k.data, k.count, dimension, norms)
  const memory: KeyMemory = {
    count: k.count,
    dimension,
    width: v.data.length / k.count,
    keys: k.data,
    values: v.data,
    scales: similarity === 'cosine' ? norms.map((norm) => (norm === 0 ? 0 : 1 / norm)) : undefined,
    offsets: similarity === 'euclidean' ? norms.map((norm) => norm * norm * 0.5) : undefined,
    largestNorm: norms.reduce((most, norm) => Math.max(most, norm), 0),
    salience: undefined,
    quantizedKeys: new Uint8Array(0),
  }
  const out = new Float32Array(q.count * memory.width)
  kernels.retrieve(memory, q.data, q.count, plan, flags, out, new Float64Array(2 * q.count))
  return out
}

function lengthOfFirst(vectors: VectorsLike): number {
  if (isArrayLike(vectors) && isArrayLike(vectors[0])) return vectors[0].length
  throw new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    'attention: dimension: required with flat queries; give the number of numbers per query, or queries as an array of arrays',
  )
}

function widthOf(values: VectorsLike, count: number): number {
  if (!isArrayLike(values)) return 1
  if (isArrayLike(values[0])) return Math.max(1, values[0].length)
  if (values.length === 0 || values.length % count !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `attention: values: expected a multiple of ${count} numbers (${count} keys), got ${values.length}`,
    )
  }
  return values.length / count
}

function readMask(mask: ArrayLike<number | bigint | boolean>, queries: number, keys: number): Uint8Array {
  const flags = readFlags('attention: mask', mask, queries * keys)
  for (let b = 0; b < queries; b++) {
    if (!flags.subarray(b * keys, (b + 1) * keys).includes(1)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `attention: mask: query ${b}: expected at least one key with flag 1, got none`,
      )
    }
  }
  return flags
}
