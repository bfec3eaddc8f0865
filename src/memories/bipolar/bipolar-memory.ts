import { readAsyncOptions } from '../../async/options.js'
import { stateReader } from '../../input/state-reader.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import { checkBoolean, checkIndex } from '../../input/validate.js'
import type { Kernels, Tie } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import type { Nearest } from '../../patterns/nearest-patterns.js'
import { PackedPatterns } from '../../patterns/packed-patterns.js'
import type { PatternMemory } from '../../storage/weights.js'
import { nearest, overlapTable } from './batch-measures.js'
import { type Classification, classify } from './classify.js'
import { recallAsync } from './recall-async.js'
import {
  BATCH_KEYS,
  KEYS,
  type RecallAsyncOptions,
  type RecallBatchOptions,
  type RecallOptions,
  type RecallRequest,
  readRecallAsyncOptions,
  readRecallOptions,
} from './recall-options.js'
import type { BatchResult, RecallResult } from './recall-results.js'
import { divided, Recaller } from './recaller.js'
import { streamReader } from './streams.js'

/** What a network of ±1 neurons is made of. */
export interface MemoryParts {
  readonly neurons: number
  readonly kernels: Kernels
  readonly memory: PatternMemory
  /** {@link RecallPlan.scale}; it may change with what is stored. */
  readonly scale: () => number
  /** What is added to every external field of a recall, whether one is given or not. */
  readonly ownField?: () => Float64Array | undefined
  /** Recall options this network does not know. */
  readonly without?: readonly (keyof RecallOptions)[]
}

/**
 * What all memories of ±1 patterns do alike: store, look, recall. `Without` names the recall options a network does not
 * have.
 */
export abstract class BipolarMemory<Without extends keyof RecallOptions = never> {
  /** N. */
  readonly neurons: number
  readonly #kernels: Kernels
  readonly #memory: PatternMemory
  readonly #recaller: Recaller
  readonly #scale: () => number
  readonly #ownField: () => Float64Array | undefined
  readonly #keys: readonly string[]
  readonly #batchKeys: readonly string[]

  constructor({ neurons, kernels, memory, scale, ownField, without = [] }: MemoryParts) {
    this.neurons = neurons
    this.#kernels = kernels
    this.#memory = memory
    this.#scale = scale
    this.#ownField = ownField ?? (() => undefined)
    this.#recaller = new Recaller(kernels, memory, neurons)
    const known = (key: string): boolean => !(without as readonly string[]).includes(key)
    this.#keys = KEYS.filter(known)
    this.#batchKeys = BATCH_KEYS.filter(known)
  }

  /** What the kernels' fields, and twice their energies, are divided by. */
  protected get scale(): number {
    return this.#scale()
  }

  /** The external field a recall has where this one, or none, is given. */
  protected external(given: Float64Array | undefined): Float64Array | undefined {
    const own = this.#ownField()
    return own === undefined || given === undefined ? (own ?? given) : own.map((b, i) => b + given[i])
  }

  /** P, how many patterns are stored. */
  get patternCount(): number {
    return this.#memory.count
  }

  /** α = P/N. */
  get load(): number {
    return this.patternCount / this.neurons
  }

  /**
   * Stores one pattern or several, in addition to what is there. All or none are stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(patterns: StatesLike): this {
    this.#memory.store(readStates('patterns', patterns, this.neurons))
    return this
  }

  /** Takes pattern `index` out again; later patterns move up by one. */
  forget(index: number): this {
    this.#memory.forget(checkIndex('index', index, this.patternCount))
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#memory.clear()
    return this
  }

  /** Pattern mu as N values ±1, a copy. */
  pattern(mu: number): Int8Array {
    checkIndex('mu', mu, this.patternCount)
    const out = new Int8Array(this.neurons)
    this.#kernels.unpack(this.#memory.rows(mu, mu + 1), 1, this.neurons, out)
    return out
  }

  /** The stored patterns, packed; a copy. */
  patterns(): PackedPatterns {
    return new PackedPatterns({
      neurons: this.neurons,
      words: this.#memory.rows(0, this.patternCount).slice(),
    })
  }

  /** m^μ = (1/N) Σ_i ξ_i^μ s_i for every stored pattern: P values from −1 to 1. */
  overlaps(state: StateLike): Float64Array {
    return divided(this.#memory.overlaps(packedState(this.#kernels, state, this.neurons)), this.neurons)
  }

  /**
   * Overlaps of many states with every stored pattern, each as `overlaps` would give it: B × P values, row-major.
   * @param states as recallBatch takes them.
   */
  overlapsBatch(states: StatesLike): Float64Array {
    const reader = stateReader('states', states, this.neurons)
    return overlapTable(this.#kernels, this.#memory.memory(false), reader)
  }

  /**
   * The stored pattern nearest to each of many states, by looking at all of them: no dynamics, and no spurious state. It is
   * where the exponential memory (Demircigil et al. 2017) would go if its interaction were infinitely steep.
   *
   * The patterns are laid out for it at the first call after a change and then kept: N·P/8 bytes more.
   * @param states as recallBatch takes them.
   * @throws HopfieldError ERR_HOPFIELD_RANGE where nothing is stored; for `states` as `recallBatch`.
   */
  nearest(states: StatesLike): Nearest {
    const reader = stateReader('states', states, this.neurons)
    return nearest(this.#kernels, () => this.#memory.planes(), this.patternCount, this.neurons, reader)
  }

  /**
   * What a state is to this memory: a stored pattern, the inverse of one, a mixture of some, or none of these, and the pattern
   * it overlaps most with. It says nothing about stability: `isFixedPoint` does.
   */
  classify(state: StateLike): Classification {
    const row = packedState(this.#kernels, state, this.neurons)
    return classify(this.#memory.overlaps(row), this.neurons, row, (mu) => this.#memory.rows(mu, mu + 1))
  }

  /**
   * Lets one cue fall to an attractor.
   *
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument. The cue is never changed.
   */
  recall(cue: StateLike, options?: Omit<RecallOptions, Without>): RecallResult {
    const request = this.#grounded(readRecallOptions(options, this.neurons, this.scale, this.#keys))
    return this.#recaller.one(readState('cue', cue, this.neurons), request)
  }

  /**
   * Recalls many cues here and now, each exactly as `recall` would with `stream + b` for cue b.
   * @param options.packed true: `states` are PackedPatterns, one bit a neuron.
   * @param options.streams the `stream` of each cue by itself.
   * @throws HopfieldError as `recall`.
   */
  recallBatch(
    cues: StatesLike,
    options: Omit<RecallBatchOptions, Without> & { packed: true },
  ): BatchResult<PackedPatterns>
  recallBatch(
    cues: StatesLike,
    options?: Omit<RecallBatchOptions, Without> & { packed?: false },
  ): BatchResult<Int8Array>
  recallBatch(cues: StatesLike, options?: Omit<RecallBatchOptions, Without>): BatchResult
  recallBatch(cues: StatesLike, options?: RecallBatchOptions): BatchResult {
    const request = readRecallOptions(options, this.neurons, this.scale, this.#batchKeys)
    const { plan, trace } = this.#grounded(request)
    const { packed = false } = options ?? {}
    checkBoolean('packed', packed)
    const source = readStates('cues', cues, this.neurons)
    const streams = streamReader(options, source.count)?.read(0, source.count)
    return this.#recaller.batch(source, { plan: { ...plan, streams }, trace }, packed)
  }

  /**
   * As `recallBatch`, off the event loop: the same bits, whatever `threads` and `chunk`. The event loop is never held
   * for more than a few milliseconds; only where one recall takes longer, the TypeScript backend holds it for that one.
   *
   * The memory is the one at the call: patterns stored or forgotten meanwhile are seen by later recalls. Cues are read
   * chunk by chunk as they are needed, so leave them alone until the promise settles.
   *
   * Rejects, and never throws: with HopfieldError as `recallBatch` throws, ERR_HOPFIELD_SHAPE also if the cues were
   * transferred meanwhile; with `signal.reason`; with what `onProgress` threw. By then nothing is in flight any more.
   */
  recallAsync(
    cues: StatesLike,
    options: Omit<RecallAsyncOptions, Without> & { packed: true },
  ): Promise<BatchResult<PackedPatterns>>
  recallAsync(
    cues: StatesLike,
    options?: Omit<RecallAsyncOptions, Without> & { packed?: false },
  ): Promise<BatchResult<Int8Array>>
  recallAsync(cues: StatesLike, options?: Omit<RecallAsyncOptions, Without>): Promise<BatchResult>
  async recallAsync(cues: StatesLike, options?: RecallAsyncOptions): Promise<BatchResult> {
    const request = readRecallAsyncOptions(options, this.neurons, this.scale, this.#batchKeys)
    const { plan } = this.#grounded(request)
    const limits = readAsyncOptions(options)
    const { packed = false } = options ?? {}
    checkBoolean('packed', packed)
    const reader = stateReader('cues', cues, this.neurons)
    const streams = streamReader(options, reader.count)
    return recallAsync(this.#kernels, this.#memory, this.neurons, {
      plan,
      cues: reader,
      streams,
      packed,
      limits,
    })
  }

  #grounded(request: RecallRequest): RecallRequest {
    const { plan } = request
    const externalField = this.external(plan.externalField)
    return externalField === plan.externalField ? request : { ...request, plan: { ...plan, externalField } }
  }
}

/** A state from outside as R words. */
export function packedState(kernels: Kernels, state: StateLike, neurons: number): Uint32Array {
  const row = new Uint32Array(rowWords(neurons))
  readState('state', state, neurons).packInto(kernels, row)
  return row
}

/** Whether every neuron agrees with its field; `field` tells that of neuron i. */
export function isStable(row: Uint32Array, neurons: number, tie: Tie, field: (i: number) => number): boolean {
  for (let i = 0; i < neurons; i++) {
    const value = spin(row, i)
    const h = field(i)
    const next = h !== 0 ? Math.sign(h) : tie === 'keep' ? value : tie === 'positive' ? 1 : -1
    if (next !== value) return false
  }
  return true
}
