import { describe, expect, it } from 'vitest'
import { HopfieldNetwork } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { flipped, O, T, X } from '../../helpers/glyphs.js'

// Three letters, eight wrong pixels, a written-out visiting order: small enough to follow with pencil and paper.
const WRONG = [4, 20, 18, 21, 3, 1, 24, 14]
const ORDER = [1, 20, 7, 21, 17, 15, 23, 16, 24, 11, 2, 22, 12, 10, 3, 4, 5, 8, 0, 9, 14, 18, 13, 6, 19]
// In units of 1/25. The quotient x/25 is what one correctly rounded division gives; (x/25)·25 need not be x again.
const ENERGIES = [-16, -32, -60, -104, -148, -204, -268, -344, -420].map((e) => e / 25)

for (const { backend, weights } of VARIANTS) {
  describe(`the seed experiment on ${backend} with ${weights} weights`, () => {
    const net = new HopfieldNetwork({ neurons: 25, backend, weights }).store([X, T, O])
    const cue = flipped(X, WRONG)
    const result = net.recall(cue, { order: ORDER, trace: true })

    it('ends in X', () => {
      expect(result.state).toEqual(X)
    })

    it('converges', () => {
      expect(result.converged).toBe(true)
    })

    it('flips the eight wrong neurons, each once, in visiting order', () => {
      expect(Array.from(result.trace?.flips ?? [])).toEqual(ORDER.filter((i) => WRONG.includes(i)))
    })

    it('counts eight flips', () => {
      expect(result.flips).toBe(8)
    })

    it('needs one sweep and a quiet one', () => {
      expect(result.sweeps).toBe(2)
    })

    it('passes through exactly the known energies', () => {
      expect(Array.from(result.trace?.energies ?? [])).toEqual(ENERGIES)
    })

    it('ends at the last of these energies', () => {
      expect(result.energy).toBe(-420 / 25)
    })

    it('gives the same integers without the 1/N', () => {
      const integers = new HopfieldNetwork({ neurons: 25, backend, weights, normalize: 'none' }).store([
        X,
        T,
        O,
      ])
      const { trace } = integers.recall(cue, { order: ORDER, trace: true })
      expect(Array.from(trace?.energies ?? [])).toEqual([-16, -32, -60, -104, -148, -204, -268, -344, -420])
    })
  })
}
