import { type Id, IdPage, SLOTS } from './id-page.js'

/** The ids of patterns in order, on pages. A pattern need not have one. */
export class IdList {
  #pages: IdPage[] = []
  /** Pages by serial number; those of pages that have gone are given anew. */
  #bySerial: (IdPage | undefined)[] = []
  #free: number[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Characters for which its pages have room. */
  get room(): number {
    return this.#pages.reduce((sum, { characters }) => sum + characters, 0)
  }

  /** A list that says the same, and may change while this one stays as it is. */
  copy(): IdList {
    const list = new IdList()
    list.#pages = this.#pages.map((page) => page.copy())
    for (const page of list.#pages) list.#bySerial[page.serial] = page
    list.#free = this.#free.slice()
    list.#length = this.#length
    return list
  }

  push(id: Id | undefined): void {
    this.#last().push(id)
    this.#length++
  }

  /** Adds patterns without ids, in small steps. */
  *skipping(count: number): Generator<void, void> {
    for (let left = count; left > 0; ) {
      const page = this.#last()
      const some = Math.min(left, page.room)
      page.skip(some)
      this.#length += some
      left -= some
      yield
    }
  }

  /** The id of a pattern; undefined beyond the end. */
  at(index: number): Id | undefined {
    if (index >= this.#length) return undefined
    const page = this.#pageOf(index)
    return page.at(index - page.base)
  }

  slice(from: number, to: number): (Id | undefined)[] {
    return Array.from({ length: to - from }, (_, k) => this.at(from + k))
  }

  /** Gives a pattern another id, or none. @returns the page on which others have another slot now, if there is one. */
  set(index: number, id: Id | undefined): IdPage | undefined {
    const page = this.#pageOf(index)
    return page.set(index - page.base, id) ? page : undefined
  }

  /** One pattern goes, and those behind it move up. @returns as `set`. */
  remove(index: number): IdPage | undefined {
    const page = this.#pageOf(index)
    this.#length--
    const moved = page.remove(index - page.base)
    for (let k = this.#pages.indexOf(page) + 1; k < this.#pages.length; k++) this.#pages[k].base--
    if (page.length === 0) this.#drop(page)
    return moved ? page : undefined
  }

  /** All patterns from the one at `length` on go. */
  truncate(length: number): void {
    for (
      let page = this.#pages.at(-1);
      page !== undefined && this.#length > length;
      page = this.#pages.at(-1)
    ) {
      const kept = Math.max(0, length - page.base)
      this.#length = page.base + kept
      if (kept === 0) this.#drop(page)
      else page.truncate(kept)
    }
  }

  /** A number of the pattern that it keeps while others go. */
  nameOf(index: number): number {
    const page = this.#pageOf(index)
    return page.serial * SLOTS + page.slotOf(index - page.base)
  }

  /** The index of what has this id, if it is the pattern of that name; −1 otherwise. */
  find(name: number, id: Id): number {
    const page = this.#bySerial[(name / SLOTS) | 0]
    const place = page?.placeOf(name % SLOTS)
    return page !== undefined && place !== undefined && page.has(name % SLOTS, id) ? page.base + place : -1
  }

  /** The hash of the id of the pattern with this name; −1 if there is none. */
  hash(name: number, seed: number): number {
    const page = this.#bySerial[(name / SLOTS) | 0]
    return page?.placeOf(name % SLOTS) === undefined ? -1 : page.hash(name % SLOTS, seed)
  }

  /** The page that takes what comes next. */
  #last(): IdPage {
    const last = this.#pages.at(-1)
    if (last !== undefined && last.room > 0) return last
    const page = new IdPage(this.#free.pop() ?? this.#bySerial.length)
    page.base = this.#length
    this.#bySerial[page.serial] = page
    this.#pages.push(page)
    return page
  }

  #drop(page: IdPage): void {
    this.#pages.splice(this.#pages.indexOf(page), 1)
    this.#bySerial[page.serial] = undefined
    this.#free.push(page.serial)
  }

  #pageOf(index: number): IdPage {
    let low = 0
    let high = this.#pages.length - 1
    // Most often it is the last one: ids are entered as they come.
    if (this.#pages[high].base <= index) return this.#pages[high]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#pages[middle].base <= index) low = middle
      else high = middle - 1
    }
    return this.#pages[low]
  }
}
