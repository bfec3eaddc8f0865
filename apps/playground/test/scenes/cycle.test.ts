import { describe, expect, test } from 'vitest'
import cycle, { type Frame } from '../../src/scenes/cycle/model.js'
import { type P, parameters } from '../../src/scenes/cycle/parameters.js'
import { defaultsOf, type Values } from '../../src/state/parameters.js'

const SMALL: Values<P> = { ...defaultsOf(parameters), side: '16' }

const BOARD: Values<P> = { ...SMALL, start: 'chessboard' }

async function after(sweeps: number, values: Values<P>): Promise<Frame> {
  const model = await cycle.create(values)
  for (let k = 0; k < sweeps && (await model.advance()); k++);
  return model.frame() as Frame
}

describe('the scene of the two-cycle', () => {
  test('blinks for ever where all neurons follow their neighbours at once', async () => {
    const [even, odd] = [await after(100, BOARD), await after(101, BOARD)]
    expect(even.cycle).toBe(2)
    expect(odd.state).toEqual(even.before)
    expect(odd.state).not.toEqual(even.state)
  })

  test('rests where they follow one at a time', async () => {
    expect((await after(200, { ...SMALL, dynamics: 'asynchronous' })).cycle).toBe(1)
  })

  test.each([
    'neighbours',
    'hebbian',
  ] as const)('has an energy of two states in a row that never rises: %s', async (network) => {
    const { pairs } = await after(50, { ...SMALL, network, start: 'random' })
    // Sums of real fields may round in the last place.
    expect([...pairs].slice(1).every((pair, k) => k === 0 || pair <= pairs[k] + 1e-9)).toBe(true)
  })
})
