import { describe, expect, it } from 'vitest'
import { crosstalk, HopfieldNetwork, randomPatterns, retrievalErrors, stability } from '../../src/index.js'
import { refusal } from '../helpers/refusal.js'
import { overNetworks, summary } from '../helpers/statistics.js'

function network(neurons: number, count: number, seed = 1): HopfieldNetwork {
  return new HopfieldNetwork({ neurons }).store(randomPatterns({ neurons, count, seed }))
}

describe('stability', () => {
  it('is what fields and patterns multiplied say', () => {
    const net = network(40, 7)
    const { minimum, least, mean, unstableShare, histogram } = stability(net, { bins: 5 })
    const all = Array.from({ length: 7 }, (_, mu) => {
      const pattern = net.pattern(mu)
      return Array.from(net.localField(pattern), (h, i) => h * pattern[i])
    })
    expect(Array.from(minimum)).toEqual(all.map((row) => Math.min(...row)))
    expect(least).toBe(Math.min(...minimum))
    expect(mean).toBeCloseTo(all.flat().reduce((a, b) => a + b) / 280, 12)
    expect(unstableShare).toBe(all.flat().filter((gamma) => gamma < 0).length / 280)
    expect(histogram.counts.reduce((a, b) => a + b)).toBe(280)
    expect(histogram.edges[5]).toBe(Math.max(...all.flat()))
  })

  it('of one pattern is (N − 1)/N throughout, in the first bin', () => {
    const { least, mean, histogram } = stability(network(16, 1))
    expect([least, mean, histogram.counts[0]]).toEqual([15 / 16, 15 / 16, 16])
  })
})

describe('crosstalk', () => {
  it('is nothing for one pattern', () => {
    expect(crosstalk(network(16, 1))).toEqual({ values: new Float64Array(16), mean: 0, variance: 0 })
  })

  it('has the mean square (P − 1)(N − 1) in units of the integers, over random patterns', () => {
    const squares = overNetworks({ neurons: 60, count: 6, trials: 100, seed: 50 }, (net) => {
      const { mean, variance } = crosstalk(net)
      return (variance + mean * mean) * 3600
    })
    const found = summary(squares)
    expect(Math.abs(found.mean - 5 * 59)).toBeLessThan(4 * found.error)
  })
})

describe('retrieval errors', () => {
  it('are none for few patterns and little noise', () => {
    const { mean } = retrievalErrors(network(100, 3), { noise: 0.1, trials: 5, seed: 2 })
    expect(mean).toEqual({ wrongBits: 0, exactShare: 1, convergedShare: 1 })
  })

  it('from all bits flipped are all bits', () => {
    const { wrongBits } = retrievalErrors(network(50, 1), { noise: 1 })
    expect(Array.from(wrongBits)).toEqual([50])
  })

  it('pass recall options on, and are the same again', () => {
    const net = network(50, 12)
    const options = { noise: 0.2, trials: 3, seed: 4, dynamics: 'synchronous', maxSweeps: 1 } as const
    const errors = retrievalErrors(net, options)
    expect(errors).toEqual(retrievalErrors(net, options))
    expect(errors.mean.convergedShare).toBeLessThan(1)
    expect(errors.mean.wrongBits).toBeGreaterThan(0)
  })
})

it('diagnostics refuse a network of nothing, and options they do not know', () => {
  const empty = new HopfieldNetwork({ neurons: 4 })
  for (const run of [stability, crosstalk, retrievalErrors]) {
    expect(refusal(() => run(empty)).code).toBe('ERR_HOPFIELD_RANGE')
  }
  expect(refusal(() => stability(network(8, 1), { bins: 0 })).code).toBe('ERR_HOPFIELD_RANGE')
  expect(refusal(() => retrievalErrors(network(8, 1), { noise: 2 })).message).toMatch('noise')
  expect(refusal(() => retrievalErrors(network(8, 1), { clamps: 1 } as never)).code).toBe(
    'ERR_HOPFIELD_OPTION',
  )
})
