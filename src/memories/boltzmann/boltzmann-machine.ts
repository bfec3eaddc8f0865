import { type AsyncLimits, WHOLE_LATER, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, type Steps } from '../../async/steps.js'
import { HopfieldError, under } from '../../errors.js'
import { onlyRow } from '../../input/number-rows.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import { readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import { readUnitRows, type UnitRowLike, type UnitRowsLike } from '../../input/unit-rows.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { paddedStride, rowWords } from '../../kernels/contract/layout.js'
import { PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { log } from '../../numerics/log.js'
import { BoltzmannCouplings, LARGEST_COUPLING, matrixOf } from '../../storage/boltzmann-couplings.js'
import { isSymmetric, paddedRows, withoutPadding } from '../../storage/matrix-arrays.js'
import type { RecordWriter } from '../../storage/record.js'
import { joined } from '../batch.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import {
  type BoltzmannFitAsyncOptions,
  type BoltzmannFitOptions,
  type BoltzmannMachineOptions,
  type BoltzmannRecallAsyncOptions,
  type BoltzmannRecallOptions,
  type BoltzmannSampleAsyncOptions,
  type BoltzmannSampleOptions,
  FITTING,
  FITTING_LATER,
  LATER,
  ONE,
  SAMPLING,
  SAMPLING_LATER,
  type Sampling,
  SCHEMA,
} from './boltzmann-options.js'
import type { Completing, CompletionBatchResult, CompletionResult } from './completion-job.js'
import { type BoltzmannSamples, coupledSamples } from './coupled-chains.js'
import { CoupledCompletionJob } from './coupled-completion.js'
import { difference, learning, sharesOf } from './coupled-learning.js'
import { type CoupledMachine, type Couplings, statesOf, type VisibleRows } from './coupled-machine.js'
import type { States } from './enumeration.js'
import type { Rows } from './machine.js'

const WITHIN: RealRange = { least: -LARGEST_COUPLING, most: LARGEST_COUPLING }

/** A derivative of the mean ln p(v) of rows. */
export interface BoltzmannGradient {
  /** By J_ij, symmetric, 0 where i = j: (V + H)² numbers. */
  weights: Float64s
  /** By b: V + H numbers. */
  biases: Float64s
}

/**
 * The Boltzmann machine (Ackley, Hinton and Sejnowski 1985): ±1 units, all coupled, with p(s) = e^(½ sᵀJs + b·s)/Z; some of them may be hidden.
 * It is the Hopfield network at T = 1 whose weights are learned: ΔJ_ij = ε·(⟨s_i s_j⟩ with the data clamped − ⟨s_i s_j⟩ free).
 *
 * Up to 20 units everything is exact. What it learns and draws has the same bits on every backend, tier and machine.
 */
export class BoltzmannMachine extends KeptMemory {
  static readonly [KIND]: string = 'BoltzmannMachine'
  readonly visible: number
  readonly hidden: number
  readonly #units: number
  readonly #kernels: Kernels
  readonly #couplings: BoltzmannCouplings

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: BoltzmannMachineOptions) {
    const where = 'BoltzmannMachine'
    const opened = openedRecord()
    const { visible, hidden, weights, biases, backend } = SCHEMA.read(where, options)
    const units = visible + hidden
    const rows = new Float64Array(units * paddedStride(units))
    if (weights !== undefined) {
      paddedRows(readRealRow(`${where}: weights`, weights, units * units, WITHIN), units, rows)
      checkSymmetric(`${where}: weights`, rows, units)
    }
    const own =
      biases === undefined ? new Float64Array(units) : readRealRow(`${where}: biases`, biases, units, WITHIN)
    const couplings = new BoltzmannCouplings(units, rows, own)
    super(backend, couplings, opened)
    this.visible = visible
    this.hidden = hidden
    this.#units = units
    this.#kernels = kernelsFor(backend, PAIRWISE_KERNELS)
    this.#couplings = couplings
  }

  /** J as (V + H)² numbers, row-major, a copy. */
  weights(): Float64s {
    return withoutPadding(this.#couplings.arrays().memory.weights as Float64Array, this.#units) as Float64s
  }

  /** b: V + H numbers, a copy. */
  biases(): Float64s {
    return this.#couplings.arrays().biases.slice() as Float64s
  }

  /** E = −½ sᵀJs − b·s of a state of all V + H units, ±1. */
  energy(state: StateLike): number {
    const rows = this.#packed('energy: state', state as StatesLike, this.#units)
    if (rows.count !== 1)
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `energy: state: expected one state, got ${rows.count}`)
    const { memory, biases } = this.#couplings.arrays()
    const quadratic = new Float64Array(1)
    this.#kernels.quadratics(memory, rows.words, 1, quadratic)
    return 0 - quadratic[0] / 2 - this.#kernels.externalDot(biases, this.#units, rows.words)
  }

  /**
   * Learns from visible states, V values ±1 each. It goes on from what the machine knows.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _OPTION or _RANGE naming the argument; ERR_HOPFIELD_DEPENDENT;
   * ERR_HOPFIELD_BUSY during another change. If it throws, nothing is learned.
   */
  fit(data: StatesLike, options?: BoltzmannFitOptions): this {
    return this.change('fit', () => {
      const rows = this.#some('fit: data', data)
      allHere(this.#learned(learning(this.#machine(), rows, FITTING.read('fit', options))))
    })
  }

  /** As `fit`, beside other work: the same bits. Data are copied at the call. */
  async fitAsync(data: StatesLike, options?: BoltzmannFitAsyncOptions): Promise<this> {
    const { signal, onProgress, ...read } = FITTING_LATER.read('fitAsync', options)
    const rows = this.#some('fitAsync: data', data)
    const steps = under('fitAsync', () => learning(this.#machine(), rows, read))
    return this.changeAsync('fitAsync', { signal, onProgress }, () => this.#learned(steps))
  }

  /**
   * Completes a cue by mean field: m_i = tanh(Σ_j J_ij m_j + b_i) of hidden units and of the visible ones that are not clamped, until they rest.
   * @param cue V numbers from −1 to 1; where free units start.
   */
  recall(cue: UnitRowLike, options?: BoltzmannRecallOptions): CompletionResult {
    const read = ONE.read('recall', options, this.visible)
    return this.#complete(this.#row('recall: cue', cue), read).only()
  }

  /** Completes many cues, each with the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: BoltzmannRecallOptions): CompletionBatchResult {
    const read = ONE.read('recallBatch', options, this.visible)
    return this.#complete(this.#rows('recallBatch: cues', cues), read)
  }

  /** As `recallBatch`, beside other work: the same bits for any `threads`, of which it uses one, and `chunk`. Cues are copied at the call. */
  async recallAsync(
    cues: UnitRowsLike,
    options?: BoltzmannRecallAsyncOptions,
  ): Promise<CompletionBatchResult> {
    const read = LATER.read('recallAsync', options, this.visible)
    return this.#completeBeside(this.#rows('recallAsync: cues', cues), read, read)
  }

  /** Draws states by Glauber sweeps over all units that are not clamped. */
  sample(options?: BoltzmannSampleOptions): BoltzmannSamples {
    const read = SAMPLING.read('sample', options, this.visible)
    return allHere(coupledSamples(this.#machine(), this.#starts('sample', read), read))
  }

  /** As `sample`, off the event loop: the same bits. */
  async sampleAsync(options?: BoltzmannSampleAsyncOptions): Promise<BoltzmannSamples> {
    const { signal, onProgress, ...read } = SAMPLING_LATER.read('sampleAsync', options, this.visible)
    const steps = coupledSamples(this.#machine(), this.#starts('sampleAsync', read), read)
    return allBeside(steps, { signal, onProgress })
  }

  /**
   * ln Z, by going through all states.
   * @throws HopfieldError ERR_HOPFIELD_RANGE beyond 20 units.
   */
  logPartition(): number {
    return allHere(this.#states('logPartition')).logPartition
  }

  /** As `logPartition`, beside other work. */
  async logPartitionAsync(options?: WholeOptions): Promise<number> {
    const limits = WHOLE_LATER.read('logPartitionAsync', options)
    return (await allBeside(this.#states('logPartitionAsync'), limits)).logPartition
  }

  /**
   * ln p(v) of visible states, exact, in nats: B numbers.
   * @throws HopfieldError ERR_HOPFIELD_RANGE beyond 20 units; ERR_HOPFIELD_VALUE, _SHAPE or _TYPE naming `data`.
   */
  logLikelihood(data: StatesLike): Float64s {
    const { words, count } = this.#packed('logLikelihood: data', data, this.visible)
    const { chances } = allHere(this.#states('logLikelihood'))
    const own = new Float64Array(2 ** this.visible)
    for (let k = 0; k < chances.length; k++) own[k % own.length] += chances[k]
    const stride = rowWords(this.visible)
    return Float64Array.from({ length: count }, (_, b) => log(own[words[b * stride]]))
  }

  /**
   * The exact gradient of the mean ln p(v) of visible states.
   * @throws HopfieldError as `logLikelihood`.
   */
  gradient(data: StatesLike): BoltzmannGradient {
    const rows = this.#some('gradient: data', data)
    const units = this.#units
    const states = allHere(this.#states('gradient'))
    const { pairs, means } = allHere(difference(states, this.visible, sharesOf(rows, this.visible)))
    return { weights: withoutPadding(pairs, units) as Float64s, biases: means as Float64s }
  }

  protected override record(to: RecordWriter): string {
    to.option('visible', this.visible)
    to.option('hidden', this.hidden)
    return 'couplings'
  }

  protected override facts(): object {
    const { visible, hidden } = this
    return { visible, hidden, form: 'couplings' }
  }

  override [GATHER](options: BoltzmannRecallOptions): Gathering<UnitRowLike, Float32s, CompletionResult> {
    const read = ONE.read('RecallBatcher', options, this.visible)
    return {
      take: (name, cue) => this.#row(name, cue),
      run: (rows, _, limits) => this.#completeBeside(joined(rows), read, limits),
    }
  }

  #packed(name: string, given: StatesLike, units: number): VisibleRows {
    const source = readStates(name, given, units)
    const words = new Uint32Array(source.count * rowWords(units))
    source.packInto(this.#kernels, words)
    return { words, count: source.count }
  }

  #some(name: string, given: StatesLike): VisibleRows {
    const rows = this.#packed(name, given, this.visible)
    if (rows.count > 0) return rows
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one state, got 0`)
  }

  #starts(method: string, { starts }: Sampling): VisibleRows | undefined {
    return starts === undefined
      ? undefined
      : this.#packed(`${method}: starts`, starts as StatesLike, this.visible)
  }

  #machine(): CoupledMachine {
    const { memory, biases } = this.#couplings.arrays()
    const weights = memory.weights as Float64Array
    return { kernels: this.#kernels, memory, weights, biases, visible: this.visible, units: this.#units }
  }

  #complete(cues: Float32s, read: Completing): CompletionBatchResult {
    const machine = this.#machine()
    return here(new CoupledCompletionJob(machine, cues, read), () => machine)
  }

  #completeBeside(cues: Float32s, read: Completing, limits: AsyncLimits): Promise<CompletionBatchResult> {
    const machine = this.#machine()
    // Its arrays are never written to after they are made.
    return beside(this.#kernels, new CoupledCompletionJob(machine, cues, read), limits, () => ({
      memory: machine,
      release() {},
    }))
  }

  #states(method: string): Steps<States> {
    return under(method, () => statesOf(this.#machine()))
  }

  *#learned(steps: Steps<Couplings>): Steps<void> {
    const { weights, biases } = yield* steps
    this.#couplings.take({ memory: matrixOf(this.#units, weights), biases })
  }

  #rows(name: string, given: UnitRowsLike): Float32s {
    return this.#read(name, given).data
  }

  #row(name: string, given: UnitRowLike): Float32s {
    return onlyRow(name, this.#read(name, given as UnitRowsLike), this.visible)
  }

  #read(name: string, given: UnitRowsLike): Rows {
    return readUnitRows(name, given, this.visible, 'bipolar') as Rows
  }
}

function checkSymmetric(name: string, rows: Float64Array, units: number): void {
  for (let i = 0; i < units; i++) {
    const self = rows[i * paddedStride(units) + i]
    if (self !== 0)
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${i * units + i}]: expected 0 on the diagonal, got ${self}`,
      )
  }
  if (isSymmetric(rows, units)) return
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected symmetric couplings, J_ij = J_ji`)
}
