import { type AsyncOptions, LATER } from '../../async/async-options.js'
import { allHere } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { type Given, required, Schema, unread } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { stateReader } from '../../input/state-reader.js'
import type { StateLike, StatesLike } from '../../input/states.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { type InteractionMemory, OUTCOME, type RecallPlan, type Tie } from '../../kernels/contract/kernels.js'
import { PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { energyOf } from '../../numerics/energy.js'
import { type InteractionTables, InteractionWeights } from '../../storage/interaction-weights.js'
import type { Fact, RecordWriter } from '../../storage/record.js'
import { energies } from '../bipolar/batch-measures.js'
import { BipolarMemory } from '../bipolar/bipolar-memory.js'
import type { Measured } from '../bipolar/measure-jobs.js'
import {
  FIELD,
  planOf,
  recallSchemas,
  STATE,
  STATE_ASYNC,
  type StateAsyncOptions,
  type StateOptions,
  TIE,
  tieOption,
} from '../bipolar/recall-options.js'
import { BACKEND } from '../memory.js'
import { KIND, openedRecord } from '../opening.js'
import { minimaBeside, minimaOf } from '../resting.js'
import { MINIMA_ASYNC, MINIMA_OPTIONS, type MinimaAsyncOptions, type MinimaOptions } from '../subsets.js'
import { type BallExactness, type BallMinimum, BallSettling, ballExactness } from './ball.js'
import {
  type CheckedInteraction,
  type Interaction,
  interactionTables,
  openTable,
  readInteraction,
} from './interaction-options.js'

const MEMORY = {
  /** N, the number of neurons, 1 to 2^30. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** The function F of the overlaps. */
  interaction: { ...unread<Interaction>(), required: true },
  ...BACKEND,
} as const
const SCHEMA = new Schema(MEMORY)
/** By the default of `tie`: outside of all balls states stay as they are. */
const FIXED_POINT = {
  positive: new Schema({ ...FIELD, ...TIE }),
  keep: new Schema({ ...FIELD, ...tieOption('keep') }),
}
/** A neuron has the field h_i/2 + b_i, so that its flip costs 2·s_i times that. */
const SCALE = 2
/** Of an exponential: with a larger one, what a flip costs would have fewer than nine digits. */
const MOST_BETA = 8

export interface DenseAssociativeMemoryOptions extends Given<typeof MEMORY> {}

/**
 * The dense associative memory of ±1 neurons (Krotov and Hopfield 2016; Demircigil et al. 2017). Its energy is a function F of the
 * overlaps that grows faster than the square, so that patterns near the state weigh far more than the others.
 *
 * Energy E = −Σ_μ F(v^μ), v^μ = ξ^μ·s; a neuron takes the sign of its local field
 * h_i = Σ_μ [F(ξ_i^μ + Σ_{k≠i} ξ_k^μ s_k) − F(−ξ_i^μ + Σ_{k≠i} ξ_k^μ s_k)]. An external field b adds −Σ_i b_i s_i to E, and a flip costs
 * s_i(h_i + 2b_i); at a temperature T a neuron becomes +1 with probability 1/(1 + e^(−(h_i + 2b_i)/T)).
 * Degree 2 is the Hopfield network with zero diagonal; degree n holds about N^(n−1)/(2(2n − 3)!! ln N) random patterns,
 * the exponential about 2^(N/2).
 *
 * In the asynchronous dynamics E never rises, so recalls end in a fixed point. All results are the same bits on every
 * backend, tier and machine.
 */
export class DenseAssociativeMemory extends BipolarMemory {
  static readonly [KIND]: string = 'DenseAssociativeMemory'
  readonly #weights: InteractionWeights
  readonly #interaction: CheckedInteraction
  readonly #tables: InteractionTables
  readonly #tie: 'positive' | 'keep'
  readonly #steep: boolean

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: DenseAssociativeMemoryOptions) {
    const where = 'DenseAssociativeMemory'
    const opened = openedRecord()
    const { neurons, interaction: given, backend } = SCHEMA.read(where, options)
    const wanted = opened === undefined ? given : openTable(opened, given, neurons)
    const interaction = readInteraction(`${where}: interaction`, wanted, neurons)
    const kernels = kernelsFor(backend, PAIRWISE_KERNELS)
    const tables = interactionTables(interaction, neurons)
    const memory = new InteractionWeights(kernels, neurons, tables)
    const scale = (): number => SCALE
    const tie = interaction.kind === 'epanechnikov' ? 'keep' : 'positive'
    const steep = interaction.kind === 'exponential' && interaction.beta > MOST_BETA
    const without = steep ? (['externalField', 'temperature'] as const) : []
    super({ backend, neurons, kernels, memory, scale, opened, without, tie, active: true })
    this.#steep = steep
    this.#tie = tie
    this.#weights = memory
    this.#interaction = interaction
    this.#tables = tables
  }

  protected override facts(): object {
    const { neurons, patternCount } = this
    return { neurons, patternCount, interaction: this.#interaction.kind, form: 'interaction' }
  }

  protected override record(to: RecordWriter): string {
    const { neurons } = this
    const { kind, ...settings } = this.#interaction
    to.option('neurons', neurons)
    to.option('interaction', { kind, ...(kind === 'table' ? {} : settings) } as Fact)
    if (kind === 'table') to.array('interaction.energies', this.#tables.energies, [neurons + 1])
    return 'interaction'
  }

  /**
   * The local fields h_i: N values. For an exponential F all are divided by the positive factor e^(βv_max)·(1 − e^(−2β)), where v_max is
   * the largest overlap of this state, so that nothing overflows.
   */
  localField(state: StateLike): Float64s {
    return this.#fields(this.packed('localField: state', state))
  }

  /** E = −Σ_μ F(v^μ); for an exponential F −ln(Σ_μ e^(βv^μ))/β, which falls exactly where −Σ_μ e^(βv^μ) falls. 0 if no pattern is stored. */
  energy(state: StateLike, options?: StateOptions): number {
    const { externalField } = STATE.read('energy', options, this.neurons)
    const out = new Float64Array(1)
    const row = this.packed('energy: state', state)
    this.kernels.quadratics(this.#weights.memory(), row, 1, out)
    const dot = externalField === undefined ? 0 : this.kernels.externalDot(externalField, this.neurons, row)
    return energyOf(out[0], SCALE, dot)
  }

  /**
   * E of many states, each as `energy` gives it: B values.
   * @param states B states, in any form that `recallBatch` takes.
   */
  energyBatch(states: StatesLike, options?: StateOptions): Float64s {
    const { externalField } = STATE.read('energyBatch', options, this.neurons)
    const reader = stateReader('energyBatch: states', states, this.neurons)
    const measured = (): Measured => ({ memory: this.#weights.memory(), scale: SCALE, externalField })
    return energies(this.kernels, this.neurons, reader, measured)
  }

  /**
   * As `energyBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read chunk by chunk, so do not change
   * them until the promise settles.
   */
  async energyBatchAsync(states: StatesLike, options?: StateAsyncOptions): Promise<Float64s> {
    const read = STATE_ASYNC.read('energyBatchAsync', options, this.neurons)
    return this.energiesLater('energyBatchAsync', states, read.externalField, read)
  }

  /** Whether no update would change the state: s_i = sgn(h_i + 2·b_i) for all i, with ties as the option `tie` says. */
  isFixedPoint(state: StateLike, options?: StateOptions & { tie?: Tie }): boolean {
    const { tie, externalField } = FIXED_POINT[this.#tie].read('isFixedPoint', options, this.neurons)
    const row = this.packed('isFixedPoint: state', state)
    if (externalField !== undefined && this.#steep) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `isFixedPoint: externalField: an exponential with a beta above ${MOST_BETA} knows no external field`,
      )
    }
    if (externalField !== undefined) return this.#stays(row, tie, externalField)
    const fields = this.#fields(row)
    return this.stable(row, tie, (i) => fields[i])
  }

  /**
   * Up to which radius every stored pattern is recalled alone, with interaction 'epanechnikov'. It compares every pattern with all others.
   * @throws HopfieldError ERR_HOPFIELD_OPTION with another interaction; _RANGE if no pattern is stored.
   */
  exactness(): BallExactness {
    const radius = this.#radius('exactness')
    return ballExactness(this.nearest(this.patterns(), { k: 2 }), this.neurons, radius)
  }

  /** As `exactness`, off the event loop: the same bits for any `threads` and `chunk`. */
  async exactnessAsync(options?: AsyncOptions): Promise<BallExactness> {
    const limits = LATER.read('exactnessAsync', options)
    const radius = this.#radius('exactnessAsync')
    const given = Object.fromEntries(Object.entries(limits).filter(([, value]) => value !== undefined))
    const found = await this.nearestAsync(this.patterns(), { ...given, k: 2 })
    return ballExactness(found, this.neurons, radius)
  }

  /**
   * States that no synchronous recall changes, with patterns within reach of them, with interaction 'epanechnikov', the lowest energy
   * first: those that recalls reach from the majorities of sets of patterns. Up to twelve patterns all sets; of more, sets of
   * neighbouring patterns, drawn at random.
   * @param options.samples how many sets to start from, 1024 by default; options.seed.
   * @throws HopfieldError ERR_HOPFIELD_OPTION with another interaction; _RANGE if no pattern is stored.
   */
  minima(options?: MinimaOptions): BallMinimum[] {
    const wanted = MINIMA_OPTIONS.read('minima', options)
    const settling = this.#settling(this.#radius('minima'), this.#weights.memory())
    const found = allHere(minimaOf(settling, wanted))
    return found.map((minimum) => ({ ...minimum, ...this.named(minimum.members) }))
  }

  /** As `minima`, off the event loop: the same bits. It uses one thread, whatever `threads`. */
  async minimaAsync(options?: MinimaAsyncOptions): Promise<BallMinimum[]> {
    const read = MINIMA_ASYNC.read('minimaAsync', options)
    const radius = this.#radius('minimaAsync')
    const settling = (memory: InteractionMemory): BallSettling => this.#settling(radius, memory)
    return minimaBeside(this.naming(), this.#weights.lease(), settling, read)
  }

  #settling(radius: number, memory: InteractionMemory): BallSettling {
    return new BallSettling(this.kernels, memory, this.#plan(), radius)
  }

  /** Of a recall of all neurons at once. */
  #plan(): RecallPlan {
    const read = recallSchemas([], this.#tie).one.read('minima', { dynamics: 'synchronous', maxSweeps: 1000 })
    return planOf(read, SCALE, undefined)
  }

  /** Whether an update of all neurons at once changes nothing. */
  #stays(row: Uint32Array, tie: Tie, externalField: Float64Array): boolean {
    const plan = { ...this.#plan(), tie, externalField, maxSweeps: 1 }
    const outcome = new Float64Array(OUTCOME.length)
    this.kernels.recall(this.#weights.memory(), row, 1, plan, new Uint32Array(row.length), outcome)
    return outcome[OUTCOME.flips] === 0
  }

  /** Refuses where there are no balls, or nothing in them. */
  #radius(method: string): number {
    if (this.#interaction.kind !== 'epanechnikov') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: only known for interaction 'epanechnikov', and this memory has '${this.#interaction.kind}'`,
      )
    }
    if (this.patternCount > 0) return this.#interaction.radius
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${method}: no patterns are stored; call store() first`)
  }

  #fields(row: Uint32Array): Float64s {
    const out = new Float64Array(this.neurons)
    this.kernels.localFields(this.#weights.memory(), row, out)
    return out
  }
}
