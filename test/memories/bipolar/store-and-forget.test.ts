import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { expectSame } from '../../helpers/bytes.js'
import { FIXED, memories } from '../../helpers/property.js'
import { refusal } from '../../helpers/refusal.js'

for (const { backend, weights } of VARIANTS) {
  const empty = (neurons: number): HopfieldNetwork => new HopfieldNetwork({ neurons, backend, weights })
  const five = randomPatterns({ count: 5, neurons: 70, seed: 1 })
  const pattern = (mu: number): Int8Array => five.subarray(mu * 70, (mu + 1) * 70)
  const snapshot = (net: HopfieldNetwork): unknown => ({
    count: net.patternCount,
    weights: net.weights(),
    patterns: net.patterns().unpack(),
  })

  describe(`store, ${backend}, ${weights}`, () => {
    it('pattern by pattern gives the weights of all at once', () => {
      const property = fc.property(memories(), ({ neurons, count, patterns }) => {
        const net = empty(neurons)
        for (let mu = 0; mu < count; mu++) net.store(patterns.subarray(mu * neurons, (mu + 1) * neurons))
        expectSame(net.weights(), empty(neurons).store(patterns).weights())
      })
      fc.assert(property, FIXED)
    })

    it('pattern by pattern gives the patterns of all at once', () => {
      const property = fc.property(memories(), ({ neurons, count, patterns }) => {
        const net = empty(neurons)
        for (let mu = 0; mu < count; mu++) net.store(patterns.subarray(mu * neurons, (mu + 1) * neurons))
        expectSame(net.patterns().unpack(), patterns)
      })
      fc.assert(property, FIXED)
    })

    it('in halves of any size gives the recalls of all at once', () => {
      const cues = randomPatterns({ count: 4, neurons: 70, seed: 2 })
      const whole = empty(70).store(five).recallBatch(cues)
      for (let cut = 0; cut <= 5; cut++) {
        const net = empty(70)
          .store(five.subarray(0, cut * 70))
          .store(five.subarray(cut * 70))
        expect(net.recallBatch(cues)).toEqual(whole)
      }
    })

    it('after a recall is heard by the next recall', () => {
      const net = empty(70).store(pattern(0))
      net.recall(pattern(1))
      net.store(pattern(1))
      expect(net.recall(pattern(1)).state).toEqual(pattern(1))
    })

    it('of many patterns one at a time keeps every one of them', () => {
      // More than enough for the buffer to grow several times and to pass a 64-pattern column word.
      const patterns = randomPatterns({ count: 150, neurons: 33, seed: 3 })
      const net = empty(33)
      for (let mu = 0; mu < 150; mu++) net.store(patterns.subarray(mu * 33, (mu + 1) * 33))
      expectSame(net.patterns().unpack(), patterns)
      expectSame(net.weights(), empty(33).store(patterns).weights())
    })

    it('returns the network', () => {
      const net = empty(70)
      expect(net.store(five)).toBe(net)
    })

    it('of nothing changes nothing', () => {
      const net = empty(70).store(five)
      const before = snapshot(net)
      net.store([]).store(new Int8Array(0))
      expect(snapshot(net)).toEqual(before)
    })

    it('in whatever order gives the same weights', () => {
      const reversed = [4, 3, 2, 1, 0].map(pattern)
      expect(empty(70).store(reversed).weights()).toEqual(empty(70).store(five).weights())
    })

    it('takes the negative of a pattern for the same weights', () => {
      const negative = five.map((s) => -s)
      expect(empty(70).store(negative).weights()).toEqual(empty(70).store(five).weights())
    })

    it("takes a network's own patterns", () => {
      const net = empty(70).store(five)
      net.store(net.patterns())
      expect(net.weights()).toEqual(empty(70).store(five).store(five).weights())
    })
  })

  describe(`a store that fails, ${backend}, ${weights}`, () => {
    const failures: [string, () => unknown][] = [
      ['the last value of an array is bad', () => [...five.subarray(0, 349), 0]],
      ['the last value of bytes is bad', () => Int8Array.from(five, (s, k) => (k === 349 ? 2 : s))],
      ['the last of several states is bad', () => [pattern(0), pattern(1), pattern(2).map(() => 0)]],
      ['the last of several states is short', () => [pattern(0), pattern(1).subarray(1)]],
      ['the length is no multiple of N', () => five.subarray(0, 349)],
      ['packed patterns have another size', () => PackedPatterns.from([1, -1], { neurons: 2 })],
    ]
    for (const [what, bad] of failures) {
      it(`changes nothing when ${what}`, () => {
        const net = empty(70).store(five.subarray(0, 140))
        const before = snapshot(net)
        refusal(() => net.store(bad() as Int8Array))
        expect(snapshot(net)).toEqual(before)
      })

      it(`leaves the next store as if nothing had happened when ${what}`, () => {
        const net = empty(70).store(five.subarray(0, 140))
        refusal(() => net.store(bad() as Int8Array))
        net.store(five.subarray(140))
        expect(snapshot(net)).toEqual(snapshot(empty(70).store(five)))
      })

      it(`leaves an empty network empty when ${what}`, () => {
        const net = empty(70)
        refusal(() => net.store(bad() as Int8Array))
        expect(snapshot(net)).toEqual(snapshot(empty(70)))
      })
    }
  })

  describe(`forget, ${backend}, ${weights}`, () => {
    it('restores exactly what was there before the pattern was stored', () => {
      const property = fc.property(
        memories().chain((memory) =>
          fc.record({ memory: fc.constant(memory), at: fc.nat(Math.max(0, memory.count - 1)) }),
        ),
        ({ memory: { neurons, count, patterns }, at }) => {
          fc.pre(count > 0)
          const net = empty(neurons).store(patterns).forget(at)
          const rest = patterns.filter((_, k) => Math.floor(k / neurons) !== at)
          const without = empty(neurons).store(rest)
          expectSame(net.weights(), without.weights())
          expectSame(net.patterns().unpack(), rest)
        },
      )
      fc.assert(property, FIXED)
    })

    it('of everything leaves weights of zero', () => {
      const net = empty(70).store(five)
      for (let mu = 4; mu >= 0; mu--) net.forget(mu)
      expect(net.weights()).toEqual(new Int32Array(4900))
    })

    it('moves later patterns up by one', () => {
      const net = empty(70).store(five).forget(1)
      expect(net.pattern(1)).toEqual(pattern(2))
    })

    it('after a recall is heard by the next recall', () => {
      const net = empty(70).store(five)
      const cue = randomPatterns({ count: 1, neurons: 70, seed: 7 })
      net.recall(cue)
      net.forget(0)
      const rest = empty(70).store(five.subarray(70))
      expect(net.recall(cue)).toEqual(rest.recall(cue))
    })

    it('makes room that is filled correctly by the next store', () => {
      const net = empty(70).store(five).forget(4).forget(0).store(pattern(0))
      const expected = empty(70).store([1, 2, 3, 0].map(pattern))
      expect(snapshot(net)).toEqual(snapshot(expected))
    })

    it('returns the network', () => {
      const net = empty(70).store(five)
      expect(net.forget(0)).toBe(net)
    })

    for (const index of [5, -1, 0.5, Number.NaN, 2 ** 53]) {
      it(`refuses pattern ${index} of five and changes nothing`, () => {
        const net = empty(70).store(five)
        const before = snapshot(net)
        expect(refusal(() => net.forget(index)).code).toBe('ERR_HOPFIELD_RANGE')
        expect(snapshot(net)).toEqual(before)
      })
    }

    it('refuses any pattern of an empty network', () => {
      const error = refusal(() => empty(70).forget(0))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_RANGE', message: expect.stringContaining('index') })
    })
  })

  describe(`clear, ${backend}, ${weights}`, () => {
    it('forgets everything', () => {
      const net = empty(70).store(five).clear()
      expect(snapshot(net)).toEqual(snapshot(empty(70)))
    })

    it('after a recall is heard by the next recall', () => {
      const net = empty(70).store(five)
      net.recall(pattern(0))
      net.clear()
      expect(net.recall(pattern(0), { tie: 'negative' }).state).toEqual(new Int8Array(70).fill(-1))
    })

    it('lets the network learn anew', () => {
      const net = empty(70).store(five).clear().store(pattern(3))
      expect(snapshot(net)).toEqual(snapshot(empty(70).store(pattern(3))))
    })

    it('returns the network', () => {
      const net = empty(70)
      expect(net.clear()).toBe(net)
    })
  })

  describe(`what a network tells of itself, ${backend}, ${weights}`, () => {
    it('counts neurons and patterns', () => {
      expect(empty(70).store(five)).toMatchObject({ neurons: 70, patternCount: 5 })
    })

    it('has load P/N, as alpha', () => {
      expect(empty(70).store(five).alpha).toBe(5 / 70)
    })

    it('gives every pattern back', () => {
      const net = empty(70).store(five)
      expect([0, 1, 2, 3, 4].map((mu) => net.pattern(mu))).toEqual([0, 1, 2, 3, 4].map(pattern))
    })

    it('gives patterns as copies', () => {
      const net = empty(70).store(five)
      net.pattern(0).fill(1)
      net.patterns().words.fill(0)
      expect(net.patterns().unpack()).toEqual(five)
    })

    it('gives weights as a copy', () => {
      const net = empty(70).store(five)
      const before = net.weights()
      net.weights().fill(7)
      expect(net.weights()).toEqual(before)
    })

    it('gives integer weights as Int32Array', () => {
      expect(empty(70).store(five).weights()).toBeInstanceOf(Int32Array)
    })

    it('gives normalised weights divided by N', () => {
      const net = empty(70).store(five)
      expect(net.weights({ normalize: true })).toEqual(Float64Array.from(net.weights(), (w) => w / 70))
    })

    it('has overlap 1 with a stored pattern and −1 with its negative', () => {
      const net = empty(70).store(five)
      const overlaps = [net.overlaps(pattern(2))[2], net.overlaps(pattern(2).map((s) => -s))[2]]
      expect(overlaps).toEqual([1, -1])
    })

    it('has overlaps (1/N) Σ ξ_i s_i', () => {
      const net = empty(70).store(five)
      const s = randomPatterns({ count: 1, neurons: 70, seed: 8 })
      const expected = [0, 1, 2, 3, 4].map((mu) => pattern(mu).reduce((sum, x, i) => sum + x * s[i], 0) / 70)
      expect(Array.from(net.overlaps(s))).toEqual(expected)
    })

    for (const mu of [5, -1, 0.5, Number.NaN]) {
      it(`refuses to give pattern ${mu} of five`, () => {
        const error = refusal(() => empty(70).store(five).pattern(mu))
        expect(error).toMatchObject({
          code: 'ERR_HOPFIELD_RANGE',
          message: expect.stringContaining('pattern: index'),
        })
      })
    }
  })

  describe(`normalize, ${backend}, ${weights}`, () => {
    const textbook = empty(70).store(five)
    const integers = new HopfieldNetwork({ neurons: 70, backend, weights, normalize: 'none' }).store(five)
    const cue = randomPatterns({ count: 1, neurons: 70, seed: 9 })

    it("'none' drops the 1/N of the field", () => {
      expect(integers.localField(cue).map((h) => h / 70)).toEqual(textbook.localField(cue))
    })

    it("'none' drops the 1/N of the energy", () => {
      expect(integers.energy(cue) / 70).toBe(textbook.energy(cue))
    })

    it("'none' gives integer fields", () => {
      expect(integers.localField(cue).every(Number.isInteger)).toBe(true)
    })

    it("'none' leaves the dynamics as it is", () => {
      expect(integers.recall(cue).state).toEqual(textbook.recall(cue).state)
    })

    it("'none' reports energies without 1/N from a recall", () => {
      const { state, energy } = integers.recall(cue)
      expect(energy).toBe(integers.energy(state))
    })

    it("'none' weighs an external field against integer fields", () => {
      // All |N·h_i| stay below 70·5 = 350: b = −s·350 turns every neuron, b = −s·1 none where |N·h_i| > 1.
      const xi = pattern(4)
      const turn = (size: number): Int8Array =>
        integers.recall(xi, {
          dynamics: 'synchronous',
          maxSweeps: 1,
          externalField: xi.map((s) => -size * s),
        }).state
      expect(turn(350)).toEqual(xi.map((s) => -s))
      expect(turn(1)).toEqual(xi)
    })
  })
}

describe('implicit and dense weights', () => {
  it('agree in everything a network can be asked', () => {
    const property = fc.property(memories(9), ({ neurons, patterns }) => {
      const [implicit, dense] = (['implicit', 'dense'] as const).map((weights) =>
        new HopfieldNetwork({ neurons, weights }).store(patterns),
      )
      const cues = randomPatterns({ count: 3, neurons, seed: 4 })
      expect(dense.recallBatch(cues, { trace: true })).toEqual(implicit.recallBatch(cues, { trace: true }))
      expect(dense.localField(cues.subarray(0, neurons))).toEqual(
        implicit.localField(cues.subarray(0, neurons)),
      )
    })
    fc.assert(property, FIXED)
  })
})
