import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { erfc, oneStepError, overNetworks, row, summary } from '../helpers/statistics.js'

// How often a bit of a stored random pattern is wrong after one step of the dynamics.

/** The share of wrong bits over all patterns of a network, ties to +1. */
function wrongBits(net: HopfieldNetwork, patterns: Int8Array): number {
  let wrong = 0
  for (let mu = 0; mu < net.patternCount; mu++) {
    const xi = row(patterns, net.neurons, mu)
    const fields = net.localField(xi)
    for (let i = 0; i < net.neurons; i++) if ((fields[i] >= 0 ? 1 : -1) !== xi[i]) wrong++
  }
  return wrong / patterns.length
}

describe('the exact formula for the one-step error', () => {
  const published = [
    { neurons: 30, count: 5, probability: 0.00341582 },
    { neurons: 100, count: 10, probability: 0.00045353 },
    { neurons: 100, count: 20, probability: 0.0112306 },
    { neurons: 1000, count: 138, probability: 0.00346317 },
  ]
  for (const { neurons, count, probability } of published) {
    it(`gives ${probability} for ${count} patterns in ${neurons} neurons`, () => {
      // The numbers are published to eight decimals.
      expect(Math.abs(oneStepError(neurons, count) - probability)).toBeLessThan(0.5e-8)
    })
  }

  it('counts two patterns in two neurons by hand', () => {
    // One crosstalk term ±1 against a signal of 1: it ties half of the time, and half of the ties go wrong.
    expect(oneStepError(2, 2)).toBe(0.25)
  })

  it('tends to the Gaussian limit ½ erfc(1/√(2α))', () => {
    // At N = 4000 the lattice of crosstalk values still shows by a few per cent.
    const gauss = erfc(1 / Math.sqrt(2 * 0.185)) / 2
    expect(Math.abs(oneStepError(4000, 740) / gauss - 1)).toBeLessThan(0.02)
  })
})

describe('the Gaussian limit of the one-step error', () => {
  // The table of Hertz, Krogh and Palmer (1991). It rounds α to two or three decimals, which moves P by up to 2.3 %
  // (d ln P/dα ≈ 1/(2α²), times half a unit of the last digit).
  const published = [
    { load: 0.105, probability: 0.001 },
    { load: 0.138, probability: 0.0036 },
    { load: 0.185, probability: 0.01 },
    { load: 0.37, probability: 0.05 },
    { load: 0.61, probability: 0.1 },
  ]
  for (const { load, probability } of published) {
    it(`is ${probability} at load ${load}`, () => {
      expect(Math.abs(erfc(1 / Math.sqrt(2 * load)) / 2 / probability - 1)).toBeLessThan(0.025)
    })
  }
})

describe('the one-step error of a network', () => {
  // Every bit has the exact probability, so the mean has no bias; 4 standard errors between networks.
  const settings = [
    { neurons: 30, count: 5, trials: 8000, seed: 1_000_000 },
    { neurons: 100, count: 10, trials: 6000, seed: 2_000_000 },
    { neurons: 100, count: 20, trials: 2000, seed: 3_000_000 },
    { neurons: 1000, count: 138, trials: 30, seed: 4_000_000 },
  ]
  for (const setting of settings) {
    const { neurons, count, trials } = setting
    it(`is the exact one for ${count} patterns in ${neurons} neurons, over ${trials} networks`, () => {
      const { mean, error } = summary(overNetworks(setting, wrongBits))
      expect(Math.abs(mean - oneStepError(neurons, count))).toBeLessThan(4 * error)
    })
  }

  it('is that of the tie rule: keeping the state at ties loses fewer bits', () => {
    // With tie 'keep' the ties of the sum no longer cost anything: the same networks, without the half tie term.
    const [neurons, count] = [31, 5]
    const lost = (tie: 'positive' | 'keep'): number => {
      let broken = 0
      for (let seed = 0; seed < 300; seed++) {
        const patterns = randomPatterns({ count, neurons, seed })
        const net = new HopfieldNetwork({ neurons }).store(patterns)
        for (let mu = 0; mu < count; mu++) {
          if (!net.isFixedPoint(row(patterns, neurons, mu), { tie })) broken++
        }
      }
      return broken
    }
    expect(lost('keep')).toBeLessThan(lost('positive'))
  })

  it('has a crosstalk of variance (p−1)(N−1)', () => {
    // C = ξ_i·N·h_i − (N−1). Its mean square per network scatters; 4 standard errors between networks.
    const [neurons, count] = [60, 12]
    const squares = overNetworks({ neurons, count, trials: 600, seed: 5_000_000 }, (_, patterns) => {
      const net = new HopfieldNetwork({ neurons, normalize: 'none' }).store(patterns)
      const xi = row(patterns, neurons, 0)
      const crosstalk = net.localField(xi).map((h, i) => xi[i] * h - (neurons - 1))
      return crosstalk.reduce((sum, c) => sum + c * c, 0) / neurons
    })
    const { mean, error } = summary(squares)
    expect(Math.abs(mean - (count - 1) * (neurons - 1))).toBeLessThan(4 * error)
  })
})
