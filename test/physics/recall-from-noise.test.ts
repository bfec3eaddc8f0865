import { describe, expect, it } from 'vitest'
import { addNoise, type HopfieldNetwork } from '../../src/index.js'
import { overNetworks, proportionError, row, sameStates, summary } from '../helpers/statistics.js'

const NEURONS = 400

/** 1 if the first pattern comes back without a wrong bit from 10 % flips. */
function exactRecall(net: HopfieldNetwork, patterns: Int8Array, trial: number): number {
  const xi = row(patterns, NEURONS, 0)
  const cue = addNoise(xi, { noise: 0.1, seed: trial })
  return sameStates(net.recall(cue, { seed: trial }).state, xi) ? 1 : 0
}

describe('exact recall from 10 % flipped neurons, N = 400', () => {
  // Measured by an independent program on about 400 recalls (.009 at .970, .021 at .770, …). One recall a network,
  // so ours are independent trials; the difference has both errors.
  for (const { count, probability, error } of [
    { count: 30, probability: 0.97, error: 0.009 },
    { count: 40, probability: 0.77, error: 0.021 },
    { count: 50, probability: 0.445, error: 0.025 },
    { count: 60, probability: 0.14, error: 0.017 },
  ]) {
    it(`succeeds in a share of ${probability} with ${count} patterns`, () => {
      const trials = 1500
      const { mean } = summary(
        overNetworks({ neurons: NEURONS, count, trials, seed: 40_000_000 + 10_000 * count }, exactRecall),
      )
      const tolerance = 4 * Math.hypot(proportionError(probability, trials), error)
      expect(Math.abs(mean - probability)).toBeLessThan(tolerance)
    })
  }

  it('practically always succeeds with 20 patterns', () => {
    // Published as 1.000 of 400 recalls: a failure rate of 2 % would have hidden there with probability .98^400 = 3e-4.
    const { mean } = summary(
      overNetworks({ neurons: NEURONS, count: 20, trials: 1000, seed: 41_000_000 }, exactRecall),
    )
    expect(mean).toBeGreaterThan(0.98)
  })
})
