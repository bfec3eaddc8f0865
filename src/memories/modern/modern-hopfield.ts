import { inChunks, oneAtATime } from '../../async/chunks.js'
import { readAsyncOptions } from '../../async/options.js'
import { allocate, HopfieldError } from '../../errors.js'
import { checkChoice, checkIndex, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import { readVector, readVectors, type VectorLike, type VectorsLike } from '../../input/vectors.js'
import type {
  Kernels,
  KeyMemory,
  RetrievalPlan,
  Separator,
  Similarity,
} from '../../kernels/contract/kernels.js'
import { queryFacts, weigh } from '../../kernels/reference/retrieval.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { exp } from '../../numerics/exp.js'
import { KeyRows } from '../../storage/key-rows.js'
import { separation } from './key-separation.js'
import {
  RETRIEVAL_ASYNC_KEYS,
  type RetrievalAsyncOptions,
  type RetrievalOptions,
  readBeta,
  readRetrievalOptions,
} from './retrieval-options.js'
import { type Association, energyOf, type Retrieved, retrieval } from './retrieval-steps.js'

export interface ModernHopfieldOptions {
  /** d, numbers a key and a query have, 1 to 2^24. */
  dimension: number
  /** e, numbers a value has, where values of their own are stored; otherwise keys are read out themselves. */
  valueDimension?: number
  /** Inverse temperature, 1e-100 to 1e100, or 'auto' (default): 1/√d, as attention has it. */
  beta?: number | 'auto'
  /** What a query is compared by (Millidge et al. 2022): 'dot' (default), 'cosine', or 'euclidean', −½‖q − k‖². */
  similarity?: Similarity
  /** What makes weights of similarities: 'softmax' (default), or 'sparsemax' and 'entmax15' with exact zeros. */
  separator?: Separator
  /** Keys to make room for at once; more may be stored. */
  capacity?: number
  /** 'auto' (default) is what `backend()` reports. */
  backend?: BackendChoice
}

/** How one retrieval ended. */
export interface RetrievalResult {
  /** d numbers, or e where values of their own are stored; a fresh array. */
  state: Float32Array
  /** Associations made. */
  steps: number
  /** Whether the last update moved no component by more than the tolerance (0 where none was given). */
  converged: boolean
  /** E where the state came to rest (with values of their own: of the last query); NaN if not wanted. */
  energy: number
}

/** How the retrievals of B queries ended, row b for query b. */
export interface RetrievalBatchResult {
  /** B × d, or B × e, row-major. */
  states: Float32Array
  steps: Uint32Array
  converged: Uint8Array
  energies: Float64Array
}

/** The heaviest patterns of an association. */
export interface TopPatterns {
  /** k indices, the heaviest first, the lower index first where weights are equal. */
  indices: Uint32Array
  /** Their association weights. */
  weights: Float64Array
}

/** What a query falls to (Ramsauer et al. 2021, section 2). */
export interface FixedPointKind {
  /** One pattern, the mean of some, or the mean of more than half of all. */
  kind: 'single' | 'metastable' | 'global'
  /** The patterns that hold `mass` of the association between them, the heaviest first. */
  members: Uint32Array
  /** The fixed point, d numbers. */
  state: Float32Array
  converged: boolean
}

/**
 * The modern Hopfield network of continuous patterns (Ramsauer et al. 2021), whose update ξ' = Xᵀ softmax(β X ξ) is
 * attention: retrieval in one step from exponentially many patterns, if they are well separated.
 *
 * Data are f32, sums f64 in a fixed order; all results are the same bits on every backend, tier and machine, whatever
 * other queries are in the batch.
 */
export class ModernHopfield {
  readonly dimension: number
  readonly valueDimension: number
  /** β as it is used. */
  readonly beta: number
  readonly similarity: Similarity
  readonly separator: Separator
  readonly #kernels: Kernels
  readonly #rows: KeyRows
  readonly #plan: RetrievalPlan

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ModernHopfieldOptions) {
    checkOptions('ModernHopfield', options ?? null, [
      'dimension',
      'valueDimension',
      'beta',
      'similarity',
      'separator',
      'capacity',
      'backend',
    ])
    const {
      beta = 'auto',
      similarity = 'dot',
      separator = 'softmax',
      capacity = 0,
      backend = 'auto',
    } = options
    this.dimension = checkInteger('dimension', options.dimension, 1, MAX_DIMENSION)
    const width =
      options.valueDimension === undefined
        ? undefined
        : checkInteger('valueDimension', options.valueDimension, 1, MAX_DIMENSION)
    this.valueDimension = width ?? this.dimension
    this.beta = readBeta(beta, this.dimension)
    this.similarity = checkChoice('similarity', similarity, SIMILARITIES)
    this.separator = checkChoice('separator', separator, SEPARATORS)
    checkInteger('capacity', capacity, 0, 2 ** 32)
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    this.#rows = new KeyRows(this.#kernels, this.dimension, width, this.similarity, capacity)
    this.#plan = { beta: this.beta, similarity: this.similarity, separator: this.separator }
  }

  /** M, how many patterns are stored. */
  get patternCount(): number {
    return this.#rows.count
  }

  /**
   * Stores M more patterns, all or none, as f32.
   * @param keys M × d numbers, flat or nested.
   * @param values M × e numbers, if the network has values of their own, and then always.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first number that f32 cannot hold; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(keys: VectorsLike, values?: VectorsLike): this {
    const { count, data } = readVectors('keys', keys, this.dimension)
    const stored = this.#values('values', values, (given) =>
      readVectors('values', given, this.valueDimension),
    )
    if (stored !== undefined && stored.count !== count) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `values: expected one a key, ${count}, got ${stored.count}`,
      )
    }
    this.#rows.append(data, stored?.data ?? data, count)
    return this
  }

  /** Puts another pattern in the place of pattern `index`. */
  replace(index: number, key: VectorLike, value?: VectorLike): this {
    checkIndex('index', index, this.patternCount)
    const row = readVector('key', key, this.dimension)
    const stored = this.#values('value', value, (given) => readVector('value', given, this.valueDimension))
    this.#rows.replace(index, row, stored ?? row)
    return this
  }

  /** Takes pattern `index` out; later ones move up by one. */
  forget(index: number): this {
    this.#rows.forget(checkIndex('index', index, this.patternCount))
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#rows.clear()
    return this
  }

  /** Key mu as d numbers, a copy. */
  pattern(mu: number): Float32Array {
    return this.#rows.key(checkIndex('mu', mu, this.patternCount)).slice()
  }

  /** Value mu as e numbers, a copy; the key itself where there are no values of their own. */
  value(mu: number): Float32Array {
    return this.#rows.value(checkIndex('mu', mu, this.patternCount)).slice()
  }

  /**
   * ξ' = Xᵀ softmax(β X ξ), once or until it rests.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument; _RANGE where nothing is stored.
   */
  retrieve(query: VectorLike, options?: RetrievalOptions): RetrievalResult {
    const steps = readRetrievalOptions(options)
    const state = readVector('query', query, this.dimension)
    const result = this.#empty(1)
    for (const association of retrieval(this.#memory(), this.#plan, steps, state, 1, result, 0)) {
      this.#associate(association)
    }
    const { states, energies } = result
    return {
      state: states,
      steps: result.steps[0],
      converged: result.converged[0] === 1,
      energy: energies[0],
    }
  }

  /** Retrieves many queries here and now, each exactly as `retrieve` would. */
  retrieveBatch(queries: VectorsLike, options?: RetrievalOptions): RetrievalBatchResult {
    const steps = readRetrievalOptions(options)
    const { count, data } = readVectors('queries', queries, this.dimension)
    const result = this.#empty(count)
    for (const association of retrieval(this.#memory(), this.#plan, steps, data, count, result, 0)) {
      this.#associate(association)
    }
    return result
  }

  /**
   * As `retrieveBatch`, off the event loop: the same bits, whatever `threads` and `chunk`. The memory is the one at the
   * call: what is stored or forgotten meanwhile is seen by later retrievals. Queries are copied at the call.
   *
   * Rejects, and never throws: as `retrieveBatch` throws; with `signal.reason`; with what `onProgress` threw. By then
   * nothing is in flight any more.
   */
  async retrieveAsync(queries: VectorsLike, options?: RetrievalAsyncOptions): Promise<RetrievalBatchResult> {
    const steps = readRetrievalOptions(options, RETRIEVAL_ASYNC_KEYS)
    const { chunk, ...limits } = readAsyncOptions(options)
    const { count, data } = readVectors('queries', queries, this.dimension)
    this.#memory()
    const d = this.dimension
    const copy = data === queries ? data.slice() : data
    const result = this.#empty(count)
    const threads = this.#kernels.parallel ? limits.threads : 1
    const lease = this.#rows.lease()
    try {
      const work = {
        read: async (from: number, to: number) => copy.subarray(from * d, to * d),
        compute: async (some: Float32Array, from: number, to: number) => {
          const run = retrieval(lease.memory, this.#plan, steps, some, to - from, result, from)
          for (const { memory, queries: rows, count: rowCount, out, potentials } of run) {
            const associate = (): Promise<void> =>
              this.#kernels.retrieveAsync(memory, rows, rowCount, this.#plan, out, potentials)
            await (this.#kernels.parallel ? associate() : oneAtATime(associate))
          }
        },
      }
      await inChunks(count, { ...limits, threads, chunk: chunk ?? this.#chunk(count, threads) }, work)
    } finally {
      lease.release()
    }
    return result
  }

  /** The M association weights p of a query: softmax(β X ξ), or what the separator makes of it. They sum to 1. */
  association(query: VectorLike): Float64Array {
    const weights = new Float32Array(this.patternCount)
    const partition = this.#weigh(readVector('query', query, this.dimension), weights)
    return Float64Array.from(weights, (w) => w / partition)
  }

  /** The k heaviest patterns of a query's association; fewer if fewer are stored. */
  top(query: VectorLike, k: number): TopPatterns {
    checkInteger('k', k, 1, 2 ** 32)
    const all = this.association(query)
    const indices = heaviest(all, Math.min(k, all.length))
    return { indices, weights: Float64Array.from(indices, (mu) => all[mu]) }
  }

  /** E of a state (d numbers), with Ramsauer's constants; see docs/modern-hopfield.md for similarities other than 'dot'. */
  energy(state: VectorLike): number {
    const row = readVector('state', state, this.dimension)
    const memory = this.#memory()
    const potentials = new Float64Array(2)
    this.#kernels.retrieve(memory, row, 1, this.#plan, undefined, undefined, potentials)
    return energyOf(memory, this.#plan, row, potentials[0], potentials[1])
  }

  /**
   * Δ_i = min_{j≠i} (x_i·x_i − x_i·x_j), how far pattern `index` stands out (Ramsauer et al. 2021, definition 2); Infinity
   * where it is the only one. Negative where another pattern is more like it than it is itself.
   */
  separation(index: number): number {
    checkIndex('index', index, this.patternCount)
    return separation(this.#kernels, this.#memory(), index)
  }

  /**
   * An upper bound of ‖ξ' − x_i‖ after one association, softmax of dot products alone (Ramsauer et al. 2021, theorem 4):
   * 2(M − 1)·exp(−β(Δ_i − 2 max(‖ξ − x_i‖, ‖x*_i − x_i‖)·max‖x‖))·max‖x‖, x*_i the fixed point that x_i falls to.
   */
  retrievalErrorBound(index: number, query: VectorLike): number {
    checkIndex('index', index, this.patternCount)
    const row = readVector('query', query, this.dimension)
    if (this.similarity !== 'dot' || this.separator !== 'softmax') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        'retrievalErrorBound: known for dot products and softmax alone',
      )
    }
    const key = this.#rows.key(index)
    const fixed = this.#fixedPoint(key).states
    const distance = Math.max(distanceOf(row, key), distanceOf(fixed, key))
    const largest = this.#rows.largestNorm
    const exponent = -this.beta * (this.separation(index) - 2 * distance * largest)
    return this.patternCount === 1 ? 0 : 2 * (this.patternCount - 1) * exp(exponent) * largest
  }

  /**
   * What kind of fixed point a query falls to.
   * @param options.mass share of the association that counts as all of it, 0 to 1; 0.9 by default.
   */
  fixedPoint(query: VectorLike, options?: { mass?: number }): FixedPointKind {
    checkOptions('fixedPoint', options, ['mass'])
    const { mass = 0.9 } = options ?? {}
    checkNumber('mass', mass, 0, 1)
    const { states, converged } = this.#fixedPoint(readVector('query', query, this.dimension))
    const all = this.association(states)
    const descending = all.slice().sort().reverse()
    let held = 0
    let size = 0
    while (size < all.length && (size === 0 || held < mass)) held += descending[size++]
    const kind = size === 1 ? 'single' : 2 * size > all.length ? 'global' : 'metastable'
    return { kind, members: heaviest(all, size), state: states, converged: converged[0] === 1 }
  }

  #fixedPoint(query: Float32Array): Retrieved {
    const memory = this.#memory()
    const asKeys = { ...memory, values: memory.keys, width: this.dimension }
    const steps = { steps: 10_000, tolerance: 0, stops: true, energy: false }
    const result = { ...this.#empty(1), states: new Float32Array(this.dimension) }
    for (const association of retrieval(asKeys, this.#plan, steps, query, 1, result, 0)) {
      this.#associate(association)
    }
    return result
  }

  #associate({ memory, queries, count, out, potentials }: Association): void {
    this.#kernels.retrieve(memory, queries, count, this.#plan, undefined, out, potentials)
  }

  /** Weights of a query's association as they are before the division by what this returns. */
  #weigh(query: Float32Array, weights: Float32Array): number {
    const memory = this.#memory()
    const values = new Float64Array(memory.count)
    this.#kernels.logits(memory, query, 1, this.#plan, values)
    const facts = queryFacts(this.#plan, memory.largestNorm, query, 0, this.dimension)
    return weigh(this.#plan, facts, values, weights, new Float64Array(2))
  }

  #memory(): KeyMemory {
    if (this.patternCount === 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_RANGE',
        'patternCount: expected at least one stored pattern, got 0',
      )
    }
    return this.#rows.memory()
  }

  #values<T>(name: string, values: unknown, read: (given: unknown) => T): T | undefined {
    if (this.#rows.ownValues) return read(values)
    if (values === undefined) return undefined
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: this network reads out its keys; give valueDimension to the constructor`,
    )
  }

  #empty(count: number): RetrievalBatchResult {
    const size = count * this.valueDimension
    return {
      states: allocate('states', size * 4, () => new Float32Array(size)),
      steps: new Uint32Array(count),
      converged: new Uint8Array(count),
      energies: new Float64Array(count).fill(Number.NaN),
    }
  }

  /** Tens of milliseconds of multiply-adds; enough queries to share a pass over the keys; as even as may be. */
  #chunk(count: number, threads: number): number {
    const each = this.patternCount * (this.dimension + this.valueDimension)
    const most = Math.min(Math.max(Math.floor(2 ** 29 / each), 16), 4096)
    const share = Math.max(1, Math.ceil(count / threads))
    return Math.ceil(share / Math.ceil(share / most))
  }
}

const MAX_DIMENSION = 2 ** 24
export const SIMILARITIES = ['dot', 'cosine', 'euclidean'] as const
export const SEPARATORS = ['softmax', 'sparsemax', 'entmax15'] as const

/** Indices of the k heaviest weights, the heaviest first, the lower index first where they are equal. */
function heaviest(weights: Float64Array, k: number): Uint32Array {
  const least = weights.slice().sort()[weights.length - k]
  const above: number[] = []
  const equal: number[] = []
  for (const [mu, w] of weights.entries()) {
    if (w > least) above.push(mu)
    else if (w === least && equal.length < k) equal.push(mu)
  }
  above.sort((a, b) => weights[b] - weights[a] || a - b)
  return Uint32Array.from([...above, ...equal].slice(0, k))
}

function distanceOf(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += (a[k] - b[k]) ** 2
  return Math.sqrt(sum)
}
