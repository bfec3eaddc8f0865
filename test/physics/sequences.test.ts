import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { erf, row, summary } from '../helpers/statistics.js'

/** m(α) of a long sequence, all neurons at once: α(x) = erf²(x)/(2x²) − (2/π)e^(−2x²), m = erf(x), on the branch of large x. */
function stationaryOverlap(alpha: number): number {
  const load = (x: number): number => erf(x) ** 2 / (2 * x * x) - (2 / Math.PI) * Math.exp(-2 * x * x)
  // α(x) has its maximum, .269062, near x = 1.0, and falls from there on.
  let [low, high] = [1.1, 20]
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2
    if (load(middle) > alpha) low = middle
    else high = middle
  }
  return erf(low)
}

describe('a long cyclic sequence, all neurons at once, N = 2000', () => {
  it.each([
    [0.1, 0.9984],
    [0.2, 0.96633],
  ])('is followed at load %d with the overlap %d of the theory', (alpha, published) => {
    expect(Math.abs(stationaryOverlap(alpha) - published)).toBeLessThan(5e-5)
    const neurons = 2000
    const count = alpha * neurons
    const steps = 12
    // One value a network, five starts each: the overlap with the pattern twelve places on, after twelve sweeps.
    const overlaps = Array.from({ length: 12 }, (_, trial) => {
      const patterns = randomPatterns({ count, neurons, seed: 100 + trial })
      const net = new HopfieldNetwork({ neurons, learning: { kind: 'sequence', cyclic: true } }).store(
        patterns,
      )
      const cues = Array.from({ length: 5 }, (_, b) => row(patterns, neurons, 20 * b))
      const { states } = net.recallBatch(cues, { dynamics: 'synchronous', maxSweeps: steps })
      const table = net.overlapsBatch(states)
      return cues.reduce((sum, _, b) => sum + table[b * count + 20 * b + steps] / 5, 0)
    })
    const { mean, error } = summary(overlaps)
    // At N = 2000 finite size moves it by some .0009, as an independent program finds too.
    expect(Math.abs(mean - stationaryOverlap(alpha))).toBeLessThan(4 * error + 0.0009)
  })
})

describe('a strongly diluted network (Derrida, Gardner and Zippelius 1987)', () => {
  it.each([
    [6, 0.9984],
    [18, 0.8994],
  ])('with 60 sources a neuron and %d patterns keeps about the overlap %d of m = erf(m/√(2α))', (count, overlap) => {
    const [neurons, degree] = [10_000, 60]
    let m = 1
    for (let k = 0; k < 200; k++) m = erf(m / Math.sqrt((2 * count) / degree))
    expect(Math.abs(m - overlap)).toBeLessThan(5e-5)
    const patterns = randomPatterns({ count, neurons, seed: 200 })
    const connections = { kind: 'random', degree, seed: 1 } as const
    const net = new HopfieldNetwork({ neurons, connections }).store(patterns)
    const { states } = net.recallBatch(patterns, { dynamics: 'synchronous', maxSweeps: 20 })
    const table = net.overlapsBatch(states)
    const found = Array.from({ length: count }, (_, mu) => table[mu * count + mu])
    const { mean, error } = summary(found)
    // The theory has infinitely many sources and no loops. With 60 of them crosstalk is a sum of 60·(p − 1) coins that never
    // ties for odd α, and N = 10,000 leaves loops: together some .009 at α = .3, the same with 100 sources of 20,000: .005.
    expect(Math.abs(mean - m)).toBeLessThan(4 * error + 0.01)
  })
})
