import { describe, expect, it } from 'vitest'
import { addNoise, binary, bipolar, HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { refusal, untyped } from '../../helpers/refusal.js'
import { proportionError, row, sameStates } from '../../helpers/statistics.js'

describe.each(VARIANTS)('the 0/1 units of Hopfield 1982, $backend, $weights', (variant) => {
  const [neurons, count] = [9, 3]
  const patterns = randomPatterns({ count, neurons, seed: 4 })
  // Multiples of 1/N, so that units sit on their thresholds now and then.
  const thresholds = Array.from({ length: neurons }, (_, i) => ((i % 5) - 2) / neurons)
  const net = (options: object = {}): HopfieldNetwork =>
    new HopfieldNetwork({ neurons, units: 'binary', ...variant, ...options }).store(patterns)
  const integers = net().weights()
  const states = Array.from({ length: 2 ** neurons }, (_, k) =>
    Int8Array.from({ length: neurons }, (_, i) => ((k >> i) & 1 ? 1 : -1)),
  )

  /** N·(Σ_j J_ij V_j − U_i), a whole number. */
  const field = (v: ArrayLike<number>, i: number, limits: readonly number[]): number => {
    let sum = Math.round(-limits[i] * neurons)
    for (let j = 0; j < neurons; j++) sum += integers[i * neurons + j] * v[j]
    return sum
  }

  it.each([
    ['no thresholds', undefined],
    ['thresholds', thresholds],
  ])('go the way of his rule from every state, with %s', (_, limits) => {
    const network = net(limits === undefined ? {} : { thresholds: limits })
    const { states: ends } = network.recallBatch(states, { order: 'cyclic', tie: 'keep', maxSweeps: 50 })
    for (const [k, start] of states.entries()) {
      const v = Array.from(binary(start))
      for (let sweep = 0, moved = true; moved && sweep < 50; sweep++) {
        moved = false
        for (let i = 0; i < neurons; i++) {
          const h = field(v, i, limits ?? new Array(neurons).fill(0))
          const next = h > 0 ? 1 : h < 0 ? 0 : v[i]
          moved ||= next !== v[i]
          v[i] = next
        }
      }
      expect(Array.from(binary(row(ends, neurons, k)))).toEqual(v)
      expect(network.isFixedPoint(bipolar(v), { tie: 'keep' })).toBe(true)
    }
  })

  it('have four times his energy, but for a constant', () => {
    const network = net({ thresholds })
    const energy = (state: Int8Array): number => {
      const v = binary(state)
      let sum = 0
      for (let i = 0; i < neurons; i++) {
        for (let j = 0; j < neurons; j++) sum -= (integers[i * neurons + j] * v[i] * v[j]) / (2 * neurons)
        sum += thresholds[i] * v[i]
      }
      return sum
    }
    const constant = network.energy(states[0]) - 4 * energy(states[0])
    for (const state of states) expect(network.energy(state) - 4 * energy(state)).toBeCloseTo(constant, 9)
    expect(network.energyBatch(states)).toEqual(Float64Array.from(states, (state) => network.energy(state)))
  })

  it('follow what is stored and forgotten, and add a field that is given', () => {
    const grown = new HopfieldNetwork({ neurons, units: 'binary', ...variant })
    grown.recall(states[3])
    grown.store(patterns).store(states[77]).forget(3)
    const externalField = thresholds.map((u) => -2 * u)
    const [a, b] = [net({ thresholds }), grown]
    for (const k of [0, 100, 333]) {
      const options = { order: 'cyclic', tie: 'keep' } as const
      expect(a.recall(states[k], options).state).toEqual(
        b.recall(states[k], { ...options, externalField }).state,
      )
    }
  })

  it('are the same off the event loop', async () => {
    const network = net({ thresholds })
    expect(await network.recallAsync(states, { seed: 3 })).toEqual(network.recallBatch(states, { seed: 3 }))
  })

  it('refuse thresholds without them', () => {
    const made = (options: object): unknown =>
      new HopfieldNetwork(untyped({ neurons: 2, ...variant, ...options }))
    expect(refusal(() => made({ thresholds: [0, 0] })).code).toBe('ERR_HOPFIELD_OPTION')
    expect(refusal(() => made({ units: 'binary', thresholds: [0] })).code).toBe('ERR_HOPFIELD_SHAPE')
    expect(refusal(() => made({ units: 'ternary' })).message).toContain("'bipolar', 'binary'")
  })
})

describe('Hopfield’s own figure, N = 100, ten patterns, threshold 0', () => {
  it('is that about .6 of the stored patterns are recalled without an error', () => {
    const [neurons, count, trials] = [100, 10, 300]
    let exact = 0
    for (let trial = 0; trial < trials; trial++) {
      const patterns = randomPatterns({ count, neurons, seed: 900 + trial })
      const net = new HopfieldNetwork({ neurons, units: 'binary' }).store(patterns)
      const pattern = row(patterns, neurons, 0)
      exact += sameStates(
        net.recall(addNoise(pattern, { count: 0 }), { tie: 'keep', seed: trial }).state,
        pattern,
      )
        ? 1
        : 0
    }
    // .604 by an independent program; one pattern a network, so that trials are independent.
    expect(Math.abs(exact / trials - 0.604)).toBeLessThan(4 * proportionError(0.604, trials))
  })
})
