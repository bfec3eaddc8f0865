import { describe, expect, test } from 'vitest'
import { featureSide, featureSignWords, featureSumLength } from '../../src/kernels/contract/features.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { EVERY_TIER as tier } from '../helpers/tiers.js'

// Dimensions around blocks, whose levels are an odd number or an even one; frequencies that end within a register, a block, or with one.
const SIZES: [dimension: number, frequencies: number][] = [
  [1, 1], [3, 63], [64, 64], [65, 100], [100, 257], [128, 389], [200, 512], [257, 700], [1000, 1030],
] // biome-ignore format: a table

describe('every tier and the reference give the same', () => {
  for (const spins of [true, false]) {
    test(`sums of features of ${spins ? '±1' : 'real vectors'}, and what they say`, () => {
      for (const [dimension, frequencies] of SIZES) {
        const draw = new WordStream(dimension, frequencies)
        const signs = Uint32Array.from({ length: featureSignWords(dimension, frequencies) }, () =>
          draw.word(),
        )
        const vectors = Float32Array.from({ length: 5 * dimension }, () =>
          spins ? (draw.word() & 1 ? 1 : -1) : draw.uniform() - 0.5,
        )
        // Angles of some turns.
        const scale = 1 / featureSide(dimension) / (spins ? Math.sqrt(dimension) : 0.3)
        const features = Float64Array.of(dimension, frequencies, scale, 1e-9, 3e-8)
        const [sums, expected] = [tier, reference].map((kernels) => {
          const out = new Float64Array(featureSumLength(dimension, frequencies))
          kernels.addFeatures(features, signs, vectors, 5, 1, out)
          kernels.addFeatures(features, signs, vectors.subarray(dimension), 2, -1, out)
          return out
        })
        expectSame(sums, expected, `${dimension}, ${frequencies}`)
        expect(sums.some((sum) => sum !== 0)).toBe(true)

        const told = [tier, reference].map((kernels) => {
          const [densities, pulls] = [new Float64Array(4), new Float64Array(4 * dimension)]
          kernels.askFeatures(features, signs, expected, vectors.subarray(dimension), 4, densities, pulls)
          return { densities, pulls }
        })
        expectSame(told[0].densities, told[1].densities, `densities, ${dimension}, ${frequencies}`)
        expectSame(told[0].pulls, told[1].pulls, `pulls, ${dimension}, ${frequencies}`)
      }
    })
  }
})
