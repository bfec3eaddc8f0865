import { copy } from '../../storage/copying.js'
import { misfit } from '../../storage/record.js'

// Ids as UTF-8 of a JSON array of strings, numbers and null. There may be millions, so they are written and read in small steps: a turn
// of the event loop has room for some thousands.

/** Ids written in one step. */
const IDS = 2 ** 12
/** Bytes read in one step, or a little more. */
const BYTES = 2 ** 14

const [QUOTE, ESCAPE, COMMA, OPEN, CLOSE] = Array.from('"\\,[]', (letter) => letter.charCodeAt(0))
const [OPEN_OBJECT, CLOSE_OBJECT] = Array.from('{}', (letter) => letter.charCodeAt(0))

/** The first `length` ids as text, null where there is none: what JSON.stringify makes of all of them. */
export function* writing(
  ids: { slice(from: number, to: number): readonly (string | number | undefined)[] },
  length: number,
): Generator<void, Uint8Array> {
  const encoder = new TextEncoder()
  const parts: Uint8Array[] = []
  let size = 0
  const add = (text: string): void => {
    const part = encoder.encode(text)
    parts.push(part)
    size += part.length
  }
  add('[')
  for (let from = 0; from < length; from += IDS) {
    const some = JSON.stringify(ids.slice(from, Math.min(from + IDS, length))).slice(1, -1)
    add(from === 0 ? some : `,${some}`)
    yield
  }
  add(']')
  const out = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
    yield
  }
  return out
}

/**
 * The values of the text of an array in small pieces, with undefined for null. They may still be anything that is neither an array nor an
 * object.
 * @throws HopfieldError ERR_HOPFIELD_FILE.
 */
export function* parsing(text: Uint8Array): Generator<readonly unknown[], void> {
  // Others may write into memory that threads share, and decoders refuse it.
  const bytes = new Uint8Array(text.length)
  for (const _ of copy(text, bytes)) yield []
  const [begin, end] = [skipSpace(bytes, 0, 1), skipSpace(bytes, bytes.length - 1, -1)]
  if (bytes[begin] !== OPEN || bytes[end] !== CLOSE || begin >= end)
    throw misfit('ids', 'expected a JSON array')
  let [from, quoted] = [begin + 1, false]
  for (let at = from; at < end; at++) {
    const byte = bytes[at]
    if (quoted) {
      if (byte === ESCAPE) at++
      else if (byte === QUOTE) quoted = false
    } else if (byte === QUOTE) {
      quoted = true
    } else if (byte === COMMA && at - from >= BYTES) {
      yield valuesOf(bytes.subarray(from, at), false)
      from = at + 1
    } else if (byte === OPEN || byte === CLOSE || byte === OPEN_OBJECT || byte === CLOSE_OBJECT) {
      throw misfit('ids', 'expected strings, numbers and null')
    }
  }
  yield valuesOf(bytes.subarray(from, end), from === begin + 1)
}

/** The values of a piece between two commas, of which there is at least one unless it is all there is. */
function valuesOf(piece: Uint8Array, alone: boolean): unknown[] {
  let found: unknown[]
  try {
    found = JSON.parse(`[${new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(piece)}]`)
  } catch {
    throw misfit('ids', 'expected JSON in UTF-8')
  }
  if (found.length === 0 && !alone) throw misfit('ids', 'expected JSON in UTF-8')
  return found.map((value) => (value === null ? undefined : value))
}

/** Where the first byte is, from `at` on, that is no space. */
function skipSpace(bytes: Uint8Array, at: number, step: number): number {
  let k = at
  while (bytes[k] === 0x20 || bytes[k] === 0x09 || bytes[k] === 0x0a || bytes[k] === 0x0d) k += step
  return k
}
