import { describe, expect, it } from 'vitest'
import { PackedPatterns, randomPatterns } from '../../src/index.js'
import { clearPadding, rowWords } from '../../src/kernels/contract/layout.js'
import { PURPOSE, philoxBlock } from '../../src/numerics/philox.js'
import { summary } from '../helpers/statistics.js'

function mean(values: Int8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('randomPatterns', () => {
  it('gives P·N values ±1', () => {
    const patterns = randomPatterns({ count: 7, neurons: 33 })
    expect(patterns).toHaveLength(231)
    expect(patterns.every((s) => s === 1 || s === -1)).toBe(true)
  })

  it('gives the same patterns packed', () => {
    for (const activity of [0.5, 0.3]) {
      const packed = randomPatterns({ count: 7, neurons: 33, activity, packed: true })
      expect(packed).toBeInstanceOf(PackedPatterns)
      expect(packed.unpack()).toEqual(randomPatterns({ count: 7, neurons: 33, activity }))
    }
  })

  it('gives packed patterns with clean padding', () => {
    for (const neurons of [5, 64, 70, 250, 300]) {
      const { words } = randomPatterns({ count: 1, neurons, packed: true })
      const clean = words.slice()
      clearPadding(clean, neurons)
      expect(words.length).toBe(rowWords(neurons))
      expect(words).toEqual(clean)
    }
  })

  for (const activity of [0.5, 0.3]) {
    it(`gives pattern μ whatever the count, at activity ${activity}`, () => {
      const few = randomPatterns({ count: 3, neurons: 70, seed: 5, activity })
      const many = randomPatterns({ count: 9, neurons: 70, seed: 5, activity })
      expect(many.subarray(0, 210)).toEqual(few)
    })
  }

  it('gives the bits of the generator itself at activity ½', () => {
    // Counter (draw, purpose, pattern, 0), key = seed: part of the numerics contract.
    const words = new Uint32Array(4)
    philoxBlock(6, 7, 0, PURPOSE.patterns, 2, 0, words, 0)
    const expected = Int8Array.from({ length: 128 }, (_, i) => ((words[i >>> 5] >>> (i & 31)) & 1 ? 1 : -1))
    const patterns = randomPatterns({ count: 3, neurons: 128, seed: 6n + (7n << 32n) })
    expect(patterns.subarray(256)).toEqual(expected)
  })

  it('takes a seed as number or bigint', () => {
    const [a, b] = [2 ** 40 + 3, 2n ** 40n + 3n].map((seed) =>
      randomPatterns({ count: 2, neurons: 64, seed }),
    )
    expect(b).toEqual(a)
  })

  it('has seed 0 for its default', () => {
    expect(randomPatterns({ count: 2, neurons: 64 })).toEqual(
      randomPatterns({ count: 2, neurons: 64, seed: 0 }),
    )
  })

  it('differs between seeds, in either word of them', () => {
    const seeds = [0n, 1n, 1n << 32n, 1n << 63n, (1n << 64n) - 1n]
    const drawn = seeds.map((seed) => randomPatterns({ count: 1, neurons: 64, seed }).join())
    expect(new Set(drawn).size).toBe(5)
  })

  it('gives no patterns if asked for none', () => {
    expect(randomPatterns({ count: 0, neurons: 5 })).toEqual(new Int8Array(0))
  })

  it('is balanced at activity ½', () => {
    // 100,000 fair ±1: 4 standard errors are 4/√100000 = .0126.
    expect(Math.abs(mean(randomPatterns({ count: 100, neurons: 1000, seed: 1 })))).toBeLessThan(
      4 / Math.sqrt(100_000),
    )
  })

  for (const activity of [0.05, 0.3, 0.9]) {
    it(`has a share of ${activity} of +1 at that activity`, () => {
      // The mean of ±1 at activity a is 2a − 1 with standard deviation 2√(a(1−a)); 100,000 of them.
      const drawn = mean(randomPatterns({ count: 100, neurons: 1000, seed: 2, activity }))
      const tolerance = (4 * 2 * Math.sqrt(activity * (1 - activity))) / Math.sqrt(100_000)
      expect(Math.abs(drawn - (2 * activity - 1))).toBeLessThan(tolerance)
    })
  }

  it('is all −1 at activity 0 and all +1 at activity 1', () => {
    expect(randomPatterns({ count: 2, neurons: 40, activity: 0 })).toEqual(new Int8Array(80).fill(-1))
    expect(randomPatterns({ count: 2, neurons: 40, activity: 1 })).toEqual(new Int8Array(80).fill(1))
  })

  it('has patterns that are independent of one another', () => {
    // Overlaps of 200 neighbouring pairs of N = 400: mean 0, standard deviation 1/√400 each; 4 standard errors.
    const patterns = randomPatterns({ count: 201, neurons: 400, seed: 3 })
    const overlaps = Array.from({ length: 200 }, (_, mu) => {
      let v = 0
      for (let i = 0; i < 400; i++) v += patterns[mu * 400 + i] * patterns[(mu + 1) * 400 + i]
      return v / 400
    })
    const { mean: average, error } = summary(overlaps)
    expect(Math.abs(average)).toBeLessThan(4 / Math.sqrt(400 * 200))
    // The scatter itself: a sample standard deviation of 200 values is good to 1/√400 of itself.
    expect(Math.abs(error * Math.sqrt(200) * 20 - 1)).toBeLessThan(4 / Math.sqrt(400))
  })
})
