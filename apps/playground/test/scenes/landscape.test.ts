import { describe, expect, test } from 'vitest'
import { overlapsAt } from '../../src/scenes/landscape/grid.js'
import { memoryOf } from '../../src/scenes/landscape/memory.js'
import landscape, { type Frame } from '../../src/scenes/landscape/model.js'
import { NEURONS, type P, parameters } from '../../src/scenes/landscape/parameters.js'
import { Plane } from '../../src/scenes/landscape/plane.js'
import { defaultsOf, type Values } from '../../src/state/parameters.js'

const USUAL: Values<P> = { ...defaultsOf(parameters), pace: 'fast' }

describe('the energy landscape', () => {
  test('has states with the overlaps of their places', () => {
    const { network, first, second } = memoryOf(USUAL)
    const plane = new Plane(first, second, USUAL.seed)
    for (let k = 0; k < 33 * 33; k += 40) {
      const [m1, m2] = overlapsAt(k)
      const overlaps = network.overlaps(plane.state(m1, m2))
      // Each of the two groups of neurons is rounded to a whole one; they are not of the same size, since the patterns overlap.
      const inexact = 4 / NEURONS + Math.abs(network.overlaps(first)[1])
      expect(Math.abs(overlaps[0] - m1)).toBeLessThan(inexact)
      expect(Math.abs(overlaps[1] - m2)).toBeLessThan(inexact)
    }
  })

  test.each([
    'hebbian',
    'cubic',
    'quartic',
  ] as const)('lets the point of a %s memory roll downhill to rest', async (memory) => {
    const model = await landscape.create({ ...USUAL, memory })
    const surface = (model.frame() as Frame).surface
    expect(surface).toHaveLength(33 * 33)
    for (let k = 0; k < 2000 && (await model.advance()); k++);
    const { course, resting, trail } = model.frame() as Frame
    expect(resting).toBe(true)
    const energies = [...course.energies]
    expect(energies.every((energy, k) => k === 0 || energy <= energies[k - 1] + 1e-12)).toBe(true)
    expect(trail[trail.length - 3]).toBeGreaterThan(0.9)
  })

  test('never rests above temperature 0', async () => {
    const model = await landscape.create({ ...USUAL, temperature: 0.5 })
    for (let k = 0; k < 300; k++) expect(await model.advance()).toBe(true)
  })
})
