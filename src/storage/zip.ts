// The part of the zip format that NumPy writes (APPNOTE 6.3): stored or deflated entries, with or without 64-bit sizes.
import { describe } from '../errors.js'
import { crc32, inflate } from '../platform/node/compression.js'
import type { Malformed } from './npy.js'

/** A file in an archive that was looked at as a whole: its bytes lie within the archive, and no two files share any. */
export interface ZipEntry {
  readonly name: string
  readonly deflated: boolean
  readonly checksum: number
  /** The bytes as they lie in the archive. */
  readonly packed: Uint8Array
  /** Bytes of the file. */
  readonly size: number
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END_BYTES = 22
const FULL_16 = 0xffff
const FULL_32 = 0xffffffff
/** DEFLATE makes at most 1,032 bytes of one. */
const MOST_INFLATION = 1032

/** The files of an archive in the order of its directory. */
export function readZip(bytes: Uint8Array, malformed: Malformed): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const { count, at: start, end } = directory(view, malformed)
  const entries: ZipEntry[] = []
  const ranges: { name: string; from: number; to: number }[] = []
  let at = start
  for (let k = 0; k < count; k++) {
    const where = `entry ${k} of the directory`
    if (at + CENTRAL_BYTES > end || view.getUint32(at, true) !== CENTRAL) {
      throw malformed(`${where}: it is not at byte ${at}`)
    }
    const flags = view.getUint16(at + 8, true)
    const method = view.getUint16(at + 10, true)
    const nameLength = view.getUint16(at + 28, true)
    const extraLength = view.getUint16(at + 30, true)
    const next = at + CENTRAL_BYTES + nameLength + extraLength + view.getUint16(at + 32, true)
    if (next > end) throw malformed(`${where}: truncated at byte ${at}`)
    const name = new TextDecoder().decode(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameLength))
    const [size, packedSize, offset] = sizes(view, at, malformed, where)
    if (flags & 1) throw malformed(`${describe(name)}: encrypted`)
    if (method !== 0 && method !== 8) {
      throw malformed(`${describe(name)}: compression method ${method}; expected 0 (stored) or 8 (deflated)`)
    }
    const from = bodyOf(bytes, view, { offset, name, end: start }, malformed)
    const to = from + packedSize
    if (to > start)
      throw malformed(`${describe(name)}: its ${packedSize} bytes run over the end of the files`)
    if (method === 0 ? size !== packedSize : size > packedSize * MOST_INFLATION) {
      throw malformed(`${describe(name)}: ${packedSize} bytes cannot stand for ${size}`)
    }
    ranges.push({ name, from: offset, to })
    entries.push({
      name,
      deflated: method === 8,
      checksum: view.getUint32(at + 16, true),
      packed: bytes.subarray(from, to),
      size,
    })
    at = next
  }
  if (at !== end) throw malformed(`the directory has ${end - at} bytes behind its last entry`)
  ranges.sort((a, b) => a.from - b.from)
  for (let k = 1; k < ranges.length; k++) {
    if (ranges[k].from >= ranges[k - 1].to) continue
    throw malformed(`${describe(ranges[k].name)} and ${describe(ranges[k - 1].name)} overlap`)
  }
  return entries
}

/** The bytes of a file, checked. */
export function unpack(
  { name, deflated, checksum, packed, size }: ZipEntry,
  malformed: Malformed,
): Uint8Array {
  const bytes = deflated ? inflate(packed, size) : packed
  if (bytes === undefined) throw malformed(`${describe(name)}: damaged: it does not inflate to ${size} bytes`)
  if (crc32(bytes) !== checksum) throw malformed(`${describe(name)}: damaged: its checksum differs`)
  return bytes
}

/** Where the directory lies: it ends where its own end begins. */
function directory(view: DataView, malformed: Malformed): { count: number; at: number; end: number } {
  const last = view.byteLength - END_BYTES
  let end = last
  while (end >= 0 && end >= last - FULL_16) {
    if (view.getUint32(end, true) === END && view.getUint16(end + 20, true) === last - end) break
    end--
  }
  if (end < 0 || end < last - FULL_16) {
    throw malformed('this is not a whole .npz file (there is no end of a zip directory)')
  }
  if (view.getUint16(end + 4, true) !== 0 || view.getUint16(end + 6, true) !== 0) {
    throw malformed('a zip file in several parts')
  }
  let count = view.getUint16(end + 10, true)
  let size = view.getUint32(end + 12, true)
  let at = view.getUint32(end + 16, true)
  if (count === FULL_16 || size === FULL_32 || at === FULL_32) {
    if (end < 20 || view.getUint32(end - 20, true) !== LOCATOR_64)
      throw malformed('no 64-bit end of the directory')
    const end64 = whole(view, end - 12)
    if (end64 + 56 > end - 20 || view.getUint32(end64, true) !== END_64) {
      throw malformed('no 64-bit end of the directory')
    }
    count = whole(view, end64 + 32)
    size = whole(view, end64 + 40)
    at = whole(view, end64 + 48)
    end = end64
  }
  if (at + size !== end)
    throw malformed(`the directory of ${size} bytes at byte ${at} is not before its end, byte ${end}`)
  return { count, at, end }
}

/** Size, packed size and offset of the entry of the directory at `at`; any of them may be a 64-bit number behind its name. */
function sizes(view: DataView, at: number, malformed: Malformed, where: string): [number, number, number] {
  const found = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
  if (!found.includes(FULL_32)) return found as [number, number, number]
  let extra = at + CENTRAL_BYTES + view.getUint16(at + 28, true)
  const end = extra + view.getUint16(at + 30, true)
  while (extra + 4 <= end) {
    const next = extra + 4 + view.getUint16(extra + 2, true)
    if (view.getUint16(extra, true) === 1 && next <= end) {
      let from = extra + 4
      for (let k = 0; k < 3; k++) {
        if (found[k] !== FULL_32) continue
        if (from + 8 > next) throw malformed(`${where}: its 64-bit sizes are cut`)
        found[k] = whole(view, from)
        from += 8
      }
      return found as [number, number, number]
    }
    extra = next
  }
  throw malformed(`${where}: its 64-bit sizes are missing`)
}

/** Where the bytes of an entry begin, behind a header of their own that names it once more. */
function bodyOf(
  bytes: Uint8Array,
  view: DataView,
  { offset, name, end }: { offset: number; name: string; end: number },
  malformed: Malformed,
): number {
  if (offset + LOCAL_BYTES > end || view.getUint32(offset, true) !== LOCAL) {
    throw malformed(`${describe(name)}: its header is not at byte ${offset}`)
  }
  const nameEnd = offset + LOCAL_BYTES + view.getUint16(offset + 26, true)
  const body = nameEnd + view.getUint16(offset + 28, true)
  if (body > end) throw malformed(`${describe(name)}: its header runs over the end of the files`)
  if (new TextDecoder().decode(bytes.subarray(offset + LOCAL_BYTES, nameEnd)) !== name) {
    throw malformed(`${describe(name)}: its header names another file`)
  }
  return body
}

/** A 64-bit number, or one that is larger than any file where it is not exact. */
function whole(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true))
}

/** An archive of stored files, all under 4 GiB; the same bytes for the same files. */
export function writeZip(files: readonly { name: Uint8Array; bytes: Uint8Array }[], out: Uint8Array): void {
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  const offsets: number[] = []
  const checksums: number[] = []
  let at = 0
  for (const { name, bytes } of files) {
    offsets.push(at)
    checksums.push(crc32(bytes))
    view.setUint32(at, LOCAL, true)
    facts(view, at + 4, name, bytes, checksums[checksums.length - 1])
    out.set(name, at + LOCAL_BYTES)
    out.set(bytes, at + LOCAL_BYTES + name.length)
    at += LOCAL_BYTES + name.length + bytes.length
  }
  const directoryAt = at
  files.forEach(({ name, bytes }, k) => {
    view.setUint32(at, CENTRAL, true)
    view.setUint16(at + 4, 20, true)
    facts(view, at + 6, name, bytes, checksums[k])
    view.setUint32(at + 42, offsets[k], true)
    out.set(name, at + CENTRAL_BYTES)
    at += CENTRAL_BYTES + name.length
  })
  view.setUint32(at, END, true)
  view.setUint16(at + 8, files.length, true)
  view.setUint16(at + 10, files.length, true)
  view.setUint32(at + 12, at - directoryAt, true)
  view.setUint32(at + 16, directoryAt, true)
}

/** Bytes of the archive that {@link writeZip} writes. */
export function zipSize(files: readonly { name: Uint8Array; bytes: Uint8Array }[]): number {
  const each = LOCAL_BYTES + CENTRAL_BYTES
  return files.reduce((sum, { name, bytes }) => sum + each + 2 * name.length + bytes.length, END_BYTES)
}

/** What both headers of a file say of it: version 2.0, names in UTF-8, stored, 1 January 1980, checksum, sizes. */
function facts(view: DataView, at: number, name: Uint8Array, bytes: Uint8Array, checksum: number): void {
  view.setUint16(at, 20, true)
  view.setUint16(at + 2, 0x800, true)
  view.setUint16(at + 8, 0x21, true)
  view.setUint32(at + 10, checksum, true)
  view.setUint32(at + 14, bytes.length, true)
  view.setUint32(at + 18, bytes.length, true)
  view.setUint16(at + 22, name.length, true)
}
