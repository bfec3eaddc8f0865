import { Mark, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords } from '../kernels/contract/layout.js'
import { describeRecord, recordOf } from './container.js'
import { copy } from './copying.js'
import { GrowingRows, STATE_LENGTH } from './growing-rows.js'
import { type MemoryRecord, misfit, type Tensor, type Values } from './record.js'
import { arrayAt, headerLength, layOut, PREFIX, parseHeader, type Room } from './safetensors.js'

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
/** Whatever the address of shared memory is, `share` has begun on a cache line; numbers of eight bytes need this. */
const ALIGNMENT = 8
/** Patterns that are put into planes in one step. */
const PORTION = 2 ** 12

/**
 * Copies a record into shared memory.
 * @param room for how many patterns there is to be room; undefined: for no more than there are.
 */
export function* writeShared(kernels: Kernels, record: MemoryRecord, room?: number): Steps<SharedPlace> {
  const arrays = new Map<string, Tensor>(record.arrays)
  const sources = new Map<Values, Values | undefined>()
  const reserve = (name: string, length: number, shape: readonly number[], source?: Values): void => {
    // Addresses alone: nothing of it is touched.
    const values = allocate('share', length * 4, () => new Uint32Array(length))
    sources.set(values, source)
    arrays.set(name, { values, shape })
  }
  if (room !== undefined) {
    const { values, shape } = record.arrays.get(ROWS) as Tensor
    const [, stride] = shape
    const planes = planeWords(room, neuronsOf(record))
    reserve(ROWS, room * stride, [room, stride], values)
    reserve(PLANES, planes, [planes])
    arrays.set(STATE, { values: new Int32Array(STATE_LENGTH), shape: [STATE_LENGTH] })
  }
  const { header, pieces, total } = layOut(describeRecord(record), arrays)
  const words = allocate('share', total, () => kernels.allocate(Math.ceil(total / 4), true))
  const place = {
    memory: words.buffer as unknown as SharedArrayBuffer,
    byteOffset: words.byteOffset,
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
    for (let from = 0; from < count; from += PORTION) {
      growing?.publish(kernels, from, Math.min(from + PORTION, count))
      yield
    }
  }
  yield new Mark(total, total)
  return place
}

/** Looks a record through once: afterwards nothing that is written there can make it another one. Contents of arrays are still to be checked. */
export function readShared({ memory, byteOffset, byteLength }: SharedPlace, room: Room): SharedRecord {
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
  const [rows, planes, state] = [ROWS, PLANES, STATE].map((name) => arrays.get(name)?.values)
  if (!(rows instanceof Uint32Array)) throw misfit(ROWS, 'expected a Uint32Array, got none')
  if (!(planes instanceof Uint32Array)) throw misfit(PLANES, 'expected a Uint32Array, got none')
  if (!(state instanceof Int32Array) || state.length !== STATE_LENGTH) {
    throw misfit(STATE, `expected an Int32Array of ${STATE_LENGTH} numbers`)
  }
  const [capacity, stride] = arrays.get(ROWS)?.shape ?? []
  const neurons = neuronsOf(record)
  const expected = planeWords(capacity, neurons)
  if (planes.length !== expected) {
    throw misfit(PLANES, `expected ${expected} numbers, got ${planes.length}`)
  }
  const growing = (writes: boolean): GrowingRows => new GrowingRows({ rows, planes, state }, neurons, writes)
  const { count } = growing(false)
  arrays.delete(PLANES)
  arrays.delete(STATE)
  arrays.set(ROWS, { values: rows.subarray(0, count * stride), shape: [count, stride] })
  return { record: { ...record, arrays }, growing }
}

function neuronsOf({ options }: MemoryRecord): number {
  const { neurons } = options
  if (typeof neurons === 'number' && Number.isInteger(neurons) && neurons > 0) return neurons
  throw misfit('options', 'expected a number of neurons')
}
