import { type AsyncOptions, LATER } from '../../async/async-options.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { readVector, readVectors, type VectorLike, type VectorsLike } from '../../input/vectors.js'
import { beside, here } from '../runner.js'
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

  /** As `associationBatch`, off the event loop: the same bits for any `threads` and `chunk`. Queries are copied at the call. */
  async associationBatchAsync(queries: VectorsLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('associationBatchAsync', options)
    const vectors = this.copied('associationBatchAsync: queries', queries)
    const keys = this.stored('associationBatchAsync')
    const job = new AssociationsJob(this.kernels, this.plan, vectors, keys)
    return beside(this.kernels, job, limits, () => this.rows.lease())
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
    const vectors = this.copied('overlapsBatchAsync: queries', queries)
    const job = new SimilaritiesJob(this.kernels, this.plan, vectors, this.stored('overlapsBatchAsync'))
    return beside(this.kernels, job, limits, () => this.rows.lease())
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
    const job = this.#topJob('topAsync', this.copied('topAsync: queries', queries), wanted)
    const named = this.naming()
    const found = await beside(this.kernels, job, read, () => this.rows.lease())
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
    const vectors = this.copied('energyBatchAsync: states', states)
    this.stored('energyBatchAsync')
    const job = new KeyEnergiesJob(this.kernels, this.plan, vectors)
    return beside(this.kernels, job, limits, () => this.rows.lease())
  }

  #top(method: string, vectors: { count: number; data: Float32Array }, wanted: TopWanted): TopBatch {
    const found = here(this.#topJob(method, vectors, wanted), () => this.memory(method))
    return { ...found, ...this.named(found.indices) }
  }

  #topJob(method: string, vectors: { count: number; data: Float32Array }, wanted: TopWanted): TopJob {
    unchanged(method, wanted.stored, this.patternCount)
    return new TopJob(this.kernels, this.plan, vectors, wanted)
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
