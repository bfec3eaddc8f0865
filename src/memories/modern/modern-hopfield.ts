import { type AsyncOptions, LATER } from '../../async/async-options.js'
import { allHere } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { type Into, intoOf } from '../../input/out.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { checkInteger, checkReals } from '../../input/validate.js'
import {
  readVector,
  readVectors,
  type VectorLike,
  type Vectors,
  type VectorsLike,
} from '../../input/vectors.js'
import type { KeyMemory } from '../../kernels/contract/kernels.js'
import { exp } from '../../numerics/exp.js'
import { largestOf } from '../../numerics/largest.js'
import { joined } from '../batch.js'
import { GATHER, type Gathering } from '../memory.js'
import { KIND } from '../opening.js'
import { minimaBeside, minimaOf } from '../resting.js'
import { beside, here } from '../runner.js'
import { MINIMA_ASYNC, MINIMA_OPTIONS, type MinimaAsyncOptions, type MinimaOptions } from '../subsets.js'
import { ComparingMemory } from './comparing-memory.js'
import { type Exactness, ExactnessJob } from './exactness.js'
import { separation } from './key-separation.js'
import { KeySettling, type Minimum } from './minima.js'
import { FIXED_POINT, type FixedPointKind } from './modern-options.js'
import {
  type Addend,
  factsOf,
  type KeyFacts,
  KeyPart,
  type KeyStep,
  type KeySums,
  PARTIAL,
  type PartialOptions,
  PEAKS,
  type PeaksOptions,
  readSums,
} from './partial.js'
import { awaited, type RetrievalBatchResult, RetrievalJob, type RetrievalResult } from './retrieval-job.js'
import {
  type GatheredRetrievalOptions,
  RECALL,
  RECALL_ASYNC,
  RECALL_GATHERED,
  type RetrievalAsyncOptions,
  type RetrievalOptions,
  stepsOf,
} from './retrieval-options.js'
import { type RetrievalSteps, retrieval } from './retrieval-steps.js'
import { unchanged } from './seen-keys.js'

/**
 * The modern Hopfield network of real vectors (Ramsauer et al. 2021). Its update ξ' = Xᵀ softmax(β X ξ) is attention. It recalls in
 * one step, from exponentially many patterns if they are well separated.
 *
 * Data are f32, sums are f64 in a fixed order, or f32 with the option `precision: 'single'`. A query gives the same bits on every
 * backend, tier and machine, alone and in any batch.
 */
export class ModernHopfield extends ComparingMemory {
  static readonly [KIND]: string = 'ModernHopfield'

  /**
   * Recalls one query: ξ' = Xᵀ softmax(β X ξ), one step, or until the state rests (option `tolerance`).
   * @param query d numbers.
   * @param options.only or `mask`: the patterns to recall from.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument; _RANGE if no pattern is stored.
   */
  recall(query: VectorLike, options?: RetrievalOptions): RetrievalResult {
    return this.#one('recall', query, options)
  }

  /** Recalls many queries on this thread; each gives the same bits as `recall`. */
  recallBatch(queries: VectorsLike, options?: RetrievalOptions): RetrievalBatchResult {
    return this.#batch('recallBatch', queries, options)
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are read in small steps, so do not change them
   * until the promise settles.
   */
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

  /**
   * The separation Δ_i = min_{j≠i} (x_i·x_i − x_i·x_j) of pattern `index` (Ramsauer et al. 2021, definition 2); Infinity if it is the
   * only pattern. Negative if another pattern has a larger dot product with it than it has with itself.
   */
  separation(index: number): number {
    const at = this.place('separation', index)
    return separation(this.kernels, this.memory('separation'), at)
  }

  /**
   * From which β on every stored pattern is recalled alone, to its last bit, by the separation that the network has; where patterns have
   * weights, a β that is surely enough. It compares every pattern with all others.
   */
  exactness(): Exactness {
    const job = new ExactnessJob(this.kernels, this.plan, this.stored('exactness'))
    return here(job, () => this.memory('exactness'))
  }

  /** As `exactness`, off the event loop: the same bits for any `threads` and `chunk`. */
  async exactnessAsync(options?: AsyncOptions): Promise<Exactness> {
    const limits = LATER.read('exactnessAsync', options)
    const job = new ExactnessJob(this.kernels, this.plan, this.stored('exactnessAsync'))
    return beside(this.kernels, job, limits, () => this.rows.lease())
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
    return minimaBeside(this.naming(), this.rows.lease(), (memory) => this.#settling(memory), read)
  }

  /**
   * An upper bound of ‖ξ' − x_i‖ after one step, for similarity 'dot' and separator 'softmax' (Ramsauer et al. 2021, theorem 4):
   * 2(M − 1)·exp(−β(Δ_i − 2 max(‖ξ − x_i‖, ‖x*_i − x_i‖)·max‖x‖))·max‖x‖, where x*_i is the fixed point that x_i reaches. Where patterns
   * have weights w, Σ_{j≠i} w_j/w_i stands for M − 1.
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
    const key = this.rows.key(at)
    const fixed = this.#fixedPoint(key).states
    const distance = Math.max(distanceOf(row, key), distanceOf(fixed, key))
    const largest = this.rows.largestNorm
    const exponent = -this.beta * (this.separation(at) - 2 * distance * largest)
    return this.patternCount === 1 ? 0 : 2 * this.#others(at) * exp(exponent) * largest
  }

  /**
   * The kind of fixed point that a query reaches.
   * @param options.mass share of the weights that the members must have together, 0 to 1; 0.9 by default.
   */
  fixedPoint(query: VectorLike, options?: { mass?: number }): FixedPointKind {
    const { mass } = FIXED_POINT.read('fixedPoint', options)
    const { states, converged } = this.#fixedPoint(readVector('fixedPoint: query', query, this.dimension))
    const all = this.associate('fixedPoint', states)
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

  /** What `peaks` and `partial` of memories that have a part of the keys each must know of the whole, which is this one. */
  get keyFacts(): KeyFacts {
    return factsOf(this.rows.memory())
  }

  /**
   * Of a recall from a memory whose keys lie in several parts, of which this is one: what the weights of each query are taken relative
   * to, as far as these keys know. The largest of all parts is that of the whole.
   * @throws HopfieldError ERR_HOPFIELD_OPTION with precision 'single', or a separation other than 'softmax' and 'epanechnikov'.
   */
  peaks(queries: VectorsLike, options: PeaksOptions): Float64s {
    const { whole } = PEAKS.read('peaks', options)
    const vectors = readVectors('peaks: queries', queries, this.dimension)
    return this.#part('peaks', whole).peaks(vectors)
  }

  /**
   * Goes on from the sums of the parts before this one, and returns them with these keys added. Real sums have one order, so the last
   * part has those of the whole to the last bit, and `complete` makes a step of them. docs/cluster.md has the whole recall.
   * @throws HopfieldError as `peaks`; ERR_HOPFIELD_SHAPE, _VALUE or _RANGE for sums that do not fit.
   */
  partial(queries: VectorsLike, options: PartialOptions): KeySums {
    const { whole, peaks, before, addend } = PARTIAL.read('partial', options)
    const vectors = this.copied('partial: queries', queries)
    const bound = checkReals('partial: peaks', peaks, vectors.count)
    const sums = readSums('partial: before', before, vectors.count, this.#width(addend))
    this.#part('partial', whole).add(vectors, bound, addend, sums)
    return sums
  }

  /**
   * The step of which `before` has all sums: states, how many keys had weight, and the energies of the queries. Any part can say it.
   * @throws HopfieldError as `partial`; ERR_HOPFIELD_RANGE where keys are missing.
   */
  complete(queries: VectorsLike, options: PartialOptions): KeyStep {
    const { whole, peaks, before, addend } = PARTIAL.read('complete', options)
    const vectors = this.copied('complete: queries', queries)
    const bound = checkReals('complete: peaks', peaks, vectors.count)
    const sums = readSums('complete: before', before, vectors.count, this.#width(addend))
    checkInteger('complete: before.count', sums.count, whole.count, whole.count)
    return this.#part('complete', whole).complete(vectors, bound, sums)
  }

  #width(addend: Addend): number {
    return addend === 'nothing' ? 0 : addend === 'keys' ? this.dimension : this.valueDimension
  }

  #part(method: string, whole: KeyFacts): KeyPart {
    return new KeyPart(method, this.kernels, this.memory(method), this.plan, whole)
  }

  override [GATHER](options: GatheredRetrievalOptions): Gathering<VectorLike, Float32Array, RetrievalResult> {
    const steps = stepsOf(RECALL_GATHERED.read('RecallBatcher', options))
    return {
      take: (name, query) => readVector(name, query, this.dimension).slice(),
      run: (rows, _, limits) => {
        const job = this.#job({ count: rows.length, data: joined(rows) }, steps)
        return beside(this.kernels, job, limits, () => this.rows.lease())
      },
    }
  }

  #one(method: string, query: VectorLike, options: RetrievalOptions | undefined): RetrievalResult {
    const steps = this.#steps(method, RECALL.read(method, options))
    const data = readVector(`${method}: query`, query, this.dimension)
    this.#agrees(method, steps)
    return this.#alone(this.memory(method), steps, data, intoOf(method, options)).only()
  }

  #batch(method: string, queries: VectorsLike, options: RetrievalOptions | undefined): RetrievalBatchResult {
    const steps = this.#steps(method, RECALL.read(method, options))
    const vectors = readVectors(`${method}: queries`, queries, this.dimension)
    this.#agrees(method, steps)
    return here(this.#job(vectors, steps, intoOf(method, options)), () => this.memory(method))
  }

  #async(
    method: string,
    queries: VectorsLike,
    options: RetrievalAsyncOptions | undefined,
  ): Promise<RetrievalBatchResult> {
    const read = RECALL_ASYNC.read(method, options)
    const steps = this.#steps(method, read)
    const job = (vectors: Vectors): RetrievalJob => this.#job(vectors, steps)
    return this.asked(method, 'queries', queries, read, job, steps.seen?.stored)
  }

  /** Which steps are asked for, and of which patterns; read before the queries, which are taken as they are. */
  #steps(method: string, read: Omit<ReturnType<typeof RECALL.read>, 'out'>): RetrievalSteps {
    const { only, mask } = read
    return stepsOf(read, only === undefined && mask === undefined ? undefined : this.seeing(method, read))
  }

  /** Refuses where reading the queries has changed what is stored. */
  #agrees(method: string, { seen }: RetrievalSteps): void {
    if (seen !== undefined) unchanged(method, seen.stored, this.patternCount)
  }

  #job(vectors: { count: number; data: Float32Array }, steps: RetrievalSteps, into?: Into): RetrievalJob {
    return new RetrievalJob(this.kernels, this.plan, vectors, steps, this.valueDimension, into)
  }

  #fixedPoint(query: Float32Array): RetrievalBatchResult {
    const memory = this.memory('fixedPoint')
    const asKeys = { ...memory, values: memory.keys, width: this.dimension }
    const steps = { maxSteps: 10_000, tolerance: 0, stops: true, energy: false }
    return this.#alone(asKeys, steps, query)
  }

  /** One query, by the shortest way. */
  #alone(memory: KeyMemory, steps: RetrievalSteps, query: Float32Array, into?: Into): RetrievalBatchResult {
    const { result, to } = awaited(1, memory.width, into)
    for (const association of retrieval(memory, this.plan, steps, query, 1, to, 0)) {
      if (association === undefined) continue
      const { memory: keys, queries, count, mask, out, potentials } = association
      this.kernels.retrieve(keys, queries, count, this.plan, mask, out, potentials)
    }
    return result
  }

  /** How much all other patterns count beside this one. */
  #others(at: number): number {
    const { salience } = this.rows.memory()
    const own = this.rows.salience(at)
    return ((salience?.total ?? this.patternCount) - own) / own
  }

  #settling(memory: KeyMemory): KeySettling {
    return new KeySettling(this.kernels, this.plan, memory)
  }

  /** Refuses where there are no balls. */
  #ball(method: string): KeyMemory {
    if (this.separator === 'epanechnikov') return this.memory(method)
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${method}: only known for separation 'epanechnikov', and this network has '${this.separator}'`,
    )
  }
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2
  return Math.sqrt(sum)
}
