import { type AsyncLimits, WHOLE_LATER, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, followed, made, oneStep, type Steps } from '../../async/steps.js'
import { allocate, HopfieldError, under } from '../../errors.js'
import { onlyRow } from '../../input/number-rows.js'
import { type Into, intoOf } from '../../input/out.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import { stateReader } from '../../input/state-reader.js'
import type { StateLike, StatesLike } from '../../input/states.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import { readingUnitRows, readUnitRows, type UnitRowLike, type UnitRowsLike } from '../../input/unit-rows.js'
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
  type Fitting,
  GATHERED,
  HERE,
  LATER,
  SAMPLING,
  SAMPLING_LATER,
  type Sampling,
  SCHEMA,
} from './boltzmann-options.js'
import type { Completing, CompletionBatchResult, CompletionResult } from './completion-job.js'
import { type BoltzmannSamples, coupledSamples } from './coupled-chains.js'
import { CoupledCompletionJob } from './coupled-completion.js'
import { difference, learning, sharesOf } from './coupled-learning.js'
import { type CoupledMachine, statesOf, type VisibleRows } from './coupled-machine.js'
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
    const rows = allHere(this.#reading('energy: state', state as StatesLike, this.#units))
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
      const rows = some('fit: data', allHere(this.#reading('fit: data', data)))
      allHere(this.#learned(rows, FITTING.read('fit', options)))
    })
  }

  /** As `fit`, beside other work: the same bits. Data are read in small steps, so do not change them until the promise settles. */
  async fitAsync(data: StatesLike, options?: BoltzmannFitAsyncOptions): Promise<this> {
    const { signal, onProgress, ...read } = FITTING_LATER.read('fitAsync', options)
    const name = 'fitAsync: data'
    return this.changeAsync('fitAsync', { signal, onProgress }, () =>
      followed(this.#reading(name, data), (rows) => this.#learned(some(name, rows), read)),
    )
  }

  /**
   * Completes a cue by mean field: m_i = tanh(Σ_j J_ij m_j + b_i) of hidden units and of the visible ones that are not clamped, until they rest.
   * @param cue V numbers from −1 to 1; where free units start.
   */
  recall(cue: UnitRowLike, options?: BoltzmannRecallOptions): CompletionResult {
    const read = HERE.read('recall', options, this.visible)
    return this.#complete(this.#row('recall: cue', cue), read, intoOf('recall', options)).only()
  }

  /** Completes many cues, each with the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: BoltzmannRecallOptions): CompletionBatchResult {
    const read = HERE.read('recallBatch', options, this.visible)
    return this.#complete(this.#rows('recallBatch: cues', cues), read, intoOf('recallBatch', options))
  }

  /**
   * As `recallBatch`, beside other work: the same bits for any `threads`, of which it uses one, and `chunk`. Cues are read in small steps, so
   * do not change them until the promise settles.
   */
  async recallAsync(
    cues: UnitRowsLike,
    options?: BoltzmannRecallAsyncOptions,
  ): Promise<CompletionBatchResult> {
    const read = LATER.read('recallAsync', options, this.visible)
    const reading = readingUnitRows('recallAsync: cues', cues, this.visible, 'bipolar')
    return this.#completeBeside(reading as Generator<void, Rows>, read, read)
  }

  /** Draws states by Glauber sweeps over all units that are not clamped. */
  sample(options?: BoltzmannSampleOptions): BoltzmannSamples {
    const read = SAMPLING.read('sample', options, this.visible)
    const starts = allHere(this.#starts('sample', read))
    return allHere(coupledSamples(this.#machine(), starts, read))
  }

  /** As `sample`, off the event loop: the same bits. Starts are read in small steps, so do not change them until the promise settles. */
  async sampleAsync(options?: BoltzmannSampleAsyncOptions): Promise<BoltzmannSamples> {
    const { signal, onProgress, ...read } = SAMPLING_LATER.read('sampleAsync', options, this.visible)
    const machine = this.#machine()
    const steps = followed(this.#starts('sampleAsync', read), (starts) =>
      coupledSamples(machine, starts, read),
    )
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
    const { words, count } = allHere(this.#reading('logLikelihood: data', data))
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
    const rows = some('gradient: data', allHere(this.#reading('gradient: data', data)))
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
    const read = GATHERED.read('RecallBatcher', options, this.visible)
    return {
      take: (name, cue) => this.#row(name, cue),
      run: (rows, _, limits) => {
        const cues = oneStep(() => ({ count: rows.length, data: joined(rows) }))
        return this.#completeBeside(cues, read, limits)
      },
    }
  }

  /** States, packed in small steps. */
  #reading(name: string, given: StatesLike, units = this.visible): Steps<VisibleRows> {
    const reader = stateReader(name, given, units)
    const { count } = reader
    const size = count * rowWords(units)
    const words = allocate(name, size * 4, () => new Uint32Array(size))
    return made(reader.read(this.#kernels, 0, count, words), () => ({ words, count }))
  }

  #starts(method: string, { starts }: Sampling): Steps<VisibleRows | undefined> {
    if (starts === undefined) return oneStep(() => undefined)
    return this.#reading(`${method}: starts`, starts as StatesLike)
  }

  #machine(): CoupledMachine {
    const { memory, biases } = this.#couplings.arrays()
    const weights = memory.weights as Float64Array
    return { kernels: this.#kernels, memory, weights, biases, visible: this.visible, units: this.#units }
  }

  #complete(cues: Float32s, read: Completing, into: Into | undefined): CompletionBatchResult {
    const machine = this.#machine()
    return here(new CoupledCompletionJob(machine, cues, read, into), () => machine)
  }

  #completeBeside(
    reading: Steps<Rows>,
    read: Completing,
    limits: AsyncLimits,
  ): Promise<CompletionBatchResult> {
    const machine = this.#machine()
    const job = made(reading, ({ data }) => new CoupledCompletionJob(machine, data, read))
    // Its arrays are never written to after they are made.
    return beside(this.#kernels, job, limits, () => ({
      memory: machine,
      release() {},
    }))
  }

  #states(method: string): Steps<States> {
    return under(method, () => statesOf(this.#machine()))
  }

  *#learned(rows: VisibleRows, read: Fitting): Steps<void> {
    const { weights, biases } = yield* learning(this.#machine(), rows, read)
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

/** States of which there is at least one. */
function some(name: string, rows: VisibleRows): VisibleRows {
  if (rows.count > 0) return rows
  throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one state, got 0`)
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
