import { describe, HopfieldError } from '../errors.js'
import { checkLength, lengthOf } from '../input/validate.js'
import { atOnce } from '../platform/turn.js'
import { misfit, type RecordReader, type RecordWriter } from '../storage/record.js'
import { IdTable } from './id-table.js'
import { parsing, writing } from './ids-text.js'

/** The caller's name for a stored pattern, unique in its memory. */
export type Id = string | number

/** Names a pattern by its index, or by its id. */
export type PatternKey = number | { readonly id: Id }

/** Ids that are looked at in one step. */
const STEP = 2 ** 12

/** Ids by index, as they are until a pattern goes. */
interface Held {
  /** Undefined until the first id is given, so that a memory without ids pays nothing. */
  list: (Id | undefined)[] | undefined
  /** What becomes the list when patterns come that have the first ids. */
  blank: undefined[] | undefined
  /**
   * The index of each id; made at the first look-up. Ids that are being stored, or were to be, have
   * entries too: one counts where the list has the id at that index.
   */
  places: IdTable | undefined
  /** What a record says of them, for so many patterns, until it is read. */
  text: { readonly bytes: Uint8Array; readonly count: number } | undefined
  /** Those of patterns that came behind them meanwhile. */
  behind: (Id | undefined)[]
  /** Whether someone else reads the list. */
  lent: boolean
}

const none = (): Held => ({
  list: undefined,
  blank: undefined,
  places: undefined,
  text: undefined,
  behind: [],
  lent: false,
})

/** Ids that have entries in the table and are not in the list yet. */
interface Entered {
  readonly ids: readonly (Id | undefined)[]
  /** The index of the first of them. */
  readonly before: number
}

/** The ids of stored patterns, by index. Ids are optional. */
export class Ids {
  #held = none()
  #entered: Entered | undefined;

  /**
   * Checks and copies the ids of `count` patterns that are to come behind `before` others, and enters them in the table, in small steps;
   * returns undefined if none were given.
   */
  *reading(given: unknown, before: number, count: number): Generator<void, readonly Id[] | undefined> {
    if (given === undefined) return undefined
    const values = checkLength('ids', given, count)
    const places = yield* this.#mapping()
    if (this.#held.list === undefined && before > 0) this.#held.blank = yield* blanks(before)
    yield* this.#leaving(places)
    const ids: Id[] = []
    this.#entered = { ids, before }
    yield* checking(values, count, { ids, before, places, held: this.#held })
    return ids
  }

  /** Takes ids out of the table that were entered for patterns which were not stored. */
  *#leaving(places: IdTable): Generator<void, void> {
    const { ids } = this.#entered ?? { ids: [] }
    for (let k = 0; k < ids.length; k++) {
      const id = ids[k]
      if (id !== undefined && this.#held.list?.[places.get(id) ?? -1] !== id) places.delete(id)
      if (k % STEP === STEP - 1) yield
    }
    this.#entered = undefined
  }

  /** As UTF-8 of a JSON array; null where a pattern has none. */
  record(to: RecordWriter): void {
    const held = this.#held
    const { list, text, behind } = held
    // Nobody has read it, so that it still says what there is.
    if (text !== undefined && behind.length === 0) to.array('ids', text.bytes, [text.bytes.length])
    const length = list?.length ?? (text === undefined ? 0 : text.count + behind.length)
    if (list === undefined && behind.length === 0) return
    held.lent = true
    to.later(function* () {
      yield* settling(held)
      const bytes = yield* writing(held.list ?? [], length)
      to.array('ids', bytes, [bytes.length])
    })
  }

  /** Takes the ids of a record, to be read when they are asked for, or when the record is looked through. */
  restore(from: RecordReader, count: number): void {
    this.clear()
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

  /** Appends the ids of `count` patterns to those of the `before` earlier patterns. */
  append(before: number, count: number, ids: readonly (Id | undefined)[] | undefined): void {
    const held = this.#held
    if (held.text !== undefined) {
      for (let k = 0; k < count; k++) held.behind.push(ids?.[k])
      return
    }
    if (ids === undefined && held.list === undefined) return
    if (ids !== undefined && before === 0 && ids.length === count) {
      // Nobody else has them: they were copied when they were checked.
      held.list = ids as (Id | undefined)[]
    } else {
      held.list ??= held.blank?.length === before ? held.blank : new Array(before).fill(undefined)
      for (let k = 0; k < count; k++) held.list.push(ids?.[k])
    }
    if (ids === undefined || held.places === undefined) return
    if (this.#entered?.ids === ids && this.#entered.before === before) {
      this.#entered = undefined
    } else if (count > STEP) {
      // So many are found again when one of them is looked up.
      held.places = undefined
    } else {
      for (const [k, id] of ids.entries()) if (id !== undefined) held.places.set(id, before + k)
    }
  }

  /** @param swap whether the last pattern has taken the free index, where otherwise all later ones have moved up. */
  forget(index: number, swap = false): void {
    const { list, lent, places } = this.#settled()
    if (list === undefined) return
    const own = lent ? list.slice() : list
    this.#held = { ...none(), list: own, places: places?.worn ? undefined : places }
    const gone = own[index]
    if (gone !== undefined) places?.delete(gone)
    if (!swap) {
      own.splice(index, 1)
      places?.remove(index)
      return
    }
    const last = own.pop()
    if (index === own.length) return
    own[index] = last
    if (last !== undefined) places?.set(last, index)
  }

  clear(): void {
    this.#held = none()
    this.#entered = undefined
  }

  at(index: number): Id | undefined {
    return this.#settled().list?.[index]
  }

  /** The index of an id; −1 if no pattern has it. */
  indexOf(id: unknown): number {
    const place = atOnce(this.#mapping()).get(id as Id) ?? -1
    return this.#held.list?.[place] === id ? place : -1
  }

  /** The ids of some patterns; undefined if no pattern has an id. */
  of(indices: ArrayLike<number>): (Id | undefined)[] | undefined {
    const { list } = this.#settled()
    return list && Array.from(indices, (index) => list[index])
  }

  /** As `of`, with the ids as they are now. */
  lend(): (indices: ArrayLike<number>) => (Id | undefined)[] | undefined {
    const held = this.#held
    if (held.list === undefined && held.text === undefined) return () => undefined
    held.lent = true
    return (indices) => {
      atOnce(settling(held))
      const { list } = held
      return list && Array.from(indices, (index) => list[index])
    }
  }

  /** All ids in order; undefined if no pattern has one. */
  all(): readonly (Id | undefined)[] | undefined {
    return this.#settled().list?.slice()
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
    const list = held.list ?? []
    for (let k = 0; k < list.length; k++) {
      const id = list[k]
      if (id !== undefined) places.set(id, k)
      if (k % STEP === STEP - 1) yield
    }
    held.places = places
    return places
  }
}

/** So many patterns without ids, in a list with room for as many again as come in one step: growing would move all of it in one turn. */
function* blanks(count: number): Generator<void, undefined[]> {
  const list: undefined[] = new Array(count + STEP)
  yield
  list.length = count
  for (let k = 0; k < count; k++) {
    list[k] = undefined
    if (k % STEP === STEP - 1) yield
  }
  return list
}

/** Ids that nobody has asked for are in the text of a record yet. */
function* settling(held: Held): Generator<void, void> {
  if (held.text === undefined) return
  const { bytes, count } = held.text
  const given = yield* parsing(bytes)
  const list: (Id | undefined)[] = []
  const places = new IdTable()
  try {
    const values = checkLength('ids', given, count)
    yield* checking(values, count, { ids: list, before: 0, places, held: none() }, true)
  } catch (error) {
    throw error instanceof HopfieldError ? misfit('ids', error.message.replace(/^ids: /, '')) : error
  }
  // Another reader may have been here between the steps, and then written.
  if (held.text === undefined) return
  for (const id of held.behind.splice(0)) {
    if (id !== undefined) places.set(id, list.length)
    list.push(id)
  }
  held.list = list
  held.places = places
  held.text = undefined
}

/** Ids that come behind those of a list, and the table of both. */
interface Coming {
  readonly ids: (Id | undefined)[]
  readonly before: number
  readonly places: IdTable
  readonly held: Held
}

/**
 * Checks `count` ids, copies them and enters them in the table, in small steps.
 * @param gaps whether single ids may be undefined.
 */
function* checking(
  values: ArrayLike<unknown>,
  count: number,
  { ids, before, places, held }: Coming,
  gaps = false,
): Generator<void, void> {
  for (let k = 0; k < count; k++) {
    const id = values[k] as Id | undefined
    if (k % STEP === STEP - 1) yield
    if (!gaps || id !== undefined) {
      checkId(`ids[${k}]`, id)
      const place = places.get(id) ?? -1
      if (place >= 0 && (held.list?.[place] === id || ids[place - before] === id)) {
        throw new HopfieldError(
          'ERR_HOPFIELD_VALUE',
          `ids[${k}]: expected an id that is not in use, got ${describe(id)}`,
        )
      }
      places.set(id, before + k)
    }
    ids.push(id)
  }
}

/** As many entries as a Map holds. */
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
  if (typeof id === 'string' || Number.isFinite(id)) return
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${name}: expected a string or a finite number, got ${describe(id)}`,
  )
}
