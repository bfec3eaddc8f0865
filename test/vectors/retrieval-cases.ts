import type { KeyMemory, RetrievalPlan, Salience } from '../../src/kernels/contract/kernels.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest } from './cases.js'

/** Retrievals from continuous patterns; see cases.ts. */
export interface RetrievalCase {
  count: number
  dimension: number
  /** Of values of their own; 0 where keys are read out. */
  width: number
  queries: number
  seed: number
  beta: number
  similarity: RetrievalPlan['similarity']
  separator: RetrievalPlan['separator']
  precision: RetrievalPlan['precision']
  /** Logarithms of saliences are this times numbers of stream 3; 0 where there are none. */
  salience: number
  norms: string
  logits: string
  states: string
  potentials: string
  /** Of as many keys as five, if there are that many: indices, similarities, weights. */
  indices: string
  similarities: string
  weights: string
}

/** Whole numbers from −2^23 to 2^23 over 2^22, from the words of Philox: f32 holds them. */
export function vectors(seed: number, stream: number, length: number): Float32Array {
  const words = new Uint32Array(length)
  kernels.philox(seed, 0, 3, stream, 0, words)
  return Float32Array.from(words, (w) => ((w | 0) >> 8) / 2 ** 22)
}

const SIZES: [count: number, dimension: number, width: number, queries: number][] = [
  [1, 1, 0, 1], [2, 3, 0, 2], [7, 8, 5, 3], [9, 9, 0, 1], [64, 16, 0, 7], [65, 17, 33, 6], [300, 24, 0, 13], [513, 65, 0, 2], [700, 40, 8, 20],
] // biome-ignore format: a table

const SIMILARITIES = ['dot', 'cosine', 'euclidean'] as const
const SEPARATORS = ['softmax', 'sparsemax', 'entmax15', 'epanechnikov', 'normmax'] as const
const PRECISIONS = ['double', 'single'] as const
const BETAS = [0.25, 3, 40]

export function makeRetrievalCases(): RetrievalCase[] {
  return SIZES.flatMap((size, index) => [
    ...BETAS.flatMap((beta, variant) =>
      PRECISIONS.map((precision) => makeCase(size, beta, 3000 + index, index + variant, precision)),
    ),
    // Half of all keys lie in a ball of this size.
    ...PRECISIONS.map((precision, k) => makeCase(size, 0.75 / size[1], 3000 + index, 10 + k, precision)),
    ...PRECISIONS.map((precision) => makeCase(size, 3, 3000 + index, 12 + (index % 3), precision)),
    ...PRECISIONS.map((precision, k) => makeCase(size, 40, 3000 + index, index + 2 * k, precision, 1.5)),
  ])
}

function makeCase(
  [count, dimension, width, queries]: (typeof SIZES)[number],
  beta: number,
  seed: number,
  variant: number,
  precision: RetrievalPlan['precision'],
  salience = 0,
): RetrievalCase {
  const plan: RetrievalPlan = {
    beta,
    similarity: SIMILARITIES[variant % 3],
    separator: SEPARATORS[Math.floor(variant / 3) % SEPARATORS.length],
    precision,
  }
  const keys = vectors(seed, 0, count * dimension)
  const norms = new Float64Array(count)
  kernels.keyNorms(keys, count, dimension, norms)
  const memory: KeyMemory = {
    count,
    dimension,
    width: width || dimension,
    keys,
    values: width === 0 ? keys : vectors(seed, 1, count * width),
    scales: plan.similarity === 'cosine' ? norms.map((norm) => 1 / norm) : undefined,
    offsets: plan.similarity === 'euclidean' ? norms.map((norm) => norm * norm * 0.5) : undefined,
    largestNorm: norms.reduce((most, norm) => Math.max(most, norm), 0),
    salience: salience === 0 ? undefined : saliencesOf(vectors(seed, 3, count), salience),
    quantizedKeys: new Uint8Array(0),
  }
  const asked = vectors(seed, 2, queries * dimension)
  const logits = new Float64Array(queries * count)
  kernels.logits(memory, asked, queries, plan, logits)
  const states = new Float32Array(queries * memory.width)
  const potentials = new Float64Array(2 * queries)
  kernels.retrieve(memory, asked, queries, plan, undefined, states, potentials)
  const k = Math.min(5, count)
  const indices = new Uint32Array(queries * k)
  const [similarities, weights] = [new Float64Array(queries * k), new Float64Array(queries * k)]
  const shifts = new Float64Array(queries)
  kernels.mostSimilar(memory, asked, queries, plan, k, undefined, shifts, indices, similarities, weights)
  return {
    count,
    dimension,
    width,
    queries,
    seed,
    ...plan,
    salience,
    norms: digest(norms),
    logits: digest(logits),
    states: digest(states),
    potentials: digest(potentials),
    indices: digest(indices),
    similarities: digest(similarities),
    weights: digest(weights),
  }
}

function saliencesOf(numbers: Float32Array, range: number): Salience {
  const logs = Float64Array.from(numbers, (x) => range * x)
  const [leastLog, mostLog] = [Math.min(...logs), Math.max(...logs)]
  return { logs, leastLog, mostLog, values: logs.map(Math.exp), total: logs.length }
}
