import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { typescriptKernels as kernels } from '../../src/kernels/reference/index.js'
import { rewireAtOnce, rewireInOrder } from '../../src/storage/rewiring.js'
import { type Ring, tableOf } from '../../src/storage/ring.js'
import { moved } from '../../src/storage/small-world.js'
import { Draws } from '../../src/storage/wiring.js'
import { FIXED } from '../helpers/property.js'

const ringOf = (neurons: number, reach: number): Ring => ({
  neurons,
  reach,
  rewired: new Uint32Array(neurons * reach),
  arrivals: new Uint32Array(neurons),
})

/** Networks with so few connections that they are rewired at once: of 100 neurons with 12 each, a tenth of them is rewired again. */
const networks = fc
  .record({
    neurons: fc.integer({ min: 17, max: 300 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
    rewire: fc.oneof(fc.constant(1), fc.double({ min: 0.01, max: 1, noNaN: true })),
    seed: fc.nat(),
  })
  .map(({ part, ...rest }) => {
    const most = Math.floor((rest.neurons - 1) / 16)
    return { ...rest, reach: Math.max(1, Math.ceil(part * most)) }
  })

describe('connections of a ring that are rewired elsewhere', () => {
  it('go to the same neurons, all at once or one after the other', () => {
    let atOnce = 0
    const property = fc.property(networks, ({ neurons, reach, rewire, seed }) => {
      const [one, other] = [ringOf(neurons, reach), ringOf(neurons, reach)]
      rewireInOrder(kernels, one, rewire, new Draws(kernels, [seed, 0]))
      const sources = new Uint32Array(2 * neurons * reach)
      const own = new Draws(kernels, [seed, 0])
      const rewired = rewireAtOnce(kernels, other, rewire, own, sources, neurons * reach)
      if (rewired === undefined) return
      atOnce++
      expect(other).toEqual(one)
      // Moving what was rewired again within the table gives the table of them all.
      const { starts, sources: ordered } = tableOf(kernels, one, new Uint32Array(sources.length))
      expect(moved(rewired)).toEqual({ starts, sources: ordered })
    })
    fc.assert(property, { ...FIXED, numRuns: 80 })
    expect(atOnce).toBeGreaterThan(50)
  })

  it('are rewired in order where too many of them change', () => {
    const ring = ringOf(100, 6)
    const draws = new Draws(kernels, [1, 0])
    expect(rewireAtOnce(kernels, ring, 1, draws, new Uint32Array(2000), 0)).toBeUndefined()
  })
})
