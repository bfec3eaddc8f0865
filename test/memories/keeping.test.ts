import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AssociativeMemory,
  backend,
  type FromBytesOptions,
  fromBytes,
  HopfieldNetwork,
  type LoadOptions,
  load,
  ModernHopfield,
} from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import {
  type AnyMemory,
  change,
  changes,
  EVERY_MEMORY,
  everythingOf,
  filled,
  learns,
} from '../helpers/every-memory.js'
import { FIXED } from '../helpers/property.js'
import { refusal, rejection, untyped } from '../helpers/refusal.js'

// What is kept is all there is: files and bytes of every memory.

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopfield-keeping-'))
})
afterAll(async () => rm(folder, { recursive: true }))

interface Keeping {
  load(path: string, options?: LoadOptions): Promise<AnyMemory>
  fromBytes(bytes: Uint8Array, options?: FromBytesOptions): AnyMemory
}

describe.each(EVERY_MEMORY)('$name, kept', (kind) => {
  const Class = kind.Class as unknown as Keeping

  it('goes on with the same bits, by bytes, by a file and by a map, on any backend', async () => {
    const moments = fc.asyncProperty(
      fc.constantFrom(...BACKENDS),
      changes,
      changes,
      async (backend, before, after) => {
        const memory = kind.make(backend)
        for (const step of learns(kind) ? before : []) change(memory, kind, step)
        const path = join(folder, 'memory.safetensors')
        await memory.save(path)
        const bytes = memory.toBytes()
        expect(Buffer.compare(await readFile(path), bytes)).toBe(0)
        const other = BACKENDS.find((one) => one !== backend) ?? backend
        const kept = [
          Class.fromBytes(bytes, { backend: other }),
          await Class.load(path, { backend }),
          await Class.load(path, { backend: other, mmap: true }),
          (await load(path, { mmap: true, verify: true })) as unknown as AnyMemory,
          fromBytes(bytes.buffer) as unknown as AnyMemory,
        ]
        for (const one of kept) expect(Buffer.compare(one.toBytes(), bytes)).toBe(0)
        for (const step of learns(kind) ? after : []) {
          for (const one of [memory, ...kept]) change(one, kind, step)
        }
        const expected = everythingOf(memory, kind)
        for (const one of kept) {
          expect(everythingOf(one, kind)).toEqual(expected)
          expect(Buffer.compare(one.toBytes(), memory.toBytes())).toBe(0)
        }
      },
    )
    // Other changes for each memory.
    await fc.assert(moments, { seed: FIXED.seed + EVERY_MEMORY.indexOf(kind), numRuns: 1 })
  })

  it('is opened by its own class alone', async () => {
    const Other: Keeping & { readonly name: string } = untyped(
      (kind.Class as unknown) === ModernHopfield ? HopfieldNetwork : ModernHopfield,
    )
    const bytes = filled(kind, BACKENDS[0]).toBytes()
    const error = refusal(() => Other.fromBytes(bytes))
    expect(error.code).toBe('ERR_HOPFIELD_FILE')
    expect(error.message).toBe(`fromBytes: class: expected a ${Other.name}, got a ${kind.Class.name}`)
    expect(fromBytes(bytes)).toBeInstanceOf(kind.Class)
  })

  it('does not look as if JSON or a clone held it', () => {
    const memory: AssociativeMemory = filled(kind, BACKENDS[0])
    expect(refusal(() => JSON.stringify({ memory })).message).toContain('toBytes()')
    expect(() => structuredClone([memory])).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
    const { port1, port2 } = new MessageChannel()
    expect(() => port1.postMessage(memory)).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
    port1.close()
    port2.close()
  })
})

const example = (): HopfieldNetwork => new HopfieldNetwork({ neurons: 3 }).store([1, -1, 1], { ids: ['a'] })

describe('save, load, toBytes and fromBytes', () => {
  it('serve subclasses, which are made by their own constructor', async () => {
    class Mine extends HopfieldNetwork {
      readonly mine = 5
    }
    const path = join(folder, 'mine.safetensors')
    await new Mine({ neurons: 3 }).store([1, 1, -1]).save(path)
    const mine = await Mine.load(path)
    expect([mine.mine, mine instanceof Mine, mine.patternCount]).toEqual([5, true, 1])
    expect(await load(path)).toBeInstanceOf(HopfieldNetwork)
  })

  it('keep the weights of a rule that is a function, and learn nothing more', () => {
    const learning = (patterns: Int8Array, { neurons }: { neurons: number }): number[] =>
      Array.from(
        { length: neurons * neurons },
        (_, k) => patterns[k % neurons] * patterns[Math.floor(k / neurons)],
      )
    const net = new HopfieldNetwork({ neurons: 9, learning }).store([1, -1, 1, 1, -1, -1, 1, 1, -1], {
      ids: ['a'],
    })
    const again = HopfieldNetwork.fromBytes(net.toBytes())
    const cue = new Int8Array(9).fill(1)
    expect([again.learning, again.weights(), again.recall(cue)]).toEqual([
      'custom',
      net.weights(),
      net.recall(cue),
    ])
    expect(again.pattern({ id: 'a' })).toEqual(net.pattern(0))
    expect(refusal(() => again.store(cue)).message).toContain('fixed weights')
    expect(Buffer.compare(again.toBytes(), net.toBytes())).toBe(0)
  })

  it('take bytes of any buffer, copy them, and leave them alone', () => {
    const bytes = example().toBytes()
    const room = new Uint8Array(new SharedArrayBuffer(bytes.length + 3)).subarray(3)
    room.set(bytes)
    const memory = HopfieldNetwork.fromBytes(room)
    room.fill(0xff)
    expect(Array.from(memory.pattern({ id: 'a' }))).toEqual([1, -1, 1])
    expect(Array.from(HopfieldNetwork.fromBytes(Buffer.from(bytes)).pattern(0))).toEqual([1, -1, 1])
  })

  it('refuse arguments of other types, and a class that is none', async () => {
    const error = (await rejection(load(untyped(5)))) as Error
    expect(error.message).toBe('load: path: expected the name of a file, got 5')
    expect(((await rejection(load(''))) as Error).message).toContain('got an empty one')
    expect(((await rejection(example().save(untyped(undefined)))) as Error).message).toContain('save: path: ')
    expect(((await rejection(example().save('x', untyped({ mmap: true })))) as Error).message).toContain(
      'save: unknown option "mmap"',
    )
    expect(refusal(() => fromBytes(untyped('text'))).message).toBe(
      'fromBytes: bytes: expected a Uint8Array, got "text"',
    )
    const { fromBytes: loose } = HopfieldNetwork
    expect(refusal(() => loose.call(untyped(undefined), new Uint8Array())).message).toContain(
      'fromBytes: call it on the class of a memory',
    )
  })

  it('tell the progress up to the whole, and stop at a signal', async () => {
    const memory = new ModernHopfield({ dimension: 512 })
    memory.store(new Float32Array(512 * 2048))
    const path = join(folder, 'large.safetensors')
    const seen: { done: number; total: number }[] = []
    const look = (onProgress?: () => void) => ({
      onProgress(progress: { done: number; total: number }) {
        seen.push(progress)
        onProgress?.()
      },
    })
    const whole = (): unknown => {
      const [last] = seen.slice(-1)
      const grown = seen.every(
        ({ done, total }, k) => total === last.total && (k === 0 || done >= seen[k - 1].done),
      )
      return [grown, last.done === last.total, seen.splice(0).length > 5]
    }
    await memory.save(path, look())
    expect(whole()).toEqual([true, true, true])
    await load(path, look())
    expect(whole()).toEqual([true, true, true])
    const before = await readFile(path)
    for (const call of [
      (options: object) => memory.save(path, options),
      (options: object) => load(path, options),
      (options: object) => load(path, { ...options, mmap: true, verify: true }),
    ]) {
      const controller = new AbortController()
      const stop = look(() => seen.length === 3 && controller.abort('enough'))
      expect(await rejection(call({ ...stop, signal: controller.signal }))).toBe('enough')
      expect(seen.splice(0).length).toBe(3)
      const failure = new Error('no more')
      const fail = {
        onProgress: () => {
          throw failure
        },
      }
      expect(await rejection(call(fail))).toBe(failure)
      expect(await rejection(call({ signal: AbortSignal.abort('never') }))).toBe('never')
    }
    expect(Buffer.compare(await readFile(path), before)).toBe(0)
  })

  it('save a memory as it is at the call, whatever becomes of it', async () => {
    const memory = new HopfieldNetwork({ neurons: 64, learning: 'pseudoinverse' })
    for (let k = 0; k < 9; k++)
      memory.store(
        Int8Array.from({ length: 64 }, (_, i) => (((i >> (k % 6)) & 1) ^ (k > 5 ? i & 1 : 0) ? 1 : -1)),
        { ids: [k] },
      )
    const path = join(folder, 'meanwhile.safetensors')
    const expected = memory.toBytes()
    const saving = memory.save(path)
    memory
      .forget(0)
      .forget(3)
      .clear()
      .store(Int8Array.from({ length: 64 }).fill(1))
    await saving
    expect(Buffer.compare(await readFile(path), expected)).toBe(0)
  })

  // Where files cannot be mapped they are read, and then looked through at once.
  it.runIf(backend().name === 'native')(
    'open a map at once, and look at contents only when they are used',
    async () => {
      const path = join(folder, 'lazy.safetensors')
      const net = new HopfieldNetwork({ neurons: 40 }).store(new Int8Array(80).fill(1))
      const bytes = net.toBytes()
      // The last word of the file is padding of the last pattern.
      bytes[bytes.length - 1] = 0x80
      await writeFile(path, bytes)
      const error = await rejection(load(path, { mmap: true, verify: true }))
      expect((error as Error).message).toContain('__metadata__.sha256')
      const lazy = await HopfieldNetwork.load(path, { mmap: true })
      for (let k = 0; k < 2; k++) {
        const late = refusal(() => lazy.recall(new Int8Array(40).fill(1)))
        expect([late.code, late.message]).toEqual([
          'ERR_HOPFIELD_FILE',
          'patterns: expected zeros behind bit 40 of row 1',
        ])
      }
    },
  )
})
