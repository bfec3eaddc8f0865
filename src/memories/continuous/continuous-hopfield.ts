import { inChunks, oneAtATime } from '../../async/chunks.js'
import { readAsyncOptions } from '../../async/options.js'
import { allocate } from '../../errors.js'
import { type RealRange, type RealRows, readRealRow, readRealRows } from '../../input/reals.js'
import { readStates, type StatesLike } from '../../input/states.js'
import { checkChoice, checkIndex, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import type { VectorLike, VectorsLike } from '../../input/vectors.js'
import {
  type Activation,
  type GradedNetwork,
  INTEGRATION,
  type Kernels,
} from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import { log } from '../../numerics/log.js'
import { PackedPatterns } from '../../patterns/packed-patterns.js'
import { GradedWeights } from '../../storage/graded-weights.js'
import {
  FINITE,
  INTEGRATION_ASYNC_KEYS,
  type IntegrationAsyncOptions,
  type IntegrationOptions,
  type IntegrationRequest,
  LEAST,
  MOST,
  readIntegrationOptions,
} from './integration-options.js'

export interface ContinuousHopfieldOptions {
  /** N, 1 to 65,536: the weights take 8·N² bytes, and 4·N² more where they are learned. */
  neurons: number
  /** g: 'tanh' (default), V = tanh(γu) in (−1, 1); or 'logistic', V = 1/(1 + e^(−γu)) in (0, 1). */
  activation?: Activation
  /** γ, how steep g is, 1e-100 to 1e100; 4 by default. */
  gain?: number
  /** τ, after which a potential left alone falls to 1/e, 1e-100 to 1e100; 1 by default. */
  timeConstant?: number
  /** N numbers b_i within ±1e100; none by default. */
  externalField?: ArrayLike<number>
  /** N×N numbers J_ij within ±1e100, row-major, copied; without them patterns are learned by Hebb's rule. */
  weights?: ArrayLike<number>
  /** 'auto' (default) is what `backend()` reports. */
  backend?: BackendChoice
}

/** What a recall passed on the way. */
export interface ContinuousTrace {
  /** t at the start and after every step that was taken: T numbers. */
  times: Float64Array
  /** E at those times. */
  energies: Float64Array
  /** V at those times, T × N, row-major; where asked for. */
  states?: Float64Array
}

/** How one recall ended. */
export interface ContinuousResult {
  /** Outputs V, N numbers; a fresh array. */
  state: Float64Array
  /** Potentials u, N numbers. */
  potentials: Float64Array
  /** Whether no potential changed faster than the tolerance. */
  converged: boolean
  /** Whether the next step would have carried a potential beyond 1e150: it is too long. `state` is the last before it. */
  diverged: boolean
  /** Steps made, those tried in vain included. */
  steps: number
  /** Time that passed, in the units of τ. */
  time: number
  /** E of `state`. */
  energy: number
  trace?: ContinuousTrace
}

/** How the recalls of B cues ended, row b for cue b. */
export interface ContinuousBatchResult {
  /** B × N outputs, row-major. */
  states: Float64Array
  /** B × N potentials. */
  potentials: Float64Array
  converged: Uint8Array
  diverged: Uint8Array
  steps: Uint32Array
  times: Float64Array
  energies: Float64Array
  /** Present if asked: one a cue. */
  traces?: ContinuousTrace[]
}

const MAX_NEURONS = 65_536
/** Outputs of a cue keep this share of their range from both ends, where potentials are infinite. */
const MARGIN = 2 ** -11
const POTENTIALS: RealRange = { least: -MOST, most: MOST }
const OUTPUTS: Record<Activation, RealRange> = {
  tanh: { least: -1, most: 1 },
  logistic: { least: 0, most: 1 },
}

/**
 * The network of graded neurons (Hopfield 1984): du_i/dt = Σ_j J_ij V_j + b_i − u_i/τ with V_i = g(γ·u_i).
 *
 * With symmetric weights E = −½ Σ_ij J_ij V_i V_j − Σ_i b_i V_i + (1/τ) Σ_i ∫ g⁻¹(V) dV never rises as time passes, and the
 * network comes to rest. As γ grows it becomes the network of ±1 neurons (HopfieldNetwork), or of 0 and 1 with 'logistic'.
 *
 * All results are the same bits on every backend, tier and machine, whatever other cues are in the batch.
 */
export class ContinuousHopfield {
  readonly neurons: number
  readonly activation: Activation
  readonly gain: number
  readonly timeConstant: number
  readonly #kernels: Kernels
  readonly #weights: GradedWeights
  readonly #externalField: Float64Array | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ContinuousHopfieldOptions) {
    checkOptions('ContinuousHopfield', options ?? null, [
      'neurons',
      'activation',
      'gain',
      'timeConstant',
      'externalField',
      'weights',
      'backend',
    ])
    const {
      activation = 'tanh',
      gain = 4,
      timeConstant = 1,
      externalField,
      weights,
      backend = 'auto',
    } = options
    this.neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
    this.activation = checkChoice('activation', activation, ['tanh', 'logistic'])
    this.gain = checkNumber('gain', gain, LEAST, MOST)
    this.timeConstant = checkNumber('timeConstant', timeConstant, LEAST, MOST)
    this.#kernels = kernelsFor(checkChoice('backend', backend, ['auto', 'native', 'typescript']))
    this.#externalField = this.#readField(externalField)
    const given =
      weights === undefined ? undefined : readRealRow('weights', weights, this.neurons * this.neurons, FINITE)
    this.#weights = new GradedWeights(this.#kernels, this.neurons, given)
  }

  /** P, how many patterns are stored; 0 where weights were given. */
  get patternCount(): number {
    return this.#weights.count
  }

  /** α = P/N. */
  get load(): number {
    return this.patternCount / this.neurons
  }

  /** Whether J_ij = J_ji throughout: then E never rises. Learned weights always are. */
  get symmetric(): boolean {
    return this.#weights.symmetric
  }

  /**
   * Stores one pattern of ±1 or several by Hebb's rule, J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ, J_ii = 0. All or none are stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY;
   * ERR_HOPFIELD_OPTION where weights were given.
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
    this.#kernels.unpack(this.#weights.packed(mu, mu + 1), 1, this.neurons, out)
    return out
  }

  /** The stored patterns, packed; a copy. */
  patterns(): PackedPatterns {
    return new PackedPatterns({
      neurons: this.neurons,
      words: this.#weights.packed(0, this.patternCount).slice(),
    })
  }

  /** J as N×N numbers, row-major, a copy. */
  weights(): Float64Array {
    return this.#weights.matrix()
  }

  /** V = g(γ·u): N outputs of N potentials. */
  outputs(potentials: VectorLike): Float64Array {
    return this.#slopes(potentials, undefined).outputs
  }

  /** du/dt at N potentials. */
  derivative(potentials: VectorLike, options?: { externalField?: ArrayLike<number> }): Float64Array {
    checkOptions('derivative', options, ['externalField'])
    return this.#slopes(potentials, this.#readField(options?.externalField)).slopes
  }

  /** E of N outputs V, ends of their range included. */
  energy(outputs: VectorLike, options?: { externalField?: ArrayLike<number> }): number {
    checkOptions('energy', options, ['externalField'])
    const v = readRealRow('outputs', outputs, this.neurons, OUTPUTS[this.activation])
    return this.#energies(v, 1, this.#readField(options?.externalField))[0]
  }

  /** E of B × N outputs, each as `energy` would give it. */
  energyBatch(outputs: VectorsLike, options?: { externalField?: ArrayLike<number> }): Float64Array {
    checkOptions('energyBatch', options, ['externalField'])
    const { data, count } = readRealRows('outputs', outputs, this.neurons, OUTPUTS[this.activation])
    return this.#energies(data, count, this.#readField(options?.externalField))
  }

  /** m^μ = (1/N) Σ_i ξ_i^μ V_i for every stored pattern: P numbers. */
  overlaps(outputs: VectorLike): Float64Array {
    const v = readRealRow('outputs', outputs, this.neurons, OUTPUTS[this.activation])
    const stride = rowWords(this.neurons)
    const rows = this.#weights.packed(0, this.patternCount)
    return Float64Array.from({ length: this.patternCount }, (_, mu) => {
      const pattern = rows.subarray(mu * stride, (mu + 1) * stride)
      return this.#kernels.externalDot(v, this.neurons, pattern) / this.neurons
    })
  }

  /**
   * Lets one cue fall to rest.
   * @param cue N outputs (±1 are fine: they are moved to within reach), or N potentials within ±1e100 with `from`.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument. The cue is never changed.
   */
  recall(cue: VectorLike, options?: IntegrationOptions): ContinuousResult {
    const request = readIntegrationOptions(options, this.neurons, this.timeConstant)
    const range = request.from === 'outputs' ? OUTPUTS[this.activation] : POTENTIALS
    const data = readRealRow('cue', cue, this.neurons, range)
    const result = this.#recall({ data, count: 1 }, request)
    return {
      state: result.states,
      potentials: result.potentials,
      converged: result.converged[0] === 1,
      diverged: result.diverged[0] === 1,
      steps: result.steps[0],
      time: result.times[0],
      energy: result.energies[0],
      ...(result.traces === undefined ? {} : { trace: result.traces[0] }),
    }
  }

  /** Recalls many cues here and now, each exactly as `recall` would; several at once share the reading of the weights. */
  recallBatch(cues: VectorsLike, options?: IntegrationOptions): ContinuousBatchResult {
    const request = readIntegrationOptions(options, this.neurons, this.timeConstant)
    return this.#recall(this.#readCues(cues, request), request)
  }

  /**
   * As `recallBatch`, off the event loop: the same bits, whatever `threads` and `chunk`. The weights are those at the call;
   * cues are copied at the call.
   *
   * Rejects, and never throws: as `recallBatch` throws; with `signal.reason`; with what `onProgress` threw. By then nothing
   * is in flight any more.
   */
  async recallAsync(cues: VectorsLike, options?: IntegrationAsyncOptions): Promise<ContinuousBatchResult> {
    const request = readIntegrationOptions(options, this.neurons, this.timeConstant, INTEGRATION_ASYNC_KEYS)
    const { chunk, ...limits } = readAsyncOptions(options)
    const { data, count } = this.#readCues(cues, request)
    const network = this.#network(request.externalField)
    const n = this.neurons
    const end = this.#ends({ data, count }, request)
    const threads = this.#kernels.parallel ? limits.threads : 1
    const share = Math.max(1, Math.ceil(count / threads))
    const work = {
      read: async () => undefined,
      compute: (_: undefined, from: number, to: number) => {
        const run = (): Promise<void> =>
          this.#kernels.integrateAsync(
            network,
            end.potentials.subarray(from * n, to * n),
            to - from,
            request.plan,
            end.states.subarray(from * n, to * n),
            end.outcomes.subarray(from * INTEGRATION.length, to * INTEGRATION.length),
          )
        return this.#kernels.parallel ? run() : oneAtATime(run)
      },
    }
    await inChunks(count, { ...limits, threads, chunk: chunk ?? Math.min(share, ASYNC_CHUNK) }, work)
    return this.#result(end, count)
  }

  #recall(cues: RealRows, request: IntegrationRequest): ContinuousBatchResult {
    const { count } = cues
    const network = this.#network(request.externalField)
    const end = this.#ends(cues, request)
    const { potentials, states, outcomes } = end
    if (request.trace === false) {
      this.#kernels.integrate(network, potentials, count, request.plan, states, outcomes)
      return this.#result(end, count)
    }
    const withStates = request.trace === 'states'
    const n = this.neurons
    const traces = Array.from({ length: count }, (_, b) => {
      const rows = [potentials, states].map((all) => all.subarray(b * n, (b + 1) * n))
      const outcome = outcomes.subarray(b * INTEGRATION.length, (b + 1) * INTEGRATION.length)
      const { plan } = request
      const trace = this.#kernels.integrateTraced(network, rows[0], plan, rows[1], outcome, withStates)
      const { times, energies } = trace
      return withStates ? trace : { times, energies }
    })
    return { ...this.#result(end, count), traces }
  }

  #readCues(cues: VectorsLike, { from }: IntegrationRequest): RealRows {
    const range = from === 'outputs' ? OUTPUTS[this.activation] : POTENTIALS
    return readRealRows('cues', cues, this.neurons, range)
  }

  /** Where integrations begin, which is where kernels write how they end. */
  #ends({ data, count }: RealRows, { from }: IntegrationRequest): Ends {
    if (from === 'outputs') for (let k = 0; k < data.length; k++) data[k] = this.#potential(data[k])
    return {
      potentials: data,
      states: allocate('states', data.length * 8, () => new Float64Array(data.length)),
      outcomes: new Float64Array(count * INTEGRATION.length),
    }
  }

  /** u = g⁻¹(V)/γ, V moved to within reach. */
  #potential(output: number): number {
    const share = this.activation === 'tanh' ? (1 + output) / 2 : output
    const p = Math.min(Math.max(share, MARGIN), 1 - MARGIN)
    const logit = log(p / (1 - p))
    return (this.activation === 'tanh' ? logit / 2 : logit) / this.gain
  }

  #result({ potentials, states, outcomes }: Ends, count: number): ContinuousBatchResult {
    const column = (index: number): Float64Array =>
      Float64Array.from({ length: count }, (_, b) => outcomes[b * INTEGRATION.length + index])
    const ends = column(INTEGRATION.end)
    return {
      states,
      potentials,
      converged: Uint8Array.from(ends, (end) => (end === 1 ? 1 : 0)),
      diverged: Uint8Array.from(ends, (end) => (end === 2 ? 1 : 0)),
      steps: Uint32Array.from(column(INTEGRATION.steps)),
      times: column(INTEGRATION.time),
      energies: column(INTEGRATION.energy),
    }
  }

  #slopes(
    potentials: VectorLike,
    externalField: Float64Array | undefined,
  ): { outputs: Float64Array; slopes: Float64Array } {
    const u = readRealRow('potentials', potentials, this.neurons, POTENTIALS)
    const [outputs, slopes] = [new Float64Array(u.length), new Float64Array(u.length)]
    this.#kernels.gradedSlopes(this.#network(externalField), u, 1, outputs, slopes)
    return { outputs, slopes }
  }

  #energies(outputs: Float64Array, count: number, externalField: Float64Array | undefined): Float64Array {
    const out = allocate('energies', count * 8, () => new Float64Array(count))
    this.#kernels.gradedEnergies(this.#network(externalField), outputs, count, out)
    return out
  }

  #network(externalField: Float64Array | undefined): GradedNetwork {
    return {
      neurons: this.neurons,
      weights: this.#weights.rows(),
      externalField: externalField ?? this.#externalField,
      activation: this.activation,
      gain: this.gain,
      rate: 1 / this.timeConstant,
    }
  }

  #readField(values: ArrayLike<number> | undefined): Float64Array | undefined {
    return values === undefined ? undefined : readRealRow('externalField', values, this.neurons, FINITE)
  }
}

/** Cues a chunk at most: two rounds of those that a kernel takes side by side. */
const ASYNC_CHUNK = 24

interface Ends {
  readonly potentials: Float64Array
  readonly states: Float64Array
  readonly outcomes: Float64Array
}
