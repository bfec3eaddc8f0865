import { describe, expect, it } from 'vitest'
import {
  basin,
  DenseAssociativeMemory,
  fixedPoints,
  HopfieldNetwork,
  loadReport,
  randomPatterns,
} from '../src/index.js'
import { refusal } from './helpers/refusal.js'

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
    const { probability, radius, lower, upper } = basin(one, { distances: [0, 0.4, 0.6, 1], trials: 20 })
    expect(Array.from(probability)).toEqual([1, 1, 0, 0])
    expect(radius).toBeCloseTo(0.5, 12)
    // Wilson's interval at 0 and 1: z²/(n + z²) from the end.
    const width = 1.959963984540054 ** 2 / (20 + 1.959963984540054 ** 2)
    expect(lower[0]).toBeCloseTo(1 - width, 12)
    expect(upper[3]).toBeCloseTo(width, 12)
  })

  it('has no radius where the probability does not fall through a half', () => {
    expect(basin(one, { distances: [0, 0.1] }).radius).toBeUndefined()
  })

  it('counts nearly recalled patterns if asked', () => {
    const net = new HopfieldNetwork({ neurons: 60 }).store(randomPatterns({ neurons: 60, count: 9, seed: 5 }))
    const exact = basin(net, { distances: [0.1], trials: 10, patterns: [0, 4] })
    const near = basin(net, { distances: [0.1], trials: 10, patterns: [0, 4], overlap: 0.8 })
    expect(near.probability[0]).toBeGreaterThanOrEqual(exact.probability[0])
    expect(basin(net, { distances: [0.1], overlap: -1 }).probability[0]).toBe(1)
  })

  it('names what is wrong', () => {
    expect(refusal(() => basin(one, { distances: [0.2, 0.1] })).message).toMatch('distances[1]')
    expect(refusal(() => basin(one, { distances: [2] })).message).toMatch('distances[0]')
    expect(refusal(() => basin(one, { distances: [0], patterns: [1] })).message).toMatch('patterns[0]')
    expect(refusal(() => basin(one, {} as never)).message).toMatch('distances')
    expect(refusal(() => basin(one, { distances: [] })).message).toMatch('distances: expected at least one')
  })
})

describe('the load report', () => {
  it('warns above capacity, and of nothing it does not know', () => {
    expect(loadReport({ neurons: 100, patternCount: 20 }).warning).toMatch('0.138')
    expect(loadReport({ neurons: 100, patternCount: 10 }).warning).toMatch('wrong bits')
    expect(loadReport({ neurons: 100, patternCount: 2 }).warning).toBeUndefined()
    expect(loadReport({ neurons: 100, patternCount: 200 }, 'magic')).toEqual({ load: 2, capacity: {} })
  })
})
