import type { Kernels, Tie } from '../kernels/kernels.js'
import { type BackendChoice, kernelsFor } from '../kernels/select.js'
import { energyOf } from '../kernels/typescript/energy.js'
import { MAX_NEURONS } from '../patterns/spins.js'
import { stateReader } from '../patterns/state-reader.js'
import type { StateLike, StatesLike } from '../patterns/states.js'
import { checkBoolean, checkChoice, checkInteger, checkOptions, checkReals } from '../validate.js'
import { DenseWeights } from '../weights/dense.js'
import { ImplicitWeights } from '../weights/implicit.js'
import type { Weights } from '../weights/weights.js'
import { energies } from './batch-measures.js'
import { BipolarMemory, isStable, packedState } from './bipolar-memory.js'
import { TIES } from './recall-options.js'
import { divided } from './recaller.js'
import { type OpenedNetwork, openShared, type SharedNetwork } from './shared-network.js'

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
 * With symmetric weights and zero diagonal the asynchronous dynamics never raises E and ends in a fixed point
 * (Hopfield 1982); the synchronous one ends in a fixed point or a two-cycle (Goles, Fogelman and Pellegrin 1985).
 *
 * All results are the same bits on every backend, tier and machine.
 */
export class HopfieldNetwork extends BipolarMemory {
  readonly #kernels: Kernels
  readonly #weights: Weights
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
    const neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
    checkChoice('learning', learning, ['hebbian'])
    checkChoice('weights', weights, ['implicit', 'dense'])
    checkChoice('normalize', normalize, ['neurons', 'none'])
    const kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    const scale = normalize === 'neurons' ? neurons : 1
    const opened = HopfieldNetwork.#opened
    const Form = weights === 'dense' ? DenseWeights : ImplicitWeights
    const memory = new Form(kernels, neurons, opened?.words, opened?.count)
    super({ neurons, kernels, memory, scale })
    this.#kernels = kernels
    this.#weights = memory
    this.#scale = scale
    this.#normalize = normalize
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
    const row = packedState(this.#kernels, state, this.neurons)
    return divided(this.#fields(row), this.#scale)
  }

  /** E = −(1/2N) Σ_i≠j J_ij s_i s_j − Σ_i b_i s_i. */
  energy(state: StateLike, options?: StateOptions): number {
    checkOptions('energy', options, ['externalField'])
    const row = packedState(this.#kernels, state, this.neurons)
    const external = this.#externalField(options?.externalField)
    const dot = external === undefined ? 0 : this.#kernels.externalDot(external, this.neurons, row)
    return energyOf(this.#weights.quadratic(row), this.#scale, dot)
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

  /** Whether no neuron would change its value: s_i = sgn(h_i + b_i) for all i, under the tie rule. */
  isFixedPoint(state: StateLike, options?: StateOptions & { tie?: Tie }): boolean {
    checkOptions('isFixedPoint', options, ['externalField', 'tie'])
    const { tie = 'positive' } = options ?? {}
    checkChoice('tie', tie, TIES)
    const row = packedState(this.#kernels, state, this.neurons)
    const external = this.#externalField(options?.externalField)
    const fields = this.#fields(row)
    return isStable(row, this.neurons, tie, (i) =>
      external === undefined ? fields[i] : fields[i] / this.#scale + external[i],
    )
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
