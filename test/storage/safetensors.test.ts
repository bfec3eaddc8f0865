import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Tensor } from '../../src/storage/record.js'
import { arrayAt, headerLength, layOut, parseHeader } from '../../src/storage/safetensors.js'
import { FIXED } from '../helpers/property.js'
import { refusal } from '../helpers/refusal.js'

const PREFIX = 8

/** A file of a header, as text or as JSON, and so many bytes of data. */
function file(header: unknown, data: number, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const out = new Uint8Array(PREFIX + text.length + data)
  new DataView(out.buffer).setBigUint64(0, length ?? BigInt(text.length), true)
  out.set(text, PREFIX)
  return out
}

function read(bytes: Uint8Array): ReturnType<typeof parseHeader> {
  const length = headerLength(bytes, bytes.length)
  return parseHeader(bytes.subarray(PREFIX, PREFIX + length), bytes.length)
}

const u8 = (begin: number, end: number, shape: unknown = [end - begin]): object => ({
  dtype: 'U8',
  shape,
  data_offsets: [begin, end],
})

const arrays = fc.dictionary(
  fc.string({ minLength: 1 }).filter((name) => name !== '__metadata__' && !name.startsWith('padding.')),
  fc
    .tuple(fc.constantFrom(Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array), fc.nat(40))
    .map(([Type, length]): Tensor => ({ values: new Type(length).fill(length), shape: [length] })),
)

describe('safetensors', () => {
  it('lays arrays out at multiples of 64 bytes without gaps, and finds them again', () => {
    const property = fc.property(arrays, fc.dictionary(fc.string(), fc.string()), (named, metadata) => {
      const given = new Map(Object.entries(named))
      const { header, pieces, total } = layOut(metadata, given)
      const bytes = new Uint8Array(total)
      bytes.set(header)
      for (const { position, values } of pieces) {
        bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position)
      }
      const found = read(bytes)
      expect(Object.fromEntries(found.metadata)).toEqual({ ...metadata })
      expect([...found.places.keys()].sort()).toEqual([...given.keys()].sort())
      for (const [name, place] of found.places) {
        expect([place.begin % 64, (total - found.size) % 64]).toEqual([0, 0])
        const values = arrayAt(bytes.buffer, total - found.size, place, (words) => new Uint32Array(words))
        expect(values).toEqual(given.get(name)?.values)
        expect(values.buffer).toBe(bytes.buffer)
      }
    })
    fc.assert(property, FIXED)
  })

  it('copies arrays of other files that lie anywhere', () => {
    const bytes = file({ b: { dtype: 'F64', shape: [1], data_offsets: [3, 11] }, a: u8(0, 3) }, 11)
    const found = read(bytes)
    const place = found.places.get('b')
    new DataView(bytes.buffer).setFloat64(bytes.length - 8, 2.5, true)
    const room = (words: number): Uint32Array => new Uint32Array(words)
    expect(place && arrayAt(bytes.buffer, bytes.length - found.size, place, room)).toEqual(
      Float64Array.of(2.5),
    )
  })

  it.each<[string, Uint8Array, string]>([
    ['seven bytes', new Uint8Array(7), 'header: expected 8 bytes that say its length, got a file of 7'],
    [
      'a header of 2^63 bytes',
      file({}, 0, 2n ** 63n),
      'header: expected a length of at most 100000000 bytes, got 9223372036854775808',
    ],
    [
      'a header of 100,000,001 bytes',
      file({}, 0, 100_000_001n),
      'header: expected a length of at most 100000000 bytes',
    ],
    [
      'a header that is longer than the file',
      file({}, 0, 100_000_000n),
      'header: expected 100000000 bytes, got 2',
    ],
    ['no header', file('', 0), 'header: expected { as its first byte'],
    ['a header that begins with a space', file(' {}', 0), 'header: expected { as its first byte'],
    ['a header that is no JSON', file('{"a"', 0), 'header: expected a colon at character 4'],
    [
      'a name that comes twice',
      file(`{"a":${JSON.stringify(u8(0, 1))},"a":${JSON.stringify(u8(0, 1))}}`, 1),
      'each name once, got "a" twice',
    ],
    [
      'a name that comes twice within',
      file('{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
      'each name once, got "dtype" twice',
    ],
    ['metadata that is no text', file({ __metadata__: { a: 1 } }, 0), '__metadata__.a: expected a string'],
    ['an unknown name', file({ a: { ...u8(0, 1), more: 1 } }, 1), 'header.a.more: unknown name'],
    ['an unknown type', file({ a: { ...u8(0, 1), dtype: 'U9' } }, 1), 'header.a.dtype: expected one of U8'],
    [
      'a type named as every object has one',
      file({ a: { ...u8(0, 1), dtype: 'constructor' } }, 1),
      'header.a.dtype: ',
    ],
    ['a negative length', file({ a: u8(0, 1, [-1]) }, 1), 'header.a.shape: expected a list of whole numbers'],
    ['a broken length', file({ a: u8(0, 1, [0.5]) }, 1), 'header.a.shape: '],
    [
      'a shape whose product overflows',
      file({ a: u8(0, 1, [2 ** 40, 2 ** 40]) }, 1),
      'header.a.shape: expected fewer than 2^53 bytes',
    ],
    [
      'a shape whose product overflows before a zero',
      file({ a: u8(0, 0, [2 ** 40, 2 ** 40, 0]) }, 0),
      'header.a.shape: ',
    ],
    [
      'lengths beyond f64',
      file('{"a":{"dtype":"U8","shape":[18446744073709551615],"data_offsets":[0,1]}}', 1),
      'header.a.shape: ',
    ],
    [
      'a shape that does not fit',
      file({ a: u8(0, 4, [3]) }, 4),
      'header.a.data_offsets: expected 3 bytes for [3] of U8, got 4',
    ],
    [
      'offsets that go backwards',
      file({ a: u8(4, 0, [4]) }, 4),
      'header.a.data_offsets: expected 4 bytes for [4] of U8, got -4',
    ],
    [
      'three offsets',
      file({ a: { ...u8(0, 1), data_offsets: [0, 1, 2] } }, 2),
      'header.a.data_offsets: expected two whole numbers',
    ],
    [
      'arrays that overlap',
      file({ a: u8(0, 4), b: u8(3, 7) }, 7),
      'header.b.data_offsets: expected data from byte 4 on, got 3',
    ],
    [
      'the same bytes twice',
      file({ a: u8(0, 4), b: u8(0, 4) }, 4),
      'header.b.data_offsets: expected data from byte 4 on, got 0',
    ],
    [
      'a gap',
      file({ a: u8(0, 4), b: u8(5, 7) }, 7),
      'header.b.data_offsets: expected data from byte 4 on, got 5',
    ],
    [
      'data that do not begin at 0',
      file({ a: u8(1, 4) }, 4),
      'header.a.data_offsets: expected data from byte 0 on, got 1',
    ],
    ['less data than arrays', file({ a: u8(0, 4) }, 3), 'data: expected 4 bytes, got 3'],
    ['more data than arrays', file({ a: u8(0, 4) }, 5), 'data: expected 4 bytes, got 5'],
    ['arrays that are no objects', file({ a: [1] }, 0), 'header.a: expected an object'],
    ['a header that is a list', file('{"a":null}', 0), 'header.a: expected an object'],
  ])('refuses %s', (_, bytes, words) => {
    const error = refusal(() => read(bytes))
    expect(error.code).toBe('ERR_HOPFIELD_FILE')
    expect(error.message).toContain(words)
  })
})
