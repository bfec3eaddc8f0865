import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, mask, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { T, X } from '../../helpers/glyphs.js'

for (const { backend, weights } of VARIANTS) {
  const neurons = 70
  const net = new HopfieldNetwork({ neurons, backend, weights }).store(
    randomPatterns({ count: 20, neurons, seed: 1 }),
  )
  const cue = randomPatterns({ count: 1, neurons, seed: 2 })
  const held = Array.from({ length: neurons }, (_, i) => i % 3 === 0 || i === 32 || i === 69)

  describe(`clamp, ${backend}, ${weights}`, () => {
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      it(`keeps the marked neurons, ${dynamics}`, () => {
        const { state } = net.recall(cue, { clamp: held, dynamics })
        expect(held.every((kept, i) => !kept || state[i] === cue[i])).toBe(true)
      })

      it(`lets the others go, ${dynamics}`, () => {
        const { state } = net.recall(cue, { clamp: held, dynamics })
        expect(held.some((kept, i) => !kept && state[i] !== cue[i])).toBe(true)
      })

      it(`of every neuron returns the cue after one sweep, ${dynamics}`, () => {
        const all = new Uint8Array(neurons).fill(1)
        expect(net.recall(cue, { clamp: all, dynamics })).toMatchObject({
          state: cue,
          converged: true,
          sweeps: 1,
          flips: 0,
        })
      })

      it(`of no neuron is no clamp, ${dynamics}`, () => {
        const none = new Uint8Array(neurons)
        expect(net.recall(cue, { clamp: none, dynamics })).toEqual(net.recall(cue, { dynamics }))
      })
    }

    it('would lose these neurons without it', () => {
      const { state } = net.recall(cue)
      expect(held.some((kept, i) => kept && state[i] !== cue[i])).toBe(true)
    })

    it('holds against any external field', () => {
      const externalField = cue.map((s) => -100 * s)
      const { state } = net.recall(cue, { clamp: held, externalField })
      expect(state).toEqual(cue.map((s, i) => (held[i] ? s : -s)))
    })

    it('holds at random sites', () => {
      const { state } = net.recall(cue, { clamp: held, order: 'random-site' })
      expect(held.every((kept, i) => !kept || state[i] === cue[i])).toBe(true)
    })

    it('rests where only clamped neurons would move', () => {
      const { state, converged } = net.recall(cue, { clamp: held })
      const fields = net.localField(state)
      expect(converged).toBe(true)
      expect(held.every((kept, i) => kept || (fields[i] >= 0 ? 1 : -1) === state[i])).toBe(true)
    })

    for (const [kind, flags] of [
      ['numbers', held.map(Number)],
      ['a Uint8Array', Uint8Array.from(held, Number)],
      ['a Float32Array', Float32Array.from(held, Number)],
      ['a view at an odd offset', Uint8Array.from([1, ...held.map(Number)]).subarray(1)],
    ] as const) {
      it(`may be given as ${kind}`, () => {
        expect(net.recall(cue, { clamp: flags })).toEqual(net.recall(cue, { clamp: held }))
      })
    }

    it('holds the visible part of a masked letter while the rest is completed', () => {
      const letters = new HopfieldNetwork({ neurons: 25, backend, weights }).store([X, T])
      const keep = Array.from({ length: 25 }, (_, i) => i < 10)
      expect(letters.recall(mask(T, { keep }), { clamp: keep }).state).toEqual(T)
    })
  })
}
