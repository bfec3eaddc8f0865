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
    const energyOf = (state: Int8Array, { externalField }: RecallOptions): number =>
      net.energy(state, externalField === undefined ? {} : { externalField })
    const traced = (which: [string, RecallOptions][]) =>
      which.map(([what, options]) => {
        const result = net.recall(cue, { ...options, trace: true })
        return { what, options, result, ...(result.trace ?? NO_TRACE) }
      })
    const all = traced([...asynchronous, ...synchronous])

    it('changes nothing else of the result', () => {
      for (const { what, options, result } of all) {
        const { trace: _, ...rest } = result
        expect(rest, what).toEqual(net.recall(cue, options))
      }
    })

    it('lists the flips that lead from the cue to the state, as many as were counted', () => {
      for (const { what, result, flips } of all) {
        expect(flipped(cue, Array.from(flips)), what).toEqual(result.state)
        expect(flips.length, what).toBe(result.flips)
      }
    })

    it('has a row of overlaps for the cue and for every sweep, the last of the final state', () => {
      for (const { what, result, overlaps } of all) {
        expect(overlaps.length, what).toBe((result.sweeps + 1) * count)
        expect(overlaps.slice(-count), what).toEqual(net.overlaps(result.state))
      }
    })

    it('begins with the energy of the cue and ends with that of the result', () => {
      for (const { what, options, result, energies } of all) {
        expect(energies[0], what).toBe(energyOf(cue, options))
        expect(energies[energies.length - 1], what).toBe(result.energy)
      }
    })

    it('has the energy of every state on the way, to the last bit', () => {
      for (const { what, options, energies, flips } of traced(asynchronous)) {
        const visited = Array.from({ length: flips.length + 1 }, (_, k) =>
          flipped(cue, Array.from(flips.subarray(0, k))),
        )
        expect(Array.from(energies), what).toEqual(visited.map((state) => energyOf(state, options)))
      }
    })

    it('has energies that never rise', () => {
      for (const { what, options, energies } of traced(asynchronous)) {
        // Exactly so without external field; in one, E carries the rounding of a sum of 90 terms below 10.
        const slack = options.externalField === undefined ? 0 : 1e-12
        for (let k = 1; k < energies.length; k++) {
          expect(energies[k], what).toBeLessThanOrEqual(energies[k - 1] + slack)
        }
      }
    })

    it('has the overlaps of the cue and after every sweep of an asynchronous recall', () => {
      const whole = net.recall(cue, { trace: true })
      const rows = Array.from({ length: whole.sweeps + 1 }, (_, k) =>
        Array.from(net.overlaps(k === 0 ? cue : net.recall(cue, { maxSweeps: k }).state)),
      )
      expect(Array.from(whole.trace?.overlaps ?? [])).toEqual(rows.flat())
    })

    describe.each(traced(synchronous))('$what', ({ options, result, energies, overlaps, flips }) => {
      const visited = [
        cue,
        ...Array.from(
          { length: result.sweeps },
          (_, k) => net.recall(cue, { ...options, maxSweeps: k + 1 }).state,
        ),
      ]

      it('has the energy and the overlaps after every sweep', () => {
        expect(Array.from(energies)).toEqual(visited.map((state) => energyOf(state, options)))
        expect(Array.from(overlaps)).toEqual(visited.flatMap((state) => Array.from(net.overlaps(state))))
      })

      it('lists the flips of every sweep in ascending order', () => {
        const expected = visited
          .slice(1)
          .flatMap((state, k) =>
            Array.from({ length: neurons }, (_, i) => i).filter((i) => state[i] !== visited[k][i]),
          )
        expect(Array.from(flips)).toEqual(expected)
      })
    })

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
