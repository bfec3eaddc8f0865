import { describe, expect, test } from 'vitest'
import { ModernHopfield } from '../../../src/memories/modern/modern-hopfield.js'
import { WordStream } from '../../../src/numerics/philox.js'

/** Unit vectors, the first of which answers the query; the query has cosine .74 to it. */
function noisy(count: number, dimension: number): { keys: Float32Array; query: Float32Array } {
  const random = new WordStream(64, 0).seek(1, count)
  const unit = (): Float32Array => {
    const x = Float32Array.from({ length: dimension }, () => {
      const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()))
      return radius * Math.cos(2 * Math.PI * random.uniform())
    })
    const norm = Math.hypot(...x)
    return x.map((v) => v / norm)
  }
  const keys = new Float32Array(count * dimension)
  for (let mu = 0; mu < count; mu++) keys.set(unit(), mu * dimension)
  const noise = unit()
  return { keys, query: noise.map((v, c) => 0.74 * keys[c] + 0.67 * v) }
}

describe('what a softmax leaves out', () => {
  for (const [count, dimension] of [
    [1, 4],
    [1000, 32],
    [4096, 64],
    [4097, 64],
  ]) {
    test(`weighs less than 2^-32 of the rest, of ${count} keys`, () => {
      const { keys, query } = noisy(count, dimension)
      const beta = 8 * Math.sqrt(dimension)
      const net = new ModernHopfield({ dimension, beta }).store(keys)
      const weights = net.association(query)
      const overlaps = net.overlaps(query)
      const most = Math.max(...overlaps)
      let left = 0
      let kept = 0
      for (const [mu, weight] of weights.entries()) {
        const exact = Math.exp(beta * (overlaps[mu] - most))
        if (weight === 0) left += exact
        else kept += exact
      }
      expect(left).toBeLessThan(2 ** -32 * kept)
      // Keys are left out, and not nearly all of them.
      const zeros = weights.filter((weight) => weight === 0).length
      if (count > 1) expect(zeros).toBeGreaterThan(count / 2)
      expect(zeros).toBeLessThan(count * 0.99)
    })
  }
})
