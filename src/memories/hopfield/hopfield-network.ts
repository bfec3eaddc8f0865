import { allocate, HopfieldError, within } from '../../errors.js'
import {
  choice,
  flag,
  type Given,
  optional,
  type Read,
  required,
  Schema,
  unread,
} from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { stateReader } from '../../input/state-reader.js'
import { readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float64s, Int32s } from '../../input/typed-arrays.js'
import { checkChoice, checkInteger, checkReals } from '../../input/validate.js'
import type { Kernels, Memory, Tie } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { energyOf } from '../../kernels/reference/energy.js'
import { type BackendChoice, kernelsFor } from '../../kernels/select.js'
import type { LearningReport, LearningRuleName } from '../../learning/rules.js'
import { type ChosenWeights, type WeightsOptions, weightsFor } from '../../learning/weights-options.js'
import { DenseWeights } from '../../storage/dense-weights.js'
import { ImplicitWeights } from '../../storage/implicit-weights.js'
import type { Weights } from '../../storage/weights.js'
import { energies } from '../bipolar/batch-measures.js'
import { BipolarMemory } from '../bipolar/bipolar-memory.js'
import { divided } from '../bipolar/recall-job.js'
import { FIELD, TIE } from '../bipolar/recall-options.js'
import { BACKEND } from '../memory.js'
import {
  SAMPLE,
  SAMPLE_ASYNC,
  type SampleAsyncOptions,
  type SampleOptions,
  type SampleResult,
  sample,
  sampleAsync,
  samplePlan,
} from './sampling.js'
import { type OpenedNetwork, openShared, type SharedNetwork } from './shared-network.js'

const NETWORK = {
  /** N, 1 to 2^30. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  ...BACKEND,
  /**
   * 'bipolar' (default), or 'binary': the units of Hopfield 1982, V_i = 0 or 1 with V_i ← 1 where Σ_j J_ij V_j > U_i. States are
   * given and told as s = 2V − 1 (`bipolar` and `binary` convert); the network gets the external field b_i = Σ_j J_ij − 2U_i, with
   * which it goes the same way. Its energies are then 4·E_V but for a constant, and T counts fourfold.
   */
  units: choice(['bipolar', 'binary'], 'bipolar'),
  /** U: N finite numbers in units of the field; 0 by default. 'binary' alone. */
  thresholds: unread<ArrayLike<number>>(),
  /** 'neurons' (default): weights, fields and energies carry the textbook's 1/N. 'none': they are the integers. */
  normalize: optional<'neurons' | 'none'>((name, value) => checkChoice(name, value, ['neurons', 'none'])),
}

const SCHEMA = new Schema({
  ...NETWORK,
  learning: unread<WeightsOptions['learning']>(),
  weights: unread<WeightsOptions['weights']>(),
  connections: unread<WeightsOptions['connections']>(),
  selfWeights: unread<WeightsOptions['selfWeights']>(),
})

export interface HopfieldNetworkOptions extends WeightsOptions, Given<typeof NETWORK> {}

/** Options of what is asked of one state. */
export interface StateOptions extends Given<typeof FIELD> {}

const STATE = new Schema(FIELD)
const FIXED_POINT = new Schema({ ...FIELD, ...TIE })
const WEIGHTS = new Schema({ normalize: flag(false) })
const OPENING = new Schema(BACKEND)

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
  readonly #weights: Weights
  readonly #normalize: 'neurons' | 'none'
  /** The name of the learning rule; 'custom' where it is a function; undefined where weights were given. */
  readonly learning: LearningRuleName | 'custom' | undefined
  /** What fromShared hands to the constructor, past its public options. */
  static #opened: OpenedNetwork | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: HopfieldNetworkOptions) {
    const read = SCHEMA.read('HopfieldNetwork', options)
    const kernels = kernelsFor(read.backend)
    try {
      const { neurons, backend, normalize, weights } = read
      if (normalize !== undefined && weights !== undefined && typeof weights !== 'string') {
        throw new HopfieldError('ERR_HOPFIELD_OPTION', 'normalize: has no meaning beside weights of your own')
      }
      const opened = HopfieldNetwork.#opened
      const { weights: memory, learning } =
        opened === undefined
          ? weightsFor(kernels, neurons, read as WeightsOptions)
          : openWeights(kernels, opened)
      const unit = normalize === 'none' ? neurons : 1
      const scale = (): number => memory.divisor / unit
      const ownField = binaryField(read, kernels, memory, scale)
      super({ backend, neurons, kernels, memory, scale, ownField })
      this.#weights = memory
      this.#normalize = normalize ?? 'neurons'
      this.learning = learning
    } catch (error) {
      throw within('HopfieldNetwork', error)
    }
  }

  protected override facts(): object {
    const { neurons, patternCount, learning } = this
    return { neurons, patternCount, learning, form: this.#weights.form }
  }

  /** C, how many neurons one hears on average: N − 1 unless there are `connections` or weights in compressed rows. */
  get meanSources(): number {
    return this.#weights.meanSources ?? this.neurons - 1
  }

  /** Whether J_ij = J_ji throughout: then no asynchronous update raises E, and synchronous ones end in cycles of two at most. */
  get symmetric(): boolean {
    return this.#weights.symmetric
  }

  /** Report of the last learning; undefined for rules that have none. */
  get learningReport(): LearningReport | undefined {
    return this.#weights.report?.() as LearningReport | undefined
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
    const { backend } = OPENING.read('fromShared', options)
    const opened = openShared(handle)
    const { neurons, normalize, ids } = opened
    HopfieldNetwork.#opened = opened
    try {
      const network = new HopfieldNetwork({ neurons, normalize, backend })
      network.adopt(ids)
      return network
    } catch (error) {
      throw within('fromShared', error)
    } finally {
      HopfieldNetwork.#opened = undefined
    }
  }

  /**
   * Moves the memory into a SharedArrayBuffer and says where: what `fromShared` opens, here or in a worker, without a
   * copy. N·P/8 bytes, twice (implicit), or 4·N² more (dense). Nobody changes that memory any more: a later store, forget
   * or clear, here or there, is made on a copy and seen on its own side alone.
   * @throws HopfieldError ERR_HOPFIELD_MEMORY; ERR_HOPFIELD_OPTION where weights are not Hebb's, implicit or dense, or units are
   * binary. Then nothing has changed.
   */
  share(): SharedNetwork {
    const words = this.external(undefined) === undefined ? this.#weights.share?.() : undefined
    if (words === undefined) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        "share: expected ±1 units with implicit or dense weights of rule 'hebbian'; others cannot be shared",
      )
    }
    const { ids } = this
    return {
      kind: 'HopfieldNetwork',
      version: 1,
      neurons: this.neurons,
      count: this.patternCount,
      weights: this.#weights instanceof DenseWeights ? 'dense' : 'implicit',
      normalize: this.#normalize,
      memory: words.buffer as SharedArrayBuffer,
      byteOffset: words.byteOffset,
      ...(ids === undefined ? {} : { ids }),
    }
  }

  /**
   * The weights as an N×N row-major matrix, formed for this call (4·N² bytes, or 8·N²).
   * @param options.normalize true: the textbook's J, h_i = Σ_j J_ij s_j, as Float64Array. false (default): as they are kept;
   * rules that count ('hebbian', 'sequence') keep integers, as Int32Array, N times as large; the others the textbook's reals.
   */
  weights(options: { normalize: true }): Float64s
  weights(options?: { normalize?: boolean }): Int32s | Float64s
  weights(options?: { normalize?: boolean }): Int32s | Float64s {
    const { normalize } = WEIGHTS.read('weights', options)
    const matrix = this.#weights.matrix() as Int32s | Float64s
    if (!normalize || matrix instanceof Float64Array) return matrix
    return divided(matrix, this.#weights.divisor)
  }

  /** h_i = (1/N) Σ_j J_ij s_j for every neuron, without external field: N values. */
  localField(state: StateLike): Float64s {
    return divided(this.#fields(this.packed('localField: state', state)), this.scale)
  }

  /** E = −(1/2N) Σ_i≠j J_ij s_i s_j − Σ_i b_i s_i. */
  energy(state: StateLike, options?: StateOptions): number {
    const { externalField } = STATE.read('energy', options, this.neurons)
    const row = this.packed('energy: state', state)
    const external = this.external(externalField)
    const dot = external === undefined ? 0 : this.kernels.externalDot(external, this.neurons, row)
    return energyOf(this.#weights.quadratic(row), this.scale, dot)
  }

  /**
   * E of many states, each as `energy` would give it: B values.
   * @param states as recallBatch takes them.
   */
  energyBatch(states: StatesLike, options?: StateOptions): Float64s {
    const { externalField } = STATE.read('energyBatch', options, this.neurons)
    const reader = stateReader('energyBatch: states', states, this.neurons)
    return energies(this.kernels, this.neurons, reader, () => ({
      memory: this.#weights.memory(false),
      scale: this.scale,
      externalField: this.external(externalField),
    }))
  }

  /** Whether no neuron would change its value: s_i = sgn(h_i + b_i) for all i, under the tie rule. */
  isFixedPoint(state: StateLike, options?: StateOptions & { tie?: Tie }): boolean {
    const { externalField, tie } = FIXED_POINT.read('isFixedPoint', options, this.neurons)
    const row = this.packed('isFixedPoint: state', state)
    const external = this.external(externalField)
    const fields = this.#fields(row)
    const { scale } = this
    return this.stable(row, tie, (i) =>
      external === undefined ? fields[i] : fields[i] / scale + external[i],
    )
  }

  /**
   * Long runs at a temperature (Glauber 1963), one chain a start: averages of energy, overlaps and states, without keeping
   * them. With symmetric weights and one neuron at a time, states come as often as e^(−E/T) says.
   * @param starts as recallBatch takes cues.
   * @throws HopfieldError as `recall`.
   */
  sample(starts: StatesLike, options: SampleOptions): SampleResult {
    const read = SAMPLE.read('sample', options, this.neurons)
    const rows = this.#starts('sample: starts', starts)
    const wanted = samplePlan('sample', read, this.scale, this.external(read.externalField))
    const memory = this.#weights.memory(wanted.plan.dynamics === 'asynchronous')
    return sample(this.kernels, memory, rows, wanted)
  }

  /** As `sample`, off the event loop: the same bits. */
  async sampleAsync(starts: StatesLike, options: SampleAsyncOptions): Promise<SampleResult> {
    const read = SAMPLE_ASYNC.read('sampleAsync', options, this.neurons)
    const rows = this.#starts('sampleAsync: starts', starts)
    const wanted = samplePlan('sampleAsync', read, this.scale, this.external(read.externalField))
    const lease = await this.#weights.lease(wanted.plan.dynamics === 'asynchronous')
    try {
      return await sampleAsync(this.kernels, lease.memory, rows, wanted, read)
    } finally {
      lease.release()
    }
  }

  #starts(name: string, states: StatesLike): Uint32Array {
    const source = readStates(name, states, this.neurons)
    const size = source.count * rowWords(this.neurons)
    const rows = allocate(name, size * 4, () => new Uint32Array(size))
    source.packInto(this.kernels, rows)
    return rows
  }

  #fields(row: Uint32Array): Float64Array {
    const out = new Float64Array(this.neurons)
    this.#weights.fields(row, out)
    return out
  }
}

function openWeights(kernels: Kernels, { neurons, weights, words, count }: OpenedNetwork): ChosenWeights {
  const Form = weights === 'dense' ? DenseWeights : ImplicitWeights
  return { weights: new Form(kernels, neurons, words, count), learning: 'hebbian' }
}

/** The external field that makes ±1 neurons of 0/1 units: Σ_j J_ij − 2U_i, of the weights there are now. */
function binaryField(
  { units, thresholds, neurons }: Pick<Read<typeof NETWORK>, 'units' | 'thresholds' | 'neurons'>,
  kernels: Kernels,
  memory: Weights,
  scale: () => number,
): () => Float64Array | undefined {
  if (units === 'bipolar') {
    if (thresholds === undefined) return () => undefined
    throw new HopfieldError('ERR_HOPFIELD_OPTION', "thresholds: have no meaning but for units: 'binary'")
  }
  const given = thresholds === undefined ? undefined : checkReals('thresholds', thresholds, neurons)
  const ones = new Uint32Array(rowWords(neurons))
  for (let i = 0; i < neurons; i++) ones[i >>> 5] |= 1 << (i & 31)
  let kept: { of: Memory; field: Float64Array } | undefined
  return () => {
    const of = memory.memory(false)
    if (kept?.of !== of) {
      const field = new Float64Array(neurons)
      kernels.localFields(of, ones, field)
      const by = scale()
      kept = { of, field: field.map((h, i) => h / by - 2 * (given?.[i] ?? 0)) }
    }
    return kept.field
  }
}
