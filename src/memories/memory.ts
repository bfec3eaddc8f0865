import type { AsyncLimits } from '../async/options.js'
import { describe, HopfieldError, within } from '../errors.js'
import { choice, type Given, optional, Schema } from '../input/options.js'
import { checkIndex } from '../input/validate.js'
import { type BackendChoice, type BackendInfo, backendOf } from '../kernels/select.js'
import type { Batch } from './batch.js'
import { checkId, type Id, Ids, type PatternKey } from './ids.js'

/** The option of every constructor. */
export const BACKEND = {
  /** 'auto' (default) is what `backend()` reports. */
  backend: choice<BackendChoice>(['auto', 'native', 'typescript'], 'auto'),
}

export const STORE = {
  /** A string or number of your own per pattern, unique in this memory; it stays with the pattern, whatever is forgotten. */
  ids: optional<ArrayLike<Id>>((_, value) => value as ArrayLike<Id>),
}

/** Options of `store`. */
export interface StoreOptions extends Given<typeof STORE> {}

const STORING = new Schema(STORE)

/** How a memory lets a RecallBatcher gather single cues. */
export const GATHER: unique symbol = Symbol('gather')

/** Single cues of a memory on their way into a batch, under options that were read once. */
export interface Gathering<Cue, Row, Single> {
  /** A checked copy of a cue. */
  take(name: string, cue: Cue): Row
  /** Recalls them off the event loop, each as a lone recall would with the stream of its own. */
  run(rows: readonly Row[], streams: Float64Array, limits: AsyncLimits): Promise<Batch<Single, unknown>>
}

/** Where the patterns of a memory are. On any error nothing in it has changed. */
export interface Storage {
  readonly count: number
  forget(index: number): void
  clear(): void
}

/** What all memories do alike: they compute on a backend, and hold patterns that come, go and may have names. */
export abstract class AssociativeMemory {
  readonly #backend: BackendChoice
  readonly #storage: Storage
  readonly #ids = new Ids()
  /** Whether a change is under way: code of the caller's that it runs must not begin another one. */
  #changing = false

  constructor(backend: BackendChoice, storage: Storage) {
    this.#backend = backend
    this.#storage = storage
  }

  /** Which code computes for this memory, and why: name, tier and reason. */
  get backend(): BackendInfo {
    return backendOf(this.#backend)
  }

  /** How many patterns are stored. */
  get patternCount(): number {
    return this.#storage.count
  }

  /** @deprecated It is called `alpha`. */
  get load(): never {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'load: it is called alpha; read alpha, which is P/N')
  }

  /**
   * Takes a pattern out again, by its index or its id. Later patterns move up by one.
   * @throws HopfieldError ERR_HOPFIELD_RANGE where there is no such pattern; ERR_HOPFIELD_TYPE; ERR_HOPFIELD_OPTION where
   * patterns cannot be forgotten one by one; ERR_HOPFIELD_BUSY.
   */
  forget(which: PatternKey): this {
    return this.change('forget', () => {
      const index = this.place('forget', which)
      this.#storage.forget(index)
      this.#ids.forget(index)
    })
  }

  /** Forgets everything. */
  clear(): this {
    return this.change('clear', () => {
      this.#storage.clear()
      this.#ids.clear()
    })
  }

  /** The id that pattern `index` was stored with; undefined if it was stored without. */
  idOf(index: number): Id | undefined {
    return this.#ids.at(this.place('idOf', index))
  }

  /** The index of the pattern with this id; −1 where there is none. */
  indexOf(id: Id): number {
    return this.#ids.indexOf(id)
  }

  /** The id of each pattern, in order; undefined where no pattern has one. */
  get ids(): readonly (Id | undefined)[] | undefined {
    return this.#ids.all()
  }

  /** What `util.inspect` and `console.log` show. */
  [Symbol.for('nodejs.util.inspect.custom')](_depth: number, options: object, inspect: Inspect): string {
    const { name, tier } = this.backend
    const backend = name === tier ? name : `${name} ${tier}`
    return `${this.constructor.name} ${inspect({ ...this.facts(), backend }, options)}`
  }

  /** @param options those of a recall, and `packed` where the memory knows it. */
  abstract [GATHER](options: unknown): Gathering<never, unknown, unknown>

  /** Size, patterns, rule and form, for `util.inspect`. Quick to tell. */
  protected abstract facts(): object

  /** Takes over the ids of a memory that this one was opened from. */
  protected adopt(ids: unknown): void {
    this.#ids.append(0, this.patternCount, this.#ids.read(ids, this.patternCount, true))
  }

  /** Ids of patterns, beside their indices; nothing where no pattern has one. */
  protected named(indices: ArrayLike<number>): { ids?: (Id | undefined)[] } {
    const ids = this.#ids.of(indices)
    return ids === undefined ? {} : { ids }
  }

  /** The index of a pattern that a caller names. */
  protected place(method: string, which: unknown): number {
    const count = this.patternCount
    if (which === null || typeof which !== 'object') return checkIndex(`${method}: index`, which, count)
    const { id } = which as { id?: unknown }
    checkId(`${method}: id`, id)
    const index = this.#ids.indexOf(id)
    if (index >= 0) return index
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: id: no stored pattern has the id ${describe(id)}`,
    )
  }

  /**
   * Adds `count` patterns, with the ids that the options of the call give them.
   * @param add stores them; returns which of them were kept, ascending, or nothing for all.
   */
  protected add(options: unknown, count: number, add: () => unknown): this {
    return this.change('store', () => {
      const ids = this.#ids.read(STORING.read('store', options).ids, count)
      const before = this.patternCount
      const kept = add()
      if (Array.isArray(kept)) this.#ids.append(before, kept.length, ids && kept.map((k) => ids[k]))
      else this.#ids.append(before, count, ids)
    })
  }

  /** One change, from its first step to its last, or none of it. */
  protected change(method: string, run: () => void): this {
    if (this.#changing) {
      throw new HopfieldError(
        'ERR_HOPFIELD_BUSY',
        `${method}: this memory is being changed by the call that led to this one; wait until that has returned`,
      )
    }
    this.#changing = true
    try {
      run()
    } catch (error) {
      throw within(method, error)
    } finally {
      this.#changing = false
    }
    return this
  }
}

/** util.inspect, as Node hands it to a custom inspection. */
type Inspect = (value: unknown, options: object) => string
