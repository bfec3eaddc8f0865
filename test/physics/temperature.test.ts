import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { summary } from '../helpers/statistics.js'

describe('one pattern at a temperature', () => {
  // m = tanh(m/T) for N → ∞; at N = 4000 the next term is of order 1/N, a tenth of the standard error of 20 networks.
  it.each([
    [0.4, 0.985624],
    [0.6, 0.907332],
    [0.8, 0.710412],
  ])('has at T = %d the overlap %d that solves m = tanh(m/T)', (temperature, overlap) => {
    const neurons = 4000
    const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 1, neurons, seed: 1 }))
    const starts = new Int8Array(20 * neurons)
    for (let b = 0; b < 20; b++) starts.set(net.pattern(0), b * neurons)
    const { overlapMeans } = net.sample(starts, { temperature, burnIn: 50, samples: 60, seed: 2 })
    const { mean, error } = summary(Array.from(overlapMeans))
    expect(Math.abs(mean - overlap)).toBeLessThan(4 * error + 1 / neurons)
  })
})

describe('a small network at a temperature', () => {
  const neurons = 7
  const temperature = 0.6
  const net = new HopfieldNetwork({ neurons }).store(randomPatterns({ count: 3, neurons, seed: 4 }))
  const states = Array.from({ length: 2 ** neurons }, (_, k) =>
    Int8Array.from({ length: neurons }, (_, i) => ((k >> i) & 1 ? 1 : -1)),
  )
  const weights = states.map((state) => Math.exp(-net.energy(state) / temperature))
  const partition = weights.reduce((sum, w) => sum + w, 0)

  it.each([
    'random',
    'cyclic',
    'random-site',
  ] as const)('visits states as often as e^(−E/T)/Z says, in %s order', (order) => {
    // 4000 chains end after 60 sweeps each, so that states are independent. χ² with 127 degrees of freedom has mean 127
    // and standard deviation √254; four of them are allowed.
    const chains = 4000
    const starts = randomPatterns({ count: chains, neurons, seed: 5 })
    const ends = net.recallBatch(starts, { temperature, maxSweeps: 60, order, seed: 6 }).states
    const counts = new Float64Array(states.length)
    for (let b = 0; b < chains; b++) {
      let k = 0
      for (let i = 0; i < neurons; i++) if (ends[b * neurons + i] === 1) k |= 1 << i
      counts[k]++
    }
    let chiSquared = 0
    for (const [k, w] of weights.entries()) {
      const expected = (chains * w) / partition
      chiSquared += (counts[k] - expected) ** 2 / expected
    }
    expect(Math.abs(chiSquared - 127)).toBeLessThan(4 * Math.sqrt(254))
  })

  it('turns one neuron with the probability that makes detailed balance exact', () => {
    // P(s → s')·e^(−E/T) = P(s' → s)·e^(−E'/T) for every single flip, P = 1/(1 + e^((E' − E)/T)), as measured: 2000 single
    // updates from each of a few states, four standard errors each.
    for (const [k, i] of [
      [5, 0],
      [77, 3],
      [120, 6],
    ]) {
      const flipped = states[k].slice()
      flipped[i] = -flipped[i]
      const p = 1 / (1 + Math.exp((net.energy(flipped) - net.energy(states[k])) / temperature))
      const trials = 2000
      const starts = new Int8Array(trials * neurons)
      for (let b = 0; b < trials; b++) starts.set(states[k], b * neurons)
      const { flips } = net.recallBatch(starts, { temperature, maxSweeps: 1, order: [i], seed: 7 })
      const share = flips.reduce((sum, f) => sum + f, 0) / trials
      expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / trials))
    }
  })
})
