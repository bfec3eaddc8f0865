import { featureSignWords, featureSumLength } from '../../src/kernels/contract/features.js'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { digest } from './cases.js'

/** Sums of random features and what they say, by digest. Repeated in native/test/features_test.cc. */
export interface FeatureCase {
  dimension: number
  frequencies: number
  sums: string
  densities: string
  pulls: string
}

const SIZES: [dimension: number, frequencies: number][] = [[1, 3], [64, 130], [100, 257], [200, 512]] // biome-ignore format: a table
const VECTORS = 3

function makeCase(dimension: number, frequencies: number): FeatureCase {
  const features = Float64Array.of(dimension, frequencies, 1 / 64, 2 ** -30, 2 ** -24)
  const words = featureSignWords(dimension, frequencies)
  const signs = Uint32Array.from({ length: words }, (_, k) => Math.imul(k + 1, 0x9e3779b9))
  const vectors = Float32Array.from({ length: VECTORS * dimension }, (_, k) => (((7 * k) % 23) - 11) / 16)
  const sums = new Float64Array(featureSumLength(dimension, frequencies))
  kernels.addFeatures(features, signs, vectors, VECTORS, 1, sums)
  const [densities, pulls] = [new Float64Array(VECTORS), new Float64Array(VECTORS * dimension)]
  const cues = vectors.map((x) => x / 2)
  kernels.askFeatures(features, signs, sums, cues, VECTORS, densities, pulls)
  return {
    dimension,
    frequencies,
    sums: digest(sums),
    densities: digest(densities),
    pulls: digest(pulls),
  }
}

export function makeFeatureCases(): FeatureCase[] {
  return SIZES.map(([dimension, frequencies]) => makeCase(dimension, frequencies))
}
