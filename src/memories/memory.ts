import { WHOLE } from '../async/async-options.js'
import { allHere, oneStep, type Steps } from '../async/steps.js'
import { describe, HopfieldError, isRevoked } from '../errors.js'
import { flag, type Given, optional, type Read, Schema } from '../input/options.js'
import { checkIndex } from '../input/validate.js'
import type { BackendChoice } from '../kernels/select.js'
import { type GrowingRows, notGrowing } from '../storage/growing-rows.js'
import type { RecordReader, RecordWriter } from '../storage/record.js'
import { type ComingIds, checkId, copyIds, type Id, Ids, type PatternKey } from './ids/ids.js'
import type { Contents } from './kept.js'
import { KeptMemory } from './kept-memory.js'
import { GROW, SHARES } from './sharing.js'

export { BACKEND } from './backend-option.js'
export { GATHER, type Gathering } from './kept-memory.js'

export const STORE = {
  /** One id per pattern: strings or finite numbers, unique in this memory. A pattern keeps its id when others are forgotten. */
  ids: optional<ArrayLike<Id>>((_, value) => value as ArrayLike<Id>),
}

/** Options of `store`. */
export interface StoreOptions extends Given<typeof STORE> {}

const FORGET = {
  /**
   * Whether the last pattern takes the index that has become free, where otherwise all later patterns move up by one: then the time does not
   * grow with the number of patterns. Only where the order of patterns says nothing: implicit weights of rule 'hebbian', dense, modern and
   * bidirectional memories.
   */
  swap: flag(false),
}

/** Options of `forget`. */
export interface ForgetOptions extends Given<typeof FORGET> {}

export const STORE_ASYNC = { ...STORE, ...WHOLE }

/** Options of `storeAsync`. */
export interface StoreAsyncOptions extends Given<typeof STORE_ASYNC> {}

const STORING = new Schema(STORE)
const FORGETTING = new Schema(FORGET)
const STORING_LATER = new Schema(STORE_ASYNC)

/** Patterns that are being stored. */
export interface Incoming {
  readonly count: number
  /**
   * Stores them, and changes nothing before its last step.
   * @returns the positions of the stored ones, ascending, or nothing if all were stored.
   */
  store(): Steps<readonly number[] | undefined>
}

/** Patterns that need not be read to be counted. */
export function arrived(incoming: Incoming): Steps<Incoming> {
  return oneStep(() => incoming)
}

/** The stored patterns of a memory. A method that throws has changed nothing. */
export interface Storage extends Contents {
  readonly count: number
  /** @param swap whether the last pattern is to take the index that becomes free; only where `swaps` says so. */
  forget(index: number, swap?: boolean): void
  /** Whether the order of patterns says nothing. */
  readonly swaps?: boolean
  clear(): void
  /** Goes on in shared memory that holds the stored patterns, and room for more. */
  grow?(growing: GrowingRows): void
  /** Says which ids the patterns have that are stored next, before they are: whoever publishes patterns publishes those. */
  announcing?(count: number, ids: ComingIds | undefined): Steps<void>
  /** Takes what the writer of shared patterns has added. Returns the ids, if there is anything. */
  refresh?(): { readonly ids: readonly (Id | undefined)[] | undefined } | undefined
}

/** The base of all memories that store patterns: the patterns and their ids. */
export abstract class AssociativeMemory extends KeptMemory {
  readonly #storage: Storage
  readonly #ids = new Ids()

  /** @param opened the record that the memory is made from; its options the constructor has read already. */
  constructor(backend: BackendChoice, storage: Storage, opened?: RecordReader) {
    super(backend, storage, opened)
    this.#storage = storage
    if (opened !== undefined) this.#ids.restore(opened, storage.count)
  }

  /**
   * Takes the patterns that the memory which was shared with `room` has stored since, without a copy, and their ids.
   * @returns whether there were any.
   * @throws HopfieldError ERR_HOPFIELD_CLOSED if no more will come: the other side has changed or removed patterns or had no more room,
   * or this side has changed its own; ERR_HOPFIELD_OPTION if the memory was not opened from such a handle; ERR_HOPFIELD_BUSY during a
   * change of this side.
   */
  refresh(): boolean {
    return this.alone('refresh', () => {
      if (this.#storage.refresh === undefined) throw notGrowing()
      const before = this.patternCount
      const more = this.#storage.refresh()
      if (more === undefined) return false
      this.#ids.append(this.patternCount - before, more.ids)
      this[SHARES].refreshed()
      return true
    })
  }

  /** Goes on where the writer of the shared patterns adds some. */
  override [GROW](growing: GrowingRows): void {
    const storage = this.#storage
    if (storage.grow === undefined || storage.growable !== true) throw notGrowing()
    storage.grow(growing)
  }

  /** @deprecated The load P/N is now called `alpha`. */
  get load(): never {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'load: the load P/N is now called alpha')
  }

  /**
   * Removes one pattern. Later patterns move up by one index, or with `swap` the last one takes its index; ids stay with their patterns.
   * @param which its index, or `{ id }`.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if there is no such pattern; ERR_HOPFIELD_TYPE; ERR_HOPFIELD_OPTION if the memory cannot
   * forget single patterns, or cannot `swap`; ERR_HOPFIELD_BUSY during another change.
   */
  forget(which: PatternKey, options?: ForgetOptions): this {
    return this.change('forget', () => {
      const { swap } = FORGETTING.read('forget', options)
      if (swap && this.#storage.swaps !== true) throw orderMatters()
      const index = this.place('forget', which)
      this.#ids.settle()
      this.#storage.forget(index, swap)
      this.#ids.forget(index, swap)
    })
  }

  /** Removes all patterns. */
  clear(): this {
    return this.change('clear', () => {
      this.#storage.clear()
      this.#ids.clear()
    })
  }

  /** The id of pattern `index`; undefined if it has none. */
  idOf(index: number): Id | undefined {
    return this.#ids.at(this.place('idOf', index))
  }

  /** The index of the pattern with this id; −1 if there is none. */
  indexOf(id: Id): number {
    return this.#ids.indexOf(id)
  }

  /** The id of each pattern, in order; undefined if no pattern has one. */
  get ids(): readonly (Id | undefined)[] | undefined {
    return this.#ids.all()
  }

  protected override recordMore(to: RecordWriter): void {
    this.#ids.record(to)
  }

  /** `{ ids }` of the patterns with these indices; {} if no pattern has an id. */
  protected named(indices: ArrayLike<number>): { ids?: (Id | undefined)[] } {
    const ids = this.#ids.of(indices)
    return ids === undefined ? {} : { ids }
  }

  /** As `named`, with the ids as they are now. */
  protected naming(): (indices: ArrayLike<number>) => { ids?: (Id | undefined)[] } {
    const of = this.#ids.lend()
    return (indices) => {
      const ids = of(indices)
      return ids === undefined ? {} : { ids }
    }
  }

  /** The name of a pattern as the caller gave it, read once and before anything that depends on what is stored. */
  protected key(method: string, which: unknown): PatternKey {
    if (which === null || typeof which !== 'object' || isRevoked(which)) return which as number
    const { id } = which as { id?: unknown }
    checkId(`${method}: id`, id)
    return { id }
  }

  /** The index of the pattern that the caller named by index or id. */
  protected place(method: string, which: unknown): number {
    const key = this.key(method, which)
    const count = this.patternCount
    if (key === null || typeof key !== 'object' || isRevoked(key)) {
      return checkIndex(`${method}: index`, key, count)
    }
    const { id } = key
    const index = this.#ids.indexOf(id)
    if (index >= 0) return index
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: id: no stored pattern has the id ${describe(id)}`,
    )
  }

  /**
   * Adds patterns with the ids in the options of the call.
   * @param read reads the patterns, after the options: it may take an array as it is, and reading options may run the caller's code.
   * @param add stores them; returns the positions of the stored ones, ascending, or nothing if all were stored.
   * @param schema of the options, where there are more than all memories have.
   */
  protected add<Patterns, Options extends typeof STORE = typeof STORE>(
    options: unknown,
    read: (given: Read<Options>) => Patterns & { readonly count: number },
    add: (patterns: Patterns) => readonly number[] | undefined,
    schema = STORING as Schema<Options>,
  ): this {
    return this.change('store', () => {
      const given = schema.read('store', options)
      const ids = given.ids === undefined ? undefined : copyIds('ids', given.ids)
      const patterns = read(given)
      const store: Incoming['store'] = () => oneStep(() => add(patterns))
      allHere(this.#adding(ids, arrived({ count: patterns.count, store })))
    })
  }

  /**
   * As `add`, beside other work: recalls see the memory as it was until all is done.
   * @param method the called method.
   * @param read the patterns, as far as they must be read to be counted.
   */
  protected addAsync<Options extends typeof STORE_ASYNC = typeof STORE_ASYNC>(
    method: string,
    options: unknown,
    read: (given: Read<Options>) => Steps<Incoming>,
    schema = STORING_LATER as Schema<Options>,
  ): Promise<this> {
    const given = schema.read(method, options)
    return this.changeAsync(method, given, () => this.#adding(given.ids, read(given)))
  }

  *#adding(given: ArrayLike<Id> | undefined, read: Steps<Incoming>): Steps<void> {
    const { count, store } = yield* read
    const ids = yield* this.#ids.reading(given, count)
    yield* this.#storage.announcing?.(count, ids) ?? []
    const kept = yield* store()
    const those = kept === undefined ? ids : ids && kept.map((k) => ids.at(k))
    this.#ids.append(kept?.length ?? count, those)
  }
}

/** The error of `swap` where it would make another memory. */
function orderMatters(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    "swap: only supported by implicit weights of rule 'hebbian' and by dense, modern and bidirectional memories",
  )
}
