import { describe, expect, it } from 'vitest'
import { type Interaction, DenseAssociativeMemory as Memory, randomPatterns } from '../../../src/index.js'
import { BACKENDS } from '../../helpers/backends.js'
import { refusal } from '../../helpers/refusal.js'

const KINDS: Interaction[] = [
  { kind: 'polynomial', degree: 3 },
  { kind: 'exponential', beta: 0.4 },
  { kind: 'exponential', beta: 8 },
  { kind: 'epanechnikov', radius: 5 },
  { kind: 'table', values: (v) => Math.abs(v) / 4 },
]
const NAMED = KINDS.map((interaction) => [JSON.stringify(interaction), interaction] as const)
const N = 9
const externalField = Float64Array.from({ length: N }, (_, i) => (i - 4) / 5)

describe.each(BACKENDS)('a dense memory with noise and an external field, %s', (backend) => {
  const make = (interaction: Interaction): Memory =>
    new Memory({ neurons: N, interaction, backend }).store(randomPatterns({ count: 4, neurons: N, seed: 5 }))
  const cue = randomPatterns({ count: 1, neurons: N, seed: 6 })

  it.each(NAMED)('turns a neuron to +1 as often as its energies say, %s', (_, interaction) => {
    const net = make(interaction)
    const [count, temperature] = [2000, 1.5]
    for (const [field, i] of [
      [undefined, 2],
      [externalField, 7],
    ] as const) {
      const given = field === undefined ? {} : { externalField: field }
      const up = net.energy(cue.with(i, 1), given)
      const down = net.energy(cue.with(i, -1), given)
      const p = 1 / (1 + Math.exp((up - down) / temperature))
      const cues = Array.from({ length: count }, () => cue)
      for (const how of [{ order: [i] }, { dynamics: 'synchronous' }] as const) {
        const { states } = net.recallBatch(cues, { ...given, ...how, temperature, maxSweeps: 1, seed: 9 })
        let ups = 0
        for (let b = 0; b < count; b++) if (states[b * N + i] === 1) ups++
        // Four standard errors.
        expect(Math.abs(ups / count - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / count) + 1e-9)
      }
    }
  })

  it.each(
    NAMED,
  )('never raises the energy with an external field, and ends where nothing would change, %s', (_, interaction) => {
    const net = make(interaction)
    for (let seed = 0; seed < 10; seed++) {
      const start = randomPatterns({ count: 1, neurons: N, seed: 20 + seed })
      const found = net.recall(start, { externalField, seed, trace: true })
      expect(found.converged).toBe(true)
      const { energies } = found.trace
      for (let k = 1; k < energies.length; k++) {
        // By no more than rounding.
        expect(energies[k]).toBeLessThanOrEqual(energies[k - 1] + 1e-9 * Math.abs(energies[k - 1]))
      }
      expect(found.energy).toBe(net.energy(found.state, { externalField }))
      expect(net.isFixedPoint(found.state, { externalField })).toBe(true)
      const own = externalField.reduce((sum, b, i) => sum + b * found.state[i], 0)
      expect(found.energy).toBeCloseTo(net.energy(found.state) - own, 9)
    }
  })

  it('measures many states with an external field as one, here and later', async () => {
    const net = make({ kind: 'exponential' })
    const states = Array.from({ length: 5 }, (_, b) => cue.map((s, i) => (i < b ? -s : s)))
    const expected = Float64Array.from(states, (state) => net.energy(state, { externalField }))
    expect(net.energyBatch(states, { externalField })).toEqual(expected)
    expect(await net.energyBatchAsync(states, { externalField })).toEqual(expected)
  })

  it('knows no noise where an exponential is too steep for it', () => {
    const net = make({ kind: 'exponential', beta: 9 })
    for (const given of [{ temperature: 1 }, { externalField }]) {
      expect(refusal(() => net.recall(cue, given)).code).toBe('ERR_HOPFIELD_OPTION')
    }
    expect(refusal(() => net.isFixedPoint(cue, { externalField })).message).toContain('beta above 8')
  })

  it('cools down to a stored pattern', () => {
    const net = new Memory({ neurons: 64, interaction: { kind: 'exponential', beta: 0.5 }, backend })
    net.store(randomPatterns({ count: 50, neurons: 64, seed: 1 }))
    const noisy = net.pattern(7).map((s, i) => (i % 8 === 0 ? -s : s))
    const temperature = { from: 0.5, to: 0, sweeps: 8, schedule: 'linear' } as const
    const { state, converged } = net.recall(noisy, { temperature, seed: 3 })
    expect(converged).toBe(true)
    expect(state).toEqual(net.pattern(7))
  })
})
