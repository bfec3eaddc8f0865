import { allBeside, call, type Steps } from '../../async/steps.js'
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
import type { Float64s, Int32s, NumbersLike } from '../../input/typed-arrays.js'
import { checkChoice, checkInteger, checkReals } from '../../input/validate.js'
import type { ConstantField, Kernels, Memory, Tie } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { LEARNING_KERNELS, PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import type { LearningReport, LearningRuleName } from '../../learning/rules.js'
import { type ChosenWeights, type WeightsOptions, weightsFor } from '../../learning/weights-options.js'
import { energyOf } from '../../numerics/energy.js'
import type { RecordWriter } from '../../storage/record.js'
import { type WeightUnit, withUnit } from '../../storage/weight-unit.js'
import type { Weights } from '../../storage/weights.js'
import { energies } from '../bipolar/batch-measures.js'
import { BipolarMemory, type OwnField } from '../bipolar/bipolar-memory.js'
import { divided } from '../bipolar/divided.js'
import {
  FIELD,
  STATE,
  STATE_ASYNC,
  type StateAsyncOptions,
  type StateOptions,
  TIE,
} from '../bipolar/recall-options.js'
import { BACKEND } from '../memory.js'
import { KIND, openedRecord } from '../opening.js'
import { held } from '../runner.js'
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

const NETWORK = {
  /** N, the number of neurons, 1 to 2^30. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  ...BACKEND,
  /**
   * 'bipolar' (default): ±1. 'binary': the units of Hopfield 1982, V_i = 0 or 1, V_i ← 1 where Σ_j J_ij V_j > U_i. Cues and results
   * are still ±1, s = 2V − 1 (`bipolar` and `binary` convert), and the network adds the external field b_i = Σ_j J_ij − 2U_i, which
   * gives the same dynamics. Energies are then 4·E_V plus a constant, and a temperature T here is T/4 of the 0/1 units.
   */
  units: choice(['bipolar', 'binary'], 'bipolar'),
  /** U: N finite numbers in units of the local field; 0 by default. Only with units: 'binary'. */
  thresholds: unread<NumbersLike>(),
  /** 'neurons' (default): weights, fields and energies have the factor 1/N. 'none': they are integers, without it. */
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

/** A matrix of weights, and what it is made of: {@link HopfieldNetwork.weights}. */
export type WeightsOut<Matrix> = Matrix & WeightUnit

const FIXED_POINT = new Schema({ ...FIELD, ...TIE })
const WEIGHTS = new Schema({ normalize: flag(false) })

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
  static readonly [KIND]: string = 'HopfieldNetwork'
  readonly #weights: Weights
  /** Options with which equal weights are made. */
  readonly #chosen: ChosenWeights['options']
  readonly #thresholds: Float64Array | undefined
  readonly #units: 'bipolar' | 'binary'
  readonly #normalize: 'neurons' | 'none'
  /** Name of the learning rule; 'custom' for a function; undefined for weights of your own. */
  readonly learning: LearningRuleName | 'custom' | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: HopfieldNetworkOptions) {
    const opened = openedRecord()
    const read = SCHEMA.read('HopfieldNetwork', options)
    const kernels = kernelsFor(read.backend, LEARNING_KERNELS, PAIRWISE_KERNELS)
    try {
      const { neurons, backend, normalize, weights } = read
      if (normalize !== undefined && weights !== undefined && typeof weights !== 'string') {
        throw new HopfieldError(
          'ERR_HOPFIELD_OPTION',
          'normalize: cannot be combined with weights of your own',
        )
      }
      const chosen = weightsFor(kernels, neurons, read as WeightsOptions, opened)
      const { weights: memory, learning } = chosen
      const unit = normalize === 'none' ? neurons : 1
      const scale = (divisor: number): number => divisor / unit
      const thresholds = opened?.has('thresholds')
        ? opened.array('thresholds', Float64Array, [neurons])
        : read.thresholds
      const { field: ownField, given } = binaryField({ ...read, thresholds }, kernels)
      super({ backend, neurons, kernels, memory, scale, ownField, opened })
      this.#weights = memory
      this.#chosen = chosen.options
      this.#units = read.units
      this.#thresholds = given
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

  protected override record(to: RecordWriter): string {
    const { neurons, learning } = this
    to.option('neurons', neurons)
    if (this.#units === 'binary') to.option('units', this.#units)
    if (this.#normalize === 'none') to.option('normalize', 'none')
    for (const [name, value] of Object.entries(this.#chosen)) to.option(name, value)
    if (this.#thresholds !== undefined) to.array('thresholds', this.#thresholds, [neurons])
    if (learning === undefined || learning === 'custom') to.fact('given', learning ?? 'weights')
    return this.#weights.form
  }

  /** C, the mean number of sources of a neuron: N − 1 without `connections` or compressed rows. */
  get meanSources(): number {
    return this.#weights.meanSources ?? this.neurons - 1
  }

  /**
   * Whether J_ij = J_ji for all pairs. Then no asynchronous update raises E, if no J_ii is negative, and synchronous recalls end in
   * cycles of at most two. The learned J_ii are zero, or with `selfWeights` not negative.
   */
  get symmetric(): boolean {
    return this.#weights.symmetric
  }

  /** Report of the last learning run; undefined for rules without one. */
  get learningReport(): LearningReport | undefined {
    return this.#weights.report?.() as LearningReport | undefined
  }

  /**
   * The weights as an N×N row-major matrix, formed by this call (4·N² or 8·N² bytes). As `weights` of another network it gives the same
   * fields to the last bit: its property `divisor`, which copies of the array have not, says what J is to be multiplied by to be whole.
   * @param options.normalize true: J with h_i = Σ_j J_ij s_j, as Float64Array. false (default): the weights as they are kept. Rules
   * with integer weights ('hebbian', 'sequence') then return an Int32Array of divisor·J_ij, the other rules J.
   */
  weights(options: { normalize: true }): WeightsOut<Float64s>
  weights(options?: { normalize?: boolean }): WeightsOut<Int32s> | WeightsOut<Float64s>
  weights(options?: { normalize?: boolean }): WeightsOut<Int32s> | WeightsOut<Float64s> {
    const { normalize } = WEIGHTS.read('weights', options)
    const unit = this.#normalize === 'none' ? this.neurons : 1
    const { weightDivisor, whole } = this.#weights
    const by = weightDivisor / unit
    const kept = this.#weights.matrix(unit) as Int32s | Float64s
    const asTheyAre = kept instanceof Int32Array ? !normalize : whole || by === 1
    const matrix = asTheyAre ? kept : divided(kept, by)
    return withUnit(matrix, { divisor: whole ? by : undefined, constantField: this.constantField })
  }

  /**
   * k of the fields h_i = Σ_j J_ij s_j + k_i: N values, for rule 'covariance', whose fields are those of s minus the mean. Undefined for
   * the other rules. It is no external field: energies, fields and `isFixedPoint` have it in them.
   */
  get constantField(): Float64s | undefined {
    const constant = constantOf(this.#weights.memory(false))
    return constant === undefined ? undefined : divided(constant.values, this.scale)
  }

  /** h_i = (1/N) Σ_j J_ij s_j, plus the rule's `constantField`, for every neuron, without external field: N values. */
  localField(state: StateLike): Float64s {
    return divided(this.#fields(this.packed('localField: state', state)), this.scale)
  }

  /** E = −(1/2N) Σ_i≠j J_ij s_i s_j − Σ_i b_i s_i, less Σ_i k_i s_i of the rule's `constantField`. */
  energy(state: StateLike, options?: StateOptions): number {
    const { externalField } = STATE.read('energy', options, this.neurons)
    const row = this.packed('energy: state', state)
    const external = this.external(externalField)
    const dot = external === undefined ? 0 : this.kernels.externalDot(external, this.neurons, row)
    return energyOf(this.#weights.quadratic(row), this.scale, dot)
  }

  /**
   * E of many states, each as `energy` gives it: B values.
   * @param states B states, in any form that `recallBatch` takes.
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

  /**
   * As `energyBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read chunk by chunk, so do not change
   * them until the promise settles.
   */
  async energyBatchAsync(states: StatesLike, options?: StateAsyncOptions): Promise<Float64s> {
    const read = STATE_ASYNC.read('energyBatchAsync', options, this.neurons)
    return this.energiesLater('energyBatchAsync', states, read.externalField, read)
  }

  /** Whether no update would change the state: s_i = sgn(h_i + b_i) for all i, with ties as the option `tie` says. */
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
   * Runs one long chain per start at a temperature (Glauber 1963) and returns averages of energy, overlaps and states. With symmetric
   * weights, a zero diagonal and one neuron at a time, a state appears with probability proportional to e^(−E/T).
   * @param starts B states, in any form that `recallBatch` takes.
   * @throws HopfieldError as `recall`.
   */
  sample(starts: StatesLike, options: SampleOptions): SampleResult {
    const read = SAMPLE.read('sample', options, this.neurons)
    const rows = this.#starts('sample: starts', starts)
    const wanted = samplePlan('sample', read, this.scale, this.external(read.externalField))
    const memory = this.#weights.memory(wanted.plan.dynamics === 'asynchronous')
    return sample(this.kernels, memory, rows, wanted)
  }

  /** As `sample`, off the event loop: the same bits. Starts are read in small steps, so do not change them until the promise settles. */
  async sampleAsync(starts: StatesLike, options: SampleAsyncOptions): Promise<SampleResult> {
    const read = SAMPLE_ASYNC.read('sampleAsync', options, this.neurons)
    const name = 'sampleAsync: starts'
    const reader = stateReader(name, starts, this.neurons)
    const size = reader.count * rowWords(this.neurons)
    const rows = allocate(name, size * 4, () => new Uint32Array(size))
    const { signal, dynamics, externalField: given } = read
    const { memory: of, release } = await held(() => this.lease(dynamics === 'asynchronous', given), signal)
    try {
      const wanted = samplePlan('sampleAsync', read, of.scale, of.externalField)
      await allBeside(reader.read(this.kernels, 0, reader.count, rows), { signal, onProgress: undefined })
      return await sampleAsync(this.kernels, of.memory, rows, wanted, read)
    } finally {
      release()
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

/** The external field that turns 0/1 units into ±1 neurons: Σ_j J_ij − 2U_i, with the present weights. */
function binaryField(
  { units, thresholds, neurons }: Pick<Read<typeof NETWORK>, 'units' | 'thresholds' | 'neurons'>,
  kernels: Kernels,
): { readonly field: OwnField | undefined; readonly given: Float64Array | undefined } {
  if (units === 'bipolar') {
    if (thresholds === undefined) return { field: undefined, given: undefined }
    throw new HopfieldError('ERR_HOPFIELD_OPTION', "thresholds: only supported with units: 'binary'")
  }
  const given = thresholds === undefined ? undefined : checkReals('thresholds', thresholds, neurons)
  const ones = new Uint32Array(rowWords(neurons))
  for (let i = 0; i < neurons; i++) ones[i >>> 5] |= 1 << (i & 31)
  const kept = new WeakMap<Memory, Float64Array>()
  const field = {
    *of(read: Memory, scale: number): Steps<Float64Array> {
      const known = kept.get(read)
      if (known !== undefined) return known
      const heard = new Float64Array(neurons)
      // Fields that are those of s − m have no part that 0/1 units would lack.
      if (constantOf(read) === undefined) {
        yield* call(kernels, neurons * (read.count + neurons), 'localFields', read, ones, heard)
      }
      const made = heard.map((h, i) => h / scale - 2 * (given?.[i] ?? 0))
      kept.set(read, made)
      return made
    },
  }
  return { field, given }
}

function constantOf(memory: Memory): ConstantField | undefined {
  return memory.form === 'coupled' || memory.form === 'sparse' ? memory.constant : undefined
}
