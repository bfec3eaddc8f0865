import { describe, HopfieldError } from '../../errors.js'
import { checkLength, lengthOf } from '../../input/validate.js'
import { atOnce } from '../../platform/turn.js'
import { misfit, type RecordReader, type RecordWriter } from '../../storage/record.js'
import { IdList } from './id-list.js'
import type { Id } from './id-page.js'
import { IdTable } from './id-table.js'
import { parsing, writing } from './ids-text.js'

export type { Id }

/** Names a pattern by its index, or by its id. */
export type PatternKey = number | { readonly id: Id }

/** Ids of patterns that are stored together. */
export interface ComingIds {
  readonly length: number
  at(k: number): Id | undefined
}

/** Ids that are looked at in one step. */
const STEP = 2 ** 12

/** Ids by index, as they are until a pattern goes. */
interface Held {
  /** Patterns behind the last one with an id need not be there. Ids of patterns that are being stored, or were to be, are the last ones. */
  list: IdList
  /** Where to find each id of the list; made at the first look-up. */
  places: IdTable | undefined
  /** How many stored patterns have an id. */
  named: number
  /** What a record says of the first patterns, until it is read; the list is of those behind them. */
  text: { readonly bytes: Uint8Array; readonly count: number } | undefined
  /** Whether someone else reads the list. */
  lent: boolean
}

const none = (): Held => ({
  list: new IdList(),
  places: undefined,
  named: 0,
  text: undefined,
  lent: false,
})

/** The ids of stored patterns, by index. Ids are optional. */
export class Ids {
  #held = none()
  /** Stored patterns. */
  #count = 0
  /** Ids at the end of the list, until their patterns are stored. */
  #coming: ComingIds | undefined;

  /** Checks and copies the ids of `count` patterns that are to come, in small steps; returns undefined if none were given. */
  *reading(given: unknown, count: number): Generator<void, ComingIds | undefined> {
    if (given === undefined) return undefined
    const values = checkLength('ids', given, count)
    const places = yield* this.#mapping()
    const { list } = this.#held
    list.truncate(this.#count)
    yield* list.skipping(this.#count - list.length)
    const before = list.length
    for (let k = 0; k < count; k++) {
      const long = enter(values[k], k, list, places)
      if (long || k % STEP === STEP - 1) yield
    }
    this.#coming = { length: count, at: (k) => list.at(before + k) }
    return this.#coming
  }

  /** As UTF-8 of a JSON array; null where a pattern has none. */
  record(to: RecordWriter): void {
    const [held, count] = [this.#held, this.#count]
    const { text, named } = held
    // Nobody has read it, so that it still says what there is.
    if (text?.count === count) to.array('ids', text.bytes, [text.bytes.length])
    else if (text !== undefined || named > 0) {
      held.lent = true
      to.later(function* () {
        yield* settling(held)
        if (held.named === 0) return
        const bytes = yield* writing(held.list, count)
        to.array('ids', bytes, [bytes.length])
      })
    }
  }

  /** Takes the ids of a record of `count` patterns, to be read when they are asked for, or when the record is looked through. */
  restore(from: RecordReader, count: number): void {
    this.clear()
    this.#count = count
    if (!from.has('ids')) return
    this.#held.text = { bytes: from.array('ids', Uint8Array, [undefined]), count }
    from.complete(() => this.settling())
  }

  /** Reads what was restored, in steps; they throw if it is not what it should be. */
  settling(): Generator<void, void> {
    return settling(this.#held)
  }

  /** The same at once. */
  settle(): void {
    this.#settled()
  }

  /** `count` patterns have been stored, with the ids that were read for them, with others, or without any. */
  append(count: number, ids?: ComingIds): void {
    const held = this.#held
    const { list, places } = held
    const before = this.#count - (held.text?.count ?? 0)
    this.#count += count
    const read = ids !== undefined && ids === this.#coming
    this.#coming = undefined
    if (read) {
      held.named += count
      return
    }
    list.truncate(before)
    if (ids === undefined) return
    for (const _ of list.skipping(before - list.length));
    for (let k = 0; k < count; k++) {
      const id = ids.at(k)
      list.push(id)
      if (id === undefined) continue
      held.named++
      places?.enter(list, before + k)
    }
  }

  /** @param swap whether the last pattern has taken the free index, where otherwise all later ones have moved up. */
  forget(index: number, swap = false): void {
    const held = this.#settled()
    const last = --this.#count
    const list = held.lent ? held.list.copy() : held.list
    list.truncate(last + 1)
    const gone = list.at(index)
    const named = gone === undefined ? held.named : held.named - 1
    this.#held = { ...held, list, named, lent: false }
    if (index >= list.length) return
    if (swap && index < last) {
      const id = list.at(last)
      list.truncate(last)
      const moved = list.set(index, id)
      held.places?.enterPage(list, moved)
      held.places?.enter(list, index)
    } else {
      const moved = list.remove(index)
      held.places?.enterPage(list, moved)
    }
  }

  clear(): void {
    this.#held = none()
    this.#count = 0
    this.#coming = undefined
  }

  at(index: number): Id | undefined {
    return this.#settled().list.at(index)
  }

  /** The index of an id; −1 if no pattern has it. */
  indexOf(id: unknown): number {
    if (!isId(id)) return -1
    const index = atOnce(this.#mapping()).find(this.#held.list, id)
    return index < this.#count ? index : -1
  }

  /** The ids of some patterns; undefined if no pattern has an id. */
  of(indices: ArrayLike<number>): (Id | undefined)[] | undefined {
    return of(this.#settled(), indices)
  }

  /** As `of`, with the ids as they are now. */
  lend(): (indices: ArrayLike<number>) => (Id | undefined)[] | undefined {
    const held = this.#held
    if (held.named === 0 && held.text === undefined) return () => undefined
    held.lent = true
    return (indices) => {
      atOnce(settling(held))
      return of(held, indices)
    }
  }

  /** All ids in order; undefined if no pattern has one. */
  all(): readonly (Id | undefined)[] | undefined {
    const { list, named } = this.#settled()
    return named === 0 ? undefined : list.slice(0, this.#count)
  }

  #settled(): Held {
    atOnce(this.settling())
    return this.#held
  }

  *#mapping(): Generator<void, IdTable> {
    yield* this.settling()
    const held = this.#held
    if (held.places !== undefined) return held.places
    const places = new IdTable()
    const { list } = held
    for (let k = 0; k < list.length; k++) {
      const long = places.enter(list, k)
      if (long || k % STEP === STEP - 1) yield
    }
    held.places = places
    return places
  }
}

function of({ list, named }: Held, indices: ArrayLike<number>): (Id | undefined)[] | undefined {
  return named === 0 ? undefined : Array.from(indices, (index) => list.at(index))
}

/** Ids that nobody has asked for are in the text of a record yet. */
function* settling(held: Held): Generator<void, void> {
  if (held.text === undefined) return
  const { bytes, count } = held.text
  const [list, places] = [new IdList(), new IdTable()]
  let [length, named] = [0, 0]
  for (const values of parsing(bytes)) {
    for (const value of values) {
      if (length++ >= count) continue
      let long = false
      try {
        if (value === undefined) list.push(undefined)
        else {
          named++
          long = enter(value, length - 1, list, places)
        }
      } catch (error) {
        throw inFile(error)
      }
      if (long) yield
    }
    yield
  }
  try {
    checkLength('ids', { length }, count)
  } catch (error) {
    throw inFile(error)
  }
  // Another reader may have been here between the steps, and then written.
  if (held.text === undefined) return
  for (let k = 0; k < held.list.length; k++) {
    list.push(held.list.at(k))
    places.enter(list, count + k)
  }
  held.list = list
  held.places = places
  held.named += named
  held.text = undefined
}

/** What is wrong with an id, as that of a file. */
function inFile(error: unknown): unknown {
  return error instanceof HopfieldError ? misfit('ids', error.message.replace(/^ids: /, '')) : error
}

/** Checks what should be the id of pattern k of those that come, and puts it at the end of a list. @returns as `IdTable.enter`. */
function enter(id: unknown, k: number, list: IdList, places: IdTable): boolean {
  checkId(`ids[${k}]`, id)
  if (places.find(list, id) >= 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `ids[${k}]: expected an id that is not in use, got ${describe(id)}`,
    )
  }
  list.push(id)
  return places.enter(list, list.length - 1)
}

/** More are no ids but a mistake, which would take minutes to read. */
const MOST = 2 ** 24 - 1

/** What should be ids, each read once: not by their iterator, which need not end. */
export function copyIds(name: string, given: unknown): readonly Id[] {
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected an array of ids, got ${describe(given)}`)
  }
  if (length > MOST) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${name}: expected at most ${MOST} ids, got ${length}`)
  }
  const ids: Id[] = []
  for (let k = 0; k < length; k++) {
    const id = (given as ArrayLike<unknown>)[k]
    checkId(`${name}[${k}]`, id)
    ids.push(id)
  }
  return ids
}

export function checkId(name: string, id: unknown): asserts id is Id {
  if (isId(id)) return
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${name}: expected a string or a finite number, got ${describe(id)}`,
  )
}

function isId(id: unknown): id is Id {
  return typeof id === 'string' || Number.isFinite(id)
}
