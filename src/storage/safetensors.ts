import { allocate } from '../errors.js'
import { canonicalJson, parseJson } from './json.js'
import { type Fact, misfit, type Tensor, type Values } from './record.js'

// The container of files: https://github.com/huggingface/safetensors, format 1. Eight bytes with the length of the header, the header
// in JSON, the data.

/** As the format's own readers: a header has at most so many bytes. */
const LONGEST_HEADER = 100_000_000
/** Bytes before the header. */
export const PREFIX = 8
/** Arrays begin at multiples of this, counted from the beginning of the file: cache lines, for whoever maps it. */
export const ALIGNMENT = 64
/** Names of arrays of zeros that fill the room between others: readers of the format want data without gaps. */
const PADDING = /^padding\.\d+$/

type Make = new (buffer: ArrayBufferLike, byteOffset: number, length: number) => Values
const TYPES: Readonly<Record<string, { readonly bytes: number; readonly Type: Make }>> = Object.assign(
  Object.create(null),
  {
    U8: { bytes: 1, Type: Uint8Array },
    I32: { bytes: 4, Type: Int32Array },
    U32: { bytes: 4, Type: Uint32Array },
    F32: { bytes: 4, Type: Float32Array },
    F64: { bytes: 8, Type: Float64Array },
  },
)

/** Where an array lies. */
export interface Place {
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte, and the one behind the last, counted from the beginning of the data. */
  readonly begin: number
  readonly end: number
}

export interface Header {
  readonly metadata: ReadonlyMap<string, string>
  /** Without padding. */
  readonly places: ReadonlyMap<string, Place>
  readonly padding: ReadonlyMap<string, Place>
  /** Bytes of data. */
  readonly size: number
}

/** Length of the header in bytes, from the first eight bytes of a file of `total` bytes. */
export function headerLength(prefix: Uint8Array, total: number): number {
  if (total < PREFIX) {
    throw misfit('header', `expected ${PREFIX} bytes that say its length, got a file of ${total}`)
  }
  const view = new DataView(prefix.buffer, prefix.byteOffset, PREFIX)
  const length = view.getBigUint64(0, true)
  if (length > LONGEST_HEADER) {
    throw misfit(
      'header',
      `expected a length of at most ${LONGEST_HEADER} bytes, got ${length}; is it a safetensors file?`,
    )
  }
  if (PREFIX + Number(length) > total) {
    throw misfit('header', `expected ${length} bytes, got ${total - PREFIX}; the file was cut`)
  }
  return Number(length)
}

/**
 * Reads a header strictly.
 * @param total bytes of the whole file.
 */
export function parseHeader(header: Uint8Array, total: number): Header {
  // Readers of the format tell it from anything else by this sign.
  if (header[0] !== 0x7b) throw misfit('header', 'expected { as its first byte')
  const fields = object('header', parseJson('header', header))
  const metadata = new Map<string, string>()
  const places = new Map<string, Place>()
  const padding = new Map<string, Place>()
  for (const [name, value] of Object.entries(fields)) {
    if (name !== '__metadata__') {
      const place = placeOf(`header.${name}`, value)
      ;(PADDING.test(name) ? padding : places).set(name, place)
      continue
    }
    for (const [key, text] of Object.entries(object(name, value))) {
      if (typeof text !== 'string') throw misfit(`${name}.${key}`, 'expected a string')
      metadata.set(key, text)
    }
  }
  for (let k = 0; k < padding.size; k++) {
    if (!padding.has(`padding.${k}`)) throw misfit('header', `expected padding.${k} among padding`)
  }
  const size = total - PREFIX - header.length
  checkTiles([...places, ...padding], size)
  return { metadata, places, padding, size }
}

function object(place: string, value: Fact): { readonly [name: string]: Fact } {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as { readonly [name: string]: Fact }
  }
  throw misfit(place, 'expected an object')
}

function placeOf(at: string, value: Fact): Place {
  const { dtype, shape, data_offsets: offsets, ...others } = object(at, value)
  for (const name of Object.keys(others)) throw misfit(`${at}.${name}`, 'unknown name')
  const type = typeof dtype === 'string' ? TYPES[dtype] : undefined
  if (type === undefined) throw misfit(`${at}.dtype`, `expected one of ${Object.keys(TYPES).join(', ')}`)
  if (!isCounts(shape)) throw misfit(`${at}.shape`, 'expected a list of whole numbers')
  if (!isCounts(offsets) || offsets.length !== 2) {
    throw misfit(`${at}.data_offsets`, 'expected two whole numbers')
  }
  let bytes = type.bytes
  for (const length of shape) {
    bytes *= length
    // A later 0 would hide it.
    if (bytes > Number.MAX_SAFE_INTEGER) throw misfit(`${at}.shape`, 'expected fewer than 2^53 bytes')
  }
  const [begin, end] = offsets
  if (end - begin !== bytes) {
    throw misfit(
      `${at}.data_offsets`,
      `expected ${bytes} bytes for [${shape.join(', ')}] of ${dtype}, got ${end - begin}`,
    )
  }
  return { dtype: dtype as string, shape, begin, end }
}

function isCounts(value: Fact | undefined): value is readonly number[] {
  return Array.isArray(value) && value.every((x) => Number.isSafeInteger(x) && x >= 0)
}

/** Refuses arrays that overlap, leave gaps, or end elsewhere than the data. */
function checkTiles(all: readonly (readonly [string, Place])[], size: number): void {
  const inOrder = [...all].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  let at = 0
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== at) {
      throw misfit(
        `header.${name}.data_offsets`,
        `expected data from byte ${at} on, got ${begin}; arrays must neither overlap nor leave gaps`,
      )
    }
    at = end
  }
  if (at !== size)
    throw misfit(
      'data',
      `expected ${at} bytes, got ${size}; the file was cut, or has more than its header says`,
    )
}

/** A file in pieces, in their order: the header, and each array at its position. */
export interface Layout {
  readonly header: Uint8Array
  readonly pieces: readonly { readonly position: number; readonly values: Values }[]
  readonly total: number
}

/** Lays arrays out in the order of their names. */
export function layOut(
  metadata: Readonly<Record<string, string>>,
  arrays: ReadonlyMap<string, Tensor>,
): Layout {
  const fields: Record<string, Fact> = Object.create(null)
  fields['__metadata__'] = metadata
  const pieces: { position: number; values: Values }[] = []
  let at = 0
  const put = (name: string, values: Values, shape: readonly number[]): void => {
    const end = at + values.byteLength
    fields[name] = { dtype: dtypeOf(values), shape, data_offsets: [at, end] }
    pieces.push({ position: at, values })
    at = end
  }
  let fillers = 0
  for (const name of namesOf(arrays)) {
    const { values, shape } = arrays.get(name) as Tensor
    const gap = (ALIGNMENT - (at % ALIGNMENT)) % ALIGNMENT
    if (gap > 0) put(`padding.${fillers++}`, new Uint8Array(gap), [gap])
    put(name, values, shape)
  }
  const header = headerOf(fields)
  const moved = pieces.map(({ position, values }) => ({ position: position + header.length, values }))
  return { header, pieces: moved, total: header.length + at }
}

/** Length and text, filled with spaces so that the data begin where arrays may. */
function headerOf(fields: { readonly [name: string]: Fact }): Uint8Array {
  const text = new TextEncoder().encode(canonicalJson(fields))
  const length = Math.ceil((PREFIX + text.length) / ALIGNMENT) * ALIGNMENT - PREFIX
  if (length > LONGEST_HEADER) {
    throw misfit('header', `expected at most ${LONGEST_HEADER} bytes, got ${length}`)
  }
  const out = new Uint8Array(PREFIX + length).fill(0x20)
  new DataView(out.buffer).setBigUint64(0, BigInt(length), true)
  out.set(text, PREFIX)
  return out
}

/** Names in the order in which arrays are written and digested. */
export function namesOf(arrays: ReadonlyMap<string, unknown>): string[] {
  return [...arrays.keys()].sort()
}

export function dtypeOf(values: Values): string {
  for (const [dtype, { Type }] of Object.entries(TYPES)) if (values instanceof Type) return dtype
  throw new Error(`no dtype for ${(values as object).constructor.name}`)
}

/** Whether numbers lie in memory as they do in files. */
export const LITTLE = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1
/** Bytes of a window: some tenths of a millisecond to read, write or digest. No single view can span the largest arrays. */
const WINDOW = 2 ** 20

/** The memory of an array, window by window. */
export function* windows({ buffer, byteOffset, byteLength }: Values): Generator<Uint8Array, void> {
  for (let at = 0; at < byteLength; at += WINDOW) {
    yield new Uint8Array(buffer, byteOffset + at, Math.min(WINDOW, byteLength - at))
  }
}

/** The bytes of an array as files have them, window by window: views, or copies where the processor has another order. */
export function* littleEndian(values: Values): Generator<Uint8Array, void> {
  for (const window of windows(values)) {
    yield LITTLE ? window : swapped(window.slice(), values.BYTES_PER_ELEMENT)
  }
}

/** Turns an array around whose bytes are those of a file. */
export function fromLittleEndian(values: Values): void {
  if (LITTLE) return
  for (const window of windows(values)) swapped(window, values.BYTES_PER_ELEMENT)
}

/** Turns the bytes of every number around, in place. */
function swapped(bytes: Uint8Array, width: number): Uint8Array {
  for (let at = 0; at < bytes.length && width > 1; at += width) bytes.subarray(at, at + width).reverse()
  return bytes
}

/** Aligned room for an array, of so many 32-bit words. */
export type Room = (words: number) => Uint32Array

/** An array of the type and size that the header says, still without its numbers. */
export function roomFor({ dtype, begin, end }: Place, room: Room): Values {
  const { Type, bytes } = TYPES[dtype]
  const size = end - begin
  const words = allocate('file', size, () => room(Math.ceil(size / 4)))
  return new Type(words.buffer, words.byteOffset, size / bytes)
}

/**
 * The array of a place in memory that holds the data: that memory itself where it is aligned, otherwise a copy.
 * @param base where the data begin.
 * @param alignment of what an array may lie at in `buffer`, which itself need not begin on a cache line.
 */
export function arrayAt(
  buffer: ArrayBufferLike,
  base: number,
  place: Place,
  room: Room,
  alignment: number = ALIGNMENT,
): Values {
  const { Type, bytes } = TYPES[place.dtype]
  const at = base + place.begin
  const size = place.end - place.begin
  if (LITTLE && at % alignment === 0) return new Type(buffer, at, size / bytes)
  const values = roomFor(place, room)
  let from = at
  for (const window of windows(values)) {
    window.set(new Uint8Array(buffer, from, window.length))
    from += window.length
  }
  fromLittleEndian(values)
  return values
}
