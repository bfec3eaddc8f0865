import { describe, expect, it } from 'vitest'
import type { HopfieldNetwork } from '../../src/index.js'
import { oneStepError, overNetworks, proportionError, row, summary } from '../helpers/statistics.js'

/** The share of a network's patterns that are fixed points, ties to +1. */
function fixedShare(net: HopfieldNetwork, patterns: Int8Array): number {
  let fixed = 0
  for (let mu = 0; mu < net.patternCount; mu++) if (net.isFixedPoint(row(patterns, net.neurons, mu))) fixed++
  return fixed / net.patternCount
}

describe('the probability that a stored pattern is a fixed point, N = 100', () => {
  // Measured by an independent program. Where it gave no standard error, that of its neighbours' sample (about
  // 15,000 patterns) is used. Ours is taken between networks; the difference has both errors.
  const published = [
    { count: 8, probability: 0.994, error: 0.0006 },
    { count: 10, probability: 0.9633, error: 0.0015 },
    { count: 15, probability: 0.7223, error: 0.003 },
    { count: 20, probability: 0.3795, error: 0.003 },
  ]
  for (const { count, probability, error } of published) {
    it(`is ${probability} for ${count} patterns`, () => {
      const setting = { neurons: 100, count, trials: 3000, seed: 10_000_000 + 10_000 * count }
      const ours = summary(overNetworks(setting, fixedShare))
      expect(Math.abs(ours.mean - probability)).toBeLessThan(4 * Math.hypot(ours.error, error))
    })
  }
})

describe('the capacity without errors (McEliece, Posner, Rodemich and Venkatesh 1987)', () => {
  const neurons = 1000

  it('holds one given pattern of N/(2 ln N)', () => {
    // P(some bit wrong) ≤ N·P_err, exactly; one pattern a network, so networks are independent yes/no trials.
    const count = Math.floor(neurons / (2 * Math.log(neurons)))
    const bound = 1 - neurons * oneStepError(neurons, count)
    const trials = 300
    const first = (net: HopfieldNetwork, patterns: Int8Array): number =>
      net.isFixedPoint(row(patterns, neurons, 0)) ? 1 : 0
    const { mean } = summary(overNetworks({ neurons, count, trials, seed: 20_000_000 }, first))
    expect(mean).toBeGreaterThan(bound - 4 * proportionError(bound, trials))
  })

  const all = (net: HopfieldNetwork, patterns: Int8Array): number => (fixedShare(net, patterns) === 1 ? 1 : 0)

  it('holds all of N/(4 ln N) patterns at once', () => {
    // The union bound over all bits of all patterns: p·N·P_err.
    const count = Math.floor(neurons / (4 * Math.log(neurons)))
    const bound = 1 - count * neurons * oneStepError(neurons, count)
    const trials = 60
    const { mean } = summary(overNetworks({ neurons, count, trials, seed: 21_000_000 }, all))
    expect(mean).toBeGreaterThan(bound - 4 * proportionError(bound, trials))
  })

  it('does not hold all of twice as many', () => {
    // About p·N·P_err ≈ 7 wrong bits are expected in a network: none at all has a probability near e^−7. The bound
    // .1 leaves room for their being correlated within a pattern.
    const count = Math.floor(neurons / (2 * Math.log(neurons)))
    expect(count * neurons * oneStepError(neurons, count)).toBeGreaterThan(5)
    const trials = 30
    const { mean } = summary(overNetworks({ neurons, count, trials, seed: 22_000_000 }, all))
    expect(mean).toBeLessThan(0.1 + 4 * proportionError(0.1, trials))
  })
})
