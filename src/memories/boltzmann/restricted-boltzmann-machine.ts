import type { AsyncLimits, WholeOptions } from '../../async/async-options.js'
import { WHOLE_LATER } from '../../async/async-options.js'
import { allBeside, allHere, followed, made, oneStep, type Steps } from '../../async/steps.js'
import { HopfieldError, under } from '../../errors.js'
import { onlyRow, someRows } from '../../input/number-rows.js'
import { type Into, intoOf } from '../../input/out.js'
import type { Float32s, Float64s } from '../../input/typed-arrays.js'
import { readingUnitRows, readUnitRows, type UnitRowLike, type UnitRowsLike } from '../../input/unit-rows.js'
import type { Kernels, UnitKind } from '../../kernels/contract/kernels.js'
import { MACHINE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { processors } from '../../platform/node/system.js'
import { atOnce } from '../../platform/turn.js'
import { emptyMachine, MachineWeights, unstrided } from '../../storage/machine-weights.js'
import type { RecordWriter } from '../../storage/record.js'
import { joined } from '../batch.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import { SHARES } from '../sharing.js'
import { type CompletionBatchResult, CompletionJob, type CompletionResult } from './completion-job.js'
import { exactGradient, type Gradient } from './exact-gradient.js'
import {
  FITTING,
  FITTING_LATER,
  type FitAsyncOptions,
  type FitOptions,
  type FitReport,
  type Fitting,
} from './fit-options.js'
import { Fit, type Fitted } from './fitting.js'
import { initial } from './initial-machine.js'
import { evaluated, freeEnergies, type LogLikelihood, likelihood, partition } from './likelihood.js'
import { Machine, type Rows } from './machine.js'
import type { LogPartition } from './partition.js'
import {
  type Completing,
  type CompletionAsyncOptions,
  type CompletionOptions,
  EVALUATION,
  EVALUATION_LATER,
  GATHERED,
  HERE,
  LATER,
  type PartitionAsyncOptions,
  type PartitionOptions,
  type RestrictedBoltzmannMachineOptions,
  SCHEMA,
} from './restricted-options.js'
import {
  SAMPLING,
  SAMPLING_LATER,
  type Sampling,
  samples,
  type UnitSampleAsyncOptions,
  type UnitSampleOptions,
  type UnitSamples,
} from './walking.js'

/**
 * The restricted Boltzmann machine (Smolensky 1986; Hinton 2002): V visible and H hidden units with E = −a·v − c·h − vᵀWh, and ½v² for
 * each Gaussian unit. Units of a layer are independent of each other, given the other layer.
 *
 * It learns what is likely (`fit`), completes what is partly known (`recall`), makes up more of the same (`sample`), and tells how likely
 * something is (`logLikelihood`). What it learns and draws has the same bits on every backend, tier and machine.
 */
export class RestrictedBoltzmannMachine extends KeptMemory {
  static readonly [KIND]: string = 'RestrictedBoltzmannMachine'
  readonly visible: number
  readonly hidden: number
  readonly visibleUnits: UnitKind
  readonly hiddenUnits: UnitKind
  readonly #kernels: Kernels
  readonly #weights: MachineWeights
  #report: FitReport | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: RestrictedBoltzmannMachineOptions) {
    const where = 'RestrictedBoltzmannMachine'
    const opened = openedRecord()
    const read = SCHEMA.read(where, options)
    const { visible, hidden, visibleUnits, hiddenUnits, backend } = read
    if (visibleUnits === 'gaussian' && hiddenUnits === 'gaussian') {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${where}: hiddenUnits: expected binary or bipolar units beside Gaussian visible ones, got 'gaussian'`,
      )
    }
    const arrays = opened === undefined ? initial(where, read) : emptyMachine(visible, hidden)
    const weights = new MachineWeights(visible, hidden, arrays)
    super(backend, weights, opened)
    this.visible = visible
    this.hidden = hidden
    this.visibleUnits = visibleUnits
    this.hiddenUnits = hiddenUnits
    this.#kernels = kernelsFor(backend, MACHINE_KERNELS)
    this.#weights = weights
  }

  /** W as V×H numbers, row-major, a copy. */
  weights(): Float32s {
    return atOnce(unstrided(this.#weights.arrays().weights, this.hidden))
  }

  /** a: V numbers, a copy. */
  visibleBiases(): Float32s {
    return this.#weights.arrays().visibleBiases.slice() as Float32s
  }

  /** c: H numbers, a copy. */
  hiddenBiases(): Float32s {
    return this.#weights.arrays().hiddenBiases.slice(0, this.hidden) as Float32s
  }

  /** How the last `fit` of this machine went; undefined before. It is not kept in files. */
  get learningReport(): FitReport | undefined {
    return this.#report === undefined ? undefined : structuredClone(this.#report)
  }

  /**
   * Learns from rows of V numbers, from 0 to 1 or from −1 to 1 where units have these values. It goes on from what the machine knows;
   * `learningReport` tells how it went.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _OPTION or _RANGE naming the argument, or the learning rate where weights
   * grew beyond all bounds; ERR_HOPFIELD_BUSY during another change. If it throws, nothing is learned.
   */
  fit(data: UnitRowsLike, options?: FitOptions): this {
    return this.change('fit', () => {
      const read = FITTING.read('fit', options)
      allHere(followed(this.#fitting('fit', data, read), (fit) => this.#learned(fit)))
    })
  }

  /**
   * As `fit`, beside other work: the same bits. Until it has ended the machine is what it was. Data and `heldOut` are read in small steps, so
   * do not change them until the promise settles. After an abort nothing is learned, or with `onAbort: 'keep'` what the epochs that had ended
   * taught.
   */
  async fitAsync(data: UnitRowsLike, options?: FitAsyncOptions): Promise<this> {
    const { signal, onProgress, onAbort, ...read } = FITTING_LATER.read('fitAsync', options)
    const kept = onAbort === 'keep' ? signal : undefined
    return this.changeAsync('fitAsync', { signal, onProgress }, () =>
      followed(this.#fitting('fitAsync', data, read), (fit) => this.#learned(fit, kept)),
    )
  }

  /**
   * Completes a cue: means of hidden units and of those visible ones that are not clamped, in turn, until they rest (mean field). The cue is
   * not changed. `sample` with `clamp` draws completions instead.
   * @param cue V numbers, as for `fit`; what is not clamped is where the free units start.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: UnitRowLike, options?: CompletionOptions): CompletionResult {
    const read = HERE.read('recall', options, this.visible)
    return this.#completed(this.#row('recall: cue', cue), read, intoOf('recall', options)).only()
  }

  /** Completes many cues on this thread; each gives the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: CompletionOptions): CompletionBatchResult {
    const read = HERE.read('recallBatch', options, this.visible)
    return this.#completed(this.#rows('recallBatch: cues', cues).data, read, intoOf('recallBatch', options))
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are read in small steps, so do not change them
   * until the promise settles.
   */
  async recallAsync(cues: UnitRowsLike, options?: CompletionAsyncOptions): Promise<CompletionBatchResult> {
    const read = LATER.read('recallAsync', options, this.visible)
    return this.#complete(this.#reading('recallAsync: cues', cues), read, read)
  }

  /**
   * Draws visible rows by Gibbs steps, from random rows or from `starts`, with some units clamped or none.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the option.
   */
  sample(options?: UnitSampleOptions): UnitSamples {
    const read = SAMPLING.read('sample', options, this.visible)
    const starts = allHere(this.#starts('sample', read))
    return allHere(samples(this.#machine(), starts, read))
  }

  /** As `sample`, off the event loop: the same bits. Starts are read in small steps, so do not change them until the promise settles. */
  async sampleAsync(options?: UnitSampleAsyncOptions): Promise<UnitSamples> {
    const { signal, onProgress, ...read } = SAMPLING_LATER.read('sampleAsync', options, this.visible)
    const machine = this.#machine()
    const steps = followed(this.#starts('sampleAsync', read), (starts) => samples(machine, starts, read))
    return allBeside(steps, { signal, onProgress })
  }

  /** The means of the hidden units at B visible rows: B × H numbers, row-major. Features for whatever comes after. */
  transform(data: UnitRowsLike): Float32s {
    return allHere(this.#machine().transformed(this.#rows('transform: data', data)))
  }

  /** As `transform`, off the event loop: the same bits. Data are read in small steps, so do not change them until the promise settles. */
  async transformAsync(data: UnitRowsLike, options?: WholeOptions): Promise<Float32s> {
    const limits = WHOLE_LATER.read('transformAsync', options)
    const [machine, reading] = [this.#machine(), this.#reading('transformAsync: data', data)]
    return allBeside(
      followed(reading, (rows) => machine.transformed(rows)),
      limits,
    )
  }

  /** The means of the visible units at the means of the hidden ones at B visible rows: B × V numbers. */
  reconstruct(data: UnitRowsLike): Float32s {
    return allHere(this.#machine().reconstructed(this.#rows('reconstruct: data', data)))
  }

  /** As `reconstruct`, off the event loop: the same bits. Data are read in small steps, so do not change them until the promise settles. */
  async reconstructAsync(data: UnitRowsLike, options?: WholeOptions): Promise<Float32s> {
    const limits = WHOLE_LATER.read('reconstructAsync', options)
    const [machine, reading] = [this.#machine(), this.#reading('reconstructAsync: data', data)]
    return allBeside(
      followed(reading, (rows) => machine.reconstructed(rows)),
      limits,
    )
  }

  /** F(v) = −ln Σ_h e^(−E(v, h)), an integral where hidden units are Gaussian: −ln p(v) − ln Z. */
  freeEnergy(row: UnitRowLike): number {
    return allHere(freeEnergies(this.#machine(), { data: this.#row('freeEnergy: row', row), count: 1 }))[0]
  }

  /** F of B rows, each as `freeEnergy` gives it. */
  freeEnergyBatch(data: UnitRowsLike): Float64s {
    return allHere(freeEnergies(this.#machine(), this.#rows('freeEnergyBatch: data', data)))
  }

  /**
   * ln Z = ln Σ_v e^(−F(v)), or what it lies between.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if it is to be exact and no layer has at most 25 units that are not Gaussian; ERR_HOPFIELD_OPTION.
   */
  logPartition(options?: PartitionOptions): LogPartition {
    const read = EVALUATION.read('logPartition', options)
    return under('logPartition', () => allHere(partition(this.#machine(), read)))
  }

  /** As `logPartition`, off the event loop, on several threads: the same bits. */
  async logPartitionAsync(options?: PartitionAsyncOptions): Promise<LogPartition> {
    const { signal, onProgress, threads, ...read } = EVALUATION_LATER.read('logPartitionAsync', options)
    const steps = partition(this.#machine(), read, this.#threads(threads))
    return evaluated('logPartitionAsync', steps, { signal, onProgress })
  }

  /** ln p(v) of B rows, in nats: densities where visible units are Gaussian. The options are those of `logPartition`. */
  logLikelihood(data: UnitRowsLike, options?: PartitionOptions): LogLikelihood {
    const read = EVALUATION.read('logLikelihood', options)
    const rows = this.#some('logLikelihood: data', data)
    return under('logLikelihood', () => allHere(likelihood(this.#machine(), rows, read)))
  }

  /** As `logLikelihood`, off the event loop: the same bits. Data are read in small steps, so do not change them until the promise settles. */
  async logLikelihoodAsync(data: UnitRowsLike, options?: PartitionAsyncOptions): Promise<LogLikelihood> {
    const { signal, onProgress, threads, ...read } = EVALUATION_LATER.read('logLikelihoodAsync', options)
    const [machine, reading] = [this.#machine(), this.#readingSome('logLikelihoodAsync: data', data)]
    const steps = followed(reading, (rows) => likelihood(machine, rows, read, this.#threads(threads)))
    return evaluated('logLikelihoodAsync', steps, { signal, onProgress })
  }

  /**
   * The exact gradient of the mean ln p(v) of rows, in f64, by going through all states of a layer of at most 16 units: what `fit` estimates.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if both layers are larger or Gaussian; ERR_HOPFIELD_SHAPE, _VALUE or _TYPE naming `data`.
   */
  gradient(data: UnitRowsLike): Gradient {
    const rows = this.#some('gradient: data', data)
    return under('gradient', () => allHere(exactGradient(this.#machine(), rows)))
  }

  protected override record(to: RecordWriter): string {
    const { visible, hidden, visibleUnits, hiddenUnits } = this
    for (const [name, value] of Object.entries({ visible, hidden, visibleUnits, hiddenUnits })) {
      to.option(name, value)
    }
    return 'layers'
  }

  protected override facts(): object {
    const { visible, hidden, visibleUnits, hiddenUnits } = this
    return { visible, hidden, visibleUnits, hiddenUnits, form: 'layers' }
  }

  override [GATHER](options: CompletionOptions): Gathering<UnitRowLike, Float32s, CompletionResult> {
    const read = GATHERED.read('RecallBatcher', options, this.visible)
    return {
      take: (name, cue) => this.#row(name, cue),
      run: (rows, _, limits) => {
        const cues = oneStep(() => ({ count: rows.length, data: joined(rows) }))
        return this.#complete(cues, read, limits)
      },
    }
  }

  #machine(): Machine {
    const { visible, hidden, visibleUnits, hiddenUnits } = this
    const of = { visible, hidden, visibleKind: visibleUnits, hiddenKind: hiddenUnits }
    return new Machine(this.#kernels, of, this.#weights.arrays())
  }

  /** Threads of a call that is cut into parts. */
  #threads(wanted: number | undefined): number {
    return this.#kernels.parallel ? (wanted ?? processors()) : 1
  }

  #rows(name: string, given: UnitRowsLike): Rows {
    return readUnitRows(name, given, this.visible, this.visibleUnits) as Rows
  }

  #reading(name: string, given: UnitRowsLike): Generator<void, Rows> {
    return readingUnitRows(name, given, this.visible, this.visibleUnits) as Generator<void, Rows>
  }

  #some(name: string, given: UnitRowsLike): Rows {
    return someRows(name, this.#rows(name, given))
  }

  #row(name: string, given: UnitRowLike): Float32s {
    return onlyRow(name, this.#rows(name, given as UnitRowsLike), this.visible)
  }

  #starts(method: string, { starts }: Sampling): Steps<Float32s | undefined> {
    if (starts === undefined) return oneStep(() => undefined)
    return made(this.#reading(`${method}: starts`, starts as UnitRowsLike), ({ data }) => data)
  }

  #fitting(method: string, data: UnitRowsLike, read: Fitting): Steps<Fit> {
    const rows = this.#readingSome(`${method}: data`, data)
    const heldOut =
      read.heldOut === undefined
        ? oneStep(() => undefined)
        : this.#readingSome(`${method}: heldOut`, read.heldOut as UnitRowsLike)
    return followed(rows, (some) => made(heldOut, (held) => new Fit(this.#machine(), some, held, read)))
  }

  #readingSome(name: string, given: UnitRowsLike): Steps<Rows> {
    return made(this.#reading(name, given), (rows) => someRows(name, rows))
  }

  /** @param kept the signal whose abort leaves what was learned by then. */
  *#learned(fit: Fit, kept?: AbortSignal): Steps<void> {
    let ended = false
    try {
      this.#take(yield* fit.run(kept !== undefined))
      ended = true
    } finally {
      // Where the steps were abandoned.
      if (!ended && kept?.aborted && fit.whole !== undefined) {
        this.#take(fit.whole)
        this[SHARES].changed()
      }
    }
  }

  #take({ arrays, report }: Fitted): void {
    this.#weights.take(arrays)
    this.#report = report
  }

  #completed(cues: Float32s, read: Completing, into: Into | undefined): CompletionBatchResult {
    const machine = this.#machine()
    return here(new CompletionJob(machine, cues, read, into), () => machine)
  }

  #complete(reading: Steps<Rows>, read: Completing, limits: AsyncLimits): Promise<CompletionBatchResult> {
    const machine = this.#machine()
    const job = made(reading, ({ data }) => new CompletionJob(machine, data, read))
    // Its arrays are never written to after they are made.
    return beside(this.#kernels, job, limits, () => ({
      memory: machine,
      release() {},
    }))
  }
}
