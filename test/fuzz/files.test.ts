import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import {
  formatNpy,
  formatNpz,
  fromBytes,
  HopfieldError,
  PackedPatterns,
  parseNpy,
  parseNpz,
} from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import {
  change,
  EVERY_MEMORY,
  type EveryMemory,
  everythingOf,
  filled,
  learns,
} from '../helpers/every-memory.js'
import { COMPRESSED } from '../helpers/npz.js'
import { FIXED } from '../helpers/property.js'
import { type Mutation, mutate, mutations } from './mutations.js'

// Files that somebody damaged on purpose. What comes of one is an error of ours, or an array or a memory that works. Few inputs here, the
// same in every run; `npm run fuzz -- files SECONDS` tries others for as long.

const SEED = process.env['HOPFIELD_FUZZ_SEED'] ? { seed: Number(process.env['HOPFIELD_FUZZ_SEED']) } : {}
const SECONDS = Number(process.env['HOPFIELD_FUZZ_SECONDS'] ?? 0)
/** Bytes that a small file may make this process ask for. */
const MOST_BYTES = 2 ** 28
/** What one file may take, on a busy machine. */
const MOST_MILLISECONDS = 20_000
let inputs = 0

/** Runs for its share of the time that was asked for, or over a few cases. */
function search<T>(what: fc.Arbitrary<T>, share: number, runs: number, attempt: (given: T) => void): void {
  const counted = fc.property(what, (given) => {
    inputs++
    const [began, before] = [Date.now(), process.memoryUsage().arrayBuffers]
    attempt(given)
    expect(Date.now() - began).toBeLessThan(MOST_MILLISECONDS)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MOST_BYTES)
  })
  if (SECONDS === 0) fc.assert(counted, { ...FIXED, numRuns: runs })
  else {
    const interruptAfterTimeLimit = 1000 * SECONDS * share
    fc.assert(counted, { ...SEED, numRuns: 2 ** 31 - 1, interruptAfterTimeLimit })
  }
}

/** What `read` makes of the bytes, or undefined where it refuses them as it should. */
function readOrRefused<T>(read: () => T, ...codes: string[]): T | undefined {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof HopfieldError)) throw error
    expect(codes, error.message).toContain(error.code)
    return undefined
  }
}

/** The same file with the digest of its contents, where nothing else is wrong with it: a stranger can compute it, too. */
function sealed(bytes: Uint8Array): Uint8Array {
  try {
    fromBytes(bytes)
  } catch (error) {
    const said = /got ([0-9a-f]{64}), but the contents have ([0-9a-f]{64})/.exec((error as Error).message)
    if (said === null) return bytes
    return Buffer.from(Buffer.from(bytes).toString('latin1').replace(said[1], said[2]), 'latin1')
  }
  return bytes
}

/** Everything that reads or changes the arrays: results are no matter, errors must be ours. */
function use(memory: ReturnType<typeof filled>, kind: EveryMemory): void {
  const steps = learns(kind) ? ([8, 0, 4, 6, 0] as const) : []
  for (const step of [undefined, ...steps.map((what, k) => [what, k, 2 * k + 1] as const)]) {
    try {
      if (step !== undefined) change(memory, kind, step)
      everythingOf(memory, kind)
    } catch (error) {
      if (!(error instanceof HopfieldError)) throw error
    }
  }
}

afterAll(() => {
  if (SECONDS > 0) console.log(`fuzz: ${inputs} inputs`)
})

describe('a damaged file', () => {
  it('of a memory is refused or works, with a digest that is right', { timeout: 2e9 }, () => {
    const files = EVERY_MEMORY.map((kind) => filled(kind, BACKENDS[0]).toBytes())
    const which = fc.nat(EVERY_MEMORY.length - 1)
    search(fc.tuple(which, which, mutations), 0.6, 150, ([k, other, all]) => {
      // Now and then the head of one file before the rest of another.
      const cut = (all[0].other % 3 === 0 ? all[0].at : 0) % files[k].length
      const base = Buffer.concat([files[other].subarray(0, cut), files[k].subarray(cut)])
      const bytes = sealed(mutate(cut > 0 ? base : files[k], all))
      for (const backend of BACKENDS) {
        const memory = readOrRefused(
          () => fromBytes(bytes, { backend }),
          'ERR_HOPFIELD_FILE',
          'ERR_HOPFIELD_MEMORY',
        )
        if (memory === undefined) continue
        // The head may say that it is of the other's class.
        const kind = [EVERY_MEMORY[k], EVERY_MEMORY[other]].find(({ Class }) => memory instanceof Class)
        expect(kind).toBeDefined()
        if (kind !== undefined) use(memory as unknown as ReturnType<typeof filled>, kind)
      }
    })
  })

  it('of an array is refused or holds what its header says', { timeout: 2e9 }, () => {
    const files = [
      formatNpy(Float64Array.of(1, -2.5, 3, 4, 5, 6), [2, 3]),
      formatNpy(Int8Array.of(1, -1, 1)),
      formatNpy(Float32Array.of(7)),
      formatNpy(BigInt64Array.of(1n, -1n), [1, 2]),
    ]
    search(fc.tuple(fc.nat(files.length - 1), mutations), 0.15, 400, ([k, all]) => {
      const array = readOrRefused(
        () => parseNpy(mutate(files[k], all)),
        'ERR_HOPFIELD_FORMAT',
        'ERR_HOPFIELD_MEMORY',
      )
      if (array === undefined) return
      expect(array.data.length).toBe(array.shape.reduce((product, length) => product * length, 1))
      expect(parseNpy(formatNpy(array.data, array.shape)).data).toStrictEqual(array.data)
    })
  })

  it('of several arrays is refused or holds arrays', { timeout: 2e9 }, () => {
    const stored = formatNpz({
      a: Int8Array.of(1, -1, 1),
      b: { data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] },
    })
    const files = [stored, COMPRESSED, formatNpz({})]
    search(fc.tuple(fc.nat(files.length - 1), mutations), 0.15, 400, ([k, all]) => {
      const arrays = readOrRefused(
        () => parseNpz(mutate(files[k], all), { maxBytes: 2 ** 20 }),
        'ERR_HOPFIELD_FORMAT',
        'ERR_HOPFIELD_MEMORY',
      )
      for (const { data, shape } of Object.values(arrays ?? {})) {
        expect(data.length).toBe(shape.reduce((product, length) => product * length, 1))
      }
    })
  })

  it('of packed patterns is refused or gives the same bytes back', { timeout: 2e9 }, () => {
    const bytes = PackedPatterns.from([1, -1, 1, 1, -1, 1, 1, -1, 1, 1, 1, -1], { neurons: 12 }).toBytes()
    const neurons = fc.oneof(fc.nat(40), fc.constantFrom(2 ** 30, 2 ** 31, 2 ** 53 - 1, -1, 0.5))
    search(fc.tuple(neurons, mutations), 0.1, 300, ([n, all]: [number, Mutation[]]) => {
      const given = mutate(bytes, all)
      const codes = ['ERR_HOPFIELD_VALUE', 'ERR_HOPFIELD_RANGE', 'ERR_HOPFIELD_SHAPE', 'ERR_HOPFIELD_MEMORY']
      const patterns = readOrRefused(() => PackedPatterns.fromBytes(given, { neurons: n }), ...codes)
      if (patterns !== undefined) expect(patterns.toBytes()).toStrictEqual(Uint8Array.from(given))
    })
  })
})
