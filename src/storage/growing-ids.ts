import { HopfieldError } from '../errors.js'

/** A name of a pattern, or none. */
export type Name = string | number | undefined

/** Names of patterns in a row. */
export interface Names {
  at(k: number): Name
}

/** Bytes for the id of each pattern that may still come, where nobody says how many. */
export const ID_BYTES = 32
/** Ids written in one step: some tenths of a millisecond. */
const SOME = 2 ** 8

/**
 * Ids of patterns that come to shared memory: each as JSON behind the one before, and the place where it ends; a pattern without one ends
 * where the one before does. They are written before the count of patterns is raised, and nobody reads those of patterns beyond it.
 */
export class GrowingIds {
  /** Of the first pattern that may come. */
  readonly base: number
  readonly #ends: Uint32Array
  readonly #bytes: Uint8Array

  /** @param base patterns that were there when the memory was shared. */
  constructor(base: number, ends: Uint32Array, bytes: Uint8Array) {
    this.base = base
    this.#ends = ends
    this.#bytes = bytes
  }

  /** Writes the ids of the next patterns, if they have any, in small steps. False if there is no room; then nobody has seen anything. */
  *putting(from: number, count: number, ids: Names | undefined): Generator<void, boolean> {
    const encoder = new TextEncoder()
    let at = this.#end(from)
    for (let k = 0; k < count; k++) {
      const id = ids?.at(k)
      const place = from + k - this.base
      if (id !== undefined) {
        const text = encoder.encode(JSON.stringify(id))
        if (at + text.length > this.#bytes.length) return false
        this.#bytes.set(text, at)
        at += text.length
      }
      if (place < this.#ends.length) this.#ends[place] = at
      if (k % SOME === SOME - 1) yield
    }
    return true
  }

  /**
   * The ids of patterns from…to; undefined if none of them has one.
   * @throws HopfieldError ERR_HOPFIELD_FORMAT if others have written something else there.
   */
  take(from: number, to: number): Name[] | undefined {
    if (this.#end(from) === this.#end(to)) return undefined
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const ids: Name[] = []
    for (let mu = from; mu < to; mu++) {
      const [begin, end] = [this.#end(mu), this.#end(mu + 1)]
      if (begin === end) ids.push(undefined)
      else {
        const id = begin < end && end <= this.#bytes.length ? parsed(decoder, this.#bytes, begin, end) : null
        if (typeof id !== 'string' && !Number.isFinite(id)) throw notIds(mu)
        ids.push(id as Name)
      }
    }
    return ids
  }

  /** Where the ids of the patterns before this one end. */
  #end(pattern: number): number {
    return pattern <= this.base ? 0 : (this.#ends[pattern - this.base - 1] ?? 0)
  }
}

function parsed(
  decoder: InstanceType<typeof TextDecoder>,
  bytes: Uint8Array,
  begin: number,
  end: number,
): unknown {
  try {
    // A copy, because decoders refuse memory that threads share.
    return JSON.parse(decoder.decode(bytes.slice(begin, end)))
  } catch {
    return null
  }
}

function notIds(pattern: number): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_FORMAT',
    `ids: expected a string or a finite number for pattern ${pattern}; somebody else has written into the shared memory`,
  )
}
