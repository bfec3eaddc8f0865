import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, type LearningRule, randomPatterns } from '../../src/index.js'
import { PURPOSE, WordStream } from '../../src/numerics/philox.js'
import { row, sameStates, summary } from '../helpers/statistics.js'

/** Share of stored patterns that are fixed points, one value a network. */
function fixedShares(learning: LearningRule, neurons: number, count: number, trials: number): number[] {
  return Array.from({ length: trials }, (_, trial) => {
    const patterns = randomPatterns({ count, neurons, seed: 1000 + trial })
    const net = new HopfieldNetwork({ neurons, learning }).store(patterns)
    let fixed = 0
    for (let mu = 0; mu < count; mu++) fixed += net.isFixedPoint(row(patterns, neurons, mu)) ? 1 : 0
    return fixed / count
  })
}

describe('Storkey’s rule (1997)', () => {
  // Measured by independent programs, but for N = 100, p = 50 and N = 400, p = 160, where theirs (.528 and .722) is neither ours nor
  // that of the textbook's h_ij in NumPy: .629 ± .007 (60 networks) and .773 ± .006. Their own errors are of the order of ours,
  // hence four of both.
  it.each([
    [100, 20, 0.9998],
    [100, 30, 0.9924],
    [100, 40, 0.884],
    [100, 50, 0.629],
    [400, 140, 0.925],
    [400, 160, 0.773],
    [400, 180, 0.534],
  ])('keeps of %d neurons’ %d patterns the share %d fixed', (neurons, count, expected) => {
    const { mean, error } = summary(
      fixedShares({ kind: 'storkey' }, neurons, count, neurons === 100 ? 60 : 20),
    )
    expect(Math.abs(mean - expected)).toBeLessThan(4 * Math.SQRT2 * Math.max(error, 0.0002))
  })
})

describe('the pseudo-inverse (Personnaz, Guyon and Dreyfus 1985; Kanter and Sompolinsky 1987)', () => {
  /** Share recalled exactly at N = 200, α = ½, each neuron flipped with probability 5 %; one value a network. */
  function recalled(selfWeights: boolean): number[] {
    const [neurons, count] = [200, 100]
    const coins = new WordStream(20261125, 0).seek(PURPOSE.noise, 0)
    return Array.from({ length: 20 }, (_, trial) => {
      const patterns = randomPatterns({ count, neurons, seed: 50 + trial })
      const net = new HopfieldNetwork({ neurons, learning: 'pseudoinverse', selfWeights }).store(patterns)
      const cues = Array.from({ length: count }, (_, mu) => {
        let flips = 0
        for (let i = 0; i < neurons; i++) flips += coins.word() < 0.05 * 2 ** 32 ? 1 : 0
        return addNoise(row(patterns, neurons, mu), { count: flips, seed: trial, stream: mu })
      })
      const { states } = net.recallBatch(cues, { dynamics: 'synchronous' })
      let right = 0
      for (let mu = 0; mu < count; mu++) {
        right += sameStates(row(states, neurons, mu), row(patterns, neurons, mu)) ? 1 : 0
      }
      return right / count
    })
  }

  it('recalls half its capacity from 5 % noise where neurons do not hear themselves', () => {
    // .979 by an independent program, whose own error is of the order of ours.
    const { mean, error } = summary(recalled(false))
    expect(Math.abs(mean - 0.979)).toBeLessThan(4 * Math.SQRT2 * error)
  })

  it('recalls next to none where they do', () => {
    // A neuron that tells itself J_ii = ½ is on the brink even where it alone is wrong: what comes back are the few cues
    // that have lost three or four of some ten neurons.
    expect(summary(recalled(true)).mean).toBeLessThan(0.04)
  })

  it('holds every pattern with field 1 where neurons hear themselves, up to N − 1 of them', () => {
    const [neurons, count] = [60, 59]
    const patterns = randomPatterns({ count, neurons, seed: 9 })
    const net = new HopfieldNetwork({ neurons, learning: 'pseudoinverse', selfWeights: true }).store(patterns)
    for (let mu = 0; mu < count; mu++) {
      const pattern = row(patterns, neurons, mu)
      for (const [i, h] of net.localField(pattern).entries()) expect(h * pattern[i]).toBeCloseTo(1, 6)
    }
  })
})

describe('perceptrons (Gardner 1988)', () => {
  it('learn 140 patterns of 100 neurons, where Hebb’s rule keeps none', () => {
    const patterns = randomPatterns({ count: 140, neurons: 100, seed: 3 })
    const net = new HopfieldNetwork({
      neurons: 100,
      learning: { kind: 'perceptron', maxEpochs: 2000 },
    }).store(patterns)
    expect(net.learningReport?.converged).toBe(true)
    for (let mu = 0; mu < 140; mu++)
      expect(net.isFixedPoint(row(patterns, 100, mu), { tie: 'keep' })).toBe(true)
    expect(net.symmetric).toBe(false)
  })

  it('do not learn 250 of them, and say so', () => {
    const patterns = randomPatterns({ count: 250, neurons: 100, seed: 3 })
    const net = new HopfieldNetwork({ neurons: 100, learning: { kind: 'perceptron', maxEpochs: 50 } }).store(
      patterns,
    )
    expect(net.learningReport?.converged).toBe(false)
    expect(net.learningReport?.epochs).toContain(0)
  })
})

describe('a palimpsest by bound (Parisi 1986), N = 400, L = 8', () => {
  it('keeps the latest twenty patterns, however many there were', () => {
    const [neurons, count] = [400, 1200]
    // One value a network: how many patterns recall to an overlap above .9 from themselves, newest first, among the last 60.
    const kept = Array.from({ length: 8 }, (_, trial) => {
      const patterns = randomPatterns({ count, neurons, seed: 70 + trial })
      const net = new HopfieldNetwork({ neurons, learning: { kind: 'palimpsest', limit: 8 } }).store(patterns)
      const last = patterns.subarray((count - 60) * neurons)
      const table = net.overlapsBatch(net.recallBatch(last, { seed: trial }).states)
      let found = 0
      for (let b = 0; b < 60; b++) found += table[b * count + count - 60 + b] > 0.9 ? 1 : 0
      return found
    })
    const { mean, error } = summary(kept)
    // 20.0 ± .4 by an independent program.
    expect(Math.abs(mean - 20)).toBeLessThan(4 * Math.hypot(error, 0.4))
  })
})

describe('clipped weights (Sompolinsky 1987)', () => {
  it('keep fewer patterns than Hebb’s, but most of .05 N, at one bit a weight', () => {
    const clipped = summary(fixedShares({ kind: 'clipped' }, 200, 11, 40))
    const hebb = summary(fixedShares({ kind: 'hebbian' }, 200, 11, 40))
    expect(clipped.mean).toBeGreaterThan(0.9)
    expect(hebb.mean).toBeGreaterThan(clipped.mean)
  })
})

describe('dreams', () => {
  it('unlearned make room for more patterns (Hopfield, Feinstein and Palmer 1983)', () => {
    const shares = (dreams: number): number =>
      summary(fixedShares({ kind: 'unlearning', dreams, rate: 0.01 }, 100, 20, 10)).mean
    // Hebb keeps .38 of 20 patterns of 100 neurons; ten networks scatter by some .04.
    expect(shares(0)).toBeLessThan(0.55)
    expect(shares(600)).toBeGreaterThan(0.9)
  })

  it('beside learning leave every pattern a fixed point (Serricchio et al. 2024)', () => {
    const shares = fixedShares({ kind: 'daydreaming', dreams: 6000 }, 100, 30, 4)
    expect(summary(shares).mean).toBeGreaterThan(0.98)
  })
})
