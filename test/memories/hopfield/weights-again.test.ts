import { describe, expect, it } from 'vitest'
import {
  ContinuousHopfield,
  HopfieldNetwork,
  type HopfieldNetworkOptions,
  randomPatterns,
} from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal } from '../../helpers/refusal.js'
import { row } from '../../helpers/statistics.js'

const N = 9
const patterns = randomPatterns({ count: 4, neurons: N, seed: 1 })
const states = Int8Array.from({ length: N * 2 ** N }, (_, k) => ((Math.floor(k / N) >> (k % N)) & 1 ? 1 : -1))

const wired = { connections: { kind: 'random', degree: 5, seed: 2 } } as const
const NETWORKS: [string, Partial<HopfieldNetworkOptions>][] = [
  ['implicit', {}],
  ['a matrix', { weights: 'dense' }],
  ['connections', wired],
  ['self-weights', { selfWeights: true }],
  ['clipped', { learning: 'clipped' }],
  ['sequence', { learning: 'sequence' }],
  ['palimpsest', { learning: 'palimpsest' }],
  ['decay', { learning: { kind: 'palimpsest', decay: 0.7 } }],
  ['decay on connections', { learning: { kind: 'palimpsest', decay: 0.7 }, ...wired }],
  ['storkey', { learning: 'storkey' }],
  ['pseudoinverse', { learning: { kind: 'pseudoinverse', dependent: 'skip' } }],
  ['pseudoinverse on connections', { learning: { kind: 'pseudoinverse', dependent: 'skip' }, ...wired }],
  ['perceptron', { learning: 'perceptron' }],
  ['minimal-overlap', { learning: 'minimal-overlap' }],
  ['unlearning', { learning: 'unlearning' }],
  ['a rule of one’s own', { learning: (p, { count }) => outer(p, count) }],
]

function outer(p: Int8Array, count: number): number[] {
  return Array.from({ length: N * N }, (_, k) => {
    let sum = 0
    for (let mu = 0; mu < count; mu++) sum += p[mu * N + Math.floor(k / N)] * p[mu * N + (k % N)]
    return sum / 7
  })
}

describe.each(BACKENDS)('weights given to another network, %s', (backend) => {
  describe.each(NETWORKS)('of %s', (_, options) => {
    it.each([
      ['neurons', false],
      ['neurons', true],
      ['none', false],
      ['none', true],
    ] as const)('recall what they did, normalized by %s, as J: %s', (unit, normalize) => {
      const net = new HopfieldNetwork({ neurons: N, backend, normalize: unit, ...options }).store(patterns)
      const weights = net.weights({ normalize })
      const selfWeights = options.selfWeights ?? false
      const again = new HopfieldNetwork({ neurons: N, backend, weights, selfWeights })
      // Reals that are no multiples of a number are multiplied by N where the unit is 'none', and rounded once.
      const rounded = unit === 'none' && weights.divisor === undefined
      const digits = rounded ? 12 : 13
      for (const state of [row(states, N, 5), row(states, N, 300)]) {
        const [fields, expected] = [again.localField(state), net.localField(state)]
        if (rounded) for (const [i, h] of fields.entries()) expect(h).toBeCloseTo(expected[i], digits)
        else expect(fields).toEqual(expected)
        expect(again.energy(state)).toBeCloseTo(net.energy(state), digits)
        // J is what fields are the sums of.
        if (!normalize) continue
        for (let i = 0; i < N; i++) {
          const sum = state.reduce((total, s, j) => total + weights[i * N + j] * s, 0)
          expect(expected[i]).toBeCloseTo(sum, 11)
        }
      }
      if (rounded) return
      const [ends, before] = [again.recallBatch(states), net.recallBatch(states)]
      expect(ends.states).toEqual(before.states)
      expect(ends.sweeps).toEqual(before.sweeps)
      for (const [b, e] of ends.energies.entries()) expect(e).toBeCloseTo(before.energies[b], 11)
      expect(HopfieldNetwork.fromBytes(again.toBytes()).localField(row(states, N, 7))).toEqual(
        net.localField(row(states, N, 7)),
      )
    })
  })

  it('are refused with a constant field, which copies have not', () => {
    const net = new HopfieldNetwork({ neurons: N, backend, learning: 'covariance' }).store(patterns)
    const weights = net.weights({ normalize: true })
    const error = refusal(() => new HopfieldNetwork({ neurons: N, backend, weights }))
    expect(error.message).toContain('weights: these come with a constant field')
    const copy = new HopfieldNetwork({ neurons: N, backend, weights: weights.slice() })
    const externalField = net.constantField as Float64Array
    for (let mu = 0; mu < 4; mu++) {
      const pattern = row(patterns, N, mu)
      expect(copy.energy(pattern, { externalField })).toBeCloseTo(net.energy(pattern), 12)
    }
  })

  it('are numbers alone once they are copied, and once they are changed', () => {
    const net = new HopfieldNetwork({ neurons: N, backend }).store(patterns)
    const state = row(states, N, 3)
    const copy = new HopfieldNetwork({ neurons: N, backend, weights: net.weights().slice() })
    expect(copy.localField(state)).toEqual(net.localField(state).map((h) => Math.round(h * N)))
    const changed = net.weights({ normalize: true })
    changed[1] = changed[N] = 0.123
    const other = new HopfieldNetwork({ neurons: N, backend, weights: changed })
    expect(other.weights()[1]).toBe(0.123)
  })

  it('mean the same to graded neurons', () => {
    const weights = new HopfieldNetwork({ neurons: N, backend }).store(patterns).weights()
    const graded = new ContinuousHopfield({ neurons: N, backend, weights })
    expect(graded.weights()).toEqual(Float64Array.from(weights, (w) => w / N))
  })
})
