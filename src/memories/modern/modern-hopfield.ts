import { type AsyncOptions, LATER } from '../../async/async-options.js'
import { allHere, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { type Float32s, type Float64s, isTyped, readBoth } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import {
  readingVectors,
  readVector,
  readVectors,
  type VectorLike,
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
import { kernelsFor } from '../../kernels/select.js'
import { exp } from '../../numerics/exp.js'
import { largestOf } from '../../numerics/largest.js'
import { KeyRows } from '../../storage/key-rows.js'
import type { RecordWriter } from '../../storage/record.js'
import { joined } from '../batch.js'
import type { PatternKey } from '../ids.js'
import {
  AssociativeMemory,
  GATHER,
  type Gathering,
  type Incoming,
  type StoreAsyncOptions,
  type StoreOptions,
} from '../memory.js'
import { KIND, openedRecord } from '../opening.js'
import { minimaBeside, minimaOf } from '../resting.js'
import { beside, here } from '../runner.js'
import { arePatterns } from '../storing.js'
import { MINIMA_ASYNC, MINIMA_OPTIONS, type MinimaAsyncOptions, type MinimaOptions } from '../subsets.js'
import { retrievalPlan, writtenOptions } from './comparing-options.js'
import { type Exactness, ExactnessJob } from './exactness.js'
import { AssociationsJob, KeyEnergiesJob, SimilaritiesJob } from './key-measures.js'
import { separation } from './key-separation.js'
import { KeySettling, type Minimum } from './minima.js'
import {
  FIXED_POINT,
  type FixedPointKind,
  type ModernHopfieldOptions,
  SCHEMA,
  TOP,
  TOP_ASYNC,
  type TopAsyncOptions,
  type TopBatch,
  type TopOptions,
  type TopPatterns,
} from './modern-options.js'
import { RetrievalBatchResult, RetrievalJob, type RetrievalResult } from './retrieval-job.js'
import {
  RECALL,
  RECALL_ASYNC,
  type RetrievalAsyncOptions,
  type RetrievalOptions,
  stepsOf,
} from './retrieval-options.js'
import { type RetrievalSteps, retrieval } from './retrieval-steps.js'
import { readSeen, type Seeing, unchanged } from './seen-keys.js'
import { TopJob, type TopWanted } from './top-job.js'

/**
 * The modern Hopfield network of real vectors (Ramsauer et al. 2021). Its update ξ' = Xᵀ softmax(β X ξ) is attention. It recalls in
 * one step, from exponentially many patterns if they are well separated.
 *
 * Data are f32, sums are f64 in a fixed order, or f32 with the option `precision: 'single'`. A query gives the same bits on every backend, tier and machine, alone and in any
 * batch.
 */
export class ModernHopfield extends AssociativeMemory {
  static readonly [KIND]: string = 'ModernHopfield'
  readonly dimension: number
  readonly valueDimension: number
  /** β; the number, if the option was 'auto'. */
  readonly beta: number
  readonly similarity: Similarity
  /** Which separation it has. */
  readonly separator: Separator
  readonly precision: Precision
  readonly #kernels: Kernels
  readonly #rows: KeyRows
  readonly #plan: RetrievalPlan

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ModernHopfieldOptions) {
    const opened = openedRecord()
    const read = SCHEMA.read('ModernHopfield', opened === undefined ? options : writtenOptions(options))
    const { dimension, valueDimension, backend } = read
    const plan = retrievalPlan('ModernHopfield', read, dimension)
    const { beta, similarity, separator, precision } = plan
    const kernels = kernelsFor(backend)
    const rows = new KeyRows(kernels, dimension, valueDimension, similarity, read.capacity)
    super(backend, rows, opened)
    this.dimension = dimension
    this.valueDimension = valueDimension ?? dimension
    this.beta = beta
    this.similarity = similarity
    this.separator = separator
    this.precision = precision
    this.#kernels = kernels
    this.#rows = rows
    this.#plan = plan
  }

  /**
   * Adds patterns, as f32. If it throws, none is stored.
   * @param keys M × d numbers, flat or nested.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that f32 cannot hold; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(keys: VectorsLike, options?: StoreOptions): this
  /**
   * Adds patterns with what they stand for, as f32, where the option `valueDimension` was given. If it throws, none is stored.
   * @param keys M × d numbers, flat or nested.
   * @param values M × e numbers, flat or nested.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that f32 cannot hold; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(keys: VectorsLike, values: VectorsLike | undefined, options?: StoreOptions): this
  store(keys: VectorsLike, second?: VectorsLike | StoreOptions, third?: StoreOptions): this {
    const alone = this.#keysAlone(second, third)
    const read = (): { data: Float32Array; values: Float32Array; count: number } => {
      const [{ count, data }, stored] = readBoth(
        keys,
        () => readVectors('store: keys', keys, this.dimension),
        () =>
          this.#values('store: values', alone ? undefined : second, (name, given) =>
            readVectors(name, given, this.valueDimension),
          ),
      )
      if (stored === undefined || stored.count === count) return { data, values: stored?.data ?? data, count }
      throw unpaired('store', count, stored.count)
    }
    return this.add(alone ? second : third, read, ({ data, values, count }) =>
      this.#rows.append(data, values, count),
    )
  }

  /** As `store`, beside other work: the same bits; see `storeAsync` of `HopfieldNetwork`. */
  storeAsync(keys: VectorsLike, options?: StoreAsyncOptions): Promise<this>
  storeAsync(keys: VectorsLike, values: VectorsLike | undefined, options?: StoreAsyncOptions): Promise<this>
  async storeAsync(
    keys: VectorsLike,
    second?: VectorsLike | StoreAsyncOptions,
    third?: StoreAsyncOptions,
  ): Promise<this> {
    const alone = this.#keysAlone(second, third)
    return this.addAsync('storeAsync', alone ? second : third, () =>
      this.#arriving(keys, alone ? undefined : second),
    )
  }

  *#arriving(keys: unknown, given: unknown): Steps<Incoming> {
    const { count, data } = yield* readingVectors('storeAsync: keys', keys, this.dimension)
    const reading = this.#values('storeAsync: values', given, (name, values) =>
      readingVectors(name, values, this.valueDimension),
    )
    const values = reading && (yield* reading)
    if (values !== undefined && values.count !== count) throw unpaired('storeAsync', count, values.count)
    return { count, store: () => this.#rows.appending(data, values?.data ?? data, count) }
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
      this.#rows.replace(index, row, stored ?? row)
    })
  }

  /** A key, by its index or `{ id }`: d numbers, a copy. */
  pattern(which: PatternKey): Float32s {
    return this.#rows.key(this.place('pattern', which)).slice() as Float32s
  }

  /** All keys, M × d numbers; a copy. */
  patterns(): Float32s {
    return this.#rows.memory().keys.slice(0, this.patternCount * this.dimension) as Float32s
  }

  /** A value, by its index or `{ id }`: e numbers, a copy. Without `valueDimension` it is the key. */
  value(which: PatternKey): Float32s {
    return this.#rows.value(this.place('value', which)).slice() as Float32s
  }

  /**
   * Recalls one query: ξ' = Xᵀ softmax(β X ξ), one step, or until the state rests (option `tolerance`).
   * @param query d numbers.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument; _RANGE if no pattern is stored.
   */
  recall(query: VectorLike, options?: RetrievalOptions): RetrievalResult {
    return this.#one('recall', query, options)
  }

  /** Recalls many queries on this thread; each gives the same bits as `recall`. */
  recallBatch(queries: VectorsLike, options?: RetrievalOptions): RetrievalBatchResult {
    return this.#batch('recallBatch', queries, options)
  }

  /** As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are copied at the call. */
  async recallAsync(queries: VectorsLike, options?: RetrievalAsyncOptions): Promise<RetrievalBatchResult> {
    return this.#async('recallAsync', queries, options)
  }

  /** `recall`, under the name of Ramsauer et al. */
  retrieve(query: VectorLike, options?: RetrievalOptions): RetrievalResult {
    return this.#one('retrieve', query, options)
  }

  /** `recallBatch`, under the name of Ramsauer et al. */
  retrieveBatch(queries: VectorsLike, options?: RetrievalOptions): RetrievalBatchResult {
    return this.#batch('retrieveBatch', queries, options)
  }

  /** `recallAsync`, under the name of Ramsauer et al. */
  async retrieveAsync(queries: VectorsLike, options?: RetrievalAsyncOptions): Promise<RetrievalBatchResult> {
    return this.#async('retrieveAsync', queries, options)
  }

  /** The M weights p of a query: softmax(β X ξ), or those of another separator. They sum to 1. */
  association(query: VectorLike): Float64s {
    return this.#associate('association', readVector('association: query', query, this.dimension))
  }

  /** The weights of many queries, each as `association` gives them: B × M numbers, row-major. */
  associationBatch(queries: VectorsLike): Float64s {
    const vectors = readVectors('associationBatch: queries', queries, this.dimension)
    const job = new AssociationsJob(this.#kernels, this.#plan, vectors, this.#some('associationBatch'))
    return here(job, () => this.#memory('associationBatch'))
  }

  /** As `associationBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are copied at the call. */
  async associationBatchAsync(queries: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('associationBatchAsync', options)
    const vectors = this.#copied('associationBatchAsync: queries', queries)
    const keys = this.#some('associationBatchAsync')
    const job = new AssociationsJob(this.#kernels, this.#plan, vectors, keys)
    return beside(this.#kernels, job, limits, () => this.#rows.lease())
  }

  /** The similarity of a query to each key, as the option `similarity` says, without β: M numbers. */
  overlaps(query: VectorLike): Float64s {
    return this.#similarities('overlaps', readVector('overlaps: query', query, this.dimension), 1)
  }

  /** The similarities of many queries: B × M numbers, row-major. */
  overlapsBatch(queries: VectorsLike): Float64s {
    const { data, count } = readVectors('overlapsBatch: queries', queries, this.dimension)
    return this.#similarities('overlapsBatch', data, count)
  }

  /** As `overlapsBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are copied at the call. */
  async overlapsBatchAsync(queries: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('overlapsBatchAsync', options)
    const vectors = this.#copied('overlapsBatchAsync: queries', queries)
    const job = new SimilaritiesJob(this.#kernels, this.#plan, vectors, this.#some('overlapsBatchAsync'))
    return beside(this.#kernels, job, limits, () => this.#rows.lease())
  }

  /**
   * The k keys most similar to a query; fewer if fewer are stored.
   * @param options.values true: their values too, k × e numbers. `only` or `mask`: the patterns to look among.
   * @throws HopfieldError ERR_HOPFIELD_RANGE for a k below 1 or an unknown pattern in `only`; _VALUE if none may be looked at; _SHAPE for a
   *   mask of another length; _OPTION for both.
   */
  top(query: VectorLike, k: number, options?: TopOptions): TopPatterns {
    const wanted = this.#wanted('top', k, TOP.read('top', options))
    const data = readVector('top: query', query, this.dimension)
    const { k: _, ...found } = this.#top('top', { count: 1, data }, wanted)
    return found
  }

  /** The k keys most similar to each of many queries, each as `top` gives them: arrays of B rows. */
  topBatch(queries: VectorsLike, k: number, options?: TopOptions): TopBatch {
    const wanted = this.#wanted('topBatch', k, TOP.read('topBatch', options))
    return this.#top('topBatch', readVectors('topBatch: queries', queries, this.dimension), wanted)
  }

  /** As `topBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are copied at the call. */
  async topAsync(queries: VectorsLike, k: number, options?: TopAsyncOptions): Promise<TopBatch> {
    const read = TOP_ASYNC.read('topAsync', options)
    const wanted = this.#wanted('topAsync', k, read)
    const job = this.#topJob('topAsync', this.#copied('topAsync: queries', queries), wanted)
    const named = this.naming()
    const found = await beside(this.#kernels, job, read, () => this.#rows.lease())
    return { ...found, ...named(found.indices) }
  }

  /**
   * E of a state (d numbers), with the constants of Ramsauer et al., right to 2^-24/β; docs/modern-hopfield.md has E of other similarities
   * than 'dot'.
   */
  energy(state: VectorLike): number {
    return this.#energies('energy', readVector('energy: state', state, this.dimension), 1)[0]
  }

  /** E of many states, each as `energy` gives it: B numbers. */
  energyBatch(states: VectorsLike): Float64s {
    const { data, count } = readVectors('energyBatch: states', states, this.dimension)
    return this.#energies('energyBatch', data, count)
  }

  /** As `energyBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are copied at the call. */
  async energyBatchAsync(states: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('energyBatchAsync', options)
    const vectors = this.#copied('energyBatchAsync: states', states)
    this.#some('energyBatchAsync')
    const job = new KeyEnergiesJob(this.#kernels, this.#plan, vectors)
    return beside(this.#kernels, job, limits, () => this.#rows.lease())
  }

  /**
   * The separation Δ_i = min_{j≠i} (x_i·x_i − x_i·x_j) of pattern `index` (Ramsauer et al. 2021, definition 2); Infinity if it is the
   * only pattern. Negative if another pattern has a larger dot product with it than it has with itself.
   */
  separation(index: number): number {
    const at = this.place('separation', index)
    return separation(this.#kernels, this.#memory('separation'), at)
  }

  /**
   * From which β on every stored pattern is recalled alone, to its last bit, by the separation that the network has. It compares every
   * pattern with all others.
   */
  exactness(): Exactness {
    const job = new ExactnessJob(this.#kernels, this.#plan, this.#some('exactness'))
    return here(job, () => this.#memory('exactness'))
  }

  /** As `exactness`, off the event loop: the same bits for any `threads` and `chunk`. */
  async exactnessAsync(options?: AsyncOptions): Promise<Exactness> {
    const limits = LATER.read('exactnessAsync', options)
    const job = new ExactnessJob(this.#kernels, this.#plan, this.#some('exactnessAsync'))
    return beside(this.#kernels, job, limits, () => this.#rows.lease())
  }

  /**
   * The minima of the energy with separation 'epanechnikov', lowest first: stored patterns and means of several that lie within reach of
   * their mean (Hoover et al. 2025). Up to twelve patterns all of them; of more those that recalls reach from the means of neighbouring
   * patterns, drawn at random.
   * @param options.samples how many means to start from, 1024 by default; options.seed.
   * @throws HopfieldError ERR_HOPFIELD_OPTION with another separation; _RANGE if no pattern is stored.
   */
  minima(options?: MinimaOptions): Minimum[] {
    const wanted = MINIMA_OPTIONS.read('minima', options)
    const found = allHere(minimaOf(this.#settling(this.#ball('minima')), wanted))
    return found.map((minimum) => ({ ...minimum, ...this.named(minimum.members) }))
  }

  /** As `minima`, off the event loop: the same bits. It uses one thread, whatever `threads`. */
  async minimaAsync(options?: MinimaAsyncOptions): Promise<Minimum[]> {
    const read = MINIMA_ASYNC.read('minimaAsync', options)
    this.#ball('minimaAsync')
    return minimaBeside(this.naming(), this.#rows.lease(), (memory) => this.#settling(memory), read)
  }

  /**
   * An upper bound of ‖ξ' − x_i‖ after one step, for similarity 'dot' and separator 'softmax' (Ramsauer et al. 2021, theorem 4):
   * 2(M − 1)·exp(−β(Δ_i − 2 max(‖ξ − x_i‖, ‖x*_i − x_i‖)·max‖x‖))·max‖x‖, where x*_i is the fixed point that x_i reaches.
   */
  retrievalErrorBound(index: number, query: VectorLike): number {
    const which = this.key('retrievalErrorBound', index)
    const row = readVector('retrievalErrorBound: query', query, this.dimension)
    const at = this.place('retrievalErrorBound', which)
    if (this.similarity !== 'dot' || this.separator !== 'softmax') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        "retrievalErrorBound: only known for similarity 'dot' and separator 'softmax'",
      )
    }
    const key = this.#rows.key(at)
    const fixed = this.#fixedPoint(key).states
    const distance = Math.max(distanceOf(row, key), distanceOf(fixed, key))
    const largest = this.#rows.largestNorm
    const exponent = -this.beta * (this.separation(at) - 2 * distance * largest)
    return this.patternCount === 1 ? 0 : 2 * (this.patternCount - 1) * exp(exponent) * largest
  }

  /**
   * The kind of fixed point that a query reaches.
   * @param options.mass share of the weights that the members must have together, 0 to 1; 0.9 by default.
   */
  fixedPoint(query: VectorLike, options?: { mass?: number }): FixedPointKind {
    const { mass } = FIXED_POINT.read('fixedPoint', options)
    const { states, converged } = this.#fixedPoint(readVector('fixedPoint: query', query, this.dimension))
    const all = this.#associate('fixedPoint', states)
    if (all.every((weight) => weight === 0)) {
      const members = new Uint32Array(0)
      return { kind: 'none', members, ...this.named(members), state: states, converged: true }
    }
    const descending = all.slice().sort().reverse()
    let held = 0
    let size = 0
    while (size < all.length && (size === 0 || held < mass)) held += descending[size++]
    const kind = size === 1 ? 'single' : 2 * size > all.length ? 'global' : 'metastable'
    const members = largestOf(all, size)
    return { kind, members, ...this.named(members), state: states, converged: converged[0] === 1 }
  }

  protected override record(to: RecordWriter): string {
    const { dimension, valueDimension, beta, similarity, separator, precision } = this
    const values = this.#rows.ownValues ? { valueDimension } : {}
    const options = { dimension, ...values, beta, similarity, separator, precision }
    for (const [name, value] of Object.entries(options)) to.option(name, value)
    return 'keys'
  }

  protected override facts(): object {
    const { dimension, valueDimension, patternCount, beta, similarity, separator, precision } = this
    const values = this.#rows.ownValues ? { valueDimension } : {}
    return { dimension, ...values, patternCount, beta, similarity, separator, precision, form: 'keys' }
  }

  override [GATHER](options: RetrievalOptions): Gathering<VectorLike, Float32Array, RetrievalResult> {
    const steps = stepsOf(RECALL.read('RecallBatcher', options))
    return {
      take: (name, query) => readVector(name, query, this.dimension).slice(),
      run: (rows, _, limits) => this.#run({ count: rows.length, data: joined(rows) }, steps, limits),
    }
  }

  #one(method: string, query: VectorLike, options: RetrievalOptions | undefined): RetrievalResult {
    const steps = stepsOf(RECALL.read(method, options))
    const data = readVector(`${method}: query`, query, this.dimension)
    return this.#alone(this.#memory(method), steps, data).only()
  }

  #batch(method: string, queries: VectorsLike, options: RetrievalOptions | undefined): RetrievalBatchResult {
    const steps = stepsOf(RECALL.read(method, options))
    const vectors = readVectors(`${method}: queries`, queries, this.dimension)
    return here(this.#job(vectors, steps), () => this.#memory(method))
  }

  #async(
    method: string,
    queries: VectorsLike,
    options: RetrievalAsyncOptions | undefined,
  ): Promise<RetrievalBatchResult> {
    const read = RECALL_ASYNC.read(method, options)
    const vectors = this.#copied(`${method}: queries`, queries)
    this.#some(method)
    return this.#run(vectors, stepsOf(read), read)
  }

  #run(
    vectors: { count: number; data: Float32Array },
    steps: RetrievalSteps,
    limits: Parameters<typeof beside>[2],
  ): Promise<RetrievalBatchResult> {
    return beside(this.#kernels, this.#job(vectors, steps), limits, () => this.#rows.lease())
  }

  #job(vectors: { count: number; data: Float32Array }, steps: RetrievalSteps): RetrievalJob {
    return new RetrievalJob(this.#kernels, this.#plan, vectors, steps, this.valueDimension)
  }

  #fixedPoint(query: Float32Array): RetrievalBatchResult {
    const memory = this.#memory('fixedPoint')
    const asKeys = { ...memory, values: memory.keys, width: this.dimension }
    const steps = { maxSteps: 10_000, tolerance: 0, stops: true, energy: false }
    return this.#alone(asKeys, steps, query)
  }

  /** One query, by the shortest way. */
  #alone(memory: KeyMemory, steps: RetrievalSteps, query: Float32Array): RetrievalBatchResult {
    const result = new RetrievalBatchResult(1, memory.width)
    for (const association of retrieval(memory, this.#plan, steps, query, 1, result, 0)) {
      const { memory: keys, queries, count, out, potentials } = association
      this.#kernels.retrieve(keys, queries, count, this.#plan, undefined, out, potentials)
    }
    return result
  }

  #top(method: string, vectors: { count: number; data: Float32Array }, wanted: TopWanted): TopBatch {
    const found = here(this.#topJob(method, vectors, wanted), () => this.#memory(method))
    return { ...found, ...this.named(found.indices) }
  }

  #topJob(method: string, vectors: { count: number; data: Float32Array }, wanted: TopWanted): TopJob {
    unchanged(method, wanted.stored, this.patternCount)
    return new TopJob(this.#kernels, this.#plan, vectors, wanted)
  }

  /** What is asked of the keys, read before the queries, which are taken as they are. */
  #wanted(method: string, k: number, { values, ...seeing }: Seeing & { values: boolean }): TopWanted {
    checkInteger(`${method}: k`, k, 1, 2 ** 32)
    const stored = this.#some(method)
    const { seen, count } = readSeen(method, seeing, stored, (which) => this.place(method, which))
    unchanged(method, stored, this.patternCount)
    return { k: Math.min(k, count), stored, seen, values: values ? this.valueDimension : undefined }
  }

  #associate(method: string, query: Float32Array): Float64s {
    const memory = this.#memory(method)
    const weights = new Float64Array(memory.count)
    this.#kernels.associate(memory, query, 1, this.#plan, weights)
    return weights
  }

  #similarities(method: string, data: Float32Array, count: number): Float64s {
    const job = new SimilaritiesJob(this.#kernels, this.#plan, { data, count }, this.#some(method))
    return here(job, () => this.#memory(method))
  }

  #energies(method: string, data: Float32Array, count: number): Float64s {
    return here(new KeyEnergiesJob(this.#kernels, this.#plan, { data, count }), () => this.#memory(method))
  }

  /** Vectors that stay what they are at the call. */
  #copied(name: string, vectors: VectorsLike): { count: number; data: Float32Array } {
    const { count, data } = readVectors(name, vectors, this.dimension)
    return { count, data: isTyped(vectors, Float32Array) ? data.slice() : data }
  }

  #memory(method: string): KeyMemory {
    this.#some(method)
    return this.#rows.memory()
  }

  #settling(memory: KeyMemory): KeySettling {
    return new KeySettling(this.#kernels, this.#plan, memory)
  }

  /** Refuses where there are no balls. */
  #ball(method: string): KeyMemory {
    if (this.separator === 'epanechnikov') return this.#memory(method)
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: only known for separation 'epanechnikov', and this network has '${this.separator}'`,
    )
  }

  /** Refuses to recall from nothing. */
  #some(method: string): number {
    if (this.patternCount > 0) return this.patternCount
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${method}: no patterns are stored; call store() first`)
  }

  /** Whether keys are stored without values, and options follow them. */
  #keysAlone(second: unknown, third: unknown): boolean {
    return !this.#rows.ownValues && third === undefined && !arePatterns(second)
  }

  #values<T>(name: string, values: unknown, read: (name: string, given: unknown) => T): T | undefined {
    if (this.#rows.ownValues) return read(name, values)
    if (values === undefined) return undefined
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: this network stores no values; pass the option valueDimension to the constructor`,
    )
  }
}

function unpaired(method: string, keys: number, values: number): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_SHAPE',
    `${method}: values: expected ${keys} (one per key), got ${values}`,
  )
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2
  return Math.sqrt(sum)
}
