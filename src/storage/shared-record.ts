import { Mark, type Steps } from '../async/steps.js'
import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../kernels/contract/layout.js'
import { describeRecord, recordOf } from './container.js'
import { copy } from './copying.js'
import { GrowingIds, ID_BYTES, type Name } from './growing-ids.js'
import { GrowingRows, STATE_LENGTH } from './growing-rows.js'
import { type MemoryRecord, misfit, type Tensor, type Values } from './record.js'
import { type Room as Aligned, arrayAt, headerLength, layOut, PREFIX, parseHeader } from './safetensors.js'

/** Where a record lies in shared memory: as in a file, but for the digest. */
export interface SharedPlace {
  readonly memory: SharedArrayBuffer
  readonly byteOffset: number
  readonly byteLength: number
}

/** What is read from there. */
export interface SharedRecord {
  readonly record: MemoryRecord
  /** The same patterns with room for more, if there is any. */
  readonly growing: ((writes: boolean) => GrowingRows) | undefined
}

const ROWS = 'patterns'
const PLANES = 'growing.planes'
const STATE = 'growing.state'
/** Ids of patterns that come: text, and where each ends. */
const ID_TEXT = 'growing.ids'
const ID_ENDS = 'growing.idEnds'
/** Those of patterns that were there. */
const IDS = 'ids'
/** Whatever the address of shared memory is, `share` has begun on a cache line; numbers of eight bytes need this. */
const ALIGNMENT = 8

/** Room for patterns that are to come. */
export interface Room {
  /** For how many patterns, those that are there included. */
  readonly patterns: number
  /** Bytes for ids of those that come; a few for each by default. */
  readonly idBytes: number | undefined
}

/**
 * Copies a record into shared memory.
 * @param room undefined: for no more patterns than there are.
 * @throws HopfieldError ERR_HOPFIELD_MEMORY where threads share none.
 */
export function* writeShared(kernels: Kernels, record: MemoryRecord, room?: Room): Steps<SharedPlace> {
  if (typeof SharedArrayBuffer === 'undefined') {
    throw new HopfieldError(
      'ERR_HOPFIELD_MEMORY',
      'there is no shared memory here, which pages have that are cross-origin isolated; send the bytes of toBytes() to workers',
    )
  }
  const arrays = new Map<string, Tensor>(record.arrays)
  const sources = new Map<Values, Values | undefined>()
  const put = (name: string, values: Values, shape: readonly number[], source?: Values): void => {
    sources.set(values, source)
    arrays.set(name, { values, shape })
  }
  // Addresses alone: nothing of it is touched.
  const words = (length: number): Uint32Array => allocate('share', length * 4, () => new Uint32Array(length))
  if (room !== undefined) {
    const { values, shape } = record.arrays.get(ROWS) as Tensor
    const [count, stride] = shape
    const planes = planeWords(room.patterns, neuronsOf(record))
    put(ROWS, words(room.patterns * stride), [room.patterns, stride], values)
    put(PLANES, words(planes), [planes])
    const more = room.patterns - count
    const bytes = room.idBytes ?? more * ID_BYTES
    put(
      ID_TEXT,
      allocate('share', bytes, () => new Uint8Array(bytes)),
      [bytes],
    )
    put(ID_ENDS, words(more), [more])
    arrays.set(STATE, { values: new Int32Array(STATE_LENGTH), shape: [STATE_LENGTH] })
  }
  const { header, pieces, total } = layOut(describeRecord(record), arrays)
  const all = allocate('share', total, () => kernels.allocate(Math.ceil(total / 4), true))
  const place = {
    memory: all.buffer as unknown as SharedArrayBuffer,
    byteOffset: all.byteOffset,
    byteLength: total,
  }
  new Uint8Array(place.memory, place.byteOffset, header.length).set(header)
  for (const { position, values } of pieces) {
    const source = sources.has(values) ? sources.get(values) : values
    if (source === undefined) continue
    const Type = source.constructor as new (
      buffer: SharedArrayBuffer,
      byteOffset: number,
      length: number,
    ) => Values
    const target = new Type(place.memory, place.byteOffset + position, source.length)
    yield* copy(source as Uint32Array, target as Uint32Array)
    yield new Mark(position, total)
  }
  if (room !== undefined) {
    const growing = readShared(place, kernels.allocate).growing?.(true)
    const [count] = (record.arrays.get(ROWS) as Tensor).shape
    yield* growing?.filling(kernels, 0, count) ?? []
    growing?.publish(count)
  }
  yield new Mark(total, total)
  return place
}

/** Looks a record through once: afterwards nothing that is written there can make it another one. Contents of arrays are still to be checked. */
export function readShared({ memory, byteOffset, byteLength }: SharedPlace, room: Aligned): SharedRecord {
  // Copies, because others may write there.
  const prefix = new Uint8Array(memory, byteOffset, Math.min(PREFIX, byteLength)).slice()
  const length = headerLength(prefix, byteLength)
  const text = new Uint8Array(memory, byteOffset + PREFIX, length).slice()
  const header = parseHeader(text, byteLength)
  const base = byteOffset + PREFIX + length
  const values = new Map<string, Values>()
  for (const [name, place] of header.places) values.set(name, arrayAt(memory, base, place, room, ALIGNMENT))
  const record = recordOf(header, values)
  if (!record.arrays.has(STATE)) return { record, growing: undefined }
  return growingRecord(record)
}

function growingRecord(record: MemoryRecord): SharedRecord {
  const arrays = new Map<string, Tensor>(record.arrays)
  const words = (name: string): Uint32Array => {
    const values = arrays.get(name)?.values
    if (values instanceof Uint32Array) return values
    throw misfit(name, `expected a Uint32Array, got ${values?.constructor.name ?? 'none'}`)
  }
  const [rows, planes, ends] = [words(ROWS), words(PLANES), words(ID_ENDS)]
  const [state, text] = [arrays.get(STATE)?.values, arrays.get(ID_TEXT)?.values]
  if (!(state instanceof Int32Array) || state.length !== STATE_LENGTH) {
    throw misfit(STATE, `expected an Int32Array of ${STATE_LENGTH} numbers`)
  }
  if (!(text instanceof Uint8Array)) throw misfit(ID_TEXT, 'expected a Uint8Array')
  const [capacity, stride] = arrays.get(ROWS)?.shape ?? []
  const neurons = neuronsOf(record)
  if (stride !== rowWords(neurons)) {
    throw misfit(ROWS, `expected rows of ${rowWords(neurons)} words, got ${stride}`)
  }
  const expected = planeWords(capacity, neurons)
  if (planes.length !== expected) {
    throw misfit(PLANES, `expected ${expected} numbers, got ${planes.length}`)
  }
  if (ends.length > capacity) {
    throw misfit(ID_ENDS, `expected at most ${capacity} numbers, got ${ends.length}`)
  }
  const ids = new GrowingIds(capacity - ends.length, ends, text)
  const growing = (writes: boolean): GrowingRows =>
    new GrowingRows({ rows, planes, state, ids }, neurons, writes)
  const { count } = growing(false)
  for (const name of [PLANES, STATE, ID_TEXT, ID_ENDS]) arrays.delete(name)
  arrays.set(ROWS, { values: rows.subarray(0, count * stride), shape: [count, stride] })
  const values = allIds(ids, arrays.get(IDS)?.values, count)
  if (values !== undefined) arrays.set(IDS, { values, shape: [values.length] })
  return { record: { ...record, arrays }, growing }
}

/** The text of all ids, if there are any: of the patterns that were there, and of those that have come. */
function allIds(ids: GrowingIds, before: Values | undefined, count: number): Uint8Array | undefined {
  const come = count > ids.base ? ids.take(ids.base, count) : undefined
  const before8 = before instanceof Uint8Array && before.length > 0 ? before : undefined
  if (count <= ids.base || (come === undefined && before8 === undefined)) return undefined
  const none = (length: number): Name[] => new Array<Name>(length).fill(undefined)
  // null where there is none.
  const tail = new TextEncoder().encode(JSON.stringify(come ?? none(count - ids.base)))
  const head = before8 ?? new TextEncoder().encode(JSON.stringify(none(ids.base)))
  // [a,b] and [c,d] as [a,b,c,d].
  const whole = new Uint8Array(head.length + tail.length - 1)
  whole.set(head)
  whole.set(tail.subarray(1), head.length)
  whole[head.length - 1] = ids.base === 0 ? 0x20 : 0x2c
  return whole
}

function neuronsOf({ options }: MemoryRecord): number {
  const { neurons } = options
  if (typeof neurons === 'number' && Number.isInteger(neurons) && neurons > 0) return neurons
  throw misfit('options', 'expected a number of neurons')
}
