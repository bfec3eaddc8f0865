import fc from 'fast-check'
import { HopfieldError, HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'
import { describe, expect, test } from 'vitest'
import { type Mutation, mutate, mutations } from '../../../test/fuzz/mutations.js'
import { FIXED } from '../../../test/helpers/property.js'
import { ClusterError } from '../src/errors.js'
import { decode, encode } from '../src/network/codec.js'
import { requestOf } from '../src/network/front.js'
import { Part } from '../src/parts/part.js'
import type { Operation } from '../src/parts/questions.js'
import { readMap } from '../src/parts/shard-map.js'
import { split } from '../src/parts/split.js'
import { Coordinator } from '../src/recall/coordinator.js'

/** Bytes of a message that holds one array. */
const size = (array: ArrayBufferView): number => encode({ array }).length

describe('messages', () => {
  test.each<[string, ArrayBufferView]>([
    ['i8', Float64Array.of(-128, 127)],
    ['i16 below', Float64Array.of(-129, 127)],
    ['i16 above', Float64Array.of(128)],
    ['i32', Float64Array.of(32_768, -(2 ** 31))],
    ['f64, too large', Float64Array.of(2 ** 31)],
    ['f64, a fraction', Float64Array.of(1, 0.5)],
    ['f64, −0', Float64Array.of(0, -0)],
    ['f64, not finite', Float64Array.of(Number.NaN, Number.POSITIVE_INFINITY, 1)],
    ['u32 as u8', Uint32Array.of(0, 255)],
    ['u32 as u16', Uint32Array.of(256, 65_535)],
    ['u32', Uint32Array.of(2 ** 32 - 1)],
    ['i32', Int32Array.of(-(2 ** 31), 2 ** 31 - 1)],
    ['f32', Float32Array.of(1, -0, Number.NaN)],
    ['i8', Int8Array.of(-1, 1)],
    ['nothing', new Float64Array(0)],
  ])('%s: arrays come back with their kind and bits', (_, array) => {
    // Behind other bytes, as in a buffer of a connection.
    const message = encode({ array })
    const shifted = new Uint8Array(message.length + 3)
    shifted.set(message, 3)
    const { array: back } = decode(shifted.subarray(3)) as { array: ArrayBufferView }
    expect(back.constructor).toBe(array.constructor)
    expect(Buffer.from(back.buffer).equals(Buffer.from(array.buffer))).toBe(true)
  })

  test('whole numbers take the narrowest width that holds them all', () => {
    const of = (x: number): number => size(new Float64Array(8000).fill(x)) - size(new Float64Array(0))
    expect([127, 128, 32_768, 2 ** 31].map(of).map((bytes) => Math.round(bytes / 8000))).toEqual([1, 2, 4, 8])
    expect(Math.round(size(new Uint32Array(8000).fill(300)) / 8000)).toBe(2)
  })

  test('values of every kind come back', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => !key.startsWith('$') && key !== '__proto__'),
          fc.oneof(
            fc.double(),
            fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
            fc.string(),
            fc.boolean(),
            fc.float64Array(),
            fc.uint32Array(),
            fc.array(fc.double()),
          ),
          { noNullPrototype: true },
        ),
        (value) => {
          expect(decode(encode(value))).toEqual(value)
        },
      ),
      FIXED,
    )
  })

  test('what is no message is refused by name', () => {
    const good = encode({ operation: 'ready' })
    const other = Uint8Array.from(good)
    other[3] = 9
    const refused = (bytes: Uint8Array) => expect(() => decode(bytes))
    refused(other).toThrow('expected format 2, got 9')
    refused(new Uint8Array(0)).toThrow("expected 'HFC'")
    refused(good.subarray(0, 12)).toThrow('a head of')
    refused(Uint8Array.from([...encode({ a: Int8Array.of(1) }), 0])).toThrow('1 bytes follow')
    expect(() => encode({ $array: 1 })).toThrow("'$array' is a name of the format")
  })
})

// Questions that somebody damaged on purpose. What comes of one is an answer or an error of ours; the part goes on.
describe('damaged questions', () => {
  const net = new HopfieldNetwork({ neurons: 40 }).store(randomPatterns({ count: 70, neurons: 40 }))
  const modern = new ModernHopfield({ dimension: 3, beta: 2 }).store(
    Float32Array.from({ length: 30 }, (_, k) => Math.sin(k)),
  )
  const parts = [
    split(net, { shards: 1, axis: 'patterns' }),
    split(net, { shards: 1, axis: 'neurons' }),
    split(modern, { shards: 1 }),
  ].map(({ map, files }) => new Part(files.get(map.shards[0].file) as Uint8Array, map))
  const words = new Uint32Array(4).fill(0)
  const data = Float32Array.of(1, 2, 3)
  const whole = modern.keyFacts
  const peaks = modern.peaks(data, { whole })
  const questions: [number, Operation, object][] = [
    [0, 'overlaps', { words }],
    [0, 'nearest', { words, k: 3 }],
    [0, 'fields', { words }],
    [0, 'columns', { neurons: Uint32Array.of(0, 39) }],
    [1, 'readout', { votes: new Float64Array(70).fill(-40) }],
    [2, 'similarities', { data }],
    [2, 'top', { data, k: 2 }],
    [2, 'peaks', { data, whole }],
    [2, 'partial', { data, whole, peaks, addend: 'keys' }],
    [
      2,
      'complete',
      { data, whole, peaks, before: modern.partial(data, { whole, peaks, addend: 'keys' }), addend: 'keys' },
    ],
  ]

  test.each(questions)('part %d, %s', (part, operation, asked) => {
    const message = encode({ operation, asked })
    const answer = (bytes: Uint8Array): unknown => {
      const { operation, asked } = decode(bytes) as { operation: Operation; asked: unknown }
      return encode(parts[part].answer(operation, asked))
    }
    const right = answer(message)
    let refused = 0
    fc.assert(
      fc.property(mutations, (all: Mutation[]) => {
        try {
          answer(mutate(message, all))
        } catch (error) {
          refused++
          if (!(error instanceof ClusterError || error instanceof HopfieldError)) throw error
        }
      }),
      { ...FIXED, numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(100)
    expect(answer(message)).toEqual(right)
  })

  test('what an operation is asked must have its types and lengths', () => {
    expect(() => parts[0].answer('columns', { neurons: Uint32Array.of(40) })).toThrow(
      'columns: neurons[0]: expected less than 40, got 40',
    )
    expect(() => parts[1].answer('readout', { votes: new Float64Array(69) })).toThrow(
      'readout: votes: expected rows of 70 numbers, got 69',
    )
    expect(() => parts[0].answer('nearest', { words, k: 0 })).toThrow('nearest: k')
    expect(() => parts[0].answer('fields', undefined)).toThrow('fields: asked')
    expect(() => parts[0].answer('top', { data, k: 1 })).toThrow("this part answers no 'top'")
  })
})

describe('damaged requests and maps', () => {
  const net = new HopfieldNetwork({ neurons: 40 }).store(randomPatterns({ count: 70, neurons: 40 }))
  const { map, files } = split(net, { shards: 2, axis: 'patterns' })
  const parts = map.shards.map(({ file }) => new Part(files.get(file) as Uint8Array, map))
  const whole = new Coordinator(map, async (part, operation, asked) => parts[part].answer(operation, asked))
  const ours = (error: unknown): boolean => error instanceof ClusterError || error instanceof HopfieldError

  test.each([
    ['nearest', { states: net.pattern(1), k: 3 }],
    ['overlaps', { states: net.pattern(1) }],
    ['recall', { cues: net.pattern(1), options: { dynamics: 'synchronous', tie: 'keep', seed: 3n } }],
    [
      'recall',
      { cues: net.pattern(1), options: { order: [1, 2, 39], maxSweeps: 7, streams: Uint32Array.of(5) } },
    ],
  ] as const)('a front: %s', async (request, asked) => {
    const message = encode({ request, asked, deadline: 1000 })
    const answer = async (bytes: Uint8Array): Promise<Uint8Array> => encode(await requestOf(bytes).run(whole))
    const right = await answer(message)
    let refused = 0
    await fc.assert(
      fc.asyncProperty(mutations, async (all: Mutation[]) => {
        try {
          await answer(mutate(message, all))
        } catch (error) {
          refused++
          if (!ours(error)) throw error
        }
      }),
      { ...FIXED, numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(100)
    expect(await answer(message)).toEqual(right)
  })

  test('a map is read whole or not at all', () => {
    const text = new TextEncoder().encode(JSON.stringify(map))
    expect(readMap(JSON.stringify(map))).toEqual(map)
    let refused = 0
    fc.assert(
      fc.property(mutations, (all: Mutation[]) => {
        try {
          const { shards, count } = readMap(new TextDecoder().decode(mutate(text, all)))
          expect(shards.at(-1)?.to).toBe(count)
        } catch (error) {
          refused++
          if (!ours(error)) throw error
        }
      }),
      { ...FIXED, numRuns: 1000 },
    )
    expect(refused).toBeGreaterThan(500)
  })
})
