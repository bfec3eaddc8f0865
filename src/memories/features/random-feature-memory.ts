import {
  type AsyncLimits,
  type AsyncOptions,
  LATER as MEASURE_LATER,
  WHOLE_LATER,
  type WholeOptions,
} from '../../async/async-options.js'
import { followed, made, oneStep, type Steps } from '../../async/steps.js'
import { describe, HopfieldError } from '../../errors.js'
import { onlyRow } from '../../input/number-rows.js'
import { type Into, intoOf } from '../../input/out.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import type { UnitRowLike, UnitRowsLike } from '../../input/unit-rows.js'
import type { Vectors } from '../../input/vectors.js'
import { FEATURE_ONE, FEATURES, featureSide, type Kernels } from '../../kernels/contract/kernels.js'
import { FEATURE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { FeatureSums } from '../../storage/feature-sums.js'
import type { RecordWriter } from '../../storage/record.js'
import { joined } from '../batch.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import { energyOf, MeasureJob } from './feature-measures.js'
import {
  type Ascending,
  type FeatureRecallAsyncOptions,
  type FeatureRecallOptions,
  type FeatureVectors,
  GATHERED,
  HERE,
  LATER,
  type RandomFeatureMemoryOptions,
  SCHEMA,
} from './feature-options.js'
import {
  type FeatureRecallBatchResult,
  FeatureRecallJob,
  type FeatureRecallResult,
} from './feature-recall-job.js'
import { readFeatureVectors, readingFeatureVectors } from './feature-vectors.js'

/**
 * An associative memory whose size does not grow: it keeps sums of random features of what was stored, and nothing else (Hoover et al. 2024,
 * "Dense associative memory through the lens of random features"; Rahimi and Recht 2007; Yu et al. 2016).
 *
 * Its energy estimates that of the modern Hopfield network of unit vectors, E(x) = −β⁻¹ ln Σ_μ e^(−β(1 − x·ξ^μ)), with an error that falls as
 * 1/√Y. Storing adds, forgetting subtracts, memories merge, all exactly and in any order. What was stored cannot be listed.
 *
 * A recall gives the same bits on every backend, tier and machine, alone and in any batch.
 */
export class RandomFeatureMemory extends KeptMemory {
  static readonly [KIND]: string = 'RandomFeatureMemory'
  readonly dimension: number
  readonly frequencies: number
  readonly beta: number
  readonly vectors: FeatureVectors
  readonly seed: number | bigint
  readonly #kernels: Kernels
  readonly #sums: FeatureSums
  /** What memories that merge must have in common; nobody can write to it. */
  readonly #made: Readonly<Record<string, string | number | bigint>>

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: RandomFeatureMemoryOptions) {
    const opened = openedRecord()
    const { dimension, frequencies, beta, vectors, seed, backend } = SCHEMA.read(
      'RandomFeatureMemory',
      options,
    )
    const kernels = kernelsFor(backend, FEATURE_KERNELS)
    const sums = new FeatureSums(kernels, plan(dimension, frequencies, beta, vectors), seed)
    super(backend, sums, opened)
    this.dimension = dimension
    this.frequencies = frequencies
    this.beta = beta
    this.vectors = vectors
    this.seed = whole(seed)
    this.#kernels = kernels
    this.#sums = sums
    this.#made = { dimension, frequencies, beta, vectors, seed: this.seed }
  }

  /** M, the number of vectors whose features are summed. They cannot be listed: `patternCount` is 0. */
  get vectorCount(): number {
    return this.#sums.vectorCount
  }

  /**
   * Adds vectors. If it throws, none is stored.
   * @param vectors M × d numbers, flat, nested or packed: of any length but 0, or ±1.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number or vector that is refused; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_RANGE for more
   * than 2^28 vectors in all; ERR_HOPFIELD_BUSY during another change.
   */
  store(vectors: UnitRowsLike): this {
    return this.#add('store', vectors, 1)
  }

  /**
   * As `store`, beside other work: the same bits. Until it has ended the memory is what it was. Vectors are read in small steps, so do not
   * change them until the promise settles.
   */
  async storeAsync(vectors: UnitRowsLike, options?: WholeOptions): Promise<this> {
    return this.#addAsync('storeAsync', vectors, 1, options)
  }

  /**
   * Takes vectors away again that were stored: the memory is then as if they had never been, to the last bit. It cannot tell whether they
   * were stored: forgetting one that never was takes 1 from the density at it.
   * @throws HopfieldError as `store`; ERR_HOPFIELD_RANGE for more vectors than are stored.
   */
  forget(vectors: UnitRowsLike): this {
    return this.#add('forget', vectors, -1)
  }

  /** As `forget`, beside other work: the same bits. Vectors are read as `storeAsync` reads them. */
  async forgetAsync(vectors: UnitRowsLike, options?: WholeOptions): Promise<this> {
    return this.#addAsync('forgetAsync', vectors, -1, options)
  }

  /**
   * Adds everything that another memory has stored, which keeps it. The result is that of storing all of it here, to the last bit.
   * @throws HopfieldError ERR_HOPFIELD_OPTION if the other memory differs in dimension, frequencies, β, kind of vectors or seed; ERR_HOPFIELD_TYPE.
   */
  merge(other: RandomFeatureMemory): this {
    return this.change('merge', () => {
      if (typeof other !== 'object' || other === null || !(#sums in other))
        throw new HopfieldError(
          'ERR_HOPFIELD_TYPE',
          `merge: other: expected a RandomFeatureMemory, got ${describe(other)}`,
        )
      for (const [name, value] of Object.entries(this.#made)) {
        const got = other.#made[name]
        if (got === value) continue
        throw new HopfieldError(
          'ERR_HOPFIELD_OPTION',
          `merge: other: expected a memory with the same ${name} (${value}), got ${got}`,
        )
      }
      this.#sums.merge(other.#sums)
    })
  }

  /** Removes everything. */
  clear(): this {
    return this.change('clear', () => this.#sums.clear())
  }

  /**
   * Recalls from one cue: climbs the estimated density to a state where it rests.
   * @param cue d numbers, of any length but 0, or ±1.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: UnitRowLike, options?: FeatureRecallOptions): FeatureRecallResult {
    const read = HERE.read('recall', options)
    const job = this.#job(this.#row('recall: cue', cue), read, intoOf('recall', options))
    return here(job, () => this.#sums.arrays()).only()
  }

  /** Recalls many cues on this thread; each gives the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: FeatureRecallOptions): FeatureRecallBatchResult {
    const read = HERE.read('recallBatch', options)
    const job = this.#job(this.#rows('recallBatch: cues', cues), read, intoOf('recallBatch', options))
    return here(job, () => this.#sums.arrays())
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are read in small steps, so do not change them
   * until the promise settles.
   */
  async recallAsync(
    cues: UnitRowsLike,
    options?: FeatureRecallAsyncOptions,
  ): Promise<FeatureRecallBatchResult> {
    const read = LATER.read('recallAsync', options)
    return this.#recallBeside(this.#reading('recallAsync: cues', cues), read, read)
  }

  /** E = −β⁻¹ ln of the density at a state; Infinity where that is not positive. */
  energy(state: UnitRowLike): number {
    return this.#measured('energy', this.#row('energy: state', state))[0]
  }

  /** E of many states, each as `energy` gives it: B numbers. */
  energyBatch(states: UnitRowsLike): Float64s {
    return this.#measured('energy', this.#rows('energyBatch: states', states))
  }

  /**
   * As `energyBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read in small steps, so do not change
   * them until the promise settles.
   */
  async energyBatchAsync(states: UnitRowsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = MEASURE_LATER.read('energyBatchAsync', options)
    return this.#measuredBeside('energy', this.#reading('energyBatchAsync: states', states), limits)
  }

  /**
   * The estimate of Σ_μ e^(−β(1 − x·ξ^μ)) at a state x: about how many stored vectors it is like. Its error is a random number, of about
   * √(M/2Y) for M vectors that are not alike, so it may be negative.
   */
  density(state: UnitRowLike): number {
    return this.#measured('density', this.#row('density: state', state))[0]
  }

  /** The density at many states, each as `density` gives it: B numbers. */
  densityBatch(states: UnitRowsLike): Float64s {
    return this.#measured('density', this.#rows('densityBatch: states', states))
  }

  /**
   * As `densityBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read in small steps, so do not change
   * them until the promise settles.
   */
  async densityBatchAsync(states: UnitRowsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = MEASURE_LATER.read('densityBatchAsync', options)
    return this.#measuredBeside('density', this.#reading('densityBatchAsync: states', states), limits)
  }

  protected override record(to: RecordWriter): string {
    const { dimension, frequencies, beta, vectors, seed } = this
    for (const [name, value] of Object.entries({ dimension, frequencies, beta, vectors, seed }))
      to.option(name, value)
    return 'features'
  }

  protected override facts(): object {
    const { dimension, frequencies, beta, vectors, vectorCount } = this
    return { dimension, frequencies, stored: vectorCount, beta, vectors, form: 'features' }
  }

  override [GATHER](options: FeatureRecallOptions): Gathering<UnitRowLike, Float32s, FeatureRecallResult> {
    const read = GATHERED.read('RecallBatcher', options)
    return {
      take: (name, cue) => this.#row(name, cue),
      run: (rows, _, limits) => {
        const cues = oneStep(() => ({ count: rows.length, data: joined(rows) }))
        return this.#recallBeside(cues, read, limits)
      },
    }
  }

  #job(cues: Float32Array, read: Ascending, into?: Into): FeatureRecallJob {
    return new FeatureRecallJob(this.#kernels, this, cues, read, into)
  }

  #recallBeside(
    reading: Steps<Vectors>,
    read: Ascending,
    limits: AsyncLimits,
  ): Promise<FeatureRecallBatchResult> {
    const job = made(reading, ({ data }) => this.#job(data, read))
    return beside(this.#kernels, job, limits, () => this.#sums.lease())
  }

  #measure(what: 'energy' | 'density', states: Float32Array): MeasureJob {
    const measure = what === 'energy' ? (f: number) => energyOf(f, this.beta) : (f: number) => f
    return new MeasureJob(this.#kernels, states, this.dimension, measure)
  }

  #measured(what: 'energy' | 'density', states: Float32s): Float64s {
    return here(this.#measure(what, states), () => this.#sums.arrays())
  }

  #measuredBeside(
    what: 'energy' | 'density',
    reading: Steps<Vectors>,
    limits: AsyncLimits,
  ): Promise<Float64s> {
    const job = made(reading, ({ data }) => this.#measure(what, data))
    return beside(this.#kernels, job, limits, () => this.#sums.lease())
  }

  #add(method: string, given: UnitRowsLike, factor: 1 | -1): this {
    return this.change(method, () => {
      const vectors = this.#rows(`${method}: vectors`, given)
      this.#sums.add(vectors, vectors.length / this.dimension, factor)
    })
  }

  async #addAsync(
    method: string,
    given: UnitRowsLike,
    factor: 1 | -1,
    options: WholeOptions | undefined,
  ): Promise<this> {
    const { signal, onProgress } = WHOLE_LATER.read(method, options)
    return this.changeAsync(method, { signal, onProgress }, () =>
      followed(this.#reading(`${method}: vectors`, given), ({ data, count }) =>
        this.#sums.adding(data, count, factor),
      ),
    )
  }

  #reading(name: string, given: UnitRowsLike): Steps<Vectors> {
    return readingFeatureVectors(name, given, this.dimension, this.vectors)
  }

  #rows(name: string, given: UnitRowsLike): Float32s {
    return this.#read(name, given).data as Float32s
  }

  #row(name: string, given: UnitRowLike): Float32s {
    return onlyRow(name, this.#read(name, given as UnitRowsLike), this.dimension) as Float32s
  }

  #read(name: string, given: UnitRowsLike): Vectors {
    return readFeatureVectors(name, given, this.dimension, this.vectors)
  }
}

/** Frequencies of a normal distribution of variance β, in turns, by rows of length D of a block. */
function plan(dimension: number, frequencies: number, beta: number, vectors: FeatureVectors): Float64Array {
  const out = new Float64Array(FEATURES.length)
  const width = Math.sqrt(beta) / featureSide(dimension)
  const length = vectors === 'bipolar' ? Math.sqrt(dimension) : 1
  const unit = 1 / (frequencies * FEATURE_ONE)
  out[FEATURES.dimension] = dimension
  out[FEATURES.frequencies] = frequencies
  out[FEATURES.scale] = width / length / (2 * Math.PI)
  out[FEATURES.unit] = unit
  // The gradient by a vector of length 1, over β, as the state is scaled.
  out[FEATURES.gain] = ((unit * width) / beta) * length
  return out
}

function whole([low, high]: readonly [low: number, high: number]): number | bigint {
  const seed = (BigInt(high) << 32n) | BigInt(low)
  return seed <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(seed) : seed
}
