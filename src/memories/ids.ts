import { describe, HopfieldError } from '../errors.js'
import { checkLength } from '../input/validate.js'

/** A name of the caller's own for a stored pattern, unique in its memory. */
export type Id = string | number

/** Which pattern: by its index, or by its id. */
export type PatternKey = number | { readonly id: Id }

/** The ids of stored patterns, by index. Patterns may have none. */
export class Ids {
  /** Undefined as long as nobody gave one: a memory without ids pays nothing for them. */
  #list: (Id | undefined)[] | undefined
  /** Where each is; made again when one is asked for after patterns have moved. */
  #places: Map<Id, number> | undefined

  /**
   * Checks as many new ids as there are patterns; undefined where none were given. A copy.
   * @param gaps whether some may be undefined.
   */
  read(given: unknown, count: number, gaps = false): readonly (Id | undefined)[] | undefined {
    if (given === undefined) return undefined
    const ids = Array.from(checkLength('ids', given, count)) as (Id | undefined)[]
    const [old, fresh] = [this.#map(), new Set<Id>()]
    for (const [k, id] of ids.entries()) {
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

  /** Ids of `count` patterns behind the `before` ones that are there. */
  append(before: number, count: number, ids: readonly (Id | undefined)[] | undefined): void {
    if (ids === undefined && this.#list === undefined) return
    this.#list ??= new Array(before).fill(undefined)
    for (let k = 0; k < count; k++) this.#list.push(ids?.[k])
    for (const [k, id] of ids?.entries() ?? []) if (id !== undefined) this.#places?.set(id, before + k)
  }

  forget(index: number): void {
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

  /** −1 where no pattern has it. */
  indexOf(id: unknown): number {
    return this.#map().get(id as Id) ?? -1
  }

  /** Those of some patterns; undefined where there are no ids at all. */
  of(indices: ArrayLike<number>): (Id | undefined)[] | undefined {
    const list = this.#list
    return list && Array.from(indices, (index) => list[index])
  }

  /** All, in order; undefined where there are none. */
  all(): readonly (Id | undefined)[] | undefined {
    return this.#list?.slice()
  }

  #map(): Map<Id, number> {
    if (this.#places === undefined) {
      this.#places = new Map()
      for (const [k, id] of this.#list?.entries() ?? []) if (id !== undefined) this.#places.set(id, k)
    }
    return this.#places
  }
}

export function checkId(name: string, id: unknown): asserts id is Id {
  if (typeof id === 'string' || Number.isFinite(id)) return
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${name}: expected a string or a finite number, got ${describe(id)}`,
  )
}
