import { isDeepStrictEqual } from 'node:util'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  AssociativeMemory,
  fromShared,
  HopfieldError,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
  type SharedMemory,
} from '../../src/index.js'
import { rowWords } from '../../src/kernels/contract/layout.js'
import { RECORD } from '../../src/memories/opening.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import {
  type AnyMemory,
  EVERY_MEMORY,
  type EveryMemory,
  everythingOf,
  learn,
  learns,
  PATTERNS,
} from '../helpers/every-memory.js'
import { FIXED } from '../helpers/property.js'
import { refusal, rejection, untyped } from '../helpers/refusal.js'

const made = (kind: EveryMemory, backend: Backend): AnyMemory => {
  const memory = kind.make(backend)
  if (learns(kind)) for (let k = 0; k < PATTERNS; k++) learn(memory, kind, k)
  return memory
}
const opened = (handle: SharedMemory, backend?: Backend): AnyMemory =>
  fromShared(handle, backend && { backend }) as unknown as AnyMemory

const neurons = 75
const patterns = randomPatterns({ count: 12, neurons, seed: 1 })
const cues = randomPatterns({ count: 20, neurons, seed: 2 })
const more = randomPatterns({ count: 3, neurons, seed: 3 })

for (const backend of BACKENDS) {
  describe(`share, ${backend}`, () => {
    for (const kind of EVERY_MEMORY) {
      it(`opens ${kind.name} without a copy, on any backend, and each side goes on alone`, () => {
        const memory = made(kind, backend)
        const expected = everythingOf(made(kind, backend), kind)
        const handle = structuredClone(memory.share())
        const bytes = new Uint8Array(handle.memory).slice()
        // The other one, where there are two.
        for (const other of BACKENDS.filter((one) => one !== backend || BACKENDS.length === 1)) {
          const copy = opened(handle, other)
          expect(copy).toBeInstanceOf(kind.Class)
          expect(isDeepStrictEqual(everythingOf(copy, kind), expected)).toBe(true)
          const { record, release } = copy[RECORD]()
          release()
          for (const [name, { values, shape }] of record.arrays) {
            // Numbers of each neuron or pattern are copied, as is what lies in lists; what has both is not.
            if ((shape.length < 2 && name !== 'connections.sources') || values.length === 0) continue
            expect([name, values.buffer === handle.memory]).toEqual([name, true])
          }
          if (!learns(kind)) continue
          const alone = made(kind, backend)
          for (const changed of [copy, alone]) learn(changed, kind, PATTERNS)
          if (kind.forgets) for (const changed of [copy, alone]) changed.forget(2)
          expect(isDeepStrictEqual(everythingOf(copy, kind), everythingOf(alone, kind))).toBe(true)
        }
        expect(isDeepStrictEqual(everythingOf(memory, kind), expected)).toBe(true)
        expect(Buffer.compare(new Uint8Array(handle.memory), bytes)).toBe(0)
      })
    }

    it('hands out one memory until something changes', async () => {
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const first = net.share()
      expect(net.share()).toBe(first)
      expect(await net.shareAsync()).toBe(first)
      expect(HopfieldNetwork.fromShared(first, { backend }).share().memory).toBe(first.memory)
      net.store(more)
      expect(net.share().memory).not.toBe(first.memory)
    })

    it('shares bytes and not a copy of them', () => {
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const handle = net.share()
      const copy = HopfieldNetwork.fromShared(structuredClone(handle), { backend })
      const { record, release } = copy[RECORD]()
      release()
      ;(record.arrays.get('patterns')?.values as Uint32Array)[0] ^= 1
      expect(net.pattern(0)[0]).toBe(-patterns[0])
      expect(copy.pattern(0)[0]).toBe(-patterns[0])
    })

    it('keeps ids', () => {
      const ids = Array.from({ length: 12 }, (_, k) => `id ${k}`)
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns, { ids })
      expect(HopfieldNetwork.fromShared(net.share(), { backend }).ids).toEqual(ids)
    })

    it('is refused while the memory changes', () => {
      const net: HopfieldNetwork = new HopfieldNetwork({
        neurons: 4,
        backend,
        learning: () => {
          codes.push(refusal(() => net.share()).code)
          return new Float64Array(16)
        },
      })
      const codes: string[] = []
      net.store([1, 1, -1, 1])
      expect(new Set(codes)).toEqual(new Set(['ERR_HOPFIELD_BUSY']))
    })

    for (const options of [5, null, { romm: 5 }, { room: 0.5 }, { room: '5' }, { room: -1 }]) {
      it(`refuses ${JSON.stringify(options)} for options`, () => {
        const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
        expect(refusal(() => net.share(untyped(options))).message).toMatch(/^share: /)
      })
    }
  })

  describe(`shareAsync, ${backend}`, () => {
    for (const kind of EVERY_MEMORY.filter((_, k) => k % 3 === 0)) {
      it(`gives the bytes of share, of ${kind.name}`, async () => {
        const [one, other] = [made(kind, backend).share(), await made(kind, backend).shareAsync()]
        const bytes = ({ memory, byteOffset, byteLength }: SharedMemory): Uint8Array =>
          new Uint8Array(memory, byteOffset, byteLength)
        expect(Buffer.compare(bytes(one), bytes(other))).toBe(0)
      })
    }

    it('shares the memory as it is at the call, whatever comes meanwhile', async () => {
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      const waiting = net.shareAsync()
      net.store(more).forget(0)
      const copy = HopfieldNetwork.fromShared(await waiting, { backend })
      const before = new HopfieldNetwork({ neurons, backend }).store(patterns)
      expect(copy.recallBatch(cues)).toEqual(before.recallBatch(cues))
      expect(net.patternCount).toBe(14)
      expect(HopfieldNetwork.fromShared(net.share(), { backend }).patternCount).toBe(14)
    })

    it('says how far it is, and stops where the signal says so', async () => {
      const progress: number[] = []
      await new HopfieldNetwork({ neurons, backend })
        .store(patterns)
        .shareAsync({ onProgress: ({ done, total }) => progress.push(done / total) })
      expect(progress.at(-1)).toBe(1)
      const reason = new Error('enough')
      const net = new HopfieldNetwork({ neurons, backend }).store(patterns)
      expect(await rejection(net.shareAsync({ signal: AbortSignal.abort(reason) }))).toBe(reason)
      expect(await rejection(net.shareAsync(untyped({ threads: 3 })))).toMatchObject({
        code: 'ERR_HOPFIELD_OPTION',
      })
      expect(net.share().kind).toBe('HopfieldNetwork')
    })
  })

  describe(`fromShared, ${backend}`, () => {
    const good = new HopfieldNetwork({ neurons, backend }).store(patterns).share()
    const at = (handle: SharedMemory): Uint8Array =>
      new Uint8Array(handle.memory, handle.byteOffset, handle.byteLength)
    const copyOf = (handle: SharedMemory): SharedMemory => {
      const memory = new SharedArrayBuffer(handle.memory.byteLength)
      new Uint8Array(memory).set(new Uint8Array(handle.memory))
      return { ...handle, memory }
    }

    const cases: [string, unknown, string, string][] = [
      ['nothing', undefined, 'ERR_HOPFIELD_TYPE', 'handle'],
      ['null', null, 'ERR_HOPFIELD_TYPE', 'handle'],
      ['a buffer', good.memory, 'ERR_HOPFIELD_FORMAT', 'handle'],
      ['another kind', { ...good, kind: 5 }, 'ERR_HOPFIELD_FORMAT', '5'],
      ['the handle of before', { ...good, version: 1 }, 'ERR_HOPFIELD_FORMAT', 'version 2'],
      ['an ArrayBuffer', { ...good, memory: new ArrayBuffer(1e6) }, 'ERR_HOPFIELD_TYPE', 'memory'],
      ['a typed array', { ...good, memory: new Uint8Array(good.memory) }, 'ERR_HOPFIELD_TYPE', 'memory'],
      [
        'what only looks like memory',
        { ...good, memory: Object.create(SharedArrayBuffer.prototype) },
        'ERR_HOPFIELD_TYPE',
        'memory',
      ],
      [
        'too little memory',
        { ...good, memory: new SharedArrayBuffer(64) },
        'ERR_HOPFIELD_RANGE',
        'byteLength',
      ],
      ['empty memory', { ...good, memory: new SharedArrayBuffer(0) }, 'ERR_HOPFIELD_RANGE', 'handle'],
      ['a place beyond the end', { ...good, byteOffset: 2 ** 40 }, 'ERR_HOPFIELD_RANGE', 'byteOffset'],
      ['a place before the beginning', { ...good, byteOffset: -64 }, 'ERR_HOPFIELD_RANGE', 'byteOffset'],
      ['a crooked place', { ...good, byteOffset: 1, byteLength: 99 }, 'ERR_HOPFIELD_FORMAT', 'memory'],
      [
        'zeros',
        { ...good, memory: new SharedArrayBuffer(good.memory.byteLength) },
        'ERR_HOPFIELD_FORMAT',
        'memory',
      ],
    ]
    for (const [what, handle, code, word] of cases) {
      it(`refuses ${what}`, () => {
        const error = refusal(() => HopfieldNetwork.fromShared(untyped(handle), { backend }))
        expect(error.code).toBe(code)
        expect(error.message).toContain(word)
      })
    }

    it('refuses another class', () => {
      const error = refusal(() => ModernHopfield.fromShared(good, { backend }))
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_FORMAT',
        message: expect.stringContaining('HopfieldNetwork'),
      })
    })

    it('refuses to be called on no class', () => {
      expect(refusal(() => AssociativeMemory.fromShared.call(untyped({}), good)).code).toBe(
        'ERR_HOPFIELD_TYPE',
      )
    })

    it('refuses a handle that is cut anywhere', () => {
      for (let byteLength = 0; byteLength < good.byteLength; byteLength += 7) {
        const error = refusal(() => HopfieldNetwork.fromShared({ ...good, byteLength }, { backend }))
        expect(error.code).toBe('ERR_HOPFIELD_FORMAT')
      }
    })

    it('refuses patterns that are none, and columns of others', () => {
      const { record, release } = HopfieldNetwork.fromShared(good)[RECORD](true)
      release()
      const row = rowWords(neurons)
      for (const [name, word, bits] of [
        ['patterns', 3 * row + 2, 1 << 11],
        ['patterns', 3 * row + 3, 1],
        ['patterns.columns', 2 * 70, 4],
        ['patterns.columns', 2 * 70, 1 << 12],
      ] as const) {
        const handle = copyOf(good)
        const from = record.arrays.get(name)?.values.byteOffset as number
        new Uint32Array(handle.memory, from)[word] ^= bits
        const error = refusal(() => HopfieldNetwork.fromShared(handle, { backend }))
        expect(error).toMatchObject({
          code: 'ERR_HOPFIELD_FORMAT',
          message: expect.stringContaining('handle.memory'),
        })
      }
    })

    it('reads every field of a handle once', () => {
      const handle = copyOf(good)
      const reads: string[] = []
      const proxy = new Proxy(handle, {
        get(target, key) {
          reads.push(String(key))
          return target[key as keyof SharedMemory]
        },
      })
      HopfieldNetwork.fromShared(proxy, { backend })
      expect(reads.length).toBe(new Set(reads).size)
    })

    it('refuses any handle, or opens it to a memory that recalls', () => {
      const kinds = EVERY_MEMORY.filter(learns)
      const handles = kinds.map((kind) => made(kind, backend).share())
      // Most of the bytes of a small memory are its header.
      const edit = fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
        byte: fc.nat(255),
      })
      const field = fc.record({
        key: fc.constantFrom('byteOffset', 'byteLength', 'kind', 'version', 'memory'),
        value: fc.constantFrom<unknown>(
          undefined,
          null,
          0,
          8,
          64,
          65,
          2 ** 40,
          -1,
          0.5,
          '',
          {},
          'ModernHopfield',
          1n,
        ),
      })
      let refused = 0
      fc.assert(
        fc.property(
          fc.nat(kinds.length - 1),
          fc.array(edit, { maxLength: 3 }),
          fc.option(field, { freq: 4 }),
          (which, edits, odd) => {
            const handle = copyOf(handles[which])
            const bytes = at(handle)
            for (const { at, byte } of edits) bytes[Math.floor(at * bytes.length)] = byte
            try {
              const memory = opened(
                untyped(odd === null ? handle : { ...handle, [odd.key]: odd.value }),
                backend,
              )
              memory.recall(kinds[which].cue(0))
            } catch (error) {
              expect(error).toBeInstanceOf(HopfieldError)
              refused++
            }
          },
        ),
        { ...FIXED, numRuns: 600 },
      )
      expect(refused).toBeGreaterThan(50)
      expect(refused).toBeLessThan(590)
    })

    it('gives the same bits in two workers', async () => {
      const some = EVERY_MEMORY.filter((_, k) => k % 2 === 0)
      const memories = some.map((kind) => made(kind, backend))
      const code = `
        const { parentPort, workerData } = require('node:worker_threads')
        import('hopfield-native').then(({ fromShared }) => {
          const { asked, backend } = workerData
          parentPort.postMessage(asked.map(({ handle, cue, options }) => fromShared(handle, { backend }).recall(cue, options).state))
        })`
      const asked = memories.map((memory, k) => ({
        handle: memory.share(),
        cue: some[k].cue(1),
        options: some[k].options[0],
      }))
      const expected = memories.map(
        (memory, k) => (memory.recall(some[k].cue(1), some[k].options[0]) as { state: unknown }).state,
      )
      const answers = [0, 1].map(
        () =>
          new Promise((resolve, reject) =>
            new Worker(code, { eval: true, workerData: { asked, backend } })
              .once('message', resolve)
              .once('error', reject),
          ),
      )
      expect(await Promise.all(answers)).toEqual([expected, expected])
    })
  })
}
