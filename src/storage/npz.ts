import { allocate, describe, HopfieldError, isRevoked } from '../errors.js'
import { type Given, option, Schema } from '../input/options.js'
import { checkInteger, isPlainObject } from '../input/validate.js'
import { decodeNpy, encodeNpy, type Malformed, type NpyArray, readBytes } from './npy.js'
import type { NpyData } from './npy-types.js'
import { readZip, unpack, writeZip, zipSize } from './zip.js'

const ENDING = '.npy'
const MAX_FILES = 65_534
const MAX_BYTES = 2 ** 32 - 2
const MAX_NAME = 65_000

const OPTIONS = {
  /** How many bytes all compressed arrays together may have when they are unpacked; 2^30 by default. */
  maxBytes: option<number>(2 ** 30, (name, value) => checkInteger(name, value, 0, Number.MAX_SAFE_INTEGER)),
}
const SCHEMA = new Schema(OPTIONS)

/** Options of {@link parseNpz}. */
export interface NpzOptions extends Given<typeof OPTIONS> {}

/**
 * Reads the arrays of a NumPy .npz file, as `numpy.savez` and `numpy.savez_compressed` write it, each as `parseNpy` does.
 * @returns the arrays by name, in the order of the file; an object without a prototype.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the array and the place: not a zip file, truncated, a wrong checksum, overlapping
 * entries, sizes that no data can have, more than `maxBytes`, a name given twice, an entry that is no .npy file.
 */
export function parseNpz(bytes: Uint8Array, options?: NpzOptions): Record<string, NpyArray> {
  const { maxBytes } = SCHEMA.read('parseNpz', options)
  const malformed: Malformed = (why) => new HopfieldError('ERR_HOPFIELD_FORMAT', `parseNpz: ${why}`)
  const entries = readZip(readBytes('parseNpz', bytes), malformed)
  const names = new Set<string>()
  let unpacked = 0
  for (const { name, deflated, size } of entries) {
    if (!name.endsWith(ENDING)) throw malformed(`${describe(name)}: not an .npy file`)
    if (names.has(name)) throw malformed(`${describe(name)}: two entries have this name`)
    names.add(name)
    if (deflated) unpacked += size
  }
  if (unpacked > maxBytes) {
    throw malformed(`its compressed arrays have ${unpacked} bytes; maxBytes is ${maxBytes}`)
  }
  const arrays: Record<string, NpyArray> = Object.create(null)
  for (const entry of entries) {
    const within: Malformed = (why) => malformed(`${describe(entry.name)}: ${why}`)
    arrays[entry.name.slice(0, -ENDING.length)] = decodeNpy(unpack(entry, malformed), within)
  }
  return arrays
}

/**
 * Encodes arrays as a .npz file, like `numpy.savez`: one stored .npy file each. The same arrays give the same bytes.
 * @param arrays by name, each a typed array, or `{ data, shape }` as `parseNpz` and `parseNpy` give it.
 * @throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _RANGE naming the array; ERR_HOPFIELD_RANGE where the file would have 4 GiB.
 */
export function formatNpz(
  arrays: Readonly<Record<string, NpyData | { readonly data: NpyData; readonly shape?: readonly number[] }>>,
): Uint8Array {
  if (!isPlainObject(arrays)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `formatNpz: arrays: expected an object of arrays by name, got ${describe(arrays)}`,
    )
  }
  const names = Object.keys(arrays)
  checkInteger('formatNpz: number of arrays', names.length, 0, MAX_FILES)
  const files = names.map((name) => {
    const where = `formatNpz: arrays[${describe(name)}]`
    const given: unknown = arrays[name]
    const file = new TextEncoder().encode(name + ENDING)
    checkInteger(`${where}: bytes of its name`, file.length, 0, MAX_NAME)
    const plain = ArrayBuffer.isView(given) || given === null || typeof given !== 'object' || isRevoked(given)
    const { data, shape } = plain ? { data: given, shape: undefined } : (given as Partial<NpyArray>)
    return { name: file, bytes: encodeNpy(`${where}.`, data, shape) }
  })
  const size = checkInteger('formatNpz: bytes of the file', zipSize(files), 0, MAX_BYTES)
  const out = allocate('formatNpz', size, () => new Uint8Array(size))
  writeZip(files, out)
  return out
}
