import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, type RecallOptions, type RecallTrace, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { flipped } from '../../helpers/glyphs.js'
import { FIXED, questions } from '../../helpers/property.js'

const NO_TRACE: RecallTrace = {
  energies: new Float64Array(),
  overlaps: new Float64Array(),
  flips: new Uint32Array(),
}

for (const { backend, weights } of VARIANTS) {
  const neurons = 90
  const count = 14
  const net = new HopfieldNetwork({ neurons, backend, weights }).store(
    randomPatterns({ count, neurons, seed: 1 }),
  )
  const cue = randomPatterns({ count: 1, neurons, seed: 2 })
  // Not dyadic on purpose: the sums round, and must round alike.
  const externalField = Float64Array.from({ length: neurons }, (_, i) => Math.sin(i) / 10)
  const clamp = Array.from({ length: neurons }, (_, i) => i % 7 === 0)

  const asynchronous: [string, RecallOptions][] = [
    ['by default', {}],
    ['in cyclic order', { order: 'cyclic' }],
    ['at random sites', { order: 'random-site' }],
    ['in an explicit order', { order: Array.from({ length: 200 }, (_, u) => (u * 7) % neurons) }],
    ['in an external field', { externalField }],
    ['with clamped neurons', { clamp }],
    ['cut short', { maxSweeps: 1 }],
    ['with ties kept', { tie: 'keep' }],
  ]
  const synchronous: [string, RecallOptions][] = [
    ['all at once', { dynamics: 'synchronous' }],
    ['all at once in an external field', { dynamics: 'synchronous', externalField }],
    ['all at once with clamped neurons', { dynamics: 'synchronous', clamp }],
    ['all at once, cut short', { dynamics: 'synchronous', maxSweeps: 2 }],
  ]

  describe(`trace, ${backend}, ${weights}`, () => {
    for (const [what, options] of [...asynchronous, ...synchronous]) {
      const energyOf = (state: Int8Array): number =>
        net.energy(state, options.externalField === undefined ? {} : { externalField: options.externalField })
      const result = net.recall(cue, { ...options, trace: true })
      const { energies, overlaps, flips } = result.trace ?? NO_TRACE

      it(`changes nothing else of the result ${what}`, () => {
        const { trace: _, ...rest } = result
        expect(rest).toEqual(net.recall(cue, options))
      })

      it(`lists the flips that lead from the cue to the state ${what}`, () => {
        expect(flipped(cue, Array.from(flips))).toEqual(result.state)
      })

      it(`lists as many flips as were counted ${what}`, () => {
        expect(flips.length).toBe(result.flips)
      })

      it(`has a row of overlaps for the cue and for every sweep ${what}`, () => {
        expect(overlaps.length).toBe((result.sweeps + 1) * count)
      })

      it(`ends with the overlaps of the final state ${what}`, () => {
        expect(overlaps.slice(-count)).toEqual(net.overlaps(result.state))
      })

      it(`begins with the energy of the cue ${what}`, () => {
        expect(energies[0]).toBe(energyOf(cue))
      })

      it(`ends with the energy of the result ${what}`, () => {
        expect(energies[energies.length - 1]).toBe(result.energy)
      })
    }

    for (const [what, options] of asynchronous) {
      const { trace = NO_TRACE } = net.recall(cue, { ...options, trace: true })

      it(`has the energy of every state on the way, to the last bit, ${what}`, () => {
        const field = options.externalField === undefined ? {} : { externalField: options.externalField }
        const visited = Array.from({ length: trace.flips.length + 1 }, (_, k) =>
          flipped(cue, Array.from(trace.flips.subarray(0, k))),
        )
        expect(Array.from(trace.energies)).toEqual(visited.map((state) => net.energy(state, field)))
      })

      it(`has energies that never rise ${what}`, () => {
        // Exactly so without external field; in one, E carries the rounding of a sum of 90 terms below 10.
        const slack = options.externalField === undefined ? 0 : 1e-12
        for (let k = 1; k < trace.energies.length; k++) {
          expect(trace.energies[k]).toBeLessThanOrEqual(trace.energies[k - 1] + slack)
        }
      })
    }

    it('has the overlaps of the cue and after every sweep of an asynchronous recall', () => {
      const whole = net.recall(cue, { trace: true })
      const rows = Array.from({ length: whole.sweeps + 1 }, (_, k) =>
        Array.from(net.overlaps(k === 0 ? cue : net.recall(cue, { maxSweeps: k }).state)),
      )
      expect(Array.from(whole.trace?.overlaps ?? [])).toEqual(rows.flat())
    })

    for (const [what, options] of synchronous) {
      const { trace = NO_TRACE, sweeps } = net.recall(cue, { ...options, trace: true })
      const visited = [
        cue,
        ...Array.from({ length: sweeps }, (_, k) => net.recall(cue, { ...options, maxSweeps: k + 1 }).state),
      ]

      it(`has the energy after every sweep ${what}`, () => {
        const field = options.externalField === undefined ? {} : { externalField: options.externalField }
        expect(Array.from(trace.energies)).toEqual(visited.map((state) => net.energy(state, field)))
      })

      it(`has the overlaps of the cue and after every sweep ${what}`, () => {
        const rows = visited.map((state) => Array.from(net.overlaps(state)))
        expect(Array.from(trace.overlaps)).toEqual(rows.flat())
      })

      it(`lists the flips of every sweep in ascending order ${what}`, () => {
        const expected = visited
          .slice(1)
          .flatMap((state, k) =>
            Array.from({ length: neurons }, (_, i) => i).filter((i) => state[i] !== visited[k][i]),
          )
        expect(Array.from(trace.flips)).toEqual(expected)
      })
    }

    it('is absent unless asked for', () => {
      expect(net.recall(cue)).not.toHaveProperty('trace')
      expect(net.recall(cue, { trace: false })).not.toHaveProperty('trace')
    })

    it('has no overlaps and one energy per flip in an empty memory', () => {
      const blank = new HopfieldNetwork({ neurons: 5, backend, weights })
      const { trace } = blank.recall([-1, 1, -1, 1, 1], { trace: true, order: 'cyclic' })
      expect(trace).toEqual({
        energies: new Float64Array(3),
        overlaps: new Float64Array(),
        flips: Uint32Array.of(0, 2),
      })
    })

    it('leads from any cue to the state it is returned with', () => {
      const property = fc.property(questions(), ({ neurons, patterns, cue }) => {
        const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)
        const { trace = NO_TRACE, state } = net.recall(cue, { trace: true })
        expectSame(flipped(cue, Array.from(trace.flips)), state)
      })
      fc.assert(property, FIXED)
    })
  })
}
