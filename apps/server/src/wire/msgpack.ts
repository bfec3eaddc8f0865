import { decode, encode } from '@msgpack/msgpack'
import { ServerError } from '../errors.js'

/** Arrays and maps within each other. */
const MOST_LEVELS = 16

/** A value as MessagePack. */
export function toMsgpack(value: unknown): Buffer {
  const bytes = encode(value, { ignoreUndefined: true })
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * The value of a body, once it is known that all of it is there: a decoder makes arrays as long as a header claims before it reads what
 * is in them.
 * @throws ServerError ERR_SERVER_BODY.
 */
export function fromMsgpack(bytes: Uint8Array): unknown {
  checkSizes(bytes)
  try {
    return decode(bytes)
  } catch (error) {
    throw malformed((error as Error).message)
  }
}

function malformed(what: string): ServerError {
  return new ServerError('ERR_SERVER_BODY', 400, `body: expected MessagePack: ${what}`)
}

/** Bytes behind the first of a value: of itself, or of the length that says how many follow. By the first byte, 0xc0 to 0xdf. */
const AFTER = [
  0, -1, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 1, 2, 4, 2, 4, 2, 4,
] as const

/** Refuses what is cut, too deep, or claims more values than there are bytes. */
function checkSizes(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  /** Values that each open array or map still wants. */
  const open: number[] = []
  /** Of all of them together. */
  let wanted = 1
  let at = 0
  while (wanted > 0) {
    if (wanted > bytes.length - at) throw malformed(`it ends at byte ${bytes.length}, ${wanted} values early`)
    wanted--
    if (open.length > 0) open[open.length - 1]--
    const { next, values } = valueAt(view, bytes[at], at)
    at = next
    if (at > bytes.length) throw malformed(`it ends at byte ${bytes.length}, within a value`)
    while (open.length > 0 && open[open.length - 1] === 0) open.pop()
    if (values === 0) continue
    if (open.length === MOST_LEVELS) throw malformed(`more than ${MOST_LEVELS} levels at byte ${at}`)
    open.push(values)
    wanted += values
  }
  if (at !== bytes.length) throw malformed(`one value ends at byte ${at} of ${bytes.length}`)
}

/** Where the value at a byte ends, without what is in it, and how many values are in it. */
function valueAt(view: DataView, first: number, at: number): { next: number; values: number } {
  if (first < 0x80 || first >= 0xe0) return { next: at + 1, values: 0 }
  if (first < 0x90) return { next: at + 1, values: 2 * (first & 15) }
  if (first < 0xa0) return { next: at + 1, values: first & 15 }
  if (first < 0xc0) return { next: at + 1 + (first & 31), values: 0 }
  const after = AFTER[first - 0xc0]
  if (after < 0) throw malformed(`no value begins with 0xc1, at byte ${at}`)
  const next = at + 1 + after
  // Cut: the caller sees it.
  if (next > view.byteLength) return { next, values: 0 }
  const length = after === 1 ? view.getUint8(at + 1) : after === 2 ? view.getUint16(at + 1) : 0
  const long = after === 4 ? view.getUint32(at + 1) : length
  if (first >= 0xc4 && first <= 0xc6) return { next: next + long, values: 0 }
  if (first >= 0xc7 && first <= 0xc9) return { next: next + long + 1, values: 0 }
  if (first >= 0xd9 && first <= 0xdb) return { next: next + long, values: 0 }
  if (first === 0xdc || first === 0xdd) return { next, values: long }
  if (first === 0xde || first === 0xdf) return { next, values: 2 * long }
  return { next, values: 0 }
}
