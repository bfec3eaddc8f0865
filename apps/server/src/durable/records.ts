import { createHash } from 'node:crypto'
import { HopfieldError } from 'hopfield-native'

// The format of a log: records one behind the other, and nothing between them.
//
//   4 bytes   "HNL1"
//   4         length of the payload, u32 little-endian
//   8         sequence number, u64: each is one more than the one before
//   8         the sequence number up to which everything was on the disk when this record was written, u64
//   32        SHA-256 of the 24 bytes before and the payload
//   …         the payload
//
// The first record has the number of the last change that its snapshot holds, and is there from the beginning: a log is made whole.

const MAGIC = Buffer.from('HNL1', 'latin1')
const HEAD = 24
export const HEADER = HEAD + 32
/** Of one change: a request is smaller than that. */
const LONGEST = 2 ** 30

export interface LogRecord {
  readonly sequence: number
  /** Up to which change everything was on the disk. */
  readonly synced: number
  readonly payload: Uint8Array
}

/** A record as bytes. */
export function encodeRecord({ sequence, synced, payload }: LogRecord): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + payload.length)
  MAGIC.copy(bytes, 0)
  bytes.writeUInt32LE(payload.length, 4)
  bytes.writeBigUInt64LE(BigInt(sequence), 8)
  bytes.writeBigUInt64LE(BigInt(synced), 16)
  bytes.set(payload, HEADER)
  digest(bytes, payload.length).copy(bytes, HEAD)
  return bytes
}

/** What a log holds. */
export interface LogContents {
  readonly records: readonly LogRecord[]
  /** Where the last whole record ends: what is behind it was never acknowledged. */
  readonly end: number
}

/**
 * Reads a log. What was being written when the process or the machine ended is left out.
 * @throws HopfieldError ERR_HOPFIELD_FILE for damage before the last record that was on the disk: records behind it would be lost.
 */
export function readLog(name: string, bytes: Buffer): LogContents {
  const read = recordsFrom(name, bytes, { at: 0, next: undefined })
  if (read.records.length === 0) throw damaged(name, 0, 'its first record cannot be read')
  return read
}

/**
 * Reads what stands in a log from a place on; `end` is counted from there.
 * @param from the place, and the number of the record that is expected there: undefined at the beginning, where it may be any.
 * @throws HopfieldError as `readLog`, but for a first record that is not whole.
 */
export function recordsFrom(
  name: string,
  bytes: Buffer,
  from: { readonly at: number; readonly next: number | undefined },
): LogContents {
  const records: LogRecord[] = []
  let { next } = from
  let at = 0
  while (at < bytes.length) {
    const record = recordAt(bytes, at)
    if (record === undefined || (next !== undefined && record.sequence !== next)) {
      if (next !== undefined) checkTorn(name, bytes, { at, base: from.at, lost: next })
      break
    }
    records.push(record)
    at += HEADER + record.payload.length
    next = record.sequence + 1
  }
  return { records, end: at }
}

/** The whole record at a place; undefined if there is none. */
function recordAt(bytes: Buffer, at: number): LogRecord | undefined {
  if (at + HEADER > bytes.length || MAGIC.compare(bytes, at, at + 4) !== 0) return undefined
  const length = bytes.readUInt32LE(at + 4)
  if (length > LONGEST || at + HEADER + length > bytes.length) return undefined
  const all = bytes.subarray(at, at + HEADER + length)
  if (digest(all, length).compare(all, HEAD, HEADER) !== 0) return undefined
  return {
    sequence: Number(all.readBigUInt64LE(8)),
    synced: Number(all.readBigUInt64LE(16)),
    payload: all.subarray(HEADER),
  }
}

/**
 * Tells a torn end from damage: if a later record is whole and says that the lost one was on the disk before it was written, then the
 * lost one was acknowledged.
 */
function checkTorn(
  name: string,
  bytes: Buffer,
  { at: from, base, lost }: { readonly at: number; readonly base: number; readonly lost: number },
): void {
  for (let at = bytes.indexOf(MAGIC, from + 1); at >= 0; at = bytes.indexOf(MAGIC, at + 1)) {
    const record = recordAt(bytes, at)
    if (record === undefined || record.synced < lost) continue
    throw damaged(
      name,
      base + from,
      `change ${lost} cannot be read, and change ${record.sequence} behind it can`,
    )
  }
}

function damaged(name: string, at: number, what: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_FILE',
    `${name}: damaged at byte ${at}: ${what}. Bring the file back from a copy; moving it away loses all changes in it`,
  )
}

function digest(bytes: Buffer, length: number): Buffer {
  return createHash('sha256')
    .update(bytes.subarray(0, HEAD))
    .update(bytes.subarray(HEADER, HEADER + length))
    .digest()
}
