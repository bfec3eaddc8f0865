import { HopfieldNetwork } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import paint, { type Frame } from '../../src/scenes/paint/model.js'
import { type P, parameters } from '../../src/scenes/paint/parameters.js'
import { cueOf, patternsOf, shuffled } from '../../src/scenes/paint/start.js'
import { defaultsOf, type Values } from '../../src/state/parameters.js'

const SMALL: Values<P> = { ...defaultsOf(parameters), side: '16', pace: 'fast' }

/** The frames until the model rests. */
async function course(values: Values<P>): Promise<Frame[]> {
  const model = await paint.create(values)
  const frames = [model.frame() as Frame]
  for (let k = 0; k < 2000; k++) {
    const more = await model.advance()
    frames.push(model.frame() as Frame)
    if (!more) return frames
  }
  throw new Error('the model does not rest')
}

describe('the scene paint', () => {
  test.each([
    ['slow', 'pseudoinverse'],
    ['single', 'pseudoinverse'],
    ['sweep', 'hebbian'],
  ] as const)('ends at pace %s with rule %s where one recall in the same order ends', async (pace, rule) => {
    const values = { ...SMALL, pace, rule }
    const frames = await course(values)
    const patterns = patternsOf(values)
    const network = new HopfieldNetwork({ neurons: 256, learning: rule }).store(patterns)
    const { state, energy } = network.recall(cueOf(values, patterns), { order: shuffled(256, values.seed) })
    const last = frames[frames.length - 1]
    expect(last.state).toEqual(state)
    expect(last.energy).toBe(energy)
    expect(last.unstable).toBe(0)
  })

  test('never goes uphill, one neuron at a time', async () => {
    const energies = (await course(SMALL)).map(({ energy }) => energy)
    expect(energies.every((energy, k) => k === 0 || energy <= energies[k - 1])).toBe(true)
    expect(energies[energies.length - 1]).toBeLessThan(energies[0])
  })

  test('says of each neuron what the next visit does to it', async () => {
    const [{ state, fields }] = await course(SMALL)
    const network = new HopfieldNetwork({ neurons: 256, learning: 'pseudoinverse' }).store(patternsOf(SMALL))
    for (let i = 0; i < 256; i++) {
      const { flips } = network.recall(state, { order: [i], maxSweeps: 1 })
      expect(Math.abs(fields[i]) >= 70).toBe(flips === 1)
    }
  })

  test('keeps a picture that is stored twice, and says which', async () => {
    const [picture] = patternsOf(SMALL)
    const twice = { side: 16, pixels: picture }
    const [first, second] = await course({ ...SMALL, pictures: [twice, twice] })
    expect(first.overlaps).toHaveLength(2)
    expect(first.skipped).toEqual([{ index: 1, on: [0] }])
    expect(second.skipped).toBeUndefined()
  })

  test('visits every neuron once', () => {
    for (const seed of [0, 1, 999_999]) {
      const order = shuffled(100, seed)
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    }
  })
})
