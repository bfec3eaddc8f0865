import { HopfieldError } from '../../errors.js'
import { readFlags } from '../../input/glyphs.js'
import { checkChoice, checkInteger, checkOptions, isArrayLike } from '../../input/validate.js'
import { readVectors, type VectorsLike } from '../../input/vectors.js'
import type { KeyMemory, RetrievalPlan, Separator, Similarity } from '../../kernels/contract/kernels.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { SEPARATORS, SIMILARITIES } from './modern-hopfield.js'
import { readBeta } from './retrieval-options.js'

export interface AttentionOptions {
  /** Numbers a query and a key have; may be left out where Q is an array of arrays. */
  dimension?: number
  /** What scores are multiplied by; 'auto' (default) is 1/√d. */
  beta?: number | 'auto'
  /** B × M flags, row-major: 0 or false where the query must not see the key. */
  mask?: ArrayLike<number | boolean>
  similarity?: Similarity
  separator?: Separator
  backend?: BackendChoice
}

/**
 * softmax(β Q Kᵀ) V (Vaswani et al. 2017), which is one retrieval of every query (Ramsauer et al. 2021, eq. 10). Nothing is
 * kept and no copy of K or V is made where they are Float32Arrays; who asks often of the same keys wants a ModernHopfield.
 *
 * @param queries B × d numbers, flat or nested.
 * @param keys M × d.
 * @param values M × e.
 * @returns B × e numbers, row-major; the same bits as ModernHopfield's.
 * @throws HopfieldError ERR_HOPFIELD_SHAPE, _VALUE, _TYPE, _RANGE or _OPTION naming the argument.
 */
export function attention(
  queries: VectorsLike,
  keys: VectorsLike,
  values: VectorsLike,
  options?: AttentionOptions,
): Float32Array {
  checkOptions('attention', options, ['dimension', 'beta', 'mask', 'similarity', 'separator', 'backend'])
  const { beta = 'auto', similarity = 'dot', separator = 'softmax', backend = 'auto', mask } = options ?? {}
  const dimension = checkInteger('dimension', options?.dimension ?? lengthOfFirst(queries), 1, 2 ** 24)
  const plan: RetrievalPlan = {
    beta: readBeta(beta, dimension),
    similarity: checkChoice('similarity', similarity, SIMILARITIES),
    separator: checkChoice('separator', separator, SEPARATORS),
  }
  const kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
  const q = readVectors('queries', queries, dimension)
  const k = readVectors('keys', keys, dimension)
  if (k.count === 0) throw new HopfieldError('ERR_HOPFIELD_SHAPE', 'keys: expected at least one, got none')
  const v = readVectors('values', values, widthOf(values, k.count))
  if (v.count !== k.count) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `values: expected one a key, ${k.count}, got ${v.count}`)
  }
  const flags = mask === undefined ? undefined : readMask(mask, q.count, k.count)
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
    screen: new Uint8Array(0),
  }
  const out = new Float32Array(q.count * memory.width)
  kernels.retrieve(memory, q.data, q.count, plan, flags, out, new Float64Array(2 * q.count))
  return out
}

function lengthOfFirst(vectors: VectorsLike): number {
  if (isArrayLike(vectors) && isArrayLike(vectors[0])) return vectors[0].length
  throw new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    'dimension: say how many numbers a query has, or give queries as an array of arrays',
  )
}

function widthOf(values: VectorsLike, count: number): number {
  if (!isArrayLike(values)) return 1
  if (isArrayLike(values[0])) return Math.max(1, values[0].length)
  if (values.length === 0 || values.length % count !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `values: expected a multiple of ${count} numbers, as there are keys, got ${values.length}`,
    )
  }
  return values.length / count
}

function readMask(mask: ArrayLike<number | boolean>, queries: number, keys: number): Uint8Array {
  const flags = readFlags('mask', mask, queries * keys)
  for (let b = 0; b < queries; b++) {
    if (!flags.subarray(b * keys, (b + 1) * keys).includes(1)) {
      throw new HopfieldError('ERR_HOPFIELD_VALUE', `mask: query ${b} is left no key to see`)
    }
  }
  return flags
}
