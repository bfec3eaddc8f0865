import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { FIXED, questions } from '../../helpers/property.js'

for (const { backend, weights } of VARIANTS) {
  const neurons = 40
  const net = new HopfieldNetwork({ neurons, backend, weights }).store(
    randomPatterns({ count: 8, neurons, seed: 1 }),
  )
  const cue = randomPatterns({ count: 1, neurons, seed: 2 })
  const target = randomPatterns({ count: 1, neurons, seed: 3 })

  describe(`externalField, ${backend}, ${weights}`, () => {
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      it(`stronger than any local field decides alone, ${dynamics}`, () => {
        // |h_i| ≤ P·(N−1)/N < 8.
        const externalField = target.map((s) => 8 * s)
        expect(net.recall(cue, { dynamics, externalField }).state).toEqual(target)
      })

      it(`of zeros is no field, ${dynamics}`, () => {
        const zeros = new Float64Array(neurons)
        expect(net.recall(cue, { dynamics, externalField: zeros })).toEqual(net.recall(cue, { dynamics }))
      })

      it(`of negative zeros leaves ties to the tie rule, ${dynamics}`, () => {
        const blank = new HopfieldNetwork({ neurons: 2, backend, weights })
        const options = { dynamics, externalField: [-0, -0] }
        expect(Array.from(blank.recall([1, -1], options).state)).toEqual([1, 1])
      })

      it(`decides neurons whose local field is zero, however small it is, ${dynamics}`, () => {
        const blank = new HopfieldNetwork({ neurons: 2, backend, weights })
        const options = { dynamics, externalField: [-Number.MIN_VALUE, Number.MIN_VALUE] }
        expect(Array.from(blank.recall([1, -1], options).state)).toEqual([-1, 1])
      })

      it(`that cancels a local field exactly makes a tie, ${dynamics}`, () => {
        // One stored pattern of four neurons: h_i = ¾ ξ_i at ξ.
        const one = new HopfieldNetwork({ neurons: 4, backend, weights }).store([1, -1, 1, -1])
        const externalField = [-0.75, 0.75, -0.75, 0.75]
        const ends = (['positive', 'negative', 'keep'] as const).map((tie) => {
          const options = { dynamics, externalField, tie, maxSweeps: 1, order: [0] }
          return Array.from(one.recall([1, -1, 1, -1], options).state)
        })
        const ties =
          dynamics === 'synchronous'
            ? [
                [1, 1, 1, 1],
                [-1, -1, -1, -1],
              ]
            : [
                [1, -1, 1, -1],
                [-1, -1, 1, -1],
              ]
        expect(ends).toEqual([...ties, [1, -1, 1, -1]])
      })
    }

    it('enters the energy as −Σ b_i s_i', () => {
      const property = fc.property(
        questions(),
        fc.integer({ min: -64, max: 64 }),
        ({ neurons, patterns, cue }, tilt) => {
          // Multiples of 1/8 below 2^10: every sum is exact, whatever its order.
          const b = Float64Array.from({ length: neurons }, (_, i) => ((i * tilt) % 97) / 8)
          const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)
          const linear = b.reduce((sum, x, i) => sum + x * cue[i], 0)
          expect(net.energy(cue, { externalField: b })).toBe(net.energy(cue) - linear)
        },
      )
      fc.assert(property, FIXED)
    })

    it('counts in the energy a recall reports', () => {
      const externalField = Float64Array.from(target, (s) => s / 3)
      const { state, energy } = net.recall(cue, { externalField })
      expect(energy).toBe(net.energy(state, { externalField }))
    })

    it('counts in isFixedPoint', () => {
      const externalField = target.map((s) => 8 * s)
      expect(net.isFixedPoint(target, { externalField })).toBe(true)
      expect(net.isFixedPoint(net.pattern(0), { externalField })).toBe(false)
    })

    it('leads asynchronous recall to a fixed point of itself', () => {
      const property = fc.property(
        questions(),
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 50 }),
        ({ neurons, patterns, cue }, values) => {
          const externalField = Float64Array.from({ length: neurons }, (_, i) => values[i % values.length])
          const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)
          const { state, converged } = net.recall(cue, { externalField, maxSweeps: 100_000 })
          expect(converged).toBe(true)
          expect(net.isFixedPoint(state, { externalField })).toBe(true)
        },
      )
      fc.assert(property, FIXED)
    })

    it("leaves the caller's values as they are", () => {
      const externalField = Float64Array.from({ length: neurons }, (_, i) => i / 7 - 0)
      const before = externalField.slice()
      net.recall(cue, { externalField })
      net.energy(cue, { externalField })
      expect(externalField).toEqual(before)
    })

    const values = Array.from({ length: neurons }, (_, i) => Math.fround(Math.sin(i)))
    for (const [kind, field] of [
      ['a Float32Array', Float32Array.from(values)],
      ['an array', values],
      ['a view into a larger buffer', Float64Array.from([9, ...values, 9]).subarray(1, neurons + 1)],
    ] as const) {
      it(`may be ${kind}`, () => {
        const plain = Float64Array.from(values)
        expect(net.recall(cue, { externalField: field })).toEqual(net.recall(cue, { externalField: plain }))
        expect(net.energy(cue, { externalField: field })).toBe(net.energy(cue, { externalField: plain }))
      })
    }
  })
}
