import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, type RecallOptions, randomPatterns, type Tie } from '../../src/index.js'
import { VARIANTS } from '../helpers/backends.js'
import { FIXED, questions } from '../helpers/property.js'

// What the mathematics says of ±1 networks with integer weights, whatever the patterns.

const TIES: readonly Tie[] = ['positive', 'negative', 'keep']
const ORDERS = ['random', 'cyclic', 'random-site'] as const
const small = questions(9, fc.integer({ min: 1, max: 40 }))
// Fields after every flip cost N² of each flip here, so blocks of 512 bits are left to the cheaper properties.
const medium = questions(9, fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(63, 64, 65)))

/** Σ_j J_ij s_j straight from the patterns. */
function integerField(patterns: Int8Array, count: number, s: Int8Array, i: number): number {
  const n = s.length
  let field = 0
  for (let mu = 0; mu < count; mu++)
    for (let j = 0; j < n; j++) if (j !== i) field += patterns[mu * n + i] * patterns[mu * n + j] * s[j]
  return field
}

for (const { backend, weights } of VARIANTS) {
  const build = (neurons: number, patterns: Int8Array): HopfieldNetwork =>
    new HopfieldNetwork({ neurons, backend, weights, normalize: 'none' }).store(patterns)

  describe(`facts of the field, ${backend}, ${weights}`, () => {
    it('the field is the sum over the couplings, exactly', () => {
      const property = fc.property(small, ({ neurons, count, patterns, cue }) => {
        const expected = Float64Array.from(cue, (_, i) => integerField(patterns, count, cue, i))
        expect(build(neurons, patterns).localField(cue)).toEqual(expected)
      })
      fc.assert(property, FIXED)
    })

    it('the field is also Σ_μ ξ_i v^μ − p s_i, exactly', () => {
      const property = fc.property(questions(), ({ neurons, count, patterns, cue }) => {
        fc.pre(count > 0)
        const net = build(neurons, patterns)
        const v = net.overlaps(cue).map((m) => Math.round(m * neurons))
        const votes = Float64Array.from(cue, (s, i) =>
          v.reduce((sum, vote, mu) => sum + patterns[mu * neurons + i] * vote, -count * s),
        )
        expect(net.localField(cue)).toEqual(votes)
      })
      fc.assert(property, FIXED)
    })

    it('the energy is −½(Σ_μ v² − pN), exactly', () => {
      const property = fc.property(questions(), ({ neurons, count, patterns, cue }) => {
        const net = build(neurons, patterns)
        const v = net.overlaps(cue).map((m) => Math.round(m * neurons))
        const quadratic = v.reduce((sum, vote) => sum + vote * vote, -count * neurons)
        expect(net.energy(cue)).toBe((0 - quadratic) / 2)
      })
      fc.assert(property, FIXED)
    })

    it('the energy is −½ Σ s_i h_i', () => {
      const property = fc.property(questions(), ({ neurons, patterns, cue }) => {
        const net = build(neurons, patterns)
        expect(net.energy(cue)).toBe((0 - net.localField(cue).reduce((sum, h, i) => sum + cue[i] * h, 0)) / 2)
      })
      fc.assert(property, FIXED)
    })

    it('N·h_i has the parity of p(N−1)', () => {
      const property = fc.property(questions(), ({ neurons, count, patterns, cue }) => {
        const parities = build(neurons, patterns)
          .localField(cue)
          .map((h) => Math.abs(h) % 2)
        expect(parities).toEqual(new Float64Array(neurons).fill((count * (neurons - 1)) % 2))
      })
      fc.assert(property, FIXED)
    })

    it('there are no ties where p(N−1) is odd, so tie rules agree', () => {
      for (const count of [5, 7]) {
        const net = build(100, randomPatterns({ count, neurons: 100, seed: count }))
        const cues = randomPatterns({ count: 20, neurons: 100, seed: 99 })
        const [positive, negative, keep] = TIES.map((tie) => net.recallBatch(cues, { tie }))
        expect(negative).toEqual(positive)
        expect(keep).toEqual(positive)
      }
    })

    it('tie rules differ where there are ties', () => {
      // Two neurons that disagree in one pattern and agree in the other have no coupling at all: always a tie.
      const net = build(2, Int8Array.of(1, 1, 1, -1))
      const ends = TIES.map((tie) => Array.from(net.recall([-1, 1], { tie }).state))
      expect(ends).toEqual([
        [1, 1],
        [-1, -1],
        [-1, 1],
      ])
    })

    it('a state and its negative have opposite fields and the same energy', () => {
      const property = fc.property(questions(), ({ neurons, count, patterns, cue }) => {
        fc.pre(count > 0)
        const net = build(neurons, patterns)
        const mirror = cue.map((s) => -s)
        // 0 − h, because −h would make a negative zero of a tie.
        expect(net.localField(mirror)).toEqual(net.localField(cue).map((h) => 0 - h))
        expect(net.energy(mirror)).toBe(net.energy(cue))
      })
      fc.assert(property, FIXED)
    })
  })

  describe(`facts of the dynamics, ${backend}, ${weights}`, () => {
    for (const tie of TIES) {
      for (const order of ORDERS) {
        it(`asynchronous updates end in a fixed point, order ${order}, tie ${tie}`, () => {
          const property = fc.property(questions(), ({ neurons, patterns, cue }) => {
            const net = build(neurons, patterns)
            const { state, converged } = net.recall(cue, { tie, order, seed: 5, maxSweeps: 100_000 })
            expect(converged).toBe(true)
            expect(net.isFixedPoint(state, { tie })).toBe(true)
          })
          fc.assert(property, FIXED)
        })
      }

      it(`synchronous updates end in a fixed point or a two-cycle, tie ${tie}`, () => {
        const options: RecallOptions = { dynamics: 'synchronous', tie, maxSweeps: 100_000 }
        const property = fc.property(questions(), ({ neurons, patterns, cue }) => {
          const net = build(neurons, patterns)
          const { state, cycle, alternate } = net.recall(cue, options)
          const once = net.recall(state, { ...options, maxSweeps: 1 }).state
          expect(cycle).toBeGreaterThan(0)
          expect(once).toEqual(alternate ?? state)
          expect(net.recall(once, { ...options, maxSweeps: 1 }).state).toEqual(state)
          expect(net.isFixedPoint(state, { tie })).toBe(cycle === 1)
        })
        fc.assert(property, FIXED)
      })

      it(`every flip lowers the energy by exactly 2|h_i|, tie ${tie}`, () => {
        const property = fc.property(medium, ({ neurons, patterns, cue }) => {
          const net = build(neurons, patterns)
          const { trace } = net.recall(cue, { tie, trace: true })
          const state = cue.slice()
          const drops = Array.from(trace?.flips ?? [], (i) => {
            const h = net.localField(state)[i]
            state[i] = -state[i]
            return 2 * Math.abs(h)
          })
          const energies = trace?.energies ?? new Float64Array()
          expect(Array.from(energies.subarray(1), (e, k) => energies[k] - e)).toEqual(drops)
        })
        fc.assert(property, FIXED)
      })
    }

    it('a stored pattern alone is recalled from less than half of its neurons wrong', () => {
      // With p = 1 the field is ξ_i v − s_i: any positive overlap of two or more pulls every neuron to ξ.
      const xi = randomPatterns({ count: 1, neurons: 65, seed: 3 })
      const cue = xi.map((value, i) => (i < 31 ? -value : value))
      expect(build(65, xi).recall(cue).state).toEqual(xi)
    })

    it('a stored pattern alone is recalled as its negative from more than half wrong', () => {
      const xi = randomPatterns({ count: 1, neurons: 65, seed: 3 })
      const cue = xi.map((value, i) => (i < 34 ? -value : value))
      expect(build(65, xi).recall(cue).state).toEqual(xi.map((value) => -value))
    })

    it('an empty memory leaves every state as it is when ties keep', () => {
      const net = new HopfieldNetwork({ neurons: 9, backend, weights })
      const cue = Int8Array.of(1, -1, 1, -1, -1, 1, 1, -1, -1)
      expect(net.recall(cue, { tie: 'keep' })).toMatchObject({ state: cue, sweeps: 1, flips: 0, energy: 0 })
    })

    it('an empty memory turns every neuron to +1 by the default tie rule', () => {
      const net = new HopfieldNetwork({ neurons: 9, backend, weights })
      expect(net.recall(new Int8Array(9).fill(-1)).state).toEqual(new Int8Array(9).fill(1))
    })

    it('an empty memory has a field of plain zeros, none of them negative', () => {
      const net = new HopfieldNetwork({ neurons: 4, backend, weights })
      expect(net.localField([1, -1, 1, -1])).toEqual(new Float64Array(4))
    })
  })
}
