import { type AsyncLimits, type AsyncOptions, LATER } from '../../async/async-options.js'
import { made } from '../../async/steps.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import {
  readingVectors,
  readVector,
  readVectors,
  type VectorLike,
  type Vectors,
  type VectorsLike,
} from '../../input/vectors.js'
import type { KeyMemory } from '../../kernels/contract/kernels.js'
import { beside, here, type Job } from '../runner.js'
import { AssociationsJob, KeyEnergiesJob, SimilaritiesJob } from './key-measures.js'
import { KeyedMemory } from './keyed-memory.js'
import {
  TOP,
  TOP_ASYNC,
  type TopAsyncOptions,
  type TopBatch,
  type TopOptions,
  type TopPatterns,
} from './modern-options.js'
import { readSeen, type Seeing, type Seen, unchanged } from './seen-keys.js'
import { TopJob, type TopWanted } from './top-job.js'

/** The base of memories that compare queries with their keys: what there is to ask without a recall. */
export abstract class ComparingMemory extends KeyedMemory {
  /** The M weights p of a query: softmax(β X ξ), or those of another separator. They sum to 1. */
  association(query: VectorLike): Float64s {
    return this.associate('association', readVector('association: query', query, this.dimension))
  }

  /** The weights of many queries, each as `association` gives them: B × M numbers, row-major. */
  associationBatch(queries: VectorsLike): Float64s {
    const vectors = readVectors('associationBatch: queries', queries, this.dimension)
    const job = new AssociationsJob(this.kernels, this.plan, vectors, this.stored('associationBatch'))
    return here(job, () => this.memory('associationBatch'))
  }

  /**
   * As `associationBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are read in small steps, so do not change
   * them until the promise settles.
   */
  async associationBatchAsync(queries: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('associationBatchAsync', options)
    return this.asked('associationBatchAsync', 'queries', queries, limits, (vectors, keys) => {
      return new AssociationsJob(this.kernels, this.plan, vectors, keys)
    })
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

  /**
   * As `overlapsBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are read in small steps, so do not change
   * them until the promise settles.
   */
  async overlapsBatchAsync(queries: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('overlapsBatchAsync', options)
    return this.asked('overlapsBatchAsync', 'queries', queries, limits, (vectors, keys) => {
      return new SimilaritiesJob(this.kernels, this.plan, vectors, keys)
    })
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

  /**
   * As `topBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are read in small steps, so do not change them
   * until the promise settles.
   */
  async topAsync(queries: VectorsLike, k: number, options?: TopAsyncOptions): Promise<TopBatch> {
    const read = TOP_ASYNC.read('topAsync', options)
    const wanted = this.#wanted('topAsync', k, read)
    const asked = this.asked(
      'topAsync',
      'queries',
      queries,
      read,
      (vectors) => new TopJob(this.kernels, this.plan, vectors, wanted),
      wanted.stored,
    )
    const named = this.naming()
    const found = await asked
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

  /**
   * As `energyBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read in small steps, so do not change
   * them until the promise settles.
   */
  async energyBatchAsync(states: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('energyBatchAsync', options)
    return this.asked('energyBatchAsync', 'states', states, limits, (vectors) => {
      return new KeyEnergiesJob(this.kernels, this.plan, vectors)
    })
  }

  /**
   * Asks the keys as they are at the call about vectors that are read in small steps.
   * @param stored how many keys there were where something that depends on it was read before.
   */
  protected asked<Result>(
    method: string,
    name: string,
    given: VectorsLike,
    limits: AsyncLimits,
    jobOf: (vectors: Vectors, keys: number) => Job<KeyMemory, Result>,
    stored?: number,
  ): Promise<Result> {
    // The first look may run the caller's code.
    const reading = readingVectors(`${method}: ${name}`, given, this.dimension)
    const keys = this.patternCount
    if (stored !== undefined) unchanged(method, stored, keys)
    const job = made(reading, (vectors) => jobOf(vectors, this.stored(method, keys)))
    return beside(this.kernels, job, limits, () => this.rows.lease())
  }

  #top(method: string, vectors: { count: number; data: Float32Array }, wanted: TopWanted): TopBatch {
    unchanged(method, wanted.stored, this.patternCount)
    const found = here(new TopJob(this.kernels, this.plan, vectors, wanted), () => this.memory(method))
    return { ...found, ...this.named(found.indices) }
  }

  /** What is asked of the keys, read before the queries, which are taken as they are. */
  #wanted(method: string, k: number, { values, ...seeing }: Seeing & { values: boolean }): TopWanted {
    checkInteger(`${method}: k`, k, 1, 2 ** 32)
    const { stored, flags: seen, count } = this.seeing(method, seeing)
    return { k: Math.min(k, count), stored, seen, values: values ? this.valueDimension : undefined }
  }

  /** Which patterns may be looked at. */
  protected seeing(method: string, options: Seeing): Seen {
    const stored = this.stored(method)
    const seen = readSeen(method, options, stored, (which) => this.place(method, which))
    unchanged(method, stored, this.patternCount)
    return seen
  }

  protected associate(method: string, query: Float32Array): Float64s {
    const memory = this.memory(method)
    const weights = new Float64Array(memory.count)
    this.kernels.associate(memory, query, 1, this.plan, weights)
    return weights
  }

  #similarities(method: string, data: Float32Array, count: number): Float64s {
    const job = new SimilaritiesJob(this.kernels, this.plan, { data, count }, this.stored(method))
    return here(job, () => this.memory(method))
  }

  #energies(method: string, data: Float32Array, count: number): Float64s {
    return here(new KeyEnergiesJob(this.kernels, this.plan, { data, count }), () => this.memory(method))
  }
}
