import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fromBytes, HopfieldError, HopfieldNetwork, load } from '../../src/index.js'
import type { Fact, MemoryRecord, Tensor } from '../../src/storage/record.js'
import { BACKENDS, type Backend } from '../helpers/backends.js'
import {
  type AnyMemory,
  change,
  EVERY_MEMORY,
  type EveryMemory,
  everythingOf,
  filled,
  learns,
} from '../helpers/every-memory.js'
import { heldRecord } from '../helpers/held-record.js'
import { FIXED } from '../helpers/property.js'
import { refusal, rejection } from '../helpers/refusal.js'
import { written } from '../helpers/written.js'

// Files of unknown origin: whatever is in them, they are refused with a reason or they are a memory. Nothing crashes.

function recordOf(memory: AnyMemory): MemoryRecord {
  return heldRecord(memory).record
}

/** The record with some bits of one array turned over. */
function damaged(record: MemoryRecord, which: number, bits: readonly number[]): MemoryRecord {
  const names = [...record.arrays].filter(([, { values }]) => values.length > 0).map(([name]) => name)
  const name = names[which % names.length]
  const { values, shape } = record.arrays.get(name) as Tensor
  const copy = values.slice()
  const bytes = new Uint8Array(copy.buffer)
  for (const bit of bits) bytes[(bit >>> 3) % bytes.length] ^= 1 << (bit & 7)
  return { ...record, arrays: new Map(record.arrays).set(name, { values: copy, shape }) }
}

/** Everything that reads or changes the arrays: results are no matter, errors must be ours. */
function use(memory: AnyMemory, kind: EveryMemory): void {
  const steps = [8, 0, 4, 6, 0, 4].map((what, k) => [what, k, 2 * k + 1] as const)
  for (const step of [undefined, ...(learns(kind) ? steps : [])]) {
    try {
      if (step !== undefined) change(memory, kind, step)
      everythingOf(memory, kind)
    } catch (error) {
      if (!(error instanceof HopfieldError)) throw error
    }
  }
}

function tryOut(bytes: Uint8Array, kind: EveryMemory, backend: Backend): void {
  let memory: AnyMemory
  try {
    memory = fromBytes(bytes, { backend }) as unknown as AnyMemory
  } catch (error) {
    expect(error).toBeInstanceOf(HopfieldError)
    expect((error as HopfieldError).code).toMatch(/^ERR_HOPFIELD_(FILE|MEMORY)$/)
    return
  }
  use(memory, kind)
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hopfield-damage-'))
})
afterAll(async () => rm(folder, { recursive: true }))

const small = new HopfieldNetwork({ neurons: 5, learning: 'pseudoinverse' })
  .store([1, -1, 1, 1, 1], { ids: ['one'] })
  .store([1, -1, -1, 1, 1])
  .toBytes()

describe('a small file', () => {
  it('is refused when it was cut anywhere, or is longer', () => {
    for (let length = 0; length < small.length; length++) {
      expect(refusal(() => fromBytes(small.subarray(0, length))).code, `${length}`).toBe('ERR_HOPFIELD_FILE')
    }
    const longer = new Uint8Array(small.length + 1)
    longer.set(small)
    expect(refusal(() => fromBytes(longer)).message).toContain('data: expected')
  })

  it('is refused with any bit turned over', () => {
    const bytes = small.slice()
    for (let bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit >>> 3] ^= 1 << (bit & 7)
      expect(refusal(() => fromBytes(bytes)).code, `${bit}`).toBe('ERR_HOPFIELD_FILE')
      bytes[bit >>> 3] ^= 1 << (bit & 7)
    }
  })

  it('is refused as a file, too, read or mapped', async () => {
    const path = join(folder, 'cut.safetensors')
    for (let length = 0; length < small.length; length += 61) {
      await writeFile(path, small.subarray(0, length))
      for (const mmap of [false, true]) {
        const error = await rejection(load(path, { mmap }))
        expect((error as HopfieldError).code, `${length}`).toBe('ERR_HOPFIELD_FILE')
      }
    }
  })

  it.each([
    [
      'no metadata',
      '"format":"hopfield-native"',
      '"farmat":"hopfield-native"',
      '__metadata__.format: expected "hopfield-native", got none',
    ],
    ['another name of padding', '"padding.0"', '"padding.1"', 'header: expected padding.0 among padding'],
    [
      'a newer version',
      '"version":"1"',
      '"version":"2"',
      '__metadata__.version: expected 1, got 2, written by hopfield-native 0.1.0; a newer package reads it',
    ],
    ['a version that is none', '"version":"1"', '"version":"x"', '__metadata__.version: expected 1, got "x"'],
    [
      'another digest',
      '"sha256":"',
      '"sha256":"0',
      '__metadata__.sha256: expected the SHA-256 of the contents, got 0',
    ],
    [
      'an unknown class',
      '"HopfieldNetwork"',
      '"HopfieldNetwerk"',
      'class: expected one of BidirectionalMemory, ',
    ],
  ])('is refused with %s', (_, from, to, words) => {
    const text = Buffer.from(small).toString('latin1')
    expect(text).toContain(from)
    // As many bytes as before: the spaces behind the header give one away.
    const spare = to.length - from.length
    const changed = text.replace(from, to).replace(' '.repeat(spare + 1), ' ')
    const error = refusal(() =>
      fromBytes(Buffer.from(spare > 0 ? changed : text.replace(from, to), 'latin1')),
    )
    expect(error.code).toBe('ERR_HOPFIELD_FILE')
    expect(error.message).toContain(words)
  })
})

describe.each(EVERY_MEMORY)('$name of a file with the right digest', (kind) => {
  const record = recordOf(filled(kind, BACKENDS[0]))

  it('is refused or works, whatever its arrays hold', async () => {
    const path = join(folder, 'hostile.safetensors')
    const damages = fc.asyncProperty(
      fc.nat(20),
      fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
      async (which, bits) => {
        const bytes = written(damaged(record, which, bits))
        for (const backend of BACKENDS) tryOut(bytes, kind, backend)
        await writeFile(path, bytes)
        // Opened without a look at its contents: they are looked at when they are used.
        const lazy = await load(path, { mmap: true }).catch((error: unknown) => error)
        if (lazy instanceof HopfieldError) expect(lazy.code).toBe('ERR_HOPFIELD_FILE')
        else use(lazy as AnyMemory, kind)
      },
    )
    await fc.assert(damages, { ...FIXED, numRuns: 3 })
  })

  it('is refused or works, whatever its options and facts say', () => {
    const names = [
      ...Object.keys(record.options),
      ...Object.keys(record.facts),
      'weights',
      'connections',
      'backend',
    ]
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom(0, -1, 2 ** 53, 1e300, '', null, 2 ** 31, [], {}),
    )
    const lies = fc.property(fc.constantFrom(...names), values, (name, value) => {
      const part = name in record.facts ? 'facts' : 'options'
      const fact = value as Fact
      const bytes = written({ ...record, [part]: { ...record[part], [name]: fact } })
      tryOut(bytes, kind, BACKENDS[BACKENDS.length - 1])
    })
    fc.assert(lies, { ...FIXED, numRuns: 8 })
  })
})

describe('contents that are not what they should be', () => {
  const of = (name: string): [EveryMemory, MemoryRecord] => {
    const kind = EVERY_MEMORY.find((each) => each.name === name) as EveryMemory
    return [kind, recordOf(filled(kind, BACKENDS[0]))]
  }

  it.each<[kind: string, array: string, index: number, value: number, words: string]>([
    ['HopfieldNetwork, hebbian', 'patterns', 1, 1, 'patterns: expected zeros behind bit 24 of row 0'],
    ['HopfieldNetwork, hebbian', 'patterns', 0, 2 ** 24, 'patterns: expected zeros behind bit 24 of row 0'],
    ['HopfieldNetwork, hebbian, dense', 'weights', 0, 1, 'weights: expected Hebb'],
    ['HopfieldNetwork, hebbian, dense', 'weights', 1, 77, 'weights: expected Hebb'],
    [
      'HopfieldNetwork, storkey',
      'weights',
      3,
      Number.NaN,
      'weights[3]: expected a number within ±1e+100, got NaN',
    ],
    [
      'HopfieldNetwork, weights of its own, f32',
      'weights',
      3,
      Number.POSITIVE_INFINITY,
      'weights[3]: expected',
    ],
    ['HopfieldNetwork, clipped', 'weights', 1, 1, 'weights: expected zeros behind bit 24 of row 0'],
    [
      'HopfieldNetwork, pseudo-inverse',
      'learner.inverse',
      0,
      0.25,
      'learner.inverse: expected the inverse of the patterns',
    ],
    [
      'HopfieldNetwork, pseudo-inverse',
      'learner.inverse',
      1,
      0.5,
      'learner.inverse[1]: expected a symmetric matrix',
    ],
    ['HopfieldNetwork, pseudo-inverse', 'learner.inverse', 0, Number.NaN, 'learner.inverse[0]: '],
    ['HopfieldNetwork, pseudo-inverse', 'learner.inverse', 7, 1, 'learner.inverse[7]: '],
    [
      'HopfieldNetwork, palimpsest, decaying',
      'learner.strengths',
      1,
      1.5,
      'learner.strengths[1]: expected a number from 0 to 1',
    ],
    [
      'HopfieldNetwork, hebbian, ring',
      'connections.sources',
      2,
      24,
      'connections.sources[2]: expected a number below 24, got 24',
    ],
    ['HopfieldNetwork, hebbian, ring', 'connections.starts', 0, 1, 'connections.starts[0]: expected 0'],
    [
      'HopfieldNetwork, hebbian, ring',
      'connections.starts',
      24,
      7,
      'connections.starts[24]: expected 0, then numbers that never fall',
    ],
    [
      'HopfieldNetwork, hebbian, 0/1 units',
      'thresholds',
      2,
      Number.NaN,
      'thresholds[2]: expected a finite number',
    ],
    ['HopfieldNetwork, hebbian', 'ids', 0, 0x20, 'ids: expected a JSON array'],
    ['HopfieldNetwork, hebbian', 'ids', 1, 0x5b, 'ids: expected strings, numbers and null'],
    ['HopfieldNetwork, hebbian', 'ids', 1, 0x2c, 'ids: expected JSON in UTF-8'],
    ['HopfieldNetwork, clipped', 'weights', 0, 0x00ffaa00, 'weights: expected symmetric weights; row '],
    [
      'DenseAssociativeMemory, table',
      'interaction.energies',
      3,
      Number.NaN,
      'expected a number of magnitude below',
    ],
    ['ModernHopfield, dot', 'keys', 30, Number.NaN, 'keys[30]: expected a number within'],
    ['ModernHopfield, cosine, values', 'values', 30, Number.POSITIVE_INFINITY, 'values[30]: expected'],
    [
      'ContinuousHopfield, weights of its own',
      'weights',
      5,
      Number.NEGATIVE_INFINITY,
      'weights[5]: expected',
    ],
    ['ContinuousHopfield, weights of its own', 'externalField', 5, Number.NaN, 'externalField[5]: expected'],
    ['BidirectionalMemory', 'ys', 1, 1, 'ys: expected zeros behind bit 20 of row 0'],
    [
      'SparseAssociativeMemory, willshaw',
      'weights',
      0,
      0,
      'weights: expected the synapse of unit 0 with itself',
    ],
    [
      'SparseAssociativeMemory, willshaw',
      'inputs.units',
      0,
      24,
      'inputs.units[0]: expected a number below 24',
    ],
    [
      'SparseAssociativeMemory, covariance, pairs',
      'outputs.units',
      1,
      0,
      'outputs.units[1]: expected units of a code to rise',
    ],
    [
      'SparseAssociativeMemory, covariance, pairs',
      'outputs.starts',
      1,
      2 ** 32 - 1,
      'outputs.starts[2]: expected 0, then',
    ],
  ])('are refused: %s, %s[%i] = %d', (name, array, index, value, words) => {
    const [, record] = of(name)
    const { values, shape } = record.arrays.get(array) as Tensor
    const copy = values.slice()
    copy[index] = value
    const bytes = written({ ...record, arrays: new Map(record.arrays).set(array, { values: copy, shape }) })
    const error = refusal(() => fromBytes(bytes))
    expect(error.code).toBe('ERR_HOPFIELD_FILE')
    expect(error.message).toContain(words)
  })
})
