import { allHere, made, oneStep, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import type { Read } from '../../input/options.js'
import { readingRealRows } from '../../input/reals.js'
import { type Float32s, isTyped, readBoth } from '../../input/typed-arrays.js'
import {
  readingVectors,
  readVector,
  readVectors,
  type VectorLike,
  type Vectors,
  type VectorsLike,
} from '../../input/vectors.js'
import type {
  Kernels,
  KeyMemory,
  Precision,
  RetrievalPlan,
  Separator,
  Similarity,
} from '../../kernels/contract/kernels.js'
import { RETRIEVAL_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { KeyRows } from '../../storage/key-rows.js'
import type { RecordWriter } from '../../storage/record.js'
import { SALIENCES } from '../../storage/saliences.js'
import type { PatternKey } from '../ids/ids.js'
import { AssociativeMemory, type Incoming } from '../memory.js'
import { openedRecord } from '../opening.js'
import { arePatterns } from '../storing.js'
import { retrievalPlan, writtenOptions } from './comparing-options.js'
import {
  type ModernHopfieldOptions,
  SCHEMA,
  type STORE_KEYS,
  STORING_KEYS,
  STORING_KEYS_LATER,
  type StoreKeysAsyncOptions,
  type StoreKeysOptions,
} from './modern-options.js'

/** The base of memories of real vectors: keys, and values where they are something else. */
export abstract class KeyedMemory extends AssociativeMemory {
  readonly dimension: number
  readonly valueDimension: number
  /** β; the number, if the option was 'auto'. */
  readonly beta: number
  readonly similarity: Similarity
  /** Which separation it has. */
  readonly separator: Separator
  readonly precision: Precision
  protected readonly kernels: Kernels
  protected readonly rows: KeyRows
  protected readonly plan: RetrievalPlan

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ModernHopfieldOptions) {
    const opened = openedRecord()
    const read = SCHEMA.read('ModernHopfield', opened === undefined ? options : writtenOptions(options))
    const { dimension, valueDimension, backend } = read
    const plan = retrievalPlan('ModernHopfield', read, dimension)
    const { beta, similarity, separator, precision } = plan
    const kernels = kernelsFor(backend, RETRIEVAL_KERNELS)
    const rows = new KeyRows(kernels, dimension, valueDimension, similarity, read.capacity)
    super(backend, rows, opened)
    this.dimension = dimension
    this.valueDimension = valueDimension ?? dimension
    this.beta = beta
    this.similarity = similarity
    this.separator = separator
    this.precision = precision
    this.kernels = kernels
    this.rows = rows
    this.plan = plan
  }

  /**
   * Adds patterns, as f32. If it throws, none is stored.
   * @param keys M × d numbers, flat or nested.
   * @param options.weights how much each counts beside the others, 1 by default.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that f32 cannot hold; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(keys: VectorsLike, options?: StoreKeysOptions): this
  /**
   * Adds patterns with what they stand for, as f32, where the option `valueDimension` was given. If it throws, none is stored.
   * @param keys M × d numbers, flat or nested.
   * @param values M × e numbers, flat or nested.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that f32 cannot hold; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(keys: VectorsLike, values: VectorsLike | undefined, options?: StoreKeysOptions): this
  store(keys: VectorsLike, second?: VectorsLike | StoreKeysOptions, third?: StoreKeysOptions): this {
    const alone = this.#keysAlone(second, third)
    const read = ({ weights: given }: Read<typeof STORE_KEYS>): Arriving => {
      const weights = allHere(readingWeights('store', given))
      const [{ count, data }, stored] = readBoth(
        keys,
        () => readVectors('store: keys', keys, this.dimension),
        () =>
          this.#values('store: values', alone ? undefined : second, (name, given) =>
            readVectors(name, given, this.valueDimension),
          ),
      )
      if (stored !== undefined && stored.count !== count)
        throw unpaired('store', 'values', count, stored.count)
      return {
        data,
        values: stored?.data ?? data,
        count,
        saliences: this.#saliences('store', weights, count),
      }
    }
    const add = ({ data, values, count, saliences }: Arriving): undefined =>
      this.rows.append(data, values, count, saliences)
    return this.add(alone ? second : third, read, add, STORING_KEYS)
  }

  /** As `store`, beside other work: the same bits; see `storeAsync` of `HopfieldNetwork`. Weights are read in small steps, as keys are. */
  storeAsync(keys: VectorsLike, options?: StoreKeysAsyncOptions): Promise<this>
  storeAsync(
    keys: VectorsLike,
    values: VectorsLike | undefined,
    options?: StoreKeysAsyncOptions,
  ): Promise<this>
  async storeAsync(
    keys: VectorsLike,
    second?: VectorsLike | StoreKeysAsyncOptions,
    third?: StoreKeysAsyncOptions,
  ): Promise<this> {
    const alone = this.#keysAlone(second, third)
    return this.addAsync(
      'storeAsync',
      alone ? second : third,
      ({ weights }) => this.#arriving(keys, alone ? undefined : second, weights),
      STORING_KEYS_LATER,
    )
  }

  #arriving(keys: unknown, values: unknown, weights: unknown): Steps<Incoming> {
    return this.#paired(
      readingWeights('storeAsync', weights),
      readingVectors('storeAsync: keys', keys, this.dimension),
      this.#values('storeAsync: values', values, (name, given) =>
        readingVectors(name, given, this.valueDimension),
      ),
    )
  }

  *#paired(
    weighing: Steps<Float64Array | undefined>,
    reading: Steps<Vectors>,
    pairing: Steps<Vectors> | undefined,
  ): Steps<Incoming> {
    const weights = yield* weighing
    const { count, data } = yield* reading
    const values = pairing && (yield* pairing)
    if (values !== undefined && values.count !== count) {
      throw unpaired('storeAsync', 'values', count, values.count)
    }
    const saliences = this.#saliences('storeAsync', weights, count)
    return { count, store: () => this.rows.appending(data, values?.data ?? data, count, saliences) }
  }

  /** Replaces one pattern by another; index and id stay the same. */
  replace(which: PatternKey, key: VectorLike, value?: VectorLike): this {
    return this.change('replace', () => {
      const index = this.place('replace', which)
      const [row, stored] = readBoth(
        key,
        () => readVector('replace: key', key, this.dimension),
        () =>
          this.#values('replace: value', value, (name, given) =>
            readVector(name, given, this.valueDimension),
          ),
      )
      this.rows.replace(index, row, stored ?? row)
    })
  }

  /** A key, by its index or `{ id }`: d numbers, a copy. */
  pattern(which: PatternKey): Float32s {
    return this.rows.key(this.place('pattern', which)).slice() as Float32s
  }

  /** All keys, M × d numbers; a copy. */
  patterns(): Float32s {
    return this.rows.memory().keys.slice(0, this.patternCount * this.dimension) as Float32s
  }

  /** Whether each key has a value of its own, as with the option `valueDimension`. */
  get hasValues(): boolean {
    return this.rows.ownValues
  }

  /** A value, by its index or `{ id }`: e numbers, a copy. Without `valueDimension` it is the key. */
  value(which: PatternKey): Float32s {
    return this.rows.value(this.place('value', which)).slice() as Float32s
  }

  /** How much a pattern counts beside the others: the number given to `store`, or 1. */
  salience(which: PatternKey): number {
    return this.rows.salience(this.place('salience', which))
  }

  protected override record(to: RecordWriter): string {
    const { dimension, valueDimension, beta, similarity, separator, precision } = this
    const values = this.rows.ownValues ? { valueDimension } : {}
    const options = { dimension, ...values, beta, similarity, separator, precision }
    for (const [name, value] of Object.entries(options)) to.option(name, value)
    return 'keys'
  }

  protected override facts(): object {
    const { dimension, valueDimension, patternCount, beta, similarity, separator, precision } = this
    const values = this.rows.ownValues ? { valueDimension } : {}
    return { dimension, ...values, patternCount, beta, similarity, separator, precision, form: 'keys' }
  }

  /** Vectors that stay what they are at the call. */
  protected copied(name: string, vectors: VectorsLike): { count: number; data: Float32Array } {
    const { count, data } = readVectors(name, vectors, this.dimension)
    return { count, data: isTyped(vectors, Float32Array) ? data.slice() : data }
  }

  protected memory(method: string): KeyMemory {
    this.stored(method)
    return this.rows.memory()
  }

  /** Refuses to recall from nothing. */
  protected stored(method: string, count: number = this.patternCount): number {
    if (count > 0) return count
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${method}: no patterns are stored; call store() first`)
  }

  /** Whether keys are stored without values, and options follow them. */
  #keysAlone(second: unknown, third: unknown): boolean {
    return !this.rows.ownValues && third === undefined && !arePatterns(second)
  }

  #saliences(method: string, given: Float64Array | undefined, count: number): Float64Array | undefined {
    if (given === undefined) return undefined
    if (given.length !== count) throw unpaired(method, 'weights', count, given.length)
    if (this.separator !== 'epanechnikov') return given
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: weights: with separation 'epanechnikov' all patterns within reach weigh the same; choose another separation`,
    )
  }

  #values<T>(name: string, values: unknown, read: (name: string, given: unknown) => T): T | undefined {
    if (this.rows.ownValues) return read(name, values)
    if (values === undefined) return undefined
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: this network stores no values; pass the option valueDimension to the constructor`,
    )
  }
}

function readingWeights(method: string, given: unknown): Steps<Float64Array | undefined> {
  if (given === undefined) return oneStep(() => undefined)
  return made(readingRealRows(`${method}: weights`, given, 1, SALIENCES), ({ data }) => data)
}

interface Arriving {
  readonly count: number
  readonly data: Float32Array
  readonly values: Float32Array
  readonly saliences: Float64Array | undefined
}

function unpaired(method: string, name: string, keys: number, given: number): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_SHAPE',
    `${method}: ${name}: expected ${keys} (one per key), got ${given}`,
  )
}
