import type { IdList } from './id-list.js'
import { hashOf, type Id, type IdPage } from './id-page.js'

/** Two to this power are the parts of a table. */
const POWER = 7
/** Entries for which a part has room at first. */
const FEW = 8

/**
 * Finds ids of a list by their hashes. An entry says that a pattern may have an id of that hash: whoever reads it looks at the list, so
 * that entries of ids which have gone since do no harm. They are left out when there is no more room. A table that grows moves all it
 * has, and nobody can have a turn meanwhile; parts of it grow one at a time.
 */
export class IdTable {
  /** Whoever chooses ids cannot know which of them meet. */
  readonly #seed = Math.floor(Math.random() * 2 ** 32)
  readonly #parts: (Part | undefined)[] = new Array(2 ** POWER).fill(undefined)

  /** The index of an id in the list; −1 if it is not there. */
  find(list: IdList, id: Id): number {
    const hash = hashOf(id, this.#seed)
    return this.#parts[partOf(hash)]?.find(hash, (name) => list.find(name, id)) ?? -1
  }

  /**
   * Enters the pattern at an index, if it has an id.
   * @returns whether that took a step of time: a part has been made anew. All of them grow within a few thousand ids.
   */
  enter(list: IdList, index: number): boolean {
    const name = list.nameOf(index)
    const hash = list.hash(name, this.#seed)
    if (hash < 0) return false
    this.#parts[partOf(hash)] ??= new Part()
    const part = this.#parts[partOf(hash)] as Part
    const { full } = part
    if (full) part.renew((entry) => list.hash(entry, this.#seed))
    part.add(hash, name)
    return full
  }

  /** Enters the patterns of a page anew, of which the slots have changed. */
  enterPage(list: IdList, page: IdPage | undefined): void {
    for (let k = 0; k < (page?.length ?? 0); k++) this.enter(list, (page?.base ?? 0) + k)
  }
}

const partOf = (hash: number): number => hash >>> (32 - POWER)

/** Entries by hash: each is where its hash says, or behind that, before the first free place. */
class Part {
  #hashes = new Uint32Array(2 * FEW)
  /** One more than the name, so that 0 is a free place. */
  #names = new Uint32Array(2 * FEW)
  #count = 0

  get full(): boolean {
    return this.#count >= this.#names.length / 2
  }

  /** The first answer that is not −1 of those that are given for the entries of a hash; −1 if there is none. */
  find(hash: number, ask: (name: number) => number): number {
    const mask = this.#names.length - 1
    for (let at = hash & mask; this.#names[at] !== 0; at = (at + 1) & mask) {
      if (this.#hashes[at] !== hash) continue
      const answer = ask(this.#names[at] - 1)
      if (answer >= 0) return answer
    }
    return -1
  }

  /** Makes room, and leaves out entries of which the hash is not what it was. */
  renew(hashOf: (name: number) => number): void {
    const hashes = this.#hashes
    const names = this.#names
    let count = 0
    for (let at = 0; at < names.length; at++) {
      if (names[at] === 0 || hashOf(names[at] - 1) !== hashes[at]) names[at] = 0
      else count++
    }
    const room = count > names.length / 4 ? 2 * names.length : names.length
    this.#hashes = new Uint32Array(room)
    this.#names = new Uint32Array(room)
    this.#count = 0
    for (let at = 0; at < names.length; at++) if (names[at] !== 0) this.add(hashes[at], names[at] - 1)
  }

  /** Enters a name, if it is not there. */
  add(hash: number, name: number): void {
    const mask = this.#names.length - 1
    let at = hash & mask
    for (; this.#names[at] !== 0; at = (at + 1) & mask)
      if (this.#hashes[at] === hash && this.#names[at] === name + 1) return
    this.#hashes[at] = hash
    this.#names[at] = name + 1
    this.#count++
  }
}
