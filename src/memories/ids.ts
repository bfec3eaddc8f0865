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
  /** What a record says of them, for so many patterns, until it is read. */
  text: { readonly bytes: Uint8Array; readonly count: number } | undefined
  /** Those of patterns that came behind them meanwhile. */
  behind: (Id | undefined)[]
  /** Whether someone else reads the list. */
  lent: boolean
}

const none = (): Held => ({ list: undefined, text: undefined, behind: [], lent: false })

/** The ids of stored patterns, by index. Ids are optional. */
export class Ids {
  #held = none()
  /** The index of each id; rebuilt at the first look-up after patterns have moved. */
  #places: IdTable | undefined;

  /** Checks and copies `count` new ids, in small steps; returns undefined if none were given. */
  *reading(given: unknown, count: number): Generator<void, readonly Id[] | undefined> {
    if (given === undefined) return undefined
    const values = checkLength('ids', given, count)
    return (yield* checking(values, count, yield* this.#mapping())) as Id[]
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
      this.#places = undefined
      return
    }
    held.list ??= new Array(before).fill(undefined)
    for (let k = 0; k < count; k++) held.list.push(ids?.[k])
    // So many are found again when one of them is looked up.
    if (count > STEP) this.#places = undefined
    if (ids === undefined || this.#places === undefined) return
    for (const [k, id] of ids.entries()) if (id !== undefined) this.#places.set(id, before + k)
  }

  /** @param swap whether the last pattern has taken the free index, where otherwise all later ones have moved up. */
  forget(index: number, swap = false): void {
    const { list, lent } = this.#settled()
    if (list === undefined) return
    const own = lent ? list.slice() : list
    this.#held = { ...none(), list: own }
    if (swap) {
      this.#swap(own, index)
      return
    }
    own.splice(index, 1)
    this.#places = undefined
  }

  #swap(list: (Id | undefined)[], index: number): void {
    const gone = list[index]
    const last = list.pop()
    if (gone !== undefined) this.#places?.delete(gone)
    if (index === list.length) return
    list[index] = last
    if (last !== undefined) this.#places?.set(last, index)
  }

  clear(): void {
    this.#held = none()
    this.#places = undefined
  }

  at(index: number): Id | undefined {
    return this.#settled().list?.[index]
  }

  /** The index of an id; −1 if no pattern has it. */
  indexOf(id: unknown): number {
    return this.#map().get(id as Id) ?? -1
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

  #map(): IdTable {
    return atOnce(this.#mapping())
  }

  *#mapping(): Generator<void, IdTable> {
    if (this.#places !== undefined) return this.#places
    yield* this.settling()
    const places = new IdTable()
    const list = this.#held.list ?? []
    for (let k = 0; k < list.length; k++) {
      const id = list[k]
      if (id !== undefined) places.set(id, k)
      if (k % STEP === STEP - 1) yield
    }
    this.#places = places
    return places
  }
}

/** Ids that nobody has asked for are in the text of a record yet. */
function* settling(held: Held): Generator<void, void> {
  if (held.text === undefined) return
  const { bytes, count } = held.text
  const given = yield* parsing(bytes)
  let list: (Id | undefined)[]
  try {
    list = yield* checking(checkLength('ids', given, count), count, undefined, true)
  } catch (error) {
    throw error instanceof HopfieldError ? misfit('ids', error.message.replace(/^ids: /, '')) : error
  }
  // Another reader may have been here between the steps, and then written.
  if (held.text === undefined) return
  for (const id of held.behind.splice(0)) list.push(id)
  held.list = list
  held.text = undefined
}

/**
 * Checks and copies `count` ids, in small steps.
 * @param old ids that are in use.
 * @param gaps whether single ids may be undefined.
 */
function* checking(
  values: ArrayLike<unknown>,
  count: number,
  old: IdTable | undefined,
  gaps = false,
): Generator<void, (Id | undefined)[]> {
  const ids: (Id | undefined)[] = []
  const fresh = new IdTable()
  for (let k = 0; k < count; k++) {
    const id = values[k] as Id | undefined
    ids.push(id)
    if (k % STEP === STEP - 1) yield
    if (gaps && id === undefined) continue
    checkId(`ids[${k}]`, id)
    if (old?.has(id) || fresh.has(id)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `ids[${k}]: expected an id that is not in use, got ${describe(id)}`,
      )
    }
    fresh.set(id, k)
  }
  return ids
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
