import { deflateRawSync, crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatNpy, formatNpz, type NpzOptions, parseNpz } from '../../src/index.js'
import { base64, COMPRESSED } from '../helpers/npz.js'
import { FIXED } from '../helpers/property.js'
import { refusal, untyped } from '../helpers/refusal.js'

/** numpy.savez(file, x=numpy.array([1, -1], dtype='>i2')). */
const STORED = base64(
  'UEsDBC0AAAAAAAAAIQCv6Of5//////////8FABQAeC5ucHkBABAAhAAAAAAAAACEAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJz5pMicsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdzaGFwZSc6ICgyLCksIH0gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAH//1BLAQItAy0AAAAAAAAAIQCv6Of5hAAAAIQAAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLBQYAAAAAAQABADMAAAC7AAAAAAA=',
)

interface Entry {
  name?: string
  localName?: string
  bytes?: Uint8Array
  packed?: Uint8Array
  method?: number
  size?: number
  packedSize?: number
  checksum?: number
  flags?: number
  offset?: number
}

interface Odd {
  count?: number
  directoryAt?: number
  disk?: number
  /** Between the last entry of the directory and its end. */
  between?: Uint8Array
  comment?: Uint8Array
}

/** A zip file written by hand, wrong wherever the test wants it. */
function zip(entries: Entry[], odd: Odd = {}): Uint8Array {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const entry of entries) {
    const bytes = entry.bytes ?? formatNpy(Int8Array.of(1, -1))
    const packed = entry.packed ?? bytes
    const name = Buffer.from(entry.name ?? 'x.npy')
    const local = Buffer.from(entry.localName ?? entry.name ?? 'x.npy')
    const facts = Buffer.alloc(26)
    facts.writeUInt16LE(20, 0)
    facts.writeUInt16LE(entry.flags ?? 0, 2)
    facts.writeUInt16LE(entry.method ?? 0, 4)
    facts.writeUInt32LE(entry.checksum ?? zlibCrc32(bytes), 10)
    facts.writeUInt32LE(entry.packedSize ?? packed.length, 14)
    facts.writeUInt32LE(entry.size ?? bytes.length, 18)
    facts.writeUInt16LE(local.length, 22)
    parts.push(Buffer.from('PK\x03\x04'), Buffer.from(facts), local, Buffer.from(packed))
    facts.writeUInt16LE(name.length, 22)
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(entry.offset ?? at, 10)
    central.push(Buffer.from('PK\x01\x02\x14\x00'), facts, rest, name)
    at += 30 + local.length + packed.length
  }
  const size = central.reduce((sum, { length }) => sum + length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(odd.disk ?? 0, 4)
  end.writeUInt16LE(odd.count ?? entries.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(odd.directoryAt ?? at, 16)
  end.writeUInt16LE(odd.comment?.length ?? 0, 20)
  const [between, comment] = [odd.between, odd.comment].map((bytes) => bytes ?? new Uint8Array(0))
  return Uint8Array.from(Buffer.concat([...parts, ...central, between, end, comment]))
}

const deflated = (bytes: Uint8Array): Entry => ({ method: 8, bytes, packed: deflateRawSync(bytes) })

describe('parseNpz', () => {
  it('reads what numpy.savez_compressed wrote', () => {
    const arrays = parseNpz(COMPRESSED)
    expect({ ...arrays }).toEqual({
      patterns: { data: BigInt64Array.of(1n, -1n, 1n, -1n, 1n, 1n), shape: [2, 3], descr: '<i8' },
      mask: { data: Uint8Array.of(1, 0, 1), shape: [3], descr: '|b1' },
    })
  })

  it('reads what numpy.savez wrote', () => {
    expect(parseNpz(STORED)['x']).toEqual({ data: Int16Array.of(1, -1), shape: [2], descr: '>i2' })
  })

  it('gives names of every kind, those of every object too', () => {
    const names = ['__proto__', 'toString', '', 'ü/1', 'x.npy']
    const arrays = parseNpz(zip(names.map((name) => ({ name: `${name}.npy` }))))
    expect(Object.keys(arrays)).toEqual(names)
    expect(Object.getPrototypeOf(arrays)).toBe(null)
    for (const name of names) expect(arrays[name].data).toEqual(Int8Array.of(1, -1))
  })

  it('reads a comment behind the directory, and sizes that follow the data', () => {
    expect(
      parseNpz(zip([{ flags: 8 }], { comment: Buffer.from('PK\x05\x06 a comment') }))['x'].shape,
    ).toEqual([2])
  })

  it('reads no arrays', () => {
    expect(Object.keys(parseNpz(zip([])))).toEqual([])
  })

  const good = formatNpy(Int8Array.of(1, -1))
  const bomb = formatNpy(new Int8Array(2 ** 20))
  const malformed: [string, Uint8Array, string][] = [
    ['no bytes', new Uint8Array(0), 'not a whole .npz file'],
    ['an .npy file', good, 'not a whole .npz file'],
    ['a wrong checksum', zip([{ checksum: 5 }]), 'checksum'],
    ['a wrong checksum of a deflated array', zip([{ ...deflated(good), checksum: 5 }]), 'checksum'],
    ['a stored size that is not its own', zip([{ size: 5 }]), 'cannot stand for 5'],
    ['a size that no stream has', zip([{ ...deflated(good), size: 2 ** 31 }]), 'cannot stand for 2147483648'],
    ['a size below the stream', zip([{ ...deflated(good), size: good.length - 1 }]), 'inflate'],
    ['a size above the stream', zip([{ ...deflated(good), size: good.length + 1 }]), 'inflate'],
    [
      'bytes behind a stream',
      zip([{ ...deflated(good), packed: Buffer.concat([deflateRawSync(good), good]) }]),
      'inflate',
    ],
    ['a damaged stream', zip([{ ...deflated(good), packed: new Uint8Array(50).fill(255) }]), 'inflate'],
    ['a cut stream', zip([{ ...deflated(good), packed: deflateRawSync(good).subarray(0, -2) }]), 'inflate'],
    ['an unknown method', zip([{ method: 12 }]), 'compression method 12'],
    ['an encrypted array', zip([{ flags: 1 }]), 'encrypted'],
    ['a name given twice', zip([{}, {}]), 'two entries'],
    ['another name before the data', zip([{ localName: 'y.npy' }]), 'names another file'],
    ['another kind of file', zip([{ name: 'x.txt' }]), 'not an .npy file'],
    ['an array that is no .npy file', zip([{ bytes: Uint8Array.of(1, 2, 3) }]), 'x.npy": this is not'],
    ['an array without data', zip([{ bytes: good.subarray(0, -1) }]), 'x.npy": truncated'],
    ['two names for the same data', zip([{ name: 'a.npy' }, { name: 'a.npy', offset: 0 }]), 'overlap'],
    ['an offset into the directory', zip([{ offset: 30 + 5 + good.length }]), 'header is not at'],
    ['an offset behind the file', zip([{ offset: 2 ** 31 }]), 'header is not at'],
    [
      'data that run into the directory',
      zip([{ size: good.length + 9, packedSize: good.length + 9 }]),
      'run over',
    ],
    ['64-bit sizes that are not there', zip([{ size: 2 ** 32 - 1 }]), '64-bit sizes are missing'],
    ['a directory that is elsewhere', zip([{}], { directoryAt: 3 }), 'is not before its end'],
    ['fewer entries than said', zip([{}], { count: 2 }), 'entry 1'],
    ['more entries than said', zip([{}, { name: 'y.npy' }], { count: 1 }), 'behind its last entry'],
    ['bytes before the end', zip([{}], { between: new Uint8Array(3) }), 'is not before its end'],
    ['a 64-bit directory that is not there', zip([{}], { count: 65535 }), '64-bit end'],
    ['several parts', zip([{}], { disk: 1 }), 'parts'],
  ]
  for (const [what, bytes, words] of malformed) {
    it(`refuses ${what}`, () => {
      const error = refusal(() => parseNpz(bytes))
      expect(error.message).toContain(words)
      expect(error).toMatchObject({
        code: 'ERR_HOPFIELD_FORMAT',
        message: expect.stringMatching(/^parseNpz: /),
      })
    })
  }

  it('unpacks no more than maxBytes, over all arrays', () => {
    const bytes = zip([1, 2, 3].map((k) => ({ ...deflated(bomb), name: `${k}.npy` })))
    expect(bytes.length).toBeLessThan(2 ** 13)
    expect(refusal(() => parseNpz(bytes, { maxBytes: 3 * bomb.length - 1 })).message).toContain('maxBytes')
    expect(Object.keys(parseNpz(bytes, { maxBytes: 3 * bomb.length }))).toHaveLength(3)
  })

  for (const options of [{ maxBytes: -1 }, { maxBytes: 'x' }, { limit: 5 }, 5, null]) {
    it(`refuses ${JSON.stringify(options)} for options`, () => {
      expect(refusal(() => parseNpz(STORED, options as NpzOptions)).message).toMatch(/^parseNpz: /)
    })
  }

  for (const bytes of ['PK', [1, 2], new ArrayBuffer(64), undefined, null]) {
    it(`refuses ${Object.prototype.toString.call(bytes)} for bytes`, () => {
      expect(refusal(() => parseNpz(untyped(bytes))).code).toBe('ERR_HOPFIELD_TYPE')
    })
  }

  for (const [what, bytes] of [
    ['stored', STORED],
    ['compressed', COMPRESSED],
    ['ours', formatNpz({ a: Int8Array.of(1, -1) })],
  ] as const) {
    it(`refuses every cut of a good file, ${what}`, () => {
      for (let length = 0; length < bytes.length; length++) {
        expect(refusal(() => parseNpz(bytes.subarray(0, length))).code).toBe('ERR_HOPFIELD_FORMAT')
      }
    })

    it(`reads or refuses a file with any bytes changed, ${what}`, () => {
      const change = fc.record({ at: fc.nat(bytes.length - 1), byte: fc.nat(255) })
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
          const broken = bytes.slice()
          for (const { at, byte } of changes) broken[at] = byte
          try {
            parseNpz(broken)
          } catch (error) {
            expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FORMAT' })
          }
        }),
        { ...FIXED, numRuns: 500 },
      )
    })
  }
})

describe('formatNpz', () => {
  it('writes what parseNpz reads', () => {
    const arrays = {
      patterns: { data: Int8Array.of(1, -1, 1, 1), shape: [2, 2], descr: '|i1' },
      ü: { data: BigInt64Array.of(5n), shape: [], descr: '<i8' },
      nothing: { data: new Float64Array(0), shape: [0, 7], descr: '<f8' },
    }
    expect({ ...parseNpz(formatNpz(arrays)) }).toEqual(arrays)
    expect(formatNpz(parseNpz(formatNpz(arrays)))).toEqual(formatNpz(arrays))
  })

  it('takes typed arrays as they are', () => {
    expect(parseNpz(formatNpz({ a: Float32Array.of(1, 2) }))['a']).toMatchObject({ shape: [2] })
  })

  it('writes no arrays', () => {
    expect(Object.keys(parseNpz(formatNpz({})))).toEqual([])
  })

  for (const [what, arrays, words] of [
    ['an array of arrays', [Int8Array.of(1)], 'arrays: expected an object'],
    ['a typed array', Int8Array.of(1), 'arrays: expected an object'],
    ['nothing', undefined, 'arrays: expected an object'],
    ['null', null, 'arrays: expected an object'],
    ['numbers', { a: [1, 2] }, 'arrays["a"].data: expected a typed array'],
    ['null under a name', { a: null }, 'arrays["a"].data: expected a typed array'],
    [
      'a shape that holds other data',
      { a: { data: Int8Array.of(1), shape: [2] } },
      'arrays["a"].shape: expected',
    ],
    ['a name of 70,000 letters', { ['a'.repeat(70_000)]: Int8Array.of(1) }, 'bytes of its name'],
  ] as const) {
    it(`refuses ${what}`, () => {
      expect(refusal(() => formatNpz(untyped(arrays))).message).toContain(words)
    })
  }
})
