import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, PackedPatterns, randomPatterns } from '../../../src/index.js'
import { rowWords } from '../../../src/kernels/contract/layout.js'
import { VARIANTS } from '../../helpers/backends.js'
import { FIXED, questions } from '../../helpers/property.js'
import { detach, refusal, untyped } from '../../helpers/refusal.js'

/** By looking at every value of every pattern. */
function bruteForce(patterns: Int8Array, neurons: number, state: Int8Array): [number, number] {
  let best: [number, number] = [-1, -neurons - 1]
  for (let mu = 0; mu * neurons < patterns.length; mu++) {
    let v = 0
    for (let i = 0; i < neurons; i++) v += patterns[mu * neurons + i] * state[i]
    if (v > best[1]) best = [mu, v]
  }
  return best
}

const neurons = 75
const patterns = randomPatterns({ count: 40, neurons, seed: 1 })
const states = randomPatterns({ count: 20, neurons, seed: 2 })
const rows = Array.from({ length: 20 }, (_, b) => states.subarray(b * neurons, (b + 1) * neurons))

for (const { backend, weights } of VARIANTS) {
  describe(`nearest, ${backend}, ${weights}`, () => {
    const net = new HopfieldNetwork({ neurons, backend, weights }).store(patterns)

    it('is what looking at every pattern gives', () => {
      const property = fc.property(questions(), ({ neurons: n, count, patterns: stored, cue }) => {
        fc.pre(count > 0)
        const { indices, overlaps } = new HopfieldNetwork({ neurons: n, backend, weights })
          .store(stored)
          .nearest(cue)
        expect([indices[0], overlaps[0]]).toEqual(bruteForce(stored, n, cue))
      })
      fc.assert(property, FIXED)
    })

    it('is the largest of the overlaps', () => {
      const { indices, overlaps } = net.nearest(states)
      for (const [b, state] of rows.entries()) {
        const all = Array.from(net.overlaps(state))
        expect(indices[b]).toBe(all.indexOf(Math.max(...all)))
        expect(overlaps[b] / neurons).toBe(all[indices[b]])
      }
    })

    it('is the pattern a noisy cue came from', () => {
      for (const mu of [0, 17, 39]) {
        const cue = addNoise(net.pattern(mu), { count: 12, seed: mu })
        expect(net.nearest(cue)).toEqual({ indices: Uint32Array.of(mu), overlaps: Int32Array.of(75 - 24) })
      }
    })

    const inputs: [string, never][] = [
      ['numbers', untyped(Array.from(states))],
      ['an array of Int8Arrays', untyped(rows)],
      ['PackedPatterns', untyped(PackedPatterns.from(states, { neurons }))],
    ]
    for (const [what, input] of inputs) {
      it(`takes ${what}`, () => expect(net.nearest(input)).toEqual(net.nearest(states)))
    }

    it('follows what is stored, forgotten and cleared', () => {
      const own = new HopfieldNetwork({ neurons, backend, weights }).store(patterns.subarray(0, neurons))
      const last = net.pattern(39)
      expect(own.nearest(last).indices[0]).toBe(0)
      own.store(last)
      expect(own.nearest(last)).toEqual({ indices: Uint32Array.of(1), overlaps: Int32Array.of(75) })
      own.forget(0)
      expect(own.nearest(last)).toEqual({ indices: Uint32Array.of(0), overlaps: Int32Array.of(75) })
      own.clear().store(patterns)
      expect(own.nearest(last).indices[0]).toBe(39)
      own.share()
      expect(own.nearest(last).indices[0]).toBe(39)
      const opened = HopfieldNetwork.fromShared(own.share(), { backend }).store(last).forget(39)
      expect(opened.nearest(last)).toEqual({ indices: Uint32Array.of(39), overlaps: Int32Array.of(75) })
    })

    it('of no states is nothing', () => {
      expect(net.nearest([])).toEqual({ indices: new Uint32Array(0), overlaps: new Int32Array(0) })
    })

    it('of no patterns is an error', () => {
      expect(refusal(() => new HopfieldNetwork({ neurons, backend, weights }).nearest(states))).toMatchObject(
        {
          code: 'ERR_HOPFIELD_RANGE',
          message: 'nearest: there are no patterns; store or pack at least one first',
        },
      )
    })

    it('names the first value that is not ±1', () => {
      const bad = states.slice()
      bad[777] = 0
      expect(refusal(() => net.nearest(bad))).toMatchObject({
        code: 'ERR_HOPFIELD_VALUE',
        message: 'nearest: states[777]: expected +1 or -1, got 0; bipolar() converts 0/1 and true/false',
      })
      expect(refusal(() => net.nearest(bad.subarray(1))).code).toBe('ERR_HOPFIELD_SHAPE')
    })
  })
}

describe('PackedPatterns.nearest', () => {
  const packed = PackedPatterns.from(patterns, { neurons })

  it('is what a network with the same patterns finds', () => {
    expect(packed.nearest(states)).toEqual(new HopfieldNetwork({ neurons }).store(patterns).nearest(states))
    expect(packed.nearest(PackedPatterns.from(states, { neurons }))).toEqual(packed.nearest(states))
    expect(packed.nearest(rows)).toEqual(packed.nearest(states))
  })

  it('is the same over several portions of patterns, ties included', () => {
    // A portion is 2^14 words: 1024 blocks of 8 patterns of one 64-bit word.
    const count = 8192 * 3 + 11
    const many = randomPatterns({ count, neurons: 20, seed: 4 })
    const cues = randomPatterns({ count: 50, neurons: 20, seed: 5 })
    expect(PackedPatterns.from(many, { neurons: 20 }).nearest(cues)).toEqual(
      new HopfieldNetwork({ neurons: 20 }).store(many).nearest(cues),
    )
  })

  it('sees words as they are at the call, and nothing beyond their neurons', () => {
    const own = PackedPatterns.from(patterns, { neurons })
    own.nearest(states)
    own.words.set(packed.words.subarray(rowWords(neurons), 2 * rowWords(neurons)))
    own.words[2] |= 0xfffff800
    own.words[3] = 7
    expect(own.nearest(own.pattern(0))).toEqual({
      indices: Uint32Array.of(0),
      overlaps: Int32Array.of(75),
    })
  })

  it('refuses to find the nearest of none, and what are no states', () => {
    expect(refusal(() => PackedPatterns.from([], { neurons }).nearest(states)).code).toBe(
      'ERR_HOPFIELD_RANGE',
    )
    const zero = states.slice()
    zero[3] = 0
    expect(refusal(() => packed.nearest(zero))).toMatchObject({
      code: 'ERR_HOPFIELD_VALUE',
      message: 'nearest: states[3]: expected +1 or -1, got 0; bipolar() converts 0/1 and true/false',
    })
    const other = PackedPatterns.from([1, 1], { neurons: 2 })
    expect(refusal(() => packed.nearest(other))).toMatchObject({
      code: 'ERR_HOPFIELD_SHAPE',
      message: 'nearest: states: expected 75 neurons, got PackedPatterns of 2',
    })
    expect(refusal(() => packed.nearest(untyped(7))).code).toBe('ERR_HOPFIELD_TYPE')
  })

  it('refuses memory that is gone', () => {
    const own = PackedPatterns.from(patterns, { neurons })
    detach(own.words)
    expect(refusal(() => own.nearest(states)).code).toBe('ERR_HOPFIELD_SHAPE')
  })
})
