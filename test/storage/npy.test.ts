import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { formatNpy, HopfieldNetwork, type NpyData, parseNpy, randomPatterns } from '../../src/index.js'
import { detach, refusal, untyped } from '../helpers/refusal.js'

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

/** An .npy file written by hand: the header as it stands, then the bytes. */
function file(header: string, data: ArrayLike<number>, version = 1): Uint8Array {
  const text = new TextEncoder().encode(header)
  const length = version === 1 ? [0, 0] : [0, 0, 0, 0]
  for (let k = 0; k < length.length; k++) length[k] = (text.length >>> (8 * k)) & 255
  return Uint8Array.from([...MAGIC, version, 0, ...length, ...text, ...Array.from(data)])
}

function header(descr: string, shape: string, order = 'False'): string {
  return `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }\n`
}

const KINDS: [string, NpyData][] = [
  ['|i1', Int8Array.of(1, -1, 127, -128, 0, 1)],
  ['|u1', Uint8Array.of(1, 2, 255, 0, 5, 6)],
  ['<i2', Int16Array.of(1, -2, 32767, -32768, 5, 6)],
  ['<u2', Uint16Array.of(1, 2, 65535, 0, 5, 6)],
  ['<i4', Int32Array.of(1, -2, 2147483647, -2147483648, 5, 6)],
  ['<u4', Uint32Array.of(1, 2, 4294967295, 0, 5, 6)],
  ['<i8', BigInt64Array.of(1n, -2n, 2n ** 63n - 1n, -(2n ** 63n), 5n, 6n)],
  ['<u8', BigUint64Array.of(1n, 2n, 2n ** 64n - 1n, 0n, 5n, 6n)],
  ['<f4', Float32Array.of(1, -2.5, Number.NaN, Number.POSITIVE_INFINITY, -0, 1e-45)],
  ['<f8', Float64Array.of(1, -2.5, Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324)],
]

describe('formatNpy and parseNpy', () => {
  for (const [descr, data] of KINDS) {
    it(`give ${data.constructor.name} back as ${descr}`, () => {
      expect(parseNpy(formatNpy(data, [2, 3]))).toEqual({ data, shape: [2, 3], descr })
    })
  }

  it('give shapes of no, one and many axes back', () => {
    const shapes = [[1], [1, 1], [1, 1, 1, 1], []]
    expect(shapes.map((shape) => parseNpy(formatNpy(Int8Array.of(7), shape)).shape)).toEqual(shapes)
  })

  it('give an empty array back', () => {
    expect(parseNpy(formatNpy(new Float32Array(0), [0, 5]))).toEqual({
      data: new Float32Array(0),
      shape: [0, 5],
      descr: '<f4',
    })
  })

  it('carry patterns from one network to another', () => {
    const patterns = randomPatterns({ count: 3, neurons: 50, seed: 1 })
    const { data, shape } = parseNpy(formatNpy(patterns, [3, 50]))
    const net = new HopfieldNetwork({ neurons: shape[1] }).store(data as Int8Array)
    expect(net.patterns().unpack()).toEqual(patterns)
  })
})

describe('formatNpy', () => {
  it('writes what numpy.save writes, byte for byte', () => {
    // numpy.save of numpy.arange(6, dtype='<i2').reshape(2, 3): a header of 128 bytes ending in a newline, then data.
    const text = "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }".padEnd(117)
    const expected = file(`${text}\n`, [0, 0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0])
    expect(formatNpy(Int16Array.of(0, 1, 2, 3, 4, 5), [2, 3])).toEqual(expected)
  })

  it('writes one axis as NumPy does, with a comma', () => {
    const text = new TextDecoder('latin1').decode(formatNpy(Uint8Array.of(1, 2, 3)))
    expect(text).toContain("'shape': (3,), }")
  })

  it('writes a header that holds its three entries and nothing else', () => {
    const bytes = formatNpy(Float64Array.of(1, 2), [2, 1])
    const text = new TextDecoder('latin1').decode(bytes.subarray(10, bytes.length - 16))
    expect(text.trimEnd()).toBe("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 1), }")
  })

  it('begins the data at a multiple of 64 bytes, whatever the shape', () => {
    for (let axes = 0; axes < 40; axes++) {
      const bytes = formatNpy(Int8Array.of(1), new Array(axes).fill(1))
      expect((bytes.length - 1) % 64).toBe(0)
    }
  })

  it('writes a view and not the buffer around it', () => {
    const view = Int16Array.of(9, 1, 2, 9).subarray(1, 3)
    expect(parseNpy(formatNpy(view)).data).toEqual(Int16Array.of(1, 2))
  })

  for (const [what, data] of [
    ['an array', [1, 2]],
    ['null', null],
    ['undefined', undefined],
    ['a Uint8ClampedArray', Uint8ClampedArray.of(1)],
    ['a DataView', new DataView(new ArrayBuffer(1))],
  ] as const) {
    it(`refuses ${what} for data`, () => {
      const error = refusal(() => formatNpy(untyped(data)))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('data') })
    })
  }

  it('refuses a shape that does not hold the data', () => {
    const error = refusal(() => formatNpy(Int8Array.of(1, 2, 3), [2, 2]))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE', message: expect.stringContaining('2, 2') })
  })

  it('refuses a hole for an axis', () => {
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    const error = refusal(() => formatNpy(new Int8Array(1), [,] as never))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('shape[0]') })
  })

  it('refuses more axes than NumPy has', () => {
    const error = refusal(() => formatNpy(Int8Array.of(1), new Array(30_000).fill(1)))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_RANGE', message: expect.stringContaining('30000') })
    expect(parseNpy(formatNpy(Int8Array.of(1), new Array(64).fill(1))).shape).toHaveLength(64)
  })

  it('refuses lengths whose product is no number', () => {
    const shape = [...new Array(40).fill(2 ** 53 - 1), 0]
    expect(refusal(() => formatNpy(Int8Array.of(1), shape)).code).toBe('ERR_HOPFIELD_SHAPE')
    expect(parseNpy(formatNpy(new Int8Array(0), shape)).data).toEqual(new Int8Array(0))
  })

  it('refuses data that were transferred', () => {
    const error = refusal(() => formatNpy(detach(Int8Array.of(1)), [0]))
    expect(error).toMatchObject({ code: 'ERR_HOPFIELD_SHAPE', message: expect.stringContaining('data') })
  })

  it('refuses an axis of negative length', () => {
    expect(refusal(() => formatNpy(Int8Array.of(1), [-1, -1])).code).toBe('ERR_HOPFIELD_RANGE')
  })

  it('refuses an axis that is no number', () => {
    expect(refusal(() => formatNpy(Int8Array.of(1), untyped(['1']))).code).toBe('ERR_HOPFIELD_TYPE')
  })

  for (const shape of [3, null, 'abc']) {
    it(`refuses ${JSON.stringify(shape)} for a shape`, () => {
      const error = refusal(() => formatNpy(Int8Array.of(1, 2, 3), untyped(shape)))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('shape') })
    })
  }
})

describe('parseNpy', () => {
  it('reads what numpy.save wrote', () => {
    // numpy.save of numpy.array([True, False, True]).
    const bytes = file(header('|b1', '(3,)').padEnd(118), [1, 0, 1])
    expect(parseNpy(bytes)).toEqual({ data: Uint8Array.of(1, 0, 1), shape: [3], descr: '|b1' })
  })

  for (const version of [1, 2, 3]) {
    it(`reads format version ${version}`, () => {
      expect(parseNpy(file(header('<i2', '(2,)'), [1, 0, 2, 1], version)).data).toEqual(Int16Array.of(1, 258))
    })
  }

  it('reads header entries in any order', () => {
    const text = "{'shape': (2,), 'fortran_order': False, 'descr': '|i1'}\n"
    expect(parseNpy(file(text, [1, 255])).data).toEqual(Int8Array.of(1, -1))
  })

  it('reads data that are not aligned in memory', () => {
    const bytes = file(header('<f8', '(1,)'), new Uint8Array(Float64Array.of(2.5).buffer))
    const room = new Uint8Array(bytes.length + 3)
    room.set(bytes, 3)
    expect(parseNpy(room.subarray(3)).data).toEqual(Float64Array.of(2.5))
  })

  it('reads a Buffer of the file system', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hopfield-npy-'))
    try {
      writeFileSync(join(folder, 'x.npy'), formatNpy(Float32Array.of(1, 2, 3), [3]))
      expect(parseNpy(readFileSync(join(folder, 'x.npy'))).data).toEqual(Float32Array.of(1, 2, 3))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('reads a small Buffer, which shares its memory with others', () => {
    expect(parseNpy(Buffer.from(formatNpy(Int8Array.of(1, -1, 1)))).data).toEqual(Int8Array.of(1, -1, 1))
  })

  it('reads shared memory', () => {
    const bytes = formatNpy(Int32Array.of(5, 6))
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
    shared.set(bytes)
    expect(parseNpy(shared).data).toEqual(Int32Array.of(5, 6))
  })

  it('gives a copy', () => {
    const bytes = formatNpy(Int8Array.of(1, 2))
    const { data } = parseNpy(bytes)
    bytes.fill(0)
    expect(data).toEqual(Int8Array.of(1, 2))
  })

  it('ignores what follows the data, as numpy.load does', () => {
    expect(parseNpy(file(header('|i1', '(2,)'), [1, 2, 3, 4])).data).toEqual(Int8Array.of(1, 2))
  })

  it('reads Fortran order where it makes no difference', () => {
    expect(parseNpy(file(header('|i1', '(1, 3)', 'True'), [1, 2, 3])).shape).toEqual([1, 3])
  })

  it('reads Fortran order row by row', () => {
    // numpy.asfortranarray([[1, 2, 3], [4, 5, 6]])
    const { data, shape } = parseNpy(file(header('|i1', '(2, 3)', 'True'), [1, 4, 2, 5, 3, 6]))
    expect([...data]).toEqual([1, 2, 3, 4, 5, 6])
    expect(shape).toEqual([2, 3])
  })

  it('reads big-endian numbers', () => {
    expect(parseNpy(file(header('>i4', '(2,)'), [0, 0, 1, 2, 255, 255, 255, 254])).data).toEqual(
      Int32Array.of(258, -2),
    )
  })

  it('reads half floats', () => {
    const halves = [0x3c00, 0xbc00, 0x3555, 0x7c00, 0x0001, 0x8000, 0x7bff]
    const bytes = file(header('<f2', '(7,)'), new Uint8Array(Uint16Array.from(halves).buffer))
    expect(parseNpy(bytes)).toEqual({
      data: Float32Array.of(1, -1, 0.333251953125, Number.POSITIVE_INFINITY, 2 ** -24, -0, 65504),
      shape: [7],
      descr: '<f2',
    })
  })

  it('reads big-endian bytes, which have no end', () => {
    expect(parseNpy(file(header('>i1', '(2,)'), [1, 255])).data).toEqual(Int8Array.of(1, -1))
  })

  const malformed: [string, Uint8Array, string][] = [
    ['no bytes', new Uint8Array(0), 'not an .npy file'],
    ['another file', new TextEncoder().encode('P5 16 16 255 and more'), 'not an .npy file'],
    [
      'a magic with one letter wrong',
      Uint8Array.from([...MAGIC.slice(0, 5), 0x5a, 1, 0, 0, 0]),
      'not an .npy',
    ],
    ['format version 0', file(header('|i1', '(1,)'), [1], 0), 'version 0'],
    ['format version 4', file(header('|i1', '(1,)'), [1], 4), 'version 4'],
    ['a file cut in its length', file('', [], 2).subarray(0, 11), 'truncated'],
    ['a file cut in its header', file(header('|i1', '(1,)'), []).subarray(0, 30), 'truncated'],
    ['a file cut in its data', file(header('<f8', '(2,)'), new Uint8Array(15)), '16 bytes, got 15'],
    ['a file without data', file(header('<f8', '(1,)'), []), '8 bytes, got 0'],
    ['more data than any file holds', file(header('|i1', '(4294967296, 4294967296)'), [1]), 'truncated'],
    ['booleans other than 0 and 1', file(header('|b1', '(3,)'), [1, 0, 7]), 'element 2: expected 0 or 1'],
    [
      'a header of 100 MB',
      file('', [], 2).map((byte, k) => (k === 11 ? 6 : byte)),
      'header of 100663296 bytes',
    ],
    ['65 axes', file(header('|i1', `(${'1, '.repeat(65)})`), [1]), '65 axes'],
    ['complex numbers', file(header('<c8', '(1,)'), new Uint8Array(8)), '<c8'],
    ['strings', file(header('<U3', '(1,)'), new Uint8Array(12)), '<U3'],
    ['objects', file(header('|O', '(1,)'), [1]), '|O'],
    ['dates', file(header('<M8[s]', '(1,)'), new Uint8Array(8)), '<M8[s]'],
    ['an empty element type', file(header('', '(1,)'), [1]), 'element type'],
    ['an element type without byte order', file(header('i4', '(1,)'), [1, 0, 0, 0]), 'i4'],
    ['an element type with a byte order that is none', file(header('zf4', '(1,)'), [1, 0, 0, 0]), 'zf4'],
    ["an element type of every object's methods", file(header('<toString', '(1,)'), [1]), '<toString'],
    [
      "an element type of every object's constructor",
      file(header('|constructor', '(1,)'), [1]),
      '|constructor',
    ],
    [
      'a structured type',
      file("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }\n", [0, 0, 0, 0]),
      'header',
    ],
    ['a header without descr', file("{'fortran_order': False, 'shape': (1,), }\n", [1]), 'header'],
    ['a header without order', file("{'descr': '|i1', 'shape': (1,), }\n", [1]), 'header'],
    ['a header without shape', file("{'descr': '|i1', 'fortran_order': False, }\n", [1]), 'header'],
    ['a header that is no dictionary', file('hello\n', [1]), 'header'],
    ['a shape that is a number', file(header('|i1', '1'), [1]), 'header'],
    ['a negative axis', file(header('|i1', '(-1,)'), [1]), 'shape'],
    ['half an axis', file(header('|i1', '(1.5,)'), [1]), 'shape'],
    ['an axis beyond 2^53', file(header('|i1', '(9007199254740993,)'), [1]), 'shape'],
    ['words in the shape', file(header('|i1', '(1, many)'), [1]), 'shape'],
    // NumPy refuses these too: the header must be one dictionary literal of these three entries.
    ['stray tokens behind the header', file(`${header('|i1', '(1,)').trimEnd()} (2,)\n`, [1]), 'header'],
    ['stray tokens before the header', file(`x = ${header('|i1', '(1,)')}`, [1]), 'header'],
    [
      'an unknown entry in the header',
      file(header('|i1', '(1,)').replace(', }', ", 'x': 1}"), [1]),
      'header',
    ],
    // Here NumPy takes the last, and a reader of the first would see another array.
    ['an entry given twice', file(header('|i1', '(1,)').replace(', }', ", 'shape': (9,)}"), [1]), 'header'],
  ]
  for (const [what, bytes, words] of malformed) {
    it(`refuses ${what}`, () => {
      const error = refusal(() => parseNpy(bytes))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_FORMAT', message: expect.stringContaining(words) })
    })
  }

  for (const [what, bytes] of [
    ['a string', 'NUMPY'],
    ['an array', MAGIC],
    ['an ArrayBuffer', new ArrayBuffer(64)],
    ['an Int8Array', new Int8Array(64)],
    ['nothing', undefined],
  ] as const) {
    it(`refuses ${what} for bytes`, () => {
      const error = refusal(() => parseNpy(untyped(bytes)))
      expect(error).toMatchObject({ code: 'ERR_HOPFIELD_TYPE', message: expect.stringContaining('bytes') })
    })
  }

  it('refuses every cut of a good file', () => {
    const bytes = formatNpy(Float64Array.of(1, 2, 3), [3])
    for (let length = 0; length < bytes.length; length++) {
      expect(refusal(() => parseNpy(bytes.subarray(0, length))).code).toBe('ERR_HOPFIELD_FORMAT')
    }
  })
})
