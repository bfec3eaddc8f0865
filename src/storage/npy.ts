import { allocate, describe, HopfieldError, isRevoked } from '../errors.js'
import { transferred } from '../input/spins.js'
import { bytesOf, isTransferred, plainArray, typedLength } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import { descriptorOf, type NpyData, rowMajor, swapBytes, typeOf } from './npy-types.js'

export interface NpyArray {
  data: NpyData
  /** Lengths of the axes; empty for a scalar. `data` is row-major. */
  shape: number[]
  /** NumPy's type descriptor as it is in the file, e.g. '<f4' or '|b1'. */
  descr: string
}

/** The error for bytes that are not what they should be. */
export type Malformed = (why: string) => HopfieldError

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const ALIGNMENT = 64
/** NumPy's own limit, from version 2; before it was 32. */
const MAX_AXES = 64
/** A header of 64 axes takes about 1,500 bytes; NumPy stops at 10,000. */
const MAX_HEADER = 65_536

/**
 * Reads a NumPy .npy file (format versions 1 to 3) of booleans, integers or floats, in either byte order and in C or Fortran
 * order. 64-bit integers come as BigInt64Array, which every method that takes numbers takes too; half floats as Float32Array.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the reason: not an .npy file, truncated, an element type that holds no real numbers, …
 */
export function parseNpy(bytes: Uint8Array): NpyArray {
  return decodeNpy(
    readBytes('parseNpy', bytes),
    (why) => new HopfieldError('ERR_HOPFIELD_FORMAT', `parseNpy: ${why}`),
  )
}

/** The bytes of a file. Throws HopfieldError for anything else. */
export function readBytes(method: string, given: unknown): Uint8Array {
  if (isTransferred(given)) throw transferred(`${method}: bytes`)
  const bytes = plainArray(given, Uint8Array)
  if (bytes !== undefined) return bytes
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${method}: bytes: expected a Uint8Array, got ${describe(given)}`,
  )
}

/** {@link parseNpy} on bytes that come from elsewhere. */
export function decodeNpy(bytes: Uint8Array, malformed: Malformed): NpyArray {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw malformed('this is not an .npy file (its first bytes are not \\x93NUMPY)')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const version = bytes[6]
  if (version < 1 || version > 3) throw malformed(`format version ${version} is unknown`)
  const start = version === 1 ? 10 : 12
  if (bytes.length < start) throw malformed('truncated in the header')
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (headerLength > MAX_HEADER)
    throw malformed(`a header of ${headerLength} bytes; NumPy writes none of that size`)
  const at = start + headerLength
  if (bytes.length < at) throw malformed('truncated in the header')
  const header = new TextDecoder().decode(bytes.subarray(start, at))
  const { descr, fortran, shape } = parseHeader(header, malformed)
  const known = typeOf(descr)
  if (known === undefined) throw malformed(`element type ${describe(descr)} is not supported`)
  const { type, bigEndian } = known
  const expected = sizeOf(shape) * type.bytes
  if (bytes.length - at < expected) {
    throw malformed(
      `truncated: shape (${shape.join(', ')}) needs ${expected} bytes, got ${bytes.length - at}`,
    )
  }
  // A copy, because the data may be unaligned in the file. Not by slice, which returns a view on a Node Buffer.
  const raw = allocate('parseNpy: data', expected, () => Uint8Array.from(bytes.subarray(at, at + expected)))
  if (bigEndian && type.bytes > 1) swapBytes(raw, type.bytes)
  if (descr.endsWith('b1')) checkFlags(raw, malformed)
  const data = type.read(raw.buffer)
  return { data: fortran ? rowMajor(data, shape) : data, shape, descr }
}

/** The product of lengths; 0 if one of them is, whatever the others are. */
function sizeOf(shape: readonly number[]): number {
  return shape.includes(0) ? 0 : shape.reduce((product, length) => product * length, 1)
}

function checkFlags(bytes: Uint8Array, malformed: Malformed): void {
  const wrong = bytes.findIndex((byte) => byte > 1)
  if (wrong >= 0) throw malformed(`element ${wrong}: expected 0 or 1 for a boolean, got ${bytes[wrong]}`)
}

const ENTRY = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^']*'|True|False|\([^()]*\))\s*(?:,|(?=\}))/y

/** The header must be a Python dictionary with exactly three entries. */
function parseHeader(
  header: string,
  malformed: Malformed,
): { descr: string; fortran: boolean; shape: number[] } {
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
  const order = entries.get('fortran_order')
  const axes = /^\((.*)\)$/.exec(entries.get('shape') ?? '')?.[1]
  if (descr === undefined || (order !== 'True' && order !== 'False') || axes === undefined) {
    throw malformed(`unreadable header ${describe(text)}`)
  }
  return { descr, fortran: order === 'True', shape: parseShape(axes, malformed) }
}

/** The inside of a tuple of lengths: '', '3,' or '2, 3'. */
function parseShape(axes: string, malformed: Malformed): number[] {
  if (!/^\s*(\d+\s*,\s*)*(\d+\s*)?$/.test(axes)) throw malformed(`unreadable shape (${axes})`)
  const shape = (axes.match(/\d+/g) ?? []).map(Number)
  if (shape.length > MAX_AXES)
    throw malformed(`a shape of ${shape.length} axes; NumPy has at most ${MAX_AXES}`)
  if (shape.some((length) => !Number.isSafeInteger(length))) throw malformed(`unreadable shape (${axes})`)
  return shape
}

/**
 * Encodes a row-major array as an .npy file (format version 1), like `numpy.save`.
 * @param shape lengths of at most 64 axes; one axis of `data.length` by default.
 * @throws HopfieldError ERR_HOPFIELD_SHAPE if the product of `shape` is not `data.length`; ERR_HOPFIELD_TYPE; ERR_HOPFIELD_RANGE.
 */
export function formatNpy(data: NpyData, shape?: readonly number[]): Uint8Array {
  return encodeNpy('formatNpy: ', data, shape)
}

/** {@link formatNpy} with this before the arguments' names in errors. */
export function encodeNpy(name: string, data: unknown, given: unknown): Uint8Array {
  const descr = descriptorOf(data)
  if (descr === undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}data: expected a typed array of numbers, got ${describe(data)}`,
    )
  }
  // The shape comes first: reading it may run the caller's code, and the data are taken as they are.
  const asked = given === undefined ? undefined : checkShape(`${name}shape`, given)
  const bytes = bytesOf(data)
  if (bytes === undefined) throw transferred(`${name}data`)
  const length = typedLength(data as Int8Array)
  const shape = asked ?? [length]
  if (sizeOf(shape) !== length) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}shape: expected lengths with product ${length}, got (${shape.join(', ')})`,
    )
  }
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${axes}), }`
  const unpadded = 10 + dictionary.length + 1
  const header = `${dictionary}${' '.repeat((ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT)}\n`
  const size = 10 + header.length + bytes.length
  const out = allocate(name.replace(/:? ?$/, ''), size, () => new Uint8Array(size))
  out.set([...MAGIC, 1, 0])
  new DataView(out.buffer).setUint16(8, header.length, true)
  out.set(new TextEncoder().encode(header), 10)
  out.set(bytes, 10 + header.length)
  return out
}

/** Lengths of axes, each read once: a hole in an array is no length. */
function checkShape(name: string, given: unknown): number[] {
  if (isRevoked(given) || !Array.isArray(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of lengths, got ${describe(given)}`,
    )
  }
  const axes = checkInteger(`${name}.length`, given.length, 0, MAX_AXES)
  const shape: number[] = []
  for (let axis = 0; axis < axes; axis++) {
    shape.push(checkInteger(`${name}[${axis}]`, given[axis], 0, Number.MAX_SAFE_INTEGER))
  }
  return shape
}
