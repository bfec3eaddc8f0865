import { isDeepStrictEqual } from 'node:util'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addNoise,
  DenseAssociativeMemory,
  type HopfieldError,
  HopfieldNetwork,
  ModernHopfield,
  randomPatterns,
  type SharedMemory,
} from '../../src/index.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import { FIXED } from '../helpers/property.js'
import { refusal } from '../helpers/refusal.js'

// A memory that is shared with room: one side stores, the others take what is new.

const ALL = 20
type Growing = HopfieldNetwork | DenseAssociativeMemory
const KINDS: Record<string, (neurons: number, backend: Backend) => Growing> = {
  'implicit weights': (neurons, backend) => new HopfieldNetwork({ neurons, backend }),
  '0/1 units': (neurons, backend) => new HopfieldNetwork({ neurons, backend, units: 'binary' }),
  'a dense memory': (neurons, backend) =>
    new DenseAssociativeMemory({ neurons, backend, interaction: { kind: 'exponential' } }),
  'a polynomial memory': (neurons, backend) =>
    new DenseAssociativeMemory({ neurons, backend, interaction: { kind: 'polynomial', degree: 3 } }),
}
const open = (net: Growing, handle: SharedMemory, backend: Backend): Growing =>
  net instanceof HopfieldNetwork
    ? HopfieldNetwork.fromShared(handle, { backend })
    : DenseAssociativeMemory.fromShared(handle, { backend })

/** All that recalls and searches say. */
function answers(net: Growing, cues: Int8Array): unknown {
  if (net.patternCount === 0) return net.recallBatch(cues)
  return [
    net.patterns().words,
    net.nearest(cues),
    net.recallBatch(cues, { dynamics: 'synchronous' }),
    net.recallBatch(cues, { seed: 3 }),
    net.overlapsBatch(cues),
  ]
}

for (const backend of BACKENDS) {
  describe(`a memory that is shared with room, ${backend}`, () => {
    for (const [name, make] of Object.entries(KINDS)) {
      it(`publishes what ${name} stores to sides that look, and to no other`, async () => {
        // Around words, blocks of eight patterns, and rows that fill their blocks and do not.
        for (const neurons of [75, 512]) {
          const patterns = randomPatterns({ count: ALL, neurons, seed: 1 })
          const cues = addNoise(patterns.subarray(0, 2 * neurons), { noise: 0.1, seed: 2 })
          const some = (from: number, to: number): Int8Array =>
            patterns.subarray(from * neurons, to * neurons)
          const alone = (count: number): unknown =>
            answers(make(neurons, backend).store(some(0, count)), cues)
          const writer = make(neurons, backend).store(some(0, 3))
          const handle = writer.share({ room: ALL })
          const others = BACKENDS.filter((one) => one !== backend || BACKENDS.length === 1)
          const readers = others.map((other) => open(writer, structuredClone(handle), other))
          let before = 3
          for (const count of [3, 8, 9, ALL]) {
            if (count > before) writer.store(some(before, count))
            expect(writer.share()).toBe(handle)
            expect(isDeepStrictEqual(answers(writer, cues), alone(count))).toBe(true)
            for (const reader of readers) {
              expect(isDeepStrictEqual(answers(reader, cues), alone(before))).toBe(true)
              expect(reader.refresh()).toBe(count > before)
              expect(reader.refresh()).toBe(false)
              expect(isDeepStrictEqual(answers(reader, cues), alone(count))).toBe(true)
            }
            before = count
          }
          expect(await readers[0].nearestAsync(cues)).toEqual(writer.nearest(cues))
        }
      })
    }

    const neurons = 40
    const patterns = randomPatterns({ count: 20, neurons, seed: 4 })
    const some = (from: number, to: number): Int8Array => patterns.subarray(from * neurons, to * neurons)
    const pair = (): { writer: HopfieldNetwork; reader: HopfieldNetwork; handle: SharedMemory } => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 5))
      const handle = writer.share({ room: 8 })
      return { writer, handle, reader: HopfieldNetwork.fromShared(handle, { backend }) }
    }

    it('adds to the shared memory, and copies nothing there', () => {
      const { writer, handle, reader } = pair()
      const bytes = new Uint8Array(handle.memory)
      const before = bytes.slice()
      writer.store(some(5, 6))
      let changed = 0
      for (let k = 0; k < bytes.length; k++) if (bytes[k] !== before[k]) changed++
      // A row, its planes and the count.
      expect(changed).toBeGreaterThan(0)
      expect(changed).toBeLessThanOrEqual(64 + 8 + 4)
      expect(reader.refresh()).toBe(true)
    })

    const ends: [string, (writer: HopfieldNetwork) => unknown][] = [
      ['forgets', (writer) => writer.forget(1)],
      ['replaces', (writer) => writer.replace(1, some(9, 10))],
      ['clears', (writer) => writer.clear()],
      ['has no more room', (writer) => writer.store(some(6, 12))],
    ]
    for (const [what, end] of ends) {
      it(`says so where the writer ${what}, after all that came before, and keeps what it has`, () => {
        const { writer, handle, reader } = pair()
        writer.store(some(5, 6))
        end(writer)
        const expected = new HopfieldNetwork({ neurons, backend }).store(some(0, 6)).recallBatch(patterns)
        expect(reader.refresh()).toBe(true)
        expect(refusal(() => reader.refresh()).code).toBe('ERR_HOPFIELD_CLOSED')
        expect(reader.recallBatch(patterns)).toEqual(expected)
        const next = writer.share({ room: 30 })
        expect(next.memory).not.toBe(handle.memory)
        expect(HopfieldNetwork.fromShared(next, { backend }).recallBatch(patterns)).toEqual(
          writer.recallBatch(patterns),
        )
      })
    }

    it('goes on after a store that fails', () => {
      const { writer, handle, reader } = pair()
      for (const count of [1, 9]) {
        const wrong = new Int8Array(count * neurons).fill(1).fill(0, -1)
        expect(refusal(() => writer.store(wrong)).code).toBe('ERR_HOPFIELD_VALUE')
      }
      expect(writer.share()).toBe(handle)
      expect(reader.refresh()).toBe(false)
      writer.store(some(5, 8))
      expect(reader.refresh()).toBe(true)
    })

    it('lets a reader go its own way, without the writer noticing', () => {
      const { writer, reader } = pair()
      reader.store(some(9, 10))
      expect(refusal(() => reader.refresh()).code).toBe('ERR_HOPFIELD_CLOSED')
      writer.store(some(5, 6))
      expect([...writer.pattern(5)]).toEqual([...some(5, 6)])
      expect([...reader.pattern(5)]).toEqual([...some(9, 10)])
    })

    it('takes beside other work what it takes at once', async () => {
      const { writer, reader } = pair()
      await writer.storeAsync(some(5, 7))
      expect(reader.refresh()).toBe(true)
      expect([...reader.pattern(6)]).toEqual([...some(6, 7)])
    })

    it('may be shared beside other work', async () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 5))
      const reader = HopfieldNetwork.fromShared(await writer.shareAsync({ room: 8 }), { backend })
      writer.store(some(5, 6))
      expect(reader.refresh()).toBe(true)
    })

    it('takes nothing while it changes itself, and then stands outside', async () => {
      const { writer, reader } = pair()
      writer.store(some(5, 7), { ids: ['f', 'g'] })
      const refusals: unknown[] = []
      // Ids are read when patterns have been counted, and before they are stored.
      const ids = ['x', 'y', 'z']
      Object.defineProperty(ids, 1, {
        get() {
          refusals.push(refusal(() => reader.refresh()).code)
          return 'y'
        },
      })
      await reader.storeAsync(some(9, 12), { ids })
      expect(refusals).toEqual(['ERR_HOPFIELD_BUSY'])
      expect(reader.patternCount).toBe(8)
      expect(reader.ids?.slice(5)).toEqual(['x', 'y', 'z'])
      expect(['x', 'y', 'z'].map((id) => reader.indexOf(id))).toEqual([5, 6, 7])
      expect([...reader.pattern({ id: 'z' })]).toEqual([...some(11, 12)])
      expect(refusal(() => reader.refresh()).code).toBe('ERR_HOPFIELD_CLOSED')
    })

    it('keeps what it takes while it is being shared anew', async () => {
      const { writer, handle, reader } = pair()
      writer.store(some(5, 7), { ids: ['f', 'g'] })
      let taken: boolean | undefined
      const onProgress = (): void => {
        taken ??= reader.refresh()
      }
      const next = await reader.shareAsync({ room: 30, onProgress })
      expect(taken).toBe(true)
      // The handle is of what it was at the call.
      expect(HopfieldNetwork.fromShared(next, { backend }).patternCount).toBe(5)
      expect(reader.patternCount).toBe(7)
      expect(reader.indexOf('g')).toBe(6)
      expect([...reader.pattern(6)]).toEqual([...some(6, 7)])
      expect(reader.share()).toEqual(handle)
      writer.store(some(7, 8))
      expect(reader.refresh()).toBe(true)
      expect([...reader.pattern(7)]).toEqual([...some(7, 8)])
    })

    it('begins with nothing', () => {
      const writer = new HopfieldNetwork({ neurons, backend })
      const reader = HopfieldNetwork.fromShared(writer.share({ room: 3 }), { backend })
      writer.store(some(0, 3))
      expect(reader.refresh()).toBe(true)
      expect(reader.nearest(some(0, 3)).indices).toEqual(Uint32Array.of(0, 1, 2))
    })

    it('publishes ids too, to those who look and to those who open it later', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 2), { ids: ['a', 'ß"'] })
      const handle = writer.share({ room: 8 })
      const reader = HopfieldNetwork.fromShared(handle, { backend })
      writer.store(some(2, 4), { ids: [7.5, '\u2028\ud83d\ude00'] }).store(some(4, 5))
      expect(writer.share()).toBe(handle)
      const later = HopfieldNetwork.fromShared(handle, { backend })
      expect(reader.refresh()).toBe(true)
      for (const side of [writer, reader, later]) {
        expect(side.ids).toEqual(['a', 'ß"', 7.5, '\u2028\ud83d\ude00', undefined])
        expect(side.indexOf(7.5)).toBe(2)
        expect(HopfieldNetwork.fromBytes(side.toBytes(), { backend }).ids).toEqual(side.ids)
      }
      writer.store(some(5, 6), { ids: [''] })
      expect(refusal(() => writer.store(some(6, 7), { ids: ['a'] })).code).toBe('ERR_HOPFIELD_VALUE')
      for (const side of [reader, later]) {
        expect(side.refresh()).toBe(true)
        expect(side.idOf(5)).toBe('')
        expect(side.indexOf('')).toBe(5)
      }
    })

    it('publishes ids where no pattern had one before', async () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 2))
      const handle = writer.share({ room: 8 })
      const reader = HopfieldNetwork.fromShared(handle, { backend })
      await writer.storeAsync(some(2, 3), { ids: ['c'] })
      expect(HopfieldNetwork.fromShared(handle, { backend }).ids).toEqual([undefined, undefined, 'c'])
      expect(reader.refresh()).toBe(true)
      expect(reader.ids).toEqual([undefined, undefined, 'c'])
    })

    it('writes down ids that came before those of its record were read', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 2), { ids: ['a', 'b'] })
      const reader = HopfieldNetwork.fromShared(writer.share({ room: 8 }), { backend })
      writer.store(some(2, 3), { ids: ['c'] })
      reader.refresh()
      expect(HopfieldNetwork.fromBytes(reader.toBytes(), { backend }).ids).toEqual(['a', 'b', 'c'])
    })

    it('goes elsewhere where ids have no more room', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 2))
      const handle = writer.share({ room: 8, idBytes: 10 })
      const reader = HopfieldNetwork.fromShared(handle, { backend })
      writer.store(some(2, 3), { ids: ['12345678'] }).store(some(3, 4), { ids: ['9'] })
      expect(writer.ids).toEqual([undefined, undefined, '12345678', '9'])
      expect(reader.refresh()).toBe(true)
      expect(reader.ids).toEqual([undefined, undefined, '12345678'])
      expect(refusal(() => reader.refresh()).code).toBe('ERR_HOPFIELD_CLOSED')
      expect(refusal(() => writer.share({ idBytes: 5 }))).toMatchObject({
        code: 'ERR_HOPFIELD_OPTION',
        message: 'share: idBytes: only together with room',
      })
      expect(HopfieldNetwork.fromShared(writer.share({ room: 9 }), { backend }).ids).toEqual(writer.ids)
    })

    it('takes nothing where somebody has written other ids', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 2))
      const handle = writer.share({ room: 8 })
      const reader = HopfieldNetwork.fromShared(handle, { backend })
      writer.store(some(2, 4), { ids: ['mark', 'c'] })
      const bytes = new Uint8Array(handle.memory)
      bytes[Buffer.from(bytes).indexOf('"mark"')] = 0x7b
      expect(refusal(() => reader.refresh())).toMatchObject({
        code: 'ERR_HOPFIELD_FORMAT',
        message: expect.stringContaining('refresh: ids: expected a string or a finite number'),
      })
      expect([reader.patternCount, reader.ids]).toEqual([2, undefined])
    })

    it('refuses too little room, and memories that have more than patterns', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 5))
      expect(refusal(() => writer.share({ room: 4 })).code).toBe('ERR_HOPFIELD_RANGE')
      for (const other of [
        new HopfieldNetwork({ neurons, backend, weights: 'dense' }),
        new HopfieldNetwork({ neurons, backend, learning: 'covariance' }),
        new ModernHopfield({ dimension: 3, backend }),
      ]) {
        expect(refusal(() => other.share({ room: 50 })).code).toBe('ERR_HOPFIELD_OPTION')
      }
    })

    it('refuses to refresh what does not grow', () => {
      const net = new HopfieldNetwork({ neurons, backend }).store(some(0, 5))
      const memories = [
        net,
        HopfieldNetwork.fromShared(net.share(), { backend }),
        new ModernHopfield({ dimension: 3, backend }),
      ]
      for (const memory of memories) {
        expect(refusal(() => memory.refresh()).code).toBe('ERR_HOPFIELD_OPTION')
      }
    })

    it('leaves no reader outside, whatever is written into the memory', () => {
      const writer = new HopfieldNetwork({ neurons, backend }).store(some(0, 5))
      const good = writer.share({ room: 16 })
      const whole = new Uint8Array(good.memory)
      fc.assert(
        fc.property(
          fc.array(
            fc.tuple(
              fc.nat(whole.length / 4 - 1),
              fc.oneof(fc.constantFrom(0, -1, 2 ** 31 - 1, 17), fc.integer()),
            ),
            { maxLength: 40 },
          ),
          (edits) => {
            const memory = new SharedArrayBuffer(whole.length)
            new Uint8Array(memory).set(whole)
            const reader = HopfieldNetwork.fromShared({ ...good, memory }, { backend })
            const words = new Int32Array(memory)
            for (const [at, word] of edits) words[at] = word
            try {
              reader.refresh()
            } catch (error) {
              expect(['ERR_HOPFIELD_CLOSED', 'ERR_HOPFIELD_FORMAT']).toContain((error as HopfieldError).code)
            }
            expect(reader.patternCount).toBeLessThanOrEqual(16)
            reader.recallBatch(patterns, { maxSweeps: 2 })
            reader.nearest(patterns)
          },
        ),
        { ...FIXED, numRuns: 50 },
      )
    })

    it('is read by two workers while this thread stores', async () => {
      const size = 256
      const total = 1000
      const all = randomPatterns({ count: total, neurons: size, seed: 9 })
      const writer = new HopfieldNetwork({ neurons: size, backend }).store(all.subarray(0, 10 * size))
      const handle = writer.share({ room: total })
      // Each asks for the newest pattern it sees, and for one of before; these must be found, as they are.
      const code = `
        const { parentPort, workerData } = require('node:worker_threads')
        import('hopfield-native').then(({ HopfieldNetwork, randomPatterns }) => {
          const { handle, backend, total, size } = workerData
          const all = randomPatterns({ count: total, neurons: size, seed: 9 })
          const reader = HopfieldNetwork.fromShared(handle, { backend })
          let versions = 0
          let wrong = 0
          parentPort.postMessage('ready')
          while (reader.patternCount < total) {
            if (reader.refresh()) versions++
            const last = reader.patternCount - 1
            const asked = [all.subarray(last * size, (last + 1) * size), all.subarray(0, size)]
            const { indices, overlaps } = reader.nearest(asked)
            if (indices[0] !== last || indices[1] !== 0 || overlaps[0] !== size || overlaps[1] !== size) wrong++
          }
          parentPort.postMessage({ versions, wrong })
        })`
      const workers = [0, 1].map(
        () => new Worker(code, { eval: true, workerData: { handle, backend, total, size } }),
      )
      const message = (worker: Worker): Promise<unknown> =>
        new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject))
      await Promise.all(workers.map(message))
      const done = Promise.all(workers.map(message))
      for (let count = 10; count < total; count += 10) {
        writer.store(all.subarray(count * size, (count + 10) * size))
        if (count % 100 === 0) await new Promise(setImmediate)
      }
      for (const result of await done) {
        expect(result).toMatchObject({ wrong: 0 })
        expect((result as { versions: number }).versions).toBeGreaterThan(0)
      }
    })
  })
}
