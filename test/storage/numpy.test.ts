import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatNpy, formatNpz, type NpyData, parseNpy, parseNpz } from '../../src/index.js'
import { hasNumpy, python } from '../helpers/numpy.js'

const TYPES = ['b1', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8']
/** Shapes whose Fortran order differs from C order, and shapes in which there is little to differ. */
const SHAPES = [[], [0], [6], [2, 3], [3, 0, 2], [2, 3, 4], [1, 5, 1, 2]]
const OURS: Record<string, NpyData> = {
  i1: Int8Array.of(1, -1, 127, -128, 0, 1),
  u1: Uint8Array.of(1, 0, 255, 3, 4, 5),
  i2: Int16Array.of(1, -1, 32767, -32768, 0, 1),
  u2: Uint16Array.of(1, 0, 65535, 3, 4, 5),
  i4: Int32Array.of(1, -1, 2147483647, -2147483648, 0, 1),
  u4: Uint32Array.of(1, 0, 4294967295, 3, 4, 5),
  i8: BigInt64Array.of(1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 0n, 1n),
  u8: BigUint64Array.of(1n, 0n, 2n ** 64n - 1n, 3n, 4n, 5n),
  f4: Float32Array.of(1, -1, 0.1, 1e-45, 3e38, -0),
  f8: Float64Array.of(1, -1, 0.1, 5e-324, 1e308, -0),
}

/** Reads our files, and writes its own: every type in both byte orders and in both orders of axes. */
const PROGRAM = `
import sys, json, os, numpy
folder, types, shapes = sys.argv[1], json.loads(sys.argv[2]), json.loads(sys.argv[3])
def said(array):
    return {'dtype': array.dtype.str, 'shape': list(array.shape), 'values': [str(x) for x in array.ravel().tolist()],
            'bytes': array.tobytes().hex()}
ours = {name: said(numpy.load(os.path.join(folder, name + '.npy'))) for name in json.loads(sys.argv[4])}
archive = numpy.load(os.path.join(folder, 'ours.npz'))
theirs = {}
arrays = {}
for code in types:
    for order in '<>':
        for axes in 'CF':
            for shape in shapes:
                size = int(numpy.prod(shape))
                values = (numpy.arange(size) * 7) % 5 if code[0] in 'bu' else (numpy.arange(size) * 7) % 5 - 2
                if code[0] == 'f': values = values / 4
                array = numpy.asarray(values).reshape(shape).astype(order + code, order=axes)
                name = '-'.join([code, 'le' if order == '<' else 'be', axes, 'x'.join(map(str, shape))])
                arrays[name] = array
                theirs[name] = said(numpy.ascontiguousarray(array.astype('<' + code)).reshape(shape))
                theirs[name]['dtype'] = array.dtype.str
for name, array in arrays.items(): numpy.save(os.path.join(folder, 'theirs-' + name + '.npy'), array)
numpy.savez(os.path.join(folder, 'stored.npz'), **arrays)
numpy.savez_compressed(os.path.join(folder, 'deflated.npz'), **arrays)
halves = numpy.arange(65536, dtype='<u2').view('<f2')
numpy.save(os.path.join(folder, 'halves.npy'), halves)
numpy.save(os.path.join(folder, 'singles.npy'), halves.astype('<f4'))
for version in (1, 2, 3):
    with open(os.path.join(folder, 'version%d.npy' % version), 'wb') as file:
        numpy.lib.format.write_array(file, numpy.array([1, -1, 1]), version=(version, 0))
print(json.dumps({'ours': ours, 'archive': {name: said(archive[name]) for name in archive.files}, 'theirs': theirs}))
`

interface Said {
  dtype: string
  shape: number[]
  values: string[]
  bytes: string
}

describe.runIf(hasNumpy)('NumPy', () => {
  let folder: string
  let said: Record<'ours' | 'archive' | 'theirs', Record<string, Said>>
  const read = (name: string): Uint8Array => readFileSync(join(folder, name))

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hopfield-numpy-'))
    for (const [name, data] of Object.entries(OURS)) {
      writeFileSync(join(folder, `${name}.npy`), formatNpy(data, [2, 3]))
    }
    writeFileSync(
      join(folder, 'ours.npz'),
      formatNpz({ ...OURS, 'ü 1': { data: OURS['i1'], shape: [3, 2] } }),
    )
    const args = [TYPES, SHAPES, Object.keys(OURS)].map((value) => JSON.stringify(value))
    said = python(PROGRAM, folder, ...args) as typeof said
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads every type that formatNpy writes', () => {
    for (const [name, data] of Object.entries(OURS)) {
      const bytes = Buffer.from(data.buffer).toString('hex')
      expect(said.ours[name]).toMatchObject({ shape: [2, 3], bytes })
      expect(said.ours[name].dtype.slice(1)).toBe(name)
    }
  })

  it('reads what formatNpz writes, names beyond ASCII too', () => {
    expect(Object.keys(said.archive)).toEqual([...Object.keys(OURS), 'ü 1'])
    for (const [name, data] of Object.entries(OURS)) {
      expect(said.archive[name]).toMatchObject({
        shape: [6],
        bytes: Buffer.from(data.buffer).toString('hex'),
      })
    }
    expect(said.archive['ü 1'].shape).toEqual([3, 2])
  })

  it('writes every type, byte order and order of axes so that parseNpy reads it', () => {
    expect(Object.keys(said.theirs)).toHaveLength(TYPES.length * 4 * SHAPES.length)
    for (const [name, { dtype, shape, values }] of Object.entries(said.theirs)) {
      const array = parseNpy(read(`theirs-${name}.npy`))
      expect([name, array.descr, array.shape]).toEqual([name, dtype, shape])
      expect([name, Array.from(array.data as ArrayLike<number>, Number)]).toEqual([name, values.map(number)])
    }
  })

  for (const file of ['stored', 'deflated']) {
    it(`writes archives (${file}) that parseNpz reads as parseNpy reads their files`, () => {
      const arrays = parseNpz(read(`${file}.npz`))
      expect(Object.keys(arrays)).toEqual(Object.keys(said.theirs))
      for (const [name, array] of Object.entries(arrays)) {
        expect(array).toEqual(parseNpy(read(`theirs-${name}.npy`)))
      }
    })
  }

  it('makes of every half float the number that parseNpy makes of it', () => {
    expect(parseNpy(read('halves.npy')).data).toEqual(parseNpy(read('singles.npy')).data)
  })

  it('writes format versions 1, 2 and 3 so that parseNpy reads them', () => {
    for (const version of [1, 2, 3]) {
      expect(read(`version${version}.npy`)[6]).toBe(version)
      expect(parseNpy(read(`version${version}.npy`)).data).toEqual(BigInt64Array.of(1n, -1n, 1n))
    }
  })
})

/** A number as Python prints it. */
function number(text: string): number {
  return text === 'True' ? 1 : text === 'False' ? 0 : Number(text)
}
