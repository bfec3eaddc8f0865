import { readAsyncOptions } from '../async/options.js'
import type { Kernels, Tie } from '../kernels/kernels.js'
import { rowWords, spin } from '../kernels/layout.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { energyOf } from '../kernels/typescript/energy.js'
import type { Nearest } from '../patterns/nearest.js'
import { PackedPatterns } from '../patterns/packed-patterns.js'
import { MAX_NEURONS } from '../patterns/spins.js'
import { stateReader } from '../patterns/state-reader.js'
import { readState, readStates, type StateLike, type StatesLike } from '../patterns/states.js'
import { checkBoolean, checkChoice, checkIndex, checkInteger, checkOptions, checkReals } from '../validate.js'
import { DenseWeights } from '../weights/dense.js'
import { ImplicitWeights } from '../weights/implicit.js'
import type { Weights } from '../weights/weights.js'
import { energies, nearest, overlapTable } from './batch-measures.js'
import { recallAsync } from './recall-async.js'
import {
  BATCH_KEYS,
  type RecallAsyncOptions,
  type RecallBatchOptions,
  type RecallOptions,
  readRecallAsyncOptions,
  readRecallOptions,
  TIES,
} from './recall-options.js'
import { divided, Recaller } from './recaller.js'
import type { BatchResult, RecallResult } from './results.js'
import { type OpenedNetwork, openShared, type SharedNetwork } from './shared-network.js'
import { streamReader } from './streams.js'

export interface HopfieldNetworkOptions {
  /** N, 1 to 2^30. */
  neurons: number
  /** How patterns become weights. Hebb's rule is one-shot and incremental. */
  learning?: 'hebbian'
  /**
   * 'implicit' (default): the weights stay in the packed patterns, N·P/8 bytes, and the N×N matrix is never formed.
   * 'dense': 32-bit integers, 4·N² bytes; worth it only where P is close to N or beyond.
   */
  weights?: 'implicit' | 'dense'
  /** 'auto' (default) is what {@link backend} reports. */
  backend?: BackendChoice
  /** 'neurons' (default): weights, fields and energies carry the textbook's 1/N. 'none': they are the integers. */
  normalize?: 'neurons' | 'none'
}

/** Options of what is asked of one state. */
export interface StateOptions {
  /** N finite numbers b_i. */
  externalField?: ArrayLike<number>
}

/**
 * The Hopfield network of ±1 neurons with pairwise weights (Hopfield 1982).
 *
 * Weights J_ij = Σ_μ ξ_i^μ ξ_j^μ, J_ii = 0; local field h_i = (1/N) Σ_j J_ij s_j; energy E = −½ Σ_i s_i h_i − Σ_i b_i s_i.
 * About 0.138·N random patterns are retrievable, about N/(4 ln N) of them without a wrong bit.
 *
 * All results are the same bits on every backend, tier and machine.
 */
export class HopfieldNetwork {
  readonly neurons: number
  readonly #kernels: Kernels
  readonly #weights: Weights
  readonly #recaller: Recaller
  readonly #scale: number
  readonly #normalize: 'neurons' | 'none'
  /** What fromShared hands to the constructor, past its public options. */
  static #opened: OpenedNetwork | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: HopfieldNetworkOptions) {
    checkOptions('HopfieldNetwork', options ?? null, [
      'neurons',
      'learning',
      'weights',
      'backend',
      'normalize',
    ])
    const { learning = 'hebbian', weights = 'implicit', backend = 'auto', normalize = 'neurons' } = options
    this.neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
    checkChoice('learning', learning, ['hebbian'])
    checkChoice('weights', weights, ['implicit', 'dense'])
    checkChoice('normalize', normalize, ['neurons', 'none'])
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    this.#scale = normalize === 'neurons' ? this.neurons : 1
    this.#normalize = normalize
    const opened = HopfieldNetwork.#opened
    const Form = weights === 'dense' ? DenseWeights : ImplicitWeights
    this.#weights = new Form(this.#kernels, this.neurons, opened?.words, opened?.count)
    this.#recaller = new Recaller(this.#kernels, this.#weights, this.neurons)
  }

  /**
   * Opens the memory of another network where it lies, in this thread or another one: it is looked through once, and not
   * copied.
   * Afterwards each side may store and forget; it does so on a copy of its own.
   * @param handle what `share` gave, as it is or as postMessage brought it.
   * @param options.backend as for the constructor; both sides may use different ones.
   * @throws HopfieldError ERR_HOPFIELD_TYPE, _FORMAT, _RANGE, _OPTION, _SHAPE or _VALUE naming the field that is wrong.
   */
  static fromShared(handle: SharedNetwork, options?: { backend?: BackendChoice }): HopfieldNetwork {
    checkOptions('fromShared', options, ['backend'])
    const { backend = 'auto' } = options ?? {}
    const opened = openShared(handle)
    const { neurons, weights, normalize } = opened
    HopfieldNetwork.#opened = opened
    try {
      return new HopfieldNetwork({ neurons, weights, normalize, backend })
    } finally {
      HopfieldNetwork.#opened = undefined
    }
  }

  /**
   * Moves the memory into a SharedArrayBuffer and says where: what `fromShared` opens, here or in a worker, without a
   * copy. N·P/8 bytes, twice (implicit), or 4·N² more (dense). Nobody changes that memory any more: a later store, forget
   * or clear, here or there, is made on a copy and seen on its own side alone.
   * @throws HopfieldError ERR_HOPFIELD_MEMORY; then nothing has changed.
   */
  share(): SharedNetwork {
    const words = this.#weights.share()
    return {
      kind: 'HopfieldNetwork',
      version: 1,
      neurons: this.neurons,
      count: this.patternCount,
      weights: this.#weights instanceof DenseWeights ? 'dense' : 'implicit',
      normalize: this.#normalize,
      memory: words.buffer as SharedArrayBuffer,
      byteOffset: words.byteOffset,
    }
  }

  /** P, how many patterns are stored. */
  get patternCount(): number {
    return this.#weights.count
  }

  /** α = P/N. */
  get load(): number {
    return this.patternCount / this.neurons
  }

  /**
   * Stores one pattern or several by Hebb's rule, in addition to what is there. All or none are stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(patterns: StatesLike): this {
    this.#weights.store(readStates('patterns', patterns, this.neurons))
    return this
  }

  /** Takes pattern `index` back out of the weights; later patterns move up by one. */
  forget(index: number): this {
    this.#weights.forget(checkIndex('index', index, this.patternCount))
    return this
  }

  /** Forgets everything. */
  clear(): this {
    this.#weights.clear()
    return this
  }

  /** Pattern mu as N values ±1, a copy. */
  pattern(mu: number): Int8Array {
    checkIndex('mu', mu, this.patternCount)
    const out = new Int8Array(this.neurons)
    this.#kernels.unpack(this.#weights.rows(mu, mu + 1), 1, this.neurons, out)
    return out
  }

  /** The stored patterns, packed; a copy. */
  patterns(): PackedPatterns {
    return new PackedPatterns({
      neurons: this.neurons,
      words: this.#weights.rows(0, this.patternCount).slice(),
    })
  }

  /**
   * The weights as an N×N row-major matrix, formed for this call (4·N² bytes, 8·N² normalised).
   * @param options.normalize true: divided by N, as Float64Array; false (default): the integers J, as Int32Array.
   */
  weights(options: { normalize: true }): Float64Array
  weights(options?: { normalize?: false }): Int32Array
  weights(options: { normalize?: boolean } = {}): Int32Array | Float64Array {
    checkOptions('weights', options, ['normalize'])
    const matrix = this.#weights.matrix()
    const { normalize = false } = options
    if (!checkBoolean('normalize', normalize)) return matrix
    return divided(matrix, this.neurons)
  }

  /** h_i = (1/N) Σ_j J_ij s_j for every neuron, without external field: N values. */
  localField(state: StateLike): Float64Array {
    const row = this.#packed(state)
    return divided(this.#fields(row), this.#scale)
  }

  /** E = −(1/2N) Σ_i≠j J_ij s_i s_j − Σ_i b_i s_i. */
  energy(state: StateLike, options?: StateOptions): number {
    checkOptions('energy', options, ['externalField'])
    const row = this.#packed(state)
    const external = this.#externalField(options?.externalField)
    const dot = external === undefined ? 0 : this.#kernels.externalDot(external, this.neurons, row)
    return energyOf(this.#weights.quadratic(row), this.#scale, dot)
  }

  /** m^μ = (1/N) Σ_i ξ_i^μ s_i for every stored pattern: P values from −1 to 1. */
  overlaps(state: StateLike): Float64Array {
    return divided(this.#weights.overlaps(this.#packed(state)), this.neurons)
  }

  /**
   * E of many states, each as `energy` would give it: B values.
   * @param states as recallBatch takes them.
   */
  energyBatch(states: StatesLike, options?: StateOptions): Float64Array {
    checkOptions('energyBatch', options, ['externalField'])
    const external = this.#externalField(options?.externalField)
    const reader = stateReader('states', states, this.neurons)
    return energies(this.#kernels, this.#weights.memory(false), reader, this.#scale, external)
  }

  /**
   * Overlaps of many states with every stored pattern, each as `overlaps` would give it: B × P values, row-major.
   * @param states as recallBatch takes them.
   */
  overlapsBatch(states: StatesLike): Float64Array {
    const reader = stateReader('states', states, this.neurons)
    return overlapTable(this.#kernels, this.#weights.memory(false), reader)
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
    return nearest(this.#kernels, () => this.#weights.planes(), this.patternCount, this.neurons, reader)
  }

  /** Whether no neuron would change its value: s_i = sgn(h_i + b_i) for all i, under the tie rule. */
  isFixedPoint(state: StateLike, options?: StateOptions & { tie?: Tie }): boolean {
    checkOptions('isFixedPoint', options, ['externalField', 'tie'])
    const { tie = 'positive' } = options ?? {}
    checkChoice('tie', tie, TIES)
    const row = this.#packed(state)
    const external = this.#externalField(options?.externalField)
    const fields = this.#fields(row)
    for (let i = 0; i < this.neurons; i++) {
      const value = spin(row, i)
      const total = external === undefined ? fields[i] : fields[i] / this.#scale + external[i]
      const next = total !== 0 ? Math.sign(total) : tie === 'keep' ? value : tie === 'positive' ? 1 : -1
      if (next !== value) return false
    }
    return true
  }

  /**
   * Lets one cue fall to an attractor.
   *
   * With symmetric weights and zero diagonal the asynchronous dynamics never raises E and ends in a fixed point
   * (Hopfield 1982); the synchronous one ends in a fixed point or a two-cycle (Goles, Fogelman and Pellegrin 1985).
   *
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument. The cue is never changed.
   */
  recall(cue: StateLike, options?: RecallOptions): RecallResult {
    const request = readRecallOptions(options, this.neurons, this.#scale)
    return this.#recaller.one(readState('cue', cue, this.neurons), request)
  }

  /**
   * Recalls many cues here and now, each exactly as `recall` would with `stream + b` for cue b.
   * @param options.packed true: `states` are PackedPatterns, one bit a neuron.
   * @param options.streams the `stream` of each cue by itself.
   * @throws HopfieldError as `recall`.
   */
  recallBatch(cues: StatesLike, options: RecallBatchOptions & { packed: true }): BatchResult<PackedPatterns>
  recallBatch(cues: StatesLike, options?: RecallBatchOptions & { packed?: false }): BatchResult<Int8Array>
  recallBatch(cues: StatesLike, options?: RecallBatchOptions): BatchResult
  recallBatch(cues: StatesLike, options?: RecallBatchOptions): BatchResult {
    const { plan, trace } = readRecallOptions(options, this.neurons, this.#scale, BATCH_KEYS)
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
    options: RecallAsyncOptions & { packed: true },
  ): Promise<BatchResult<PackedPatterns>>
  recallAsync(
    cues: StatesLike,
    options?: RecallAsyncOptions & { packed?: false },
  ): Promise<BatchResult<Int8Array>>
  recallAsync(cues: StatesLike, options?: RecallAsyncOptions): Promise<BatchResult>
  async recallAsync(cues: StatesLike, options?: RecallAsyncOptions): Promise<BatchResult> {
    const { plan } = readRecallAsyncOptions(options, this.neurons, this.#scale)
    const limits = readAsyncOptions(options)
    const { packed = false } = options ?? {}
    checkBoolean('packed', packed)
    const reader = stateReader('cues', cues, this.neurons)
    const streams = streamReader(options, reader.count)
    return recallAsync(this.#kernels, this.#weights, this.neurons, {
      plan,
      cues: reader,
      streams,
      packed,
      limits,
    })
  }

  #packed(state: StateLike): Uint32Array {
    const row = new Uint32Array(rowWords(this.neurons))
    readState('state', state, this.neurons).packInto(this.#kernels, row)
    return row
  }

  #fields(row: Uint32Array): Float64Array {
    const out = new Float64Array(this.neurons)
    this.#weights.fields(row, out)
    return out
  }

  #externalField(values: ArrayLike<number> | undefined): Float64Array | undefined {
    return values === undefined ? undefined : checkReals('externalField', values, this.neurons)
  }
}
