import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, PackedPatterns, type RecallOptions, randomPatterns } from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'

for (const { backend, weights } of VARIANTS) {
  const neurons = 75
  const count = 30
  const net = new HopfieldNetwork({ neurons, backend, weights }).store(
    randomPatterns({ count: 12, neurons, seed: 1 }),
  )
  const cues = randomPatterns({ count, neurons, seed: 2 })
  const cue = (b: number): Int8Array => cues.subarray(b * neurons, (b + 1) * neurons)
  const packed = PackedPatterns.from(cues, { neurons })
  const clamp = Array.from({ length: neurons }, (_, i) => (i % 5 === 0 ? 1 : 0))
  const externalField = Float64Array.from({ length: neurons }, (_, i) => Math.cos(i) / 20)

  const cases: [string, RecallOptions][] = [
    ['by default', {}],
    ['from another stream', { seed: 3, stream: 1000 }],
    ['in cyclic order', { order: 'cyclic' }],
    ['at random sites', { order: 'random-site' }],
    ['with clamp and external field', { clamp, externalField }],
    ['all at once', { dynamics: 'synchronous' }],
    ['all at once with clamp and external field', { dynamics: 'synchronous', clamp, externalField }],
    ['cut short', { maxSweeps: 2 }],
  ]

  describe(`recallBatch, ${backend}, ${weights}`, () => {
    for (const [what, options] of cases) {
      const whole = net.recallBatch(cues, options)
      const single = Array.from({ length: count }, (_, b) =>
        net.recall(cue(b), { ...options, stream: (options.stream ?? 0) + b }),
      )

      it(`is recall of every cue with stream + b, ${what}`, () => {
        expect(whole.states).toEqual(Int8Array.from(single.flatMap(({ state }) => Array.from(state))))
        expect(Array.from(whole.converged)).toEqual(single.map(({ converged }) => (converged ? 1 : 0)))
        expect(Array.from(whole.sweeps)).toEqual(single.map(({ sweeps }) => sweeps))
        expect(Array.from(whole.flips)).toEqual(single.map(({ flips }) => flips))
        expect(Array.from(whole.energies)).toEqual(single.map(({ energy }) => energy))
        expect(Array.from(whole.cycles)).toEqual(single.map(({ cycle }) => cycle))
      })

      it(`has an alternate for every cue if any ends in a two-cycle, ${what}`, () => {
        const others = single.flatMap(({ state, alternate }) => Array.from(alternate ?? state))
        const expected = single.some(({ cycle }) => cycle === 2) ? Int8Array.from(others) : undefined
        expect(whole.alternates).toEqual(expected)
      })

      it(`gives the same packed, ${what}`, () => {
        const { states, alternates, ...rest } = net.recallBatch(cues, { ...options, packed: true })
        expect(states).toBeInstanceOf(PackedPatterns)
        expect({
          ...rest,
          states: states.unpack(),
          ...(alternates === undefined ? {} : { alternates: alternates.unpack() }),
        }).toEqual(whole)
      })

      it(`takes packed cues for the same, ${what}`, () => {
        expect(net.recallBatch(packed, options)).toEqual(whole)
      })

      it(`takes packed cues and gives packed states for the same, ${what}`, () => {
        const { states } = net.recallBatch(packed, { ...options, packed: true })
        expect(states.unpack()).toEqual(whole.states)
      })

      it(`gives the same with traces, ${what}`, () => {
        const { traces, ...rest } = net.recallBatch(cues, { ...options, trace: true })
        expect(rest).toEqual(whole)
        expect(traces).toHaveLength(count)
      })

      it(`gives every cue the trace of its own recall, ${what}`, () => {
        const { traces } = net.recallBatch(cues, { ...options, trace: true })
        const own = Array.from({ length: count }, (_, b) => {
          const stream = (options.stream ?? 0) + b
          return net.recall(cue(b), { ...options, stream, trace: true }).trace
        })
        expect(traces).toEqual(own)
      })

      it(`gives the same however the batch is cut, ${what}`, () => {
        const cut = [
          [0, 1],
          [1, 9],
          [9, 30],
        ].flatMap(([from, to]) => {
          const stream = (options.stream ?? 0) + from
          const part = net.recallBatch(cues.subarray(from * neurons, to * neurons), { ...options, stream })
          return Array.from(part.states)
        })
        expect(Int8Array.from(cut)).toEqual(whole.states)
      })
    }

    it('has two-cycles among its synchronous cases, or these tests would miss them', () => {
      expect(net.recallBatch(cues, { dynamics: 'synchronous' }).cycles).toContain(2)
    })

    it('takes an array of states', () => {
      const rows = Array.from({ length: count }, (_, b) => Array.from(cue(b)))
      expect(net.recallBatch(rows)).toEqual(net.recallBatch(cues))
    })

    it('takes one state for a batch of one', () => {
      expect(net.recallBatch(cue(0)).states).toEqual(net.recall(cue(0)).state)
    })

    it('takes packed cues one at a time in recall', () => {
      const one = PackedPatterns.from(cue(0), { neurons })
      expect(net.recall(one)).toEqual(net.recall(cue(0)))
    })

    it('takes a packed cue with a trace', () => {
      const one = PackedPatterns.from(cue(0), { neurons })
      expect(net.recall(one, { trace: true })).toEqual(net.recall(cue(0), { trace: true }))
    })

    it('of nothing is nothing', () => {
      expect(net.recallBatch(new Int8Array(0))).toEqual({
        states: new Int8Array(0),
        converged: new Uint8Array(0),
        sweeps: new Uint32Array(0),
        flips: new Uint32Array(0),
        energies: new Float64Array(0),
        cycles: new Uint32Array(0),
      })
    })

    it('of nothing, packed, is nothing', () => {
      expect(net.recallBatch([], { packed: true }).states.count).toBe(0)
    })

    it('leaves packed cues as they are', () => {
      const before = packed.words.slice()
      net.recallBatch(packed)
      net.recallBatch(packed, { packed: true, dynamics: 'synchronous' })
      expect(packed.words).toEqual(before)
    })

    it('gives states that are not the cues', () => {
      const still = PackedPatterns.from(net.pattern(0), { neurons })
      net.recallBatch(still, { packed: true }).states.words.fill(0)
      expect(still.unpack()).toEqual(net.pattern(0))
    })

    it('reads bits of the padding that a caller has written as if they were not there', () => {
      const dirty = PackedPatterns.from(cues, { neurons })
      // 75 neurons end in bit 11 of word 2; the row has four words.
      for (let b = 0; b < count; b++) dirty.words[b * 4 + 3] = 0xffffffff
      for (let b = 0; b < count; b++) dirty.words[b * 4 + 2] |= 0xfffff800
      expect(net.recallBatch(dirty)).toEqual(net.recallBatch(cues))
    })

    it('gives packed states with clean padding', () => {
      const { words } = net.recallBatch(cues, { packed: true }).states
      const padding = Array.from(words, (word, k) => (k % 4 > 2 ? word : k % 4 === 2 ? word >>> 11 : 0))
      expect(new Set(padding)).toEqual(new Set([0]))
    })
  })
}
