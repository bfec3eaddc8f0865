import { describe, expect, it } from 'vitest'
import type { HopfieldNetwork } from '../../src/index.js'
import { erf, overNetworks, row, summary } from '../helpers/statistics.js'

// Amit, Gutfreund and Sompolinsky (1985) at T = 0: y(√(2α) + (2/√π)e^{−y²}) = erf(y), m = erf(y). Solved for α it is
// explicit: α(y) = ½(erf(y)/y − (2/√π)e^{−y²})². Its maximum over y is the critical load.
function load(y: number): number {
  return (erf(y) / y - (2 / Math.sqrt(Math.PI)) * Math.exp(-y * y)) ** 2 / 2
}

/** Golden-section search: α(y) has one maximum for y > 0. */
function critical(): { y: number; load: number } {
  let [low, high] = [0.5, 3]
  const golden = (Math.sqrt(5) - 1) / 2
  while (high - low > 1e-9) {
    const [a, b] = [high - golden * (high - low), low + golden * (high - low)]
    if (load(a) < load(b)) low = a
    else high = b
  }
  return { y: (low + high) / 2, load: load((low + high) / 2) }
}

/** The largest root's m: beyond the maximum α(y) falls, so it is bracketed from there on. */
function retrievalOverlap(alpha: number): number {
  let [low, high] = [critical().y, 20]
  for (let k = 0; k < 100; k++) {
    const middle = (low + high) / 2
    if (load(middle) > alpha) low = middle
    else high = middle
  }
  return erf(low)
}

describe('the mean-field theory of Amit, Gutfreund and Sompolinsky', () => {
  it('has the critical load .137906', () => {
    expect(Math.abs(critical().load - 0.137906)).toBeLessThan(0.5e-6)
  })

  it('has the critical overlap .967417', () => {
    // At the flat maximum α fixes y to about the root of its own precision; the overlap is good to 1e-6.
    expect(Math.abs(erf(critical().y) - 0.967417)).toBeLessThan(1e-6)
  })

  for (const [alpha, overlap] of [
    [0.05, 0.999992],
    [0.1, 0.997999],
    [0.12, 0.993223],
    [0.13, 0.987212],
  ]) {
    it(`retrieves with overlap ${overlap} at load ${alpha}`, () => {
      expect(Math.abs(retrievalOverlap(alpha) - overlap)).toBeLessThan(0.5e-6)
    })
  }
})

describe('the overlap after recall from a stored pattern, N = 2000', () => {
  /** Mean final overlap of the first ten patterns, each recalled from itself. */
  function finalOverlap(net: HopfieldNetwork, patterns: Int8Array, trial: number): number {
    const cues = patterns.subarray(0, 10 * net.neurons)
    const { states } = net.recallBatch(cues, { seed: trial })
    const overlaps = Array.from({ length: 10 }, (_, mu) => net.overlaps(row(states, net.neurons, mu))[mu])
    return summary(overlaps).mean
  }

  // Measured by an independent program, with its standard error; at α = .12 finite size lowers m by .0006.
  for (const { count, overlap, error } of [
    { count: 200, overlap: 0.99838, error: 0.0001 },
    { count: 240, overlap: 0.99263, error: 0.0005 },
  ]) {
    it(`is ${overlap} with ${count} patterns`, () => {
      const setting = { neurons: 2000, count, trials: 24, seed: 30_000_000 + count }
      const ours = summary(overNetworks(setting, finalOverlap))
      expect(Math.abs(ours.mean - overlap)).toBeLessThan(4 * Math.hypot(ours.error, error))
    })
  }
})
