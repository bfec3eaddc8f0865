import type { Id } from './ids.js'

/** Two to this power are the parts of a table. */
const POWER = 6
/** Characters of an id that choose its part. */
const LETTERS = 8

/**
 * The index of each id. A Map that grows moves all it has, in tens of milliseconds for a million, and nobody can have a turn meanwhile;
 * parts of it grow one at a time.
 */
export class IdTable {
  readonly #parts = Array.from({ length: 2 ** POWER }, () => new Map<Id, number>())

  has(id: Id): boolean {
    return this.#part(id).has(id)
  }

  get(id: Id): number | undefined {
    return this.#part(id).get(id)
  }

  set(id: Id, index: number): void {
    this.#part(id).set(id, index)
  }

  delete(id: Id): void {
    this.#part(id).delete(id)
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
