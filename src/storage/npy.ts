import { describe, HopfieldError } from '../errors.js'
import { checkInteger } from '../input/validate.js'

/** Typed arrays for the element types of an .npy file. Booleans are a Uint8Array of 0 and 1. */
export type NpyData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

export interface NpyArray {
  data: NpyData
  /** Lengths of the axes; empty for a scalar. `data` is row-major. */
  shape: number[]
  /** NumPy's type descriptor, e.g. '<f4' or '|b1'. */
  descr: string
}

const TYPES = {
  b1: Uint8Array,
  i1: Int8Array,
  u1: Uint8Array,
  i2: Int16Array,
  u2: Uint16Array,
  i4: Int32Array,
  u4: Uint32Array,
  i8: BigInt64Array,
  u8: BigUint64Array,
  f4: Float32Array,
  f8: Float64Array,
} as const

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64

function malformed(why: string): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_FORMAT', `parseNpy: ${why}`)
}

/**
 * Reads a NumPy .npy file (format versions 1 to 3), little-endian, of booleans, integers or floats.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the reason: not an .npy file, truncated, Fortran order, big-endian, …
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  if (!(bytes instanceof Uint8Array)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `parseNpy: bytes: expected a Uint8Array, got ${describe(bytes)}`,
    )
  }
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw malformed('this is not an .npy file (its first bytes are not \\x93NUMPY)')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = bytes[6]
  if (version < 1 || version > 3) throw malformed(`format version ${version} is unknown`)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw malformed('truncated in the header')
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  const at = start + headerLength
  if (bytes.length < at) throw malformed('truncated in the header')
  const header = new TextDecoder().decode(bytes.subarray(start, at))
  const { descr, shape } = parseHeader(header)
  const Type = typeOf(descr)
  const size = shape.reduce((product, length) => product * length, 1)
  const expected = size * Type.BYTES_PER_ELEMENT
  if (bytes.length - at < expected) {
    throw malformed(
      `truncated: shape (${shape.join(', ')}) needs ${expected} bytes, got ${bytes.length - at}`,
    )
  }
  // A copy, because the data may be unaligned in the file. Not by slice, which returns a view on a Node Buffer.
  const data = new Type(Uint8Array.from(bytes.subarray(at, at + expected)).buffer)
  return { data, shape, descr }
}

const ENTRY = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([^()]*\))\s*(?:,|(?=\}))/y

/** The header must be a Python dictionary with exactly three entries. */
function parseHeader(header: string): { descr: string; shape: number[] } {
  const text = header.trim()
  const entries = new Map<string, string>()
  ENTRY.lastIndex = 1
  for (let at = 1; ; at = ENTRY.lastIndex) {
    const entry = ENTRY.exec(text)
    if (entry === null) {
      if (text[0] !== '{' || text.slice(at).trim() !== '}')
        throw malformed(`unreadable header ${describe(text)}`)
      break
    }
    if (entries.has(entry[1])) throw malformed(`the header names ${entry[1]} twice`)
    entries.set(entry[1], entry[2])
  }
  const descr = /^'(.*)'$/.exec(entries.get('descr') ?? '')?.[1]
  const fortran = entries.get('fortran_order')
  const axes = /^\((.*)\)$/.exec(entries.get('shape') ?? '')?.[1]
  if (descr === undefined || (fortran !== 'True' && fortran !== 'False') || axes === undefined) {
    throw malformed(`unreadable header ${describe(text)}`)
  }
  const shape = parseShape(axes)
  if (fortran === 'True' && shape.filter((length) => length > 1).length > 1) {
    throw malformed('the array is in Fortran order; save numpy.ascontiguousarray of it')
  }
  return { descr, shape }
}

/** The inside of a tuple of lengths: '', '3,' or '2, 3'. */
function parseShape(axes: string): number[] {
  if (!/^\s*(\d+\s*,\s*)*(\d+\s*)?$/.test(axes)) throw malformed(`unreadable shape (${axes})`)
  const shape = (axes.match(/\d+/g) ?? []).map(Number)
  if (shape.some((length) => !Number.isSafeInteger(length))) throw malformed(`unreadable shape (${axes})`)
  return shape
}

function typeOf(descr: string): (typeof TYPES)[keyof typeof TYPES] {
  const [order, code] = [descr[0], descr.slice(1)]
  if (!'<>|='.includes(order ?? ' ') || !Object.hasOwn(TYPES, code)) {
    throw malformed(`element type ${describe(descr)} is not supported`)
  }
  if (order === '>' && !code.endsWith('1')) throw malformed(`big-endian data (${descr}) is not supported`)
  return TYPES[code as keyof typeof TYPES]
}

const DESCRIPTORS: Record<string, string> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
}

/**
 * Encodes a row-major array as an .npy file (format version 1), like `numpy.save`.
 * @throws HopfieldError ERR_HOPFIELD_SHAPE if the product of `shape` is not `data.length`.
 */
export function formatNpy(data: NpyData, shape?: readonly number[]): Uint8Array {
  const descr = ArrayBuffer.isView(data) ? DESCRIPTORS[data[Symbol.toStringTag]] : undefined
  if (descr === undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `formatNpy: data: expected a typed array of numbers, got ${describe(data)}`,
    )
  }
  if (shape !== undefined && !Array.isArray(shape)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `formatNpy: shape: expected an array of lengths, got ${describe(shape)}`,
    )
  }
  return encode(data, descr, shape ?? [data.length])
}

function encode(data: NpyData, descr: string, shape: readonly number[]): Uint8Array {
  shape.forEach((length, axis) => {
    checkInteger(`shape[${axis}]`, length, 0, Number.MAX_SAFE_INTEGER)
  })
  if (shape.reduce((product, length) => product * length, 1) !== data.length) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `formatNpy: shape: expected lengths with product ${data.length}, got (${shape.join(', ')})`,
    )
  }
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`
  const unpadded = 10 + dictionary.length + 1
  const header = `${dictionary}${' '.repeat((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT)}\n`
  const out = new Uint8Array(10 + header.length + data.byteLength)
  out.set([...MAGIC, 1, 0])
  new DataView(out.buffer).setUint16(8, header.length, true)
  out.set(new TextEncoder().encode(header), 10)
  out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + header.length)
  return out
}
