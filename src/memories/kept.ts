import type { AsyncLimits } from '../async/async-options.js'
import { allBeside, type Steps } from '../async/steps.js'
import { HopfieldError, within } from '../errors.js'
import type { Uint8s } from '../input/typed-arrays.js'
import { type BackendChoice, type BackendInfo, backendOf } from '../kernels/select.js'
import { type GrowingRows, notGrowing } from '../storage/growing-rows.js'
import { type RecordReader, RecordWriter } from '../storage/record.js'
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

/** What a memory knows. A method that throws has changed nothing. */
export interface Contents {
  /** How many patterns there are, of a memory that stores patterns. */
  readonly count?: number
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
}

/**
 * The base of all that is kept and shared, memories and the maps in front of them: a backend, files, shared memory, and changes that happen
 * completely or not at all.
 */
export abstract class Kept {
  readonly #backend: BackendChoice
  readonly #storage: Contents
  /** Whether a change is running. Reading arguments may run the caller's code, which must not start another change. */
  #changing = false

  /** @param opened the record that the memory is made from; its options the constructor has read already. */
  constructor(backend: BackendChoice, storage: Contents, opened?: RecordReader) {
    this.#backend = backend
    this.#storage = storage
    this[SHARES] = new Sharing(this.#sharer())
    if (opened !== undefined) storage.restore(opened)
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
  static async load<Memory extends Kept>(
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
  static fromBytes<Memory extends Kept>(
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
  static fromShared<Memory extends Kept>(
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

  /** What sharing knows of this memory. */
  readonly [SHARES]: Sharing;

  /** Goes on where the writer of the shared patterns adds some. */
  [GROW](_growing: GrowingRows): void {
    throw notGrowing()
  }

  /** Functions, no getters: V8 puts those into its old generation, where the memory would wait for a full collection. */
  #sharer(): Sharer {
    const storage = this.#storage
    return {
      backend: this.#backend,
      count: () => storage.count ?? 0,
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

  /** What `util.inspect` and `console.log` show. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    const { name, tier } = this.backend
    const backend = name === tier ? name : `${name} ${tier}`
    return `${this.constructor.name} ${inspect({ ...this.facts(), backend }, options)}`
  }

  /**
   * Everything the memory knows, as data. Arrays are the memory's own.
   * @param derived whether arrays that follow from others are wanted too.
   */
  [RECORD](derived = false): HeldRecord {
    const to = new RecordWriter(derived)
    try {
      const form = this.record(to)
      this.#storage.record(to)
      this.recordMore(to)
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

  /** Writes down what the contents do not know. */
  protected recordMore(_to: RecordWriter): void {}

  /** Size, number of patterns, rule and form, for `util.inspect`. Must be cheap. */
  protected abstract facts(): object

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
    this.alone(method, () => {
      run()
      this[SHARES].changed()
    })
    return this
  }

  /** Runs what no change may run beside, and tells itself what has changed. */
  protected alone<Result>(method: string, run: () => Result): Result {
    if (this.#changing) throw busy(method)
    this.#changing = true
    try {
      return run()
    } catch (error) {
      throw within(method, error)
    } finally {
      this.#changing = false
    }
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
