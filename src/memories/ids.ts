import { describe, HopfieldError } from '../errors.js'
import { checkLength, lengthOf } from '../input/validate.js'
import { atOnce } from '../platform/turn.js'
import { misfit, type RecordReader, type RecordWriter } from '../storage/record.js'

/** The caller's name for a stored pattern, unique in its memory. */
export type Id = string | number

/** Names a pattern by its index, or by its id. */
export type PatternKey = number | { readonly id: Id }

/** Ids that are looked at in one step. */
const STEP = 2 ** 12

/** The ids of stored patterns, by index. Ids are optional. */
export class Ids {
  /** Undefined until the first id is given, so that a memory without ids pays nothing. */
  #list: (Id | undefined)[] | undefined
  /** Whether someone reads the list as it was. */
  #lent = false
  /** The index of each id; rebuilt at the first look-up after patterns have moved. */
  #places: Map<Id, number> | undefined

  /**
   * Checks and copies `count` new ids; returns undefined if none were given.
   * @param gaps whether single ids may be undefined.
   */
  read(given: unknown, count: number, gaps = false): readonly (Id | undefined)[] | undefined {
    return atOnce(this.reading(given, count, gaps))
  }

  /** The same in small steps. */
  *reading(
    given: unknown,
    count: number,
    gaps = false,
  ): Generator<void, readonly (Id | undefined)[] | undefined> {
    if (given === undefined) return undefined
    const values = checkLength('ids', given, count)
    const ids: (Id | undefined)[] = []
    const old = yield* this.#mapping()
    const fresh = new Set<Id>()
    for (let k = 0; k < count; k++) {
      const id = values[k] as Id | undefined
      ids.push(id)
      if (k % STEP === STEP - 1) yield
      if (gaps && id === undefined) continue
      checkId(`ids[${k}]`, id)
      if (old.has(id) || fresh.has(id)) {
        throw new HopfieldError(
          'ERR_HOPFIELD_VALUE',
          `ids[${k}]: expected an id that is not in use, got ${describe(id)}`,
        )
      }
      fresh.add(id)
    }
    return ids
  }

  /** As UTF-8 of a JSON array; null where a pattern has none. */
  record(to: RecordWriter): void {
    if (this.#list === undefined) return
    const text = new TextEncoder().encode(JSON.stringify(this.#list))
    to.array('ids', text, [text.length])
  }

  restore(from: RecordReader, count: number): void {
    this.clear()
    if (!from.has('ids')) return
    // Decoders refuse memory that threads share.
    const text = from.array('ids', Uint8Array, [undefined]).slice()
    let given: unknown
    try {
      // There may be millions, and no names among them that could come twice.
      given = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text))
    } catch {
      throw misfit('ids', 'expected JSON in UTF-8')
    }
    if (!Array.isArray(given)) throw misfit('ids', 'expected a JSON array')
    const list = given.map((id: unknown) => (id === null ? undefined : id))
    this.append(0, count, this.read(list, count, true))
  }

  /** Appends the ids of `count` patterns to those of the `before` earlier patterns. */
  append(before: number, count: number, ids: readonly (Id | undefined)[] | undefined): void {
    if (ids === undefined && this.#list === undefined) return
    this.#list ??= new Array(before).fill(undefined)
    for (let k = 0; k < count; k++) this.#list.push(ids?.[k])
    // So many are found again when one of them is looked up.
    if (count > STEP) this.#places = undefined
    for (const [k, id] of ids?.entries() ?? []) if (id !== undefined) this.#places?.set(id, before + k)
  }

  forget(index: number): void {
    if (this.#lent) this.#list = this.#list?.slice()
    this.#lent = false
    this.#list?.splice(index, 1)
    this.#places = undefined
  }

  clear(): void {
    this.#list = undefined
    this.#places = undefined
  }

  at(index: number): Id | undefined {
    return this.#list?.[index]
  }

  /** The index of an id; −1 if no pattern has it. */
  indexOf(id: unknown): number {
    return this.#map().get(id as Id) ?? -1
  }

  /** The ids of some patterns; undefined if no pattern has an id. */
  of(indices: ArrayLike<number>): (Id | undefined)[] | undefined {
    const list = this.#list
    return list && Array.from(indices, (index) => list[index])
  }

  /** As `of`, with the ids as they are now. */
  lend(): (indices: ArrayLike<number>) => (Id | undefined)[] | undefined {
    const list = this.#list
    this.#lent = list !== undefined
    return (indices) => list && Array.from(indices, (index) => list[index])
  }

  /** All ids in order; undefined if no pattern has one. */
  all(): readonly (Id | undefined)[] | undefined {
    return this.#list?.slice()
  }

  #map(): Map<Id, number> {
    return atOnce(this.#mapping())
  }

  *#mapping(): Generator<void, Map<Id, number>> {
    if (this.#places !== undefined) return this.#places
    const places = new Map<Id, number>()
    const list = this.#list ?? []
    for (let k = 0; k < list.length; k++) {
      const id = list[k]
      if (id !== undefined) places.set(id, k)
      if (k % STEP === STEP - 1) yield
    }
    this.#places = places
    return places
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
