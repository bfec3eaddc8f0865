import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { row } from '../helpers/statistics.js'

/** Σ_j J_ij (s_j − m_j) + b_i, b_i = m_i (1/N) Σ_j (1 − m_j²), in units of 1/(N·P³): whole numbers of any size. */
function exactFields(patterns: Int8Array, neurons: number): (state: Int8Array) => bigint[] {
  const count = BigInt(patterns.length / neurons)
  const sum = (of: (at: number) => number): bigint => {
    let total = 0
    for (let at = 0; at < patterns.length; at += neurons) total += of(at)
    return BigInt(total)
  }
  const all = Array.from({ length: neurons }, (_, i) => i)
  const means = all.map((i) => sum((at) => patterns[at + i]))
  const weights = all.map((i) =>
    all.map((j) => count * sum((at) => patterns[at + i] * patterns[at + j]) - means[i] * means[j]),
  )
  const spread = means.reduce((total, c) => total + count * count - c * c, 0n)
  return (state) =>
    all.map((i) =>
      all.reduce((total, j) => {
        const deviation = count * BigInt(state[j]) - means[j]
        return j === i ? total : total + weights[i][j] * count * deviation
      }, means[i] * spread),
    )
}

const sign = (x: bigint | number): number => (x > 0 ? 1 : x < 0 ? -1 : 0)

/** That fields have the exact signs in every state of a few neurons; returns how many are zero. */
function expectSigns(net: HopfieldNetwork, patterns: Int8Array): number {
  const { neurons } = net
  const exact = exactFields(patterns, neurons)
  let zeros = 0
  for (let bits = 0; bits < 2 ** neurons; bits++) {
    const state = Int8Array.from({ length: neurons }, (_, i) => ((bits >> i) & 1 ? 1 : -1))
    const signs = exact(state).map(sign)
    expect(Array.from(net.localField(state), sign)).toEqual(signs)
    zeros += signs.filter((x) => x === 0).length
  }
  return zeros
}

describe.each(BACKENDS)('the covariance rule, %s', (backend) => {
  const learning = 'covariance'

  it('has the fields of the state less the mean, and gives both sides of a neuron their margin', () => {
    const [neurons, count] = [23, 7]
    const patterns = randomPatterns({ count, neurons, activity: 0.3, seed: 4 })
    const connections = { kind: 'random', degree: neurons - 1 } as const
    for (const wiring of [{}, { connections }]) {
      const net = new HopfieldNetwork({ neurons, learning, backend, ...wiring }).store(patterns)
      const state = row(randomPatterns({ count: 1, neurons, seed: 5 }), neurons, 0)
      const scale = wiring.connections === undefined ? neurons : neurons - 1
      const fields = exactFields(patterns, neurons)(state).map((h) => Number(h) / scale / count ** 3)
      for (const [i, h] of net.localField(state).entries()) expect(h).toBeCloseTo(fields[i], 12)
      const constant = net.constantField as Float64Array
      const weights = net.weights({ normalize: true })
      const energy = fields.reduce((sum, h, i) => sum - ((h + constant[i]) / 2) * state[i], 0)
      expect(net.energy(state)).toBeCloseTo(energy, 12)
      for (let i = 0; i < neurons; i++) {
        const heard = state.reduce((sum, s, j) => sum + weights[i * neurons + j] * s, 0)
        expect(heard + constant[i]).toBeCloseTo(fields[i], 12)
      }
    }
  })

  it('has zero fields where the exact ones are zero, however many patterns there are', () => {
    const neurons = 5
    // Three neurons differ, and each of them hears the other two.
    const few = Int8Array.of(1, 1, 1, 1, -1, -1, -1, -1, 1, -1)
    // From some 3500 patterns on, the unit of these fields is no longer P².
    const many = new Int8Array(4096 * neurons).map((_, k) => few[k % few.length])
    const mixed = randomPatterns({ count: 4001, neurons, activity: 0.4, seed: 2 })
    const wired = { connections: { kind: 'random', degree: neurons - 1 } } as const
    for (const wiring of [{}, wired]) {
      const zeros = [few, many, mixed].map((patterns) => {
        const net = new HopfieldNetwork({ neurons, learning, backend, ...wiring })
        return expectSigns(net.store(PackedPatterns.from(patterns, { neurons })), patterns)
      })
      expect(zeros[0]).toBeGreaterThan(0)
      expect(zeros[1]).toBe(zeros[0])
    }
  })

  it('keeps a background that all patterns have in common', () => {
    const [neurons, count] = [200, 8]
    const patterns = randomPatterns({ count, neurons, seed: 6 }).map((s, k) =>
      k % neurons < neurons / 2 ? -1 : s,
    )
    const connections = { kind: 'random', degree: 120, seed: 1 } as const
    for (const wiring of [{}, { connections }]) {
      const net = new HopfieldNetwork({ neurons, learning, backend, ...wiring }).store(patterns)
      for (let mu = 0; mu < count; mu++) expect(net.isFixedPoint(row(patterns, neurons, mu))).toBe(true)
    }
  })

  it('holds a lone pattern, and one that was stored twice', () => {
    const pattern = randomPatterns({ count: 1, neurons: 30, seed: 2 })
    for (const wiring of [{}, { connections: { kind: 'ring', neighbours: 4 } as const }]) {
      const net = new HopfieldNetwork({ neurons: 30, learning, backend, ...wiring }).store(pattern)
      expect(net.recall(pattern.map((s) => -s)).state).toEqual(pattern)
      expect(net.store(pattern).isFixedPoint(pattern)).toBe(true)
      expect(net.constantField?.map(Math.sign)).toEqual(Float64Array.from(pattern))
    }
  })

  it('never raises its energy, and tells the energy that it ends with', () => {
    const neurons = 60
    const patterns = randomPatterns({ count: 9, neurons, activity: 0.2, seed: 8 })
    const net = new HopfieldNetwork({ neurons, learning, backend }).store(patterns)
    const { trace, state } = net.recall(randomPatterns({ count: 1, neurons, seed: 9 }), { trace: true })
    const { energies } = trace
    for (let k = 1; k < energies.length; k++) expect(energies[k]).toBeLessThanOrEqual(energies[k - 1])
    expect(energies[energies.length - 1]).toBe(net.energy(state))
    expect(net.isFixedPoint(state)).toBe(true)
  })

  it('goes on alike with 0/1 units, whose thresholds are added', () => {
    const neurons = 40
    const patterns = randomPatterns({ count: 5, neurons, activity: 0.2, seed: 3 })
    const cues = randomPatterns({ count: 6, neurons, activity: 0.2, seed: 4 })
    const plain = new HopfieldNetwork({ neurons, learning, backend }).store(patterns)
    const binary = new HopfieldNetwork({ neurons, learning, backend, units: 'binary' }).store(patterns)
    expect(binary.recallBatch(cues).states).toEqual(plain.recallBatch(cues).states)
    const thresholds = new Float64Array(neurons).fill(100)
    const dull = new HopfieldNetwork({ neurons, learning, backend, units: 'binary', thresholds })
    expect(dull.store(patterns).recall(row(cues, neurons, 0)).state).toEqual(new Int8Array(neurons).fill(-1))
  })
})

describe('the covariance rule at a load of .1', () => {
  const [neurons, count] = [1000, 100]

  it.each([0.1, 0.25, 0.5])('keeps .95 of its patterns within 2.5 % at activity %s', (activity) => {
    const patterns = randomPatterns({ count, neurons, activity, seed: 3 })
    const wired = { connections: { kind: 'random', degree: neurons - 1 } } as const
    for (const wiring of [{}, wired]) {
      const net = new HopfieldNetwork({ neurons, learning: 'covariance', ...wiring }).store(patterns)
      for (const dynamics of ['asynchronous', 'synchronous'] as const) {
        const { states } = net.recallBatch(patterns, { dynamics })
        let kept = 0
        for (let mu = 0; mu < count; mu++) {
          const ended = row(states, neurons, mu)
          const wrong = row(patterns, neurons, mu).reduce((sum, s, i) => sum + (s === ended[i] ? 0 : 1), 0)
          if (wrong <= 0.025 * neurons) kept++
        }
        expect(kept).toBeGreaterThanOrEqual(0.95 * count)
      }
    }
  })
})

it('sums of many patterns stay exact where f64 alone would round', () => {
  const [neurons, count] = [3, 2 ** 18]
  const patterns = randomPatterns({ count, neurons, activity: 0.2, seed: 1 })
  const net = new HopfieldNetwork({ neurons, learning: 'covariance' })
  expectSigns(net.store(PackedPatterns.from(patterns, { neurons })), patterns)
})
