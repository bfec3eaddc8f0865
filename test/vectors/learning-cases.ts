import { columnWords, paddedStride, rowWords } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { withoutPadding } from '../../src/storage/matrix-arrays.js'
import { digest, patterns } from './cases.js'

/** Learning rules, by digest; the patterns are those of a case. Repeated in native/test/vectors_test.cc. */
export interface LearningCase {
  neurons: number
  count: number
  kind: 'random' | 'pairs'
  seed: number
  /** Storkey's weights, then less 0.1·ξ⁰ξ⁰ᵀ with the diagonal. */
  storkey: string
  unlearned: string
  /** How many went in, the inverse, what the first that did not is made of, the inverse without its pattern in the middle. */
  added: number
  inverse: string
  coefficients: string
  retired: string
  /** Of the matrix with A_μν = (7μ + 3ν) mod 11 − 5. */
  responses: string
  diagonal: string
  /** κ = 0.25, 5 epochs. */
  perceptron: string
  epochs: string
  /** L = 2. */
  bounded: string
  clipped: string
}

const SIZES: [neurons: number, count: number][] = [
  [1, 1], [2, 2], [7, 3], [8, 5], [9, 9], [33, 17], [64, 40], [65, 20], [130, 70], [192, 9], [256, 5],
] // biome-ignore format: a table

export function makeLearningCases(): LearningCase[] {
  return SIZES.flatMap(([neurons, count], index) =>
    (['random', 'pairs'] as const).map((kind) => makeCase(neurons, count, kind, 5000 + index)),
  )
}

function makeCase(neurons: number, count: number, kind: 'random' | 'pairs', seed: number): LearningCase {
  const rows = patterns(neurons, count, kind, seed)
  const columns = new Uint32Array(neurons * columnWords(count))
  kernels.transpose(rows, count, neurons, columns)

  const weights = new Float64Array(neurons * paddedStride(neurons))
  kernels.storkey(rows, count, neurons, weights)
  const storkey = digest(weights)
  kernels.rankOne(rows, neurons, -0.1, weights)

  const stride = paddedStride(count)
  const inverse = new Float64Array(count * stride)
  const coefficients = new Float64Array(count)
  const added = kernels.border(rows, 0, count, neurons, 1e-6, inverse, stride, coefficients)
  const grown = digest(inverse)
  kernels.retire(inverse, stride, added, added >> 1)

  const matrix = Float64Array.from(
    { length: count * stride },
    (_, k) => ((7 * Math.floor(k / stride) + 3 * (k % stride)) % 11) - 5,
  )
  const out = new Float64Array(neurons * stride)
  const diagonal = new Float64Array(neurons)
  kernels.responses(matrix, stride, columns, count, neurons, out, diagonal)

  const learned = new Int32Array(neurons * paddedStride(neurons))
  const epochs = new Uint32Array(neurons)
  kernels.perceptron(rows, count, neurons, 0.25, 5, learned, epochs)
  const held = new Int32Array(neurons * paddedStride(neurons))
  kernels.bounded(rows, count, neurons, 2, held)
  const signs = new Uint32Array(neurons * rowWords(neurons))
  kernels.clipped(columns, count, neurons, signs)
  return {
    neurons,
    count,
    kind,
    seed,
    storkey,
    unlearned: digest(weights),
    added,
    inverse: grown,
    coefficients: digest(coefficients),
    retired: digest(inverse),
    responses: digest(out),
    diagonal: digest(diagonal),
    perceptron: digest(withoutPadding(learned, neurons)),
    epochs: digest(epochs),
    bounded: digest(withoutPadding(held, neurons)),
    clipped: digest(signs),
  }
}
