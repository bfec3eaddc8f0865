import { Gaps } from './gaps.js'
import type { Id } from './ids.js'

/** Two to this power are the parts of a table. */
const POWER = 6
/** Characters of an id that choose its part. */
const LETTERS = 8
/** So many patterns go before a new table takes less time than what they cost. */
const MOST_GONE = 4096

/**
 * The index of each id. A Map that grows moves all it has, in tens of milliseconds for a million, and nobody can have a turn meanwhile;
 * parts of it grow one at a time.
 */
export class IdTable {
  readonly #parts = Array.from({ length: 2 ** POWER }, () => new Map<Id, number>())
  /** Entries are numbers, so that those behind a pattern that goes stay as they are. */
  readonly #gaps = new Gaps()

  /** Whether too many patterns have gone for it to be worth keeping. */
  get worn(): boolean {
    return this.#gaps.count > MOST_GONE
  }

  get(id: Id): number | undefined {
    const number = this.#part(id).get(id)
    return number === undefined ? undefined : this.#gaps.indexOf(number)
  }

  set(id: Id, index: number): void {
    this.#part(id).set(id, this.#gaps.numberAt(index))
  }

  delete(id: Id): void {
    this.#part(id).delete(id)
  }

  /** The pattern at an index goes, and all behind it move up. */
  remove(index: number): void {
    this.#gaps.remove(index)
  }

  /** Whatever is asked for has a part; what is no id is in none. */
  #part(id: Id): Map<Id, number> {
    return this.#parts[hashOf(id) >>> (32 - POWER)]
  }
}

function hashOf(id: unknown): number {
  if (typeof id === 'number') return Math.imul(id ^ (id / 2 ** 32), 0x9e3779b1)
  if (typeof id !== 'string') return 0
  let hash = id.length
  // Names of many things differ at their ends more often than at their beginnings.
  for (let k = Math.max(0, id.length - LETTERS); k < id.length; k++)
    hash = Math.imul(hash ^ id.charCodeAt(k), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}
