import { describe, expect, it } from 'vitest'
import {
  basin,
  DenseAssociativeMemory,
  fixedPoints,
  HopfieldNetwork,
  type LearningRule,
  type LearningRuleName,
  loadReport,
  randomPatterns,
  retrievalErrors,
} from '../../src/index.js'
import { refusal } from '../helpers/refusal.js'

function stateOf(code: number, neurons: number): Int8Array {
  return Int8Array.from({ length: neurons }, (_, i) => ((code >> i) & 1) * 2 - 1)
}

function bruteForce(
  net: HopfieldNetwork | DenseAssociativeMemory,
  tie: 'positive' | 'negative' | 'keep',
): string[] {
  const all = Array.from({ length: 2 ** net.neurons }, (_, code) => stateOf(code, net.neurons))
  return all
    .filter((state) => net.isFixedPoint(state, { tie }))
    .map((state) => state.join())
    .sort()
}

describe('fixed points', () => {
  for (const tie of ['positive', 'negative', 'keep'] as const) {
    it(`are those that looking at every state finds, ties ${tie}`, () => {
      const patterns = randomPatterns({ neurons: 11, count: 4, seed: 3 })
      for (const net of [
        new HopfieldNetwork({ neurons: 11 }).store(patterns),
        new HopfieldNetwork({ neurons: 11, learning: 'covariance' }).store(patterns),
        new HopfieldNetwork({ neurons: 11, units: 'binary' }).store(patterns),
        new HopfieldNetwork({ neurons: 11, learning: 'sequence' }).store(patterns),
        new DenseAssociativeMemory({ neurons: 11, interaction: { kind: 'polynomial', degree: 3 } }).store(
          patterns,
        ),
      ]) {
        const { count, states, energies } = fixedPoints(net, { tie })
        const rows = Array.from({ length: count }, (_, k) => states.slice(k * 11, k * 11 + 11))
        expect(rows.map((row) => row.join()).sort()).toEqual(bruteForce(net, tie))
        expect(Array.from(energies)).toEqual(rows.map((row) => net.energy(row)))
        expect(Array.from(energies)).toEqual(Array.from(energies).sort((a, b) => a - b))
      }
    })
  }

  it('of one pattern are it and its inverse, over more steps than fields are kept for', () => {
    const pattern = randomPatterns({ neurons: 19, count: 1, seed: 1 })
    expect(fixedPoints(new HopfieldNetwork({ neurons: 19 }).store(pattern)).count).toBe(2)
  })

  it('of larger networks are not looked for', () => {
    expect(refusal(() => fixedPoints(new HopfieldNetwork({ neurons: 25 }))).code).toBe('ERR_HOPFIELD_RANGE')
    const dense = new DenseAssociativeMemory({ neurons: 17, interaction: { kind: 'polynomial', degree: 3 } })
    expect(refusal(() => fixedPoints(dense)).code).toBe('ERR_HOPFIELD_RANGE')
  })
})

describe('the basin', () => {
  const one = new HopfieldNetwork({ neurons: 101 }).store(randomPatterns({ neurons: 101, count: 1, seed: 1 }))

  it('of a single pattern ends half-way', () => {
    const { probability, radius, lower, upper } = basin(one, { noise: [0, 0.4, 0.6, 1], trials: 20 })
    expect(Array.from(probability)).toEqual([1, 1, 0, 0])
    expect(radius).toBeCloseTo(0.5, 12)
    // Wilson's interval at 0 and 1: z²/(n + z²) from the end.
    const width = 1.959963984540054 ** 2 / (20 + 1.959963984540054 ** 2)
    expect(lower[0]).toBeCloseTo(1 - width, 12)
    expect(upper[3]).toBeCloseTo(width, 12)
  })

  it('has no radius where the probability does not fall through a half', () => {
    expect(basin(one, { noise: [0, 0.1] }).radius).toBeUndefined()
  })

  it('counts nearly recalled patterns if asked', () => {
    const net = new HopfieldNetwork({ neurons: 60 }).store(randomPatterns({ neurons: 60, count: 9, seed: 5 }))
    const exact = basin(net, { noise: [0.1], trials: 10, patterns: [0, 4] })
    const near = basin(net, { noise: [0.1], trials: 10, patterns: [0, 4], overlap: 0.8 })
    expect(near.probability[0]).toBeGreaterThanOrEqual(exact.probability[0])
    expect(basin(net, { noise: [0.1], overlap: -1 }).probability[0]).toBe(1)
  })

  it('names what is wrong', () => {
    expect(refusal(() => basin(one, { noise: [0.2, 0.1] })).message).toMatch('noise[1]')
    expect(refusal(() => basin(one, { noise: [2] })).message).toMatch('noise[0]')
    expect(refusal(() => basin(one, { noise: [0], patterns: [1] })).message).toMatch('patterns[0]')
    expect(refusal(() => basin(one, {} as never)).message).toMatch('noise')
    expect(refusal(() => basin(one, { distances: [0] } as never)).message).toBe(
      'basin: distances: is now called noise',
    )
    expect(refusal(() => basin(one, { noise: [] })).message).toMatch('noise: expected at least one')
  })
})

describe('the load report', () => {
  it('warns above capacity, and of nothing it does not know', () => {
    expect(loadReport({ neurons: 100, patternCount: 20 }).warning).toMatch('0.138')
    expect(loadReport({ neurons: 100, patternCount: 10 }).warning).toMatch('wrong bits')
    expect(loadReport({ neurons: 100, patternCount: 2 }).warning).toBeUndefined()
    expect(loadReport({ neurons: 100, patternCount: 200 }, 'magic')).toEqual({ alpha: 2, capacity: {} })
  })

  const patterns = randomPatterns({ count: 30, neurons: 100, seed: 1 })
  it.each<[LearningRuleName | LearningRule, string | undefined]>([
    ['hebbian', "above the 0.138 that 'hebbian'"],
    ['covariance', "above the 0.138 that 'covariance'"],
    ['clipped', "above the 0.102 that 'clipped'"],
    ['sequence', "above the 0.269 that 'sequence'"],
    ['storkey', undefined],
    ['pseudoinverse', undefined],
    ['perceptron', undefined],
    [{ kind: 'palimpsest', decay: 0.9 }, undefined],
  ])('knows by which rule %s a network has learned', (learning, warning) => {
    const net = new HopfieldNetwork({ neurons: 100, learning }).store(patterns)
    const report = loadReport(net)
    expect(report.alpha).toBe(0.3)
    if (warning === undefined) expect(report.warning).toBeUndefined()
    else expect(report.warning).toContain(warning)
  })

  it('counts few connections by the neurons that one hears', () => {
    const connections = { kind: 'ring', neighbours: 40 } as const
    const net = new HopfieldNetwork({ neurons: 100, connections }).store(patterns)
    expect(net.meanSources).toBe(40)
    expect(loadReport(net)).toEqual({
      alpha: 0.75,
      capacity: { retrieval: 2 / Math.PI },
      warning:
        "30 patterns in 40 sources per neuron are a load of 0.750, above the 0.637 that 'diluted' can hold of random patterns",
    })
  })

  it('claims nothing of weights that were given, or of a rule of one’s own', () => {
    const given = new HopfieldNetwork({ neurons: 2, weights: [0, 1, 1, 0] })
    expect([given.learning, given.meanSources]).toEqual([undefined, 1])
    expect(loadReport(given)).toEqual({ alpha: 0, capacity: {} })
    const own = new HopfieldNetwork({ neurons: 2, learning: () => [0, 1, 1, 0] }).store([1, 1])
    expect(own.learning).toBe('custom')
    expect(loadReport(own)).toEqual({ alpha: 0.5, capacity: {} })
  })
})

describe('a dense associative memory', () => {
  const net = new DenseAssociativeMemory({
    neurons: 30,
    interaction: { kind: 'polynomial', degree: 4 },
  }).store(randomPatterns({ count: 60, neurons: 30, seed: 3 }))

  it('has basins that Hebb’s rule has not', () => {
    const { probability } = basin(net, { noise: [0.1, 0.5], trials: 5, seed: 1 })
    expect(probability[0]).toBeGreaterThan(0.8)
    expect(probability[1]).toBeLessThan(0.3)
    const hebbian = new HopfieldNetwork({ neurons: 30 }).store(
      randomPatterns({ count: 60, neurons: 30, seed: 3 }),
    )
    expect(basin(hebbian, { noise: [0.1], trials: 5, seed: 1 }).probability[0]).toBe(0)
  })

  it('has retrieval errors that agree with its basin', () => {
    const { probability } = basin(net, { noise: [0.2], trials: 4, seed: 2 })
    const { mean } = retrievalErrors(net, { noise: 0.2, trials: 4, seed: 2 })
    expect(mean.exactShare).toBeCloseTo(probability[0], 12)
  })
})
