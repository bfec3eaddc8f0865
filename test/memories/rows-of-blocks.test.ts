import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  BidirectionalMemory,
  ContinuousHopfield,
  DenseAssociativeMemory,
  fromBytes,
  HopfieldNetwork,
  load,
  PackedPatterns,
  randomCodes,
  randomPatterns,
  SparseAssociativeMemory,
} from '../../src/index.js'
import type { MemoryRecord, Tensor } from '../../src/storage/record.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import {
  type AnyMemory,
  change,
  changes,
  EVERY_MEMORY,
  everythingOf,
  filled,
  learns,
} from '../helpers/every-memory.js'
import { heldRecord } from '../helpers/held-record.js'
import { FIXED } from '../helpers/property.js'
import { refusal, rejection } from '../helpers/refusal.js'
import { written } from '../helpers/written.js'

// Rows of 256 neurons or fewer once took a whole block of 512 bits. Files that have them are opened, and go on as if they were of today.

const BLOCK = 16
/** Files that a version with such rows wrote, of memories that are made again below. */
const FILES = join(import.meta.dirname, '../fixtures/rows-of-blocks')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopfield-blocks-'))
})
afterAll(async () => rm(folder, { recursive: true }))

const spins = (neurons: number): Int8Array => randomPatterns({ count: 4, neurons, seed: neurons })
const ids = { ids: ['a', 'b', 'c', 4] }
const hebbian = (neurons: number, backend: Backend, options = {}): HopfieldNetwork =>
  new HopfieldNetwork({ neurons, backend, ...options }).store(spins(neurons), ids)

const MADE: { readonly [name: string]: (backend: Backend) => unknown } = {
  'hebbian-1': (backend) => hebbian(1, backend),
  'hebbian-70': (backend) => hebbian(70, backend),
  'hebbian-256': (backend) => hebbian(256, backend),
  'hebbian-257': (backend) => hebbian(257, backend),
  'pseudo-inverse-129': (backend) => hebbian(129, backend, { learning: 'pseudoinverse' }),
  'clipped-33': (backend) => hebbian(33, backend, { learning: 'clipped' }),
  'dense-192': (backend) => {
    const interaction = { kind: 'polynomial', degree: 3 } as const
    return new DenseAssociativeMemory({ neurons: 192, interaction, backend }).store(spins(192), ids)
  },
  'pairs-64-128': (backend) =>
    new BidirectionalMemory({ inputs: 64, outputs: 128, backend }).store(spins(64), spins(128), ids),
  'willshaw-40': (backend) => {
    const codes = randomCodes({ count: 4, neurons: 40, active: 5, seed: 40 })
    return new SparseAssociativeMemory({ neurons: 40, rule: 'willshaw', backend }).store(codes, ids)
  },
}

/** All ways to open a file. */
async function opened(path: string, backend: Backend): Promise<AnyMemory[]> {
  const all = [
    fromBytes(await readFile(path), { backend }),
    await load(path, { backend }),
    await load(path, { backend, mmap: true }),
    await load(path, { backend, mmap: true, verify: true }),
  ]
  return all as unknown as AnyMemory[]
}

it('there is a memory here for every such file', async () => {
  const names = (await readdir(FILES)).map((name) => name.replace('.safetensors', ''))
  expect(names.sort()).toEqual(Object.keys(MADE).sort())
})

describe.each(BACKENDS)('a file of an older version, %s', (backend) => {
  it.each(Object.keys(MADE))('of %s is the memory that is made today', async (name) => {
    const path = join(FILES, `${name}.safetensors`)
    const today = (MADE[name](backend) as AnyMemory).toBytes()
    const before = await readFile(path)
    // Its arrays have the bits of today's, in rows of blocks.
    expect(before.length - today.length).toBeGreaterThanOrEqual(name === 'hebbian-257' ? 0 : 48)
    for (const memory of await opened(path, backend)) {
      expect(Buffer.compare(memory.toBytes(), today)).toBe(0)
    }
    // Whatever is asked first of one that was mapped.
    for (const ask of [
      (memory: AnyMemory) => memory.pattern(3),
      (memory: AnyMemory) => memory.pattern({ id: 'b' }),
      (memory: AnyMemory) => (memory as unknown as { patterns?(): unknown }).patterns?.(),
      (memory: AnyMemory) => memory.toBytes(),
      (memory: AnyMemory) => (name === 'willshaw-40' ? [] : memory.forget({ id: 'a' }).toBytes()),
    ]) {
      const mapped = (await load(path, { backend, mmap: true })) as unknown as AnyMemory
      expect(ask(mapped)).toEqual(ask(fromBytes(today, { backend }) as unknown as AnyMemory))
    }
  })
})

/** The record with every packed row of few neurons in a whole block, as it once was; undefined if it has none. */
function inBlocks(record: MemoryRecord): MemoryRecord | undefined {
  const wide = [...record.arrays].map(([name, tensor]): [string, Tensor] => [name, widened(tensor)])
  return wide.some(([name, tensor]) => tensor !== record.arrays.get(name))
    ? { ...record, arrays: new Map(wide) }
    : undefined
}

function widened(tensor: Tensor): Tensor {
  const {
    values,
    shape: [count, stride],
  } = tensor
  // Of what memories keep, packed rows alone are tables of 32-bit words.
  if (!(values instanceof Uint32Array) || stride === undefined || stride >= BLOCK) return tensor
  const wide = new Uint32Array(count * BLOCK)
  for (let mu = 0; mu < count; mu++) wide.set(values.subarray(mu * stride, (mu + 1) * stride), mu * BLOCK)
  return { values: wide, shape: [count, BLOCK] }
}

const packed = EVERY_MEMORY.filter((kind) => {
  return inBlocks(heldRecord(filled(kind, 'typescript')).record) !== undefined
})

it('all memories of ±1 patterns, and synapses of one bit, have packed rows', () => {
  const classes = new Set(packed.map((kind) => kind.Class))
  const ofRows = [HopfieldNetwork, DenseAssociativeMemory, ContinuousHopfield, BidirectionalMemory]
  expect(classes).toEqual(new Set<unknown>([...ofRows, SparseAssociativeMemory]))
  expect(packed.length).toBeGreaterThan(20)
})

/** Shapes and bytes of the arrays of a file. */
function arraysOf(file: Uint8Array): Map<string, unknown> {
  const bytes = Buffer.from(file)
  const base = 8 + Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, base)) as Record<
    string,
    { shape: number[]; data_offsets: [number, number] }
  >
  const { __metadata__: _, ...arrays } = header
  return new Map(
    Object.entries(arrays).map(
      ([
        name,
        {
          shape,
          data_offsets: [from, to],
        },
      ]) => [name, [shape, bytes.subarray(base + from, base + to).toString('hex')]],
    ),
  )
}

it('such records are those that were written', async () => {
  for (const [name, make] of Object.entries(MADE)) {
    const { record } = heldRecord(make('typescript') as AnyMemory)
    const old = await readFile(join(FILES, `${name}.safetensors`))
    expect(arraysOf(written(inBlocks(record) ?? record)), name).toEqual(arraysOf(old))
  }
})

describe.each(packed)('$name, kept with rows of blocks', (kind) => {
  it('goes on with the same bits, by bytes, by a file and by a map, on any backend', async () => {
    const moments = fc.asyncProperty(
      fc.constantFrom(...BACKENDS),
      changes,
      changes,
      async (backend, before, after) => {
        const memory = kind.make(backend)
        for (const step of learns(kind) ? before : []) change(memory, kind, step)
        const { record } = heldRecord(memory)
        const path = join(folder, 'memory.safetensors')
        await writeFile(path, written(inBlocks(record) ?? record))
        const kept = await opened(path, backend)
        for (const one of kept) expect(Buffer.compare(one.toBytes(), memory.toBytes())).toBe(0)
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
    await fc.assert(moments, { seed: FIXED.seed + EVERY_MEMORY.indexOf(kind), numRuns: 2 })
  })

  it('is shared as one of today', () => {
    const { record } = heldRecord(filled(kind, BACKENDS[0]))
    const old = fromBytes(written(inBlocks(record) as MemoryRecord)) as unknown as AnyMemory
    const Class = kind.Class as unknown as { fromShared(handle: unknown, options: object): AnyMemory }
    for (const backend of BACKENDS) {
      const other = Class.fromShared(old.share(), { backend })
      expect(everythingOf(other, kind)).toEqual(everythingOf(filled(kind, backend), kind))
    }
  })

  it('is refused at once where something is behind the last neuron, in the block too', async () => {
    const old = inBlocks(heldRecord(filled(kind, BACKENDS[0])).record) as MemoryRecord
    // Weights of one's own come with no pattern.
    const names = [...old.arrays].filter(([, { shape }]) => shape[0] > 1 && shape[1] === BLOCK)
    for (const [name, { values, shape }] of names) {
      // 24 neurons at most: bit 31 of their word, the word behind it, and the last of the block.
      for (const [word, bit] of [
        [0, 31],
        [1, 0],
        [2, 7],
        [BLOCK - 1, 31],
      ]) {
        const spoilt = values.slice()
        spoilt[BLOCK + word] |= 2 ** bit
        const bytes = written({ ...old, arrays: new Map(old.arrays).set(name, { values: spoilt, shape }) })
        const path = join(folder, 'spoilt.safetensors')
        await writeFile(path, bytes)
        const expected = `${name}: expected zeros behind bit`
        for (const error of [
          refusal(() => fromBytes(bytes)),
          await rejection(load(path)),
          await rejection(load(path, { mmap: true })),
        ]) {
          expect(error).toMatchObject({
            code: 'ERR_HOPFIELD_FILE',
            message: expect.stringContaining(expected),
          })
        }
      }
    }
  })

  it('is refused with rows of any other length', () => {
    const { record } = heldRecord(filled(kind, BACKENDS[0]))
    for (const [name, { values, shape }] of record.arrays) {
      if (!(values instanceof Uint32Array) || shape.length !== 2) continue
      for (const stride of [1, 3, 4, 8, 15, 17, 32]) {
        const other = { values: new Uint32Array(shape[0] * stride), shape: [shape[0], stride] }
        const bytes = written({ ...record, arrays: new Map(record.arrays).set(name, other) })
        const error = refusal(() => fromBytes(bytes))
        expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FILE', message: expect.stringContaining(name) })
      }
    }
  })
})

describe.each(BACKENDS)('patterns of few neurons take few bytes, %s', (backend) => {
  const [count, neurons] = [100_000, 64]
  const patterns = randomPatterns({ count, neurons, seed: 1 })

  it('packed, in a file, and shared', () => {
    const bits = PackedPatterns.from(patterns, { neurons })
    expect(bits.words.byteLength).toBe(8 * count)
    const net = new HopfieldNetwork({ neurons, backend }).store(bits)
    expect(net.toBytes().length).toBeLessThan(8 * count + 2048)
    expect(net.patterns().words.byteLength).toBe(8 * count)
    // Columns lie beside them: as many bytes again.
    expect(net.share().byteLength).toBeLessThan(2 * 8 * count + 4096)
  })

  it('in the process', () => {
    const net = new HopfieldNetwork({ neurons, backend })
    const before = process.memoryUsage().arrayBuffers
    net.store(patterns)
    const taken = process.memoryUsage().arrayBuffers - before
    expect(taken).toBeLessThan(1.5e6)
  })
})
