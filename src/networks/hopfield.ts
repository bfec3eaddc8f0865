import type { Kernels, Tie } from '../kernels/kernels.js'
import { rowWords, spin } from '../kernels/layout.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { energyOf } from '../kernels/typescript/energy.js'
import { PackedPatterns } from '../patterns/packed-patterns.js'
import { MAX_NEURONS } from '../patterns/spins.js'
import { readState, readStates, type StateLike, type StatesLike } from '../patterns/states.js'
import { checkBoolean, checkChoice, checkIndex, checkInteger, checkOptions, checkReals } from '../validate.js'
import { DenseWeights } from '../weights/dense.js'
import { ImplicitWeights } from '../weights/implicit.js'
import type { Weights } from '../weights/weights.js'
import { type RecallOptions, readRecallOptions, TIES } from './recall-options.js'
import { divided, Recaller } from './recaller.js'
import type { BatchResult, RecallResult } from './results.js'

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
    this.#weights =
      weights === 'dense'
        ? new DenseWeights(this.#kernels, this.neurons)
        : new ImplicitWeights(this.#kernels, this.neurons)
    this.#recaller = new Recaller(this.#kernels, this.#weights, this.neurons)
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
   * Recalls many cues, each exactly as `recall` would with `stream + b` for cue b.
   * @param options.packed true: `states` are PackedPatterns, one bit a neuron.
   */
  recallBatch(cues: StatesLike, options: RecallOptions & { packed: true }): BatchResult<PackedPatterns>
  recallBatch(cues: StatesLike, options?: RecallOptions & { packed?: false }): BatchResult<Int8Array>
  recallBatch(cues: StatesLike, options?: RecallOptions & { packed?: boolean }): BatchResult
  recallBatch(cues: StatesLike, options?: RecallOptions & { packed?: boolean }): BatchResult {
    const request = readRecallOptions(options, this.neurons, this.#scale, true)
    const { packed = false } = options ?? {}
    checkBoolean('packed', packed)
    return this.#recaller.batch(readStates('cues', cues, this.neurons), request, packed)
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
