import { type AsyncLimits, WHOLE } from '../async/async-options.js'
import { allBeside, allHere, oneStep, type Steps } from '../async/steps.js'
import { describe, HopfieldError, isRevoked, within } from '../errors.js'
import { type Given, optional, Schema } from '../input/options.js'
import type { Uint8s } from '../input/typed-arrays.js'
import { checkIndex } from '../input/validate.js'
import { type BackendChoice, type BackendInfo, backendOf } from '../kernels/select.js'
import { type GrowingRows, notGrowing } from '../storage/growing-rows.js'
import { type RecordReader, RecordWriter } from '../storage/record.js'
import type { Batch } from './batch.js'
import { checkId, copyIds, type Id, Ids, type PatternKey } from './ids.js'
import {
  bytesOf,
  type FromBytesOptions,
  fromFile,
  type LoadOptions,
  memoryOf,
  type SaveOptions,
  saveRecord,
} from './keeping.js'
import { ADOPT, type HeldRecord, KIND, type MemoryClass, RECORD } from './opening.js'
import {
  type FromSharedOptions,
  GROW,
  openShared,
  SHARES,
  type ShareAsyncOptions,
  type SharedMemory,
  type ShareOptions,
  type Sharer,
  Sharing,
} from './sharing.js'

export { BACKEND } from './backend-option.js'

export const STORE = {
  /** One id per pattern: strings or finite numbers, unique in this memory. A pattern keeps its id when others are forgotten. */
  ids: optional<ArrayLike<Id>>((_, value) => value as ArrayLike<Id>),
}

/** Options of `store`. */
export interface StoreOptions extends Given<typeof STORE> {}

const STORE_ASYNC = { ...STORE, ...WHOLE }

/** Options of `storeAsync`. */
export interface StoreAsyncOptions extends Given<typeof STORE_ASYNC> {}

const STORING = new Schema(STORE)
const STORING_LATER = new Schema(STORE_ASYNC)

/** The method by which a RecallBatcher gathers single cues of a memory. */
export const GATHER: unique symbol = Symbol('gather')

/** Single cues that are collected into a batch, with options that were checked once. */
export interface Gathering<Cue, Row, Single> {
  /** A checked copy of a cue. */
  take(name: string, cue: Cue): Row
  /** Recalls the rows off the event loop, each like a single recall with its own stream. */
  run(rows: readonly Row[], streams: Float64Array, limits: AsyncLimits): Promise<Batch<Single, unknown>>
}

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
export interface Storage {
  readonly count: number
  forget(index: number): void
  clear(): void
  /** Writes everything down. Arrays are not copied. */
  record(to: RecordWriter): void
  /** Takes everything from a record, whose arrays become those of this memory. */
  restore(from: RecordReader): void
  /** Looks through what was opened and never used, in steps; they throw if it is not what it should be. */
  settling(): Steps<void>
  /** Columns of the patterns as they are in the turn of the call, made in small steps; undefined where recalls read none. */
  columnsLater?(): Promise<Uint32Array | undefined>
  /** Whether there is nothing but patterns, so that a pattern that comes is all there is to say. */
  readonly growable?: boolean
  /** Whether patterns that are stored here are published to others. */
  readonly publishes?: boolean
  /** Goes on in shared memory that holds the stored patterns, and room for more. */
  grow?(growing: GrowingRows): void
  /** Takes what the writer of shared patterns has added. Returns whether there is anything. */
  refresh?(): boolean
}

/** The base of all memories: a backend, stored patterns and their ids. */
export abstract class AssociativeMemory {
  readonly #backend: BackendChoice
  readonly #storage: Storage
  readonly #ids = new Ids()
  /** Whether a change is running. Reading arguments may run the caller's code, which must not start another change. */
  #changing = false

  /** @param opened the record that the memory is made from; its options the constructor has read already. */
  constructor(backend: BackendChoice, storage: Storage, opened?: RecordReader) {
    this.#backend = backend
    this.#storage = storage
    this[SHARES] = new Sharing(this.#sharer())
    if (opened === undefined) return
    storage.restore(opened)
    this.#ids.restore(opened, storage.count)
  }

  /**
   * Not what JSON.stringify takes, so that it does not look as if it had written a memory: it throws. As it is an own function,
   * structuredClone and postMessage refuse the memory as well.
   * @throws HopfieldError ERR_HOPFIELD_TYPE.
   */
  readonly toJSON: () => never = saveOrShareInstead

  /**
   * Opens a file that `save` wrote. The memory recalls, learns and forgets with the same bits as the one that was saved, on every
   * backend. The function `load` opens a file without knowing its class.
   * @throws HopfieldError ERR_HOPFIELD_FILE with the place, for a file that cannot be read, is not what `save` writes, or holds another
   * class; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. A rejection, as everything.
   */
  static async load<Memory extends AssociativeMemory>(
    this: new (
      options: never,
    ) => Memory,
    path: string,
    options?: LoadOptions,
  ): Promise<Memory> {
    // biome-ignore lint/complexity/noThisInStatic: the class that is called, not the one that has the method
    const Class = memoryClass<Memory>('load', this)
    return fromFile(path, options, () => Class)
  }

  /**
   * Makes a memory of what `toBytes` returned. The bytes are copied.
   * @throws HopfieldError as `load`.
   */
  static fromBytes<Memory extends AssociativeMemory>(
    this: new (
      options: never,
    ) => Memory,
    bytes: Uint8Array | ArrayBuffer,
    options?: FromBytesOptions,
  ): Memory {
    // biome-ignore lint/complexity/noThisInStatic: the class that is called, not the one that has the method
    const Class = memoryClass<Memory>('fromBytes', this)
    return memoryOf(bytes, options, () => Class)
  }

  /**
   * Writes everything the memory knows into a file: patterns, learned weights, ids, options. There is the old file or the new one under
   * that name, whatever happens; after an error nothing else is left. The memory may change meanwhile: it is saved as it is at the call.
   * The format is safetensors; docs/persistence.md describes the contents.
   * @throws HopfieldError ERR_HOPFIELD_FILE if the file cannot be written. A rejection, as everything.
   */
  async save(path: string, options?: SaveOptions): Promise<void> {
    return saveRecord(path, options, () => this[RECORD]())
  }

  /**
   * The bytes of the file that `save` writes.
   * @throws HopfieldError ERR_HOPFIELD_MEMORY.
   */
  toBytes(): Uint8s {
    return bytesOf(this[RECORD]())
  }

  /**
   * Opens a shared memory, in this thread or another one. It looks the contents through once and copies nothing but what says which
   * neurons are connected. Afterwards each side may store and forget; it then works on its own copy.
   * @param handle a handle from `share`, directly or through postMessage.
   * @throws HopfieldError ERR_HOPFIELD_TYPE, _FORMAT or _RANGE naming what is wrong with the handle; ERR_HOPFIELD_BACKEND.
   */
  static fromShared<Memory extends AssociativeMemory>(
    this: new (
      options: never,
    ) => Memory,
    handle: SharedMemory,
    options?: FromSharedOptions,
  ): Memory {
    // biome-ignore lint/complexity/noThisInStatic: the class that is called, not the one that has the method
    const Class = memoryClass<Memory>('fromShared', this)
    return openShared(handle, options, () => Class)
  }

  /**
   * Moves everything the memory knows into a SharedArrayBuffer and returns a handle, which `fromShared` opens here or in a worker without
   * a copy. What was shared never changes: a later store, forget or clear, on any side, works on a copy that only this side sees, unless
   * there is `room`. Until then the handle stays the same.
   * @throws HopfieldError ERR_HOPFIELD_MEMORY; ERR_HOPFIELD_BUSY during a change; ERR_HOPFIELD_OPTION, _RANGE or _TYPE naming `room`. If
   * it throws, nothing has changed.
   */
  share(options?: ShareOptions): SharedMemory {
    return this[SHARES].share(options)
  }

  /**
   * As `share`, beside other work. The memory may change meanwhile: the handle is of what it was at the call.
   * @throws HopfieldError as `share`. A rejection, as everything.
   */
  async shareAsync(options?: ShareAsyncOptions): Promise<SharedMemory> {
    return this[SHARES].shareAsync(options)
  }

  /**
   * Takes the patterns that the memory which was shared with `room` has stored since, without a copy.
   * @returns whether there were any.
   * @throws HopfieldError ERR_HOPFIELD_CLOSED if no more will come: the other side has changed or removed patterns or had no more room,
   * or this side has changed its own; ERR_HOPFIELD_OPTION if the memory was not opened from such a handle.
   */
  refresh(): boolean {
    try {
      if (this.#storage.refresh === undefined) throw notGrowing()
      const before = this.patternCount
      const more = this.#storage.refresh()
      if (more) this.#ids.append(before, this.patternCount - before, undefined)
      return more
    } catch (error) {
      throw within('refresh', error)
    }
  }

  /** What sharing knows of this memory. */
  readonly [SHARES]: Sharing;

  /** Goes on where the writer of the shared patterns adds some. */
  [GROW](growing: GrowingRows): void {
    const storage = this.#storage
    if (storage.grow === undefined || storage.growable !== true) throw notGrowing()
    storage.grow(growing)
  }

  /** Functions, no getters: V8 puts those into its old generation, where the memory would wait for a full collection. */
  #sharer(): Sharer {
    const storage = this.#storage
    return {
      backend: this.#backend,
      count: () => storage.count,
      busy: () => this.#changing,
      growable: () => storage.growable === true,
      publishes: () => storage.publishes === true,
      record: (derived) => this[RECORD](derived),
      columnsLater: storage.columnsLater && (() => (storage.columnsLater as () => Promise<Uint32Array>)()),
      adopt: (from, growing) => {
        this[ADOPT](from)
        if (growing !== undefined) this[GROW](growing)
      },
    }
  }

  /** The code that computes for this memory: name, tier, and the reason. */
  get backend(): BackendInfo {
    return backendOf(this.#backend)
  }

  /** How many patterns are stored. */
  get patternCount(): number {
    return this.#storage.count
  }

  /** @deprecated The load P/N is now called `alpha`. */
  get load(): never {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'load: the load P/N is now called alpha')
  }

  /**
   * Removes one pattern. Later patterns move up by one index.
   * @param which its index, or `{ id }`.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if there is no such pattern; ERR_HOPFIELD_TYPE; ERR_HOPFIELD_OPTION if the memory cannot
   * forget single patterns; ERR_HOPFIELD_BUSY during another change.
   */
  forget(which: PatternKey): this {
    return this.change('forget', () => {
      const index = this.place('forget', which)
      this.#ids.settle()
      this.#storage.forget(index)
      this.#ids.forget(index)
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

  /** What `util.inspect` and `console.log` show. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    const { name, tier } = this.backend
    const backend = name === tier ? name : `${name} ${tier}`
    return `${this.constructor.name} ${inspect({ ...this.facts(), backend }, options)}`
  }

  /** @param options options of a recall, and `packed` if the memory has it. */
  abstract [GATHER](options: unknown): Gathering<never, unknown, unknown>

  /**
   * Everything the memory knows, as data. Arrays are the memory's own.
   * @param derived whether arrays that follow from others are wanted too.
   */
  [RECORD](derived = false): HeldRecord {
    const to = new RecordWriter(derived)
    try {
      const form = this.record(to)
      this.#storage.record(to)
      this.#ids.record(to)
      const record = to.record((this.constructor as { readonly [KIND]?: string })[KIND] ?? '', form)
      return { record, settling: both(this.#storage.settling(), to.making()), release: () => to.release() }
    } catch (error) {
      to.release()
      throw error
    }
  }

  /** Takes the arrays of a record of this memory in place of its own. */
  [ADOPT](from: RecordReader): void {
    this.change('share', () => this.#storage.restore(from))
  }

  /**
   * Writes the options down with which the memory is constructed again.
   * @returns the form of its weights.
   */
  protected abstract record(to: RecordWriter): string

  /** Size, number of patterns, rule and form, for `util.inspect`. Must be cheap. */
  protected abstract facts(): object

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
   */
  protected add<Patterns>(
    options: unknown,
    read: () => Patterns & { readonly count: number },
    add: (patterns: Patterns) => readonly number[] | undefined,
  ): this {
    return this.change('store', () => {
      const { ids: given } = STORING.read('store', options)
      const ids = given === undefined ? undefined : copyIds('ids', given)
      const patterns = read()
      const store: Incoming['store'] = () => oneStep(() => add(patterns))
      allHere(this.#adding(ids, arrived({ count: patterns.count, store })))
    })
  }

  /**
   * As `add`, beside other work: recalls see the memory as it was until all is done.
   * @param method the called method.
   * @param read the patterns, as far as they must be read to be counted.
   */
  protected addAsync(method: string, options: unknown, read: () => Steps<Incoming>): Promise<this> {
    const { ids, ...limits } = STORING_LATER.read(method, options)
    return this.changeAsync(method, limits, () => this.#adding(ids, read()))
  }

  *#adding(given: ArrayLike<Id> | undefined, read: Steps<Incoming>): Steps<void> {
    const { count, store } = yield* read
    const ids = yield* this.#ids.reading(given, count)
    if (ids !== undefined && this.#storage.publishes) throw noIds()
    const before = this.patternCount
    const kept = yield* store()
    const those = kept === undefined ? ids : ids && kept.map((k) => ids[k])
    this.#ids.append(before, kept?.length ?? count, those)
  }

  /** Runs one change beside other work, completely or not at all. Meanwhile other changes are refused. */
  protected async changeAsync(
    method: string,
    limits: Pick<AsyncLimits, 'signal' | 'onProgress'>,
    steps: () => Steps<void>,
  ): Promise<this> {
    if (this.#changing) throw busy(method)
    this.#changing = true
    try {
      await allBeside(steps(), limits)
      this[SHARES].changed()
    } catch (error) {
      throw within(method, error)
    } finally {
      this.#changing = false
    }
    return this
  }

  /**
   * Runs one change, completely or not at all. All of the caller's code that may run on its way, in reading arguments or in a rule of the
   * caller's, runs within it: what that code then does to this memory is refused.
   */
  protected change(method: string, run: () => void): this {
    if (this.#changing) throw busy(method)
    this.#changing = true
    try {
      run()
      this[SHARES].changed()
    } catch (error) {
      throw within(method, error)
    } finally {
      this.#changing = false
    }
    return this
  }
}

function* both(first: Steps<void>, second: Steps<void>): Steps<void> {
  yield* first
  yield* second
}

function busy(method: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_BUSY',
    `${method}: another change of this memory is running; call again after it has ended`,
  )
}

function noIds(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    'ids: patterns that are published have no ids; their index stays the same for every side',
  )
}

function saveOrShareInstead(): never {
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    'toJSON: a memory is not written as JSON; save() and toBytes() keep it, share() sends it to a worker',
  )
}

function memoryClass<Memory>(method: string, given: unknown): MemoryClass<Memory> {
  if (typeof given === 'function' && KIND in given) return given as unknown as MemoryClass<Memory>
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${method}: call it on the class of a memory, as in HopfieldNetwork.${method}(…), or call the function ${method}`,
  )
}

/** util.inspect, as Node passes it to a custom inspection. */
type Inspect = (value: unknown, options: object) => string
