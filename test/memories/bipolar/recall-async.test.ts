import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type HopfieldErrorCode,
  HopfieldNetwork,
  PackedPatterns,
  type Progress,
  type RecallAsyncOptions,
  type RecallOptions,
  randomPatterns,
} from '../../../src/index.js'
import { VARIANTS } from '../../helpers/backends.js'
import { FIXED } from '../../helpers/property.js'
import { detach, refusal, rejection, untyped } from '../../helpers/refusal.js'

for (const { backend, weights } of VARIANTS) {
  const neurons = 75
  const count = 70
  const net = new HopfieldNetwork({ neurons, backend, weights }).store(
    randomPatterns({ count: 12, neurons, seed: 1 }),
  )
  const cues = randomPatterns({ count, neurons, seed: 2 })
  const rows = Array.from({ length: count }, (_, b) => cues.subarray(b * neurons, (b + 1) * neurons))
  const packed = PackedPatterns.from(cues, { neurons })
  const clamp = Array.from({ length: neurons }, (_, i) => (i % 5 === 0 ? 1 : 0))
  const externalField = Float64Array.from({ length: neurons }, (_, i) => Math.cos(i) / 20)
  const streams = Array.from({ length: count }, (_, b) => (b * 7919) % 1000)

  const inputs: [string, never][] = [
    ['an Int8Array', untyped(cues)],
    ['numbers', untyped(Array.from(cues))],
    ['a Float32Array', untyped(Float32Array.from(cues))],
    ['an array of Int8Arrays', untyped(rows)],
    ['an array of arrays', untyped(rows.map((row) => Array.from(row)))],
    ['PackedPatterns', untyped(packed)],
  ]

  const anyOptions: fc.Arbitrary<RecallOptions> = fc.record(
    {
      dynamics: fc.constantFrom('asynchronous', 'synchronous', 'synchronous'),
      order: fc.constantFrom<RecallOptions['order'][]>('random', 'cyclic', 'random-site', [3, 1, 4, 1, 5]),
      seed: fc.nat(),
      tie: fc.constantFrom('positive', 'negative', 'keep'),
      maxSweeps: fc.integer({ min: 1, max: 20 }),
      externalField: fc.constant(externalField),
      clamp: fc.constant(clamp),
    },
    { requiredKeys: [] },
  ) as fc.Arbitrary<RecallOptions>

  describe(`recallAsync, ${backend}, ${weights}`, () => {
    it('is recallBatch, whatever the threads, the chunk, the input and the options', async () => {
      const property = fc.asyncProperty(
        anyOptions,
        fc.integer({ min: 1, max: 5 }),
        fc.oneof(fc.constant(undefined), fc.integer({ min: 1, max: 80 })),
        fc.constantFrom(...inputs),
        fc.constantFrom({}, { stream: 12345 }, { streams }),
        fc.boolean(),
        async (options, threads, chunk, [, input], address, asPacked) => {
          const all = { ...options, ...address, packed: asPacked }
          const parts = chunk === undefined ? { threads } : { threads, chunk }
          const result = await net.recallAsync(input, { ...all, ...parts })
          expect(result).toEqual(net.recallBatch(input, all))
        },
      )
      await fc.assert(property, { ...FIXED, numRuns: 20 })
    })

    it('has two-cycles among its synchronous cases, or the test above would miss them', async () => {
      const { alternates } = await net.recallAsync(cues, { dynamics: 'synchronous', chunk: 16 })
      expect(alternates).toEqual(net.recallBatch(cues, { dynamics: 'synchronous' }).alternates)
      expect(alternates).toBeInstanceOf(Int8Array)
    })

    for (const [what, input] of inputs) {
      it(`takes ${what}`, async () => {
        expect(await net.recallAsync(input, { chunk: 9 })).toEqual(net.recallBatch(cues))
      })
    }

    it('of nothing is nothing', async () => {
      expect(await net.recallAsync(new Int8Array(0))).toEqual(net.recallBatch(new Int8Array(0)))
      expect((await net.recallAsync([], { packed: true })).states.count).toBe(0)
    })

    it('of a memory of nothing is what recallBatch gives', async () => {
      const empty = new HopfieldNetwork({ neurons, backend, weights })
      expect(await empty.recallAsync(cues)).toEqual(empty.recallBatch(cues))
    })

    it('tells after each chunk how far it is', async () => {
      const told: Progress[] = []
      await net.recallAsync(cues, { chunk: 16, threads: 3, onProgress: (progress) => told.push(progress) })
      expect(told.length).toBeGreaterThanOrEqual(5)
      expect(told.at(-1)).toEqual({ done: count, total: count })
      for (const [k, { done, total }] of told.entries()) {
        expect(total).toBe(count)
        // On a busy machine it is also told that a chunk is not done yet.
        expect(done).toBeGreaterThanOrEqual(k === 0 ? 0 : told[k - 1].done)
      }
    })

    it('rejects with what onProgress throws', async () => {
      const boom = new Error('boom')
      let calls = 0
      const onProgress = (): void => {
        calls++
        throw boom
      }
      expect(await rejection(net.recallAsync(cues, { chunk: 1, onProgress }))).toBe(boom)
      expect(calls).toBe(1)
    })

    it('rejects at once with the reason of a signal that was aborted before', async () => {
      const signal = AbortSignal.abort('enough')
      let calls = 0
      const onProgress = (): void => {
        calls++
      }
      expect(await rejection(net.recallAsync(cues, { signal, onProgress }))).toBe('enough')
      expect(calls).toBe(0)
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    })

    it('stops within the chunks in flight when it is aborted', async () => {
      const controller = new AbortController()
      let calls = 0
      const onProgress = (): void => {
        if (++calls === 3) controller.abort()
      }
      const { signal } = controller
      const error = await rejection(net.recallAsync(cues, { chunk: 1, threads: 2, signal, onProgress }))
      expect(error).toBe(signal.reason)
      expect(calls).toBe(3)
    })

    it('listens to its signal while it runs and no longer', async () => {
      const { signal } = new AbortController()
      const running = net.recallAsync(cues, { signal, chunk: 8 })
      await new Promise(setImmediate)
      await running
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      const failing = rejection(net.recallAsync(withZero(500), { signal, chunk: 1 }))
      await failing
      expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    })

    it('takes the address of each cue from streams, as recall does from stream', async () => {
      const whole = await net.recallAsync(cues, { streams })
      const single = rows.map((row, b) => net.recall(row, { stream: streams[b] }))
      expect(whole.states).toEqual(Int8Array.from(single.flatMap(({ state }) => Array.from(state))))
      expect(Array.from(whole.flips)).toEqual(single.map(({ flips }) => flips))
      const { traces } = net.recallBatch(cues, { streams, trace: true })
      expect(traces?.[7]).toEqual(net.recall(rows[7], { stream: streams[7], trace: true }).trace)
    })

    const withZero = (at: number): Int8Array => {
      const bad = cues.slice()
      bad[at] = 0
      return bad
    }

    const refused: [string, never, Record<string, unknown>][] = [
      ['a zero in an Int8Array', untyped(withZero(40 * neurons + 3)), {}],
      ['the first of two bad values', untyped(withZero(5000).fill(2, 5001)), {}],
      ['a bad value among numbers', untyped(Array.from(withZero(3333))), {}],
      ['257 in a wider array', untyped(Int16Array.from(cues, (s, k) => (k === 4000 ? 257 : s))), {}],
      [
        'a bad value in an array of arrays',
        untyped(rows.map((row, b) => (b === 60 ? [...row].fill(0, 5) : row))),
        {},
      ],
      ['a state of another length', untyped(rows.map((row, b) => (b === 60 ? row.subarray(1) : row))), {}],
      ['something among states that is none', untyped(rows.map((row, b) => (b === 60 ? 'x' : row))), {}],
      ['a length that is no multiple', untyped(cues.subarray(1)), {}],
      ['no states at all', untyped(null), {}],
      ['packed cues of another size', untyped(PackedPatterns.from([1, -1], { neurons: 2 })), {}],
      ['an unknown option', untyped(cues), { thread: 2 }],
      ['a bad option', untyped(cues), { maxSweeps: 0 }],
      ['packed that is no boolean', untyped(cues), { packed: 1 }],
      ['too few streams', untyped(cues), { streams: [1, 2] }],
      ['a negative stream', untyped(cues), { streams: streams.map((s, b) => (b === 66 ? -1 : s)) }],
      ['a stream beyond 2^52', untyped(cues), { streams: streams.map((s, b) => (b === 66 ? 2 ** 53 : s)) }],
      ['a number for streams', untyped(cues), { streams: 5 }],
      ['stream and streams', untyped(cues), { stream: 1, streams }],
    ]
    for (const [what, input, options] of refused) {
      it(`refuses ${what} as recallBatch does`, async () => {
        const expected = refusal(() => net.recallBatch(input, options))
        const error = await rejection(net.recallAsync(input, { ...options, chunk: 8 }))
        expect(error).toMatchObject({ code: expected.code, name: 'HopfieldError' })
        if (what !== 'an unknown option')
          expect((error as Error).message).toBe(expected.message.replace('recallBatch', 'recallAsync'))
      })
    }

    const own: [string, Record<string, unknown>, HopfieldErrorCode, string][] = [
      ['a trace', { trace: true }, 'ERR_HOPFIELD_OPTION', 'recallBatch'],
      ['no threads', { threads: 0 }, 'ERR_HOPFIELD_RANGE', 'threads'],
      ['too many threads', { threads: 1025 }, 'ERR_HOPFIELD_RANGE', 'threads'],
      ['half a chunk', { chunk: 0.5 }, 'ERR_HOPFIELD_RANGE', 'chunk'],
      ['a string for a chunk', { chunk: '8' }, 'ERR_HOPFIELD_TYPE', 'chunk'],
      ['a signal that is none', { signal: {} }, 'ERR_HOPFIELD_TYPE', 'signal'],
      ['a signal of null', { signal: null }, 'ERR_HOPFIELD_TYPE', 'signal'],
      ['an onProgress that is no function', { onProgress: 1 }, 'ERR_HOPFIELD_TYPE', 'onProgress'],
    ]
    it('refuses options that are none', async () => {
      expect(await rejection(net.recallAsync(cues, untyped([])))).toMatchObject({ code: 'ERR_HOPFIELD_TYPE' })
      expect(await rejection(net.recallAsync(cues, untyped(null)))).toMatchObject({
        code: 'ERR_HOPFIELD_TYPE',
      })
    })

    for (const [what, options, code, word] of own) {
      it(`refuses ${what}`, async () => {
        const error = await rejection(net.recallAsync(cues, untyped(options)))
        expect(error).toMatchObject({ name: 'HopfieldError', code })
        expect((error as Error).message).toContain(word)
      })
    }

    it('rejects when the cues are transferred meanwhile', async () => {
      const given = cues.slice()
      const words = packed.words.slice()
      const lent = new PackedPatterns({ neurons, words })
      const errors = [given, lent].map((input) => rejection(net.recallAsync(input, { chunk: 1, threads: 1 })))
      detach(given)
      detach(words)
      for (const error of await Promise.all(errors)) {
        expect(error).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE' })
        expect((error as Error).message).toContain('transferred')
      }
    })

    it('does not mind what becomes of its options meanwhile', async () => {
      const field = externalField.slice()
      const order = Uint32Array.from({ length: neurons }, (_, i) => neurons - 1 - i)
      const options: RecallAsyncOptions = {
        externalField: field,
        order,
        clamp: [...clamp],
        chunk: 4,
        threads: 2,
      }
      const expected = net.recallBatch(cues, { externalField, order: order.slice(), clamp })
      const running = net.recallAsync(cues, options)
      field.fill(1e300)
      order.fill(0xffffffff)
      detach(field)
      ;(options.clamp as number[]).fill(1)
      expect(await running).toEqual(expected)
    })

    it('never reads what is not there while its cues shrink, grow and change', async () => {
      const given: number[] = Array.from(cues)
      const running = rejection(net.recallAsync(given, { chunk: 1, threads: 1 }))
      given.length = 10
      expect(await running).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE' })
    })

    it('rejects with what a getter of the cues throws', async () => {
      const boom = new Error('boom')
      const hostile = new Proxy(Array.from(cues), {
        get(target, key) {
          if (key === '4000') throw boom
          return Reflect.get(target, key)
        },
      })
      expect(await rejection(net.recallAsync(hostile, { chunk: 8 }))).toBe(boom)
    })

    it('runs many at once, each on its own', async () => {
      const all = await Promise.all(
        Array.from({ length: 12 }, (_, seed) => net.recallAsync(cues, { seed, chunk: 16, threads: 2 })),
      )
      for (const [seed, result] of all.entries()) expect(result).toEqual(net.recallBatch(cues, { seed }))
    })
  })

  describe(`changes while recalls are in flight, ${backend}, ${weights}`, () => {
    const more = randomPatterns({ count: 9, neurons, seed: 3 })
    const fresh = (): HopfieldNetwork =>
      new HopfieldNetwork({ neurons, backend, weights }).store(
        randomPatterns({ count: 12, neurons, seed: 1 }),
      )
    const changes: [string, (changed: HopfieldNetwork) => unknown][] = [
      ['store', (changed) => changed.store(more)],
      ['forget', (changed) => changed.forget(0)],
      ['forget of the last', (changed) => changed.forget(11)],
      ['clear', (changed) => changed.clear()],
      ['clear and store', (changed) => changed.clear().store(more)],
      ['forget and store', (changed) => changed.forget(3).store(more).forget(5).store(more)],
      ['a store that fails', (changed) => refusal(() => changed.store([...more.subarray(1), 0]))],
    ]
    for (const dynamics of ['asynchronous', 'synchronous'] as const) {
      for (const [what, change] of changes) {
        it(`${what} is not seen by recalls that were called before, and is by later ones, ${dynamics}`, async () => {
          const before = fresh().recallBatch(cues, { dynamics })
          const expected = fresh()
          change(expected)
          const changed = fresh()
          const options = { dynamics, chunk: 4, threads: 2 }
          let calls = 0
          const early = changed.recallAsync(cues, options)
          const middle = changed.recallAsync(cues, {
            ...options,
            onProgress: () => {
              if (++calls === 3) change(changed)
            },
          })
          expect(await early).toEqual(before)
          expect(await middle).toEqual(before)
          expect(await changed.recallAsync(cues, options)).toEqual(expected.recallBatch(cues, { dynamics }))
          expect(changed.recallBatch(cues, { dynamics })).toEqual(expected.recallBatch(cues, { dynamics }))
          expect(changed.weights()).toEqual(expected.weights())
        })
      }
    }

    it('a change in the very turn of the call is not seen', async () => {
      const changed = fresh()
      const running = changed.recallAsync(cues)
      changed.clear().store(more)
      expect(await running).toEqual(fresh().recallBatch(cues))
    })

    it('columns made in small steps are those made at once', async () => {
      const large = new HopfieldNetwork({ neurons: 3000, backend, weights: 'implicit' }).store(
        randomPatterns({ count: 900, neurons: 3000, seed: 5 }),
      )
      const cue = randomPatterns({ count: 3, neurons: 3000, seed: 6 })
      const options = { maxSweeps: 1, threads: 1 }
      const [a, b] = await Promise.all([large.recallAsync(cue, options), large.recallAsync(cue, options)])
      expect(a).toEqual(large.recallBatch(cue, { maxSweeps: 1 }))
      expect(b).toEqual(a)
    })
  })
}
