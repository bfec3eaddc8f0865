import { ASYNC, type AsyncLimits, WHOLE_LATER, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, type Steps } from '../../async/steps.js'
import { HopfieldError, within } from '../../errors.js'
import {
  choice,
  type Given,
  integer,
  number,
  type Read,
  required,
  Schema,
  seed,
  unread,
} from '../../input/options.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import type { Float32s, Float64s, NumbersLike } from '../../input/typed-arrays.js'
import { readUnitRows, type UnitRowLike, type UnitRowsLike } from '../../input/unit-rows.js'
import { checkInteger } from '../../input/validate.js'
import type { Kernels, UnitKind } from '../../kernels/contract/kernels.js'
import { hiddenStride, UNIT_KINDS } from '../../kernels/contract/kernels.js'
import { kernelsFor } from '../../kernels/select.js'
import {
  emptyMachine,
  LARGEST_WEIGHT,
  type MachineArrays,
  MachineWeights,
  randomMachine,
  strided,
  unstrided,
} from '../../storage/machine-weights.js'
import type { RecordWriter } from '../../storage/record.js'
import { BACKEND } from '../backend-option.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import { type CompletionBatchResult, CompletionJob, type CompletionResult } from './completion-job.js'
import { completion } from './completion-options.js'
import { exactGradient, type Gradient } from './exact-gradient.js'
import {
  FITTING,
  FITTING_LATER,
  type FitAsyncOptions,
  type FitOptions,
  type FitReport,
  type Fitting,
} from './fit-options.js'
import { Fit, logLikelihoods, mean } from './fitting.js'
import { Machine } from './machine.js'
import {
  annealedLogPartition,
  exactLogPartition,
  isEnumerable,
  type LogPartition,
  MOST_ENUMERATED,
} from './partition.js'
import {
  SAMPLING,
  SAMPLING_LATER,
  type Sampling,
  samples,
  type UnitSampleAsyncOptions,
  type UnitSampleOptions,
  type UnitSamples,
} from './walking.js'

const MOST_UNITS = 65_536
const units = required<number>((name, value) => checkInteger(name, value, 1, MOST_UNITS))
const WITHIN: RealRange = { least: -LARGEST_WEIGHT, most: LARGEST_WEIGHT }

const MEMORY = {
  /** V, the number of visible units, 1 to 65,536. Weights take 4·V·H bytes. */
  visible: units,
  /** H, the number of hidden units, 1 to 65,536. */
  hidden: units,
  /** What visible units are: 'binary', 0 or 1 (default); 'bipolar', −1 or +1; 'gaussian', real with variance 1 about their mean. */
  visibleUnits: choice<UnitKind>(UNIT_KINDS as UnitKind[], 'binary'),
  /** The same of hidden units. One layer at most is Gaussian. */
  hiddenUnits: choice<UnitKind>(UNIT_KINDS as UnitKind[], 'binary'),
  /** W: V×H numbers within ±1e6, row-major; rounded to f32. By default random, normal with standard deviation `weightScale`. */
  weights: unread<NumbersLike>(),
  /** a: V numbers; 0 by default. */
  visibleBiases: unread<NumbersLike>(),
  /** c: H numbers; 0 by default. */
  hiddenBiases: unread<NumbersLike>(),
  /** Standard deviation of random weights, 0 to 10; 0.01 by default (Hinton 2012). */
  weightScale: number(0, 10, 0.01),
  /** 64-bit seed of random weights; 0 by default. */
  seed: seed(),
  ...BACKEND,
}
const SCHEMA = new Schema(MEMORY)

const RECALL = completion(1e-4)
const RECALL_ASYNC = { ...RECALL, ...ASYNC }
const ONE = new Schema(RECALL)
const LATER = new Schema(RECALL_ASYNC)

const PARTITION = {
  /** 'exact' goes through all states of a layer of at most 25 units. 'annealed' is annealed importance sampling. 'auto' (default) is exact
   * where it can be. */
  method: choice(['auto', 'exact', 'annealed'], 'auto'),
  /** Chains of annealed importance sampling, 2 to 2^20; 100 by default. */
  chains: integer(2, 2 ** 20, 100),
  /** Inverse temperatures of each chain, 2 to 2^20; 1000 by default. */
  betas: integer(2, 2 ** 20, 1000),
  /** 64-bit seed of the chains; 0 by default. */
  seed: seed(),
}
const { signal, onProgress } = ASYNC
const PARTITION_ASYNC = { ...PARTITION, signal, onProgress }
const EVALUATION = new Schema(PARTITION)
const EVALUATION_LATER = new Schema(PARTITION_ASYNC)

export interface RestrictedBoltzmannMachineOptions extends Given<typeof MEMORY> {}
/** Options of a completion. */
export interface CompletionOptions extends Given<typeof RECALL> {}
/** Options of completions off the event loop. */
export interface CompletionAsyncOptions extends Given<typeof RECALL_ASYNC> {}
/** Options of a partition function. */
export interface PartitionOptions extends Given<typeof PARTITION> {}
/** Options of a partition function off the event loop; `onProgress` counts chains or groups of states. */
export interface PartitionAsyncOptions extends Given<typeof PARTITION_ASYNC> {}

/** How likely rows are. */
export interface LogLikelihood {
  /** The mean of `values`, in nats. */
  mean: number
  /** ln p(v) of each row: B numbers. */
  values: Float64s
  /** The partition function that they are relative to: every value is off by as much as this is. */
  logPartition: LogPartition
}

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
    this.#kernels = kernelsFor(backend)
    this.#weights = weights
  }

  /** W as V×H numbers, row-major, a copy. */
  weights(): Float32s {
    return unstrided(this.#weights.arrays().weights, this.hidden)
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
      allHere(this.#learned(this.#fitting(data, FITTING.read('fit', options), 'fit')))
    })
  }

  /** As `fit`, beside other work: the same bits. Until it has ended the machine is what it was. Data are copied at the call. */
  async fitAsync(data: UnitRowsLike, options?: FitAsyncOptions): Promise<this> {
    const { signal, onProgress, ...read } = FITTING_LATER.read('fitAsync', options)
    const fit = under('fitAsync', () => this.#fitting(data, read, 'fitAsync'))
    return this.changeAsync('fitAsync', { signal, onProgress }, () => this.#learned(fit))
  }

  /**
   * Completes a cue: means of hidden units and of those visible ones that are not clamped, in turn, until they rest (mean field). The cue is
   * not changed. `sample` with `clamp` draws completions instead.
   * @param cue V numbers, as for `fit`; what is not clamped is where the free units start.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: UnitRowLike, options?: CompletionOptions): CompletionResult {
    const read = ONE.read('recall', options, this.visible)
    const machine = this.#machine()
    return here(new CompletionJob(machine, this.#row('recall: cue', cue), read), () => machine).only()
  }

  /** Completes many cues on this thread; each gives the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: CompletionOptions): CompletionBatchResult {
    const read = ONE.read('recallBatch', options, this.visible)
    const machine = this.#machine()
    return here(new CompletionJob(machine, this.#rows('recallBatch: cues', cues).data, read), () => machine)
  }

  /** As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are copied at the call. */
  async recallAsync(cues: UnitRowsLike, options?: CompletionAsyncOptions): Promise<CompletionBatchResult> {
    const read = LATER.read('recallAsync', options, this.visible)
    return this.#complete(this.#rows('recallAsync: cues', cues).data, read, read)
  }

  /**
   * Draws visible rows by Gibbs steps, from random rows or from `starts`, with some units clamped or none.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the option.
   */
  sample(options?: UnitSampleOptions): UnitSamples {
    const read = SAMPLING.read('sample', options, this.visible)
    return allHere(samples(this.#machine(), this.#starts('sample', read), read))
  }

  /** As `sample`, off the event loop: the same bits. */
  async sampleAsync(options?: UnitSampleAsyncOptions): Promise<UnitSamples> {
    const { signal, onProgress, ...read } = SAMPLING_LATER.read('sampleAsync', options, this.visible)
    const steps = samples(this.#machine(), this.#starts('sampleAsync', read), read)
    return allBeside(steps, { signal, onProgress })
  }

  /** The means of the hidden units at B visible rows: B × H numbers, row-major. Features for whatever comes after. */
  transform(data: UnitRowsLike): Float32s {
    return allHere(this.#transformed(this.#rows('transform: data', data)))
  }

  /** As `transform`, off the event loop: the same bits. */
  async transformAsync(data: UnitRowsLike, options?: WholeOptions): Promise<Float32s> {
    const limits = WHOLE_LATER.read('transformAsync', options)
    return allBeside(this.#transformed(this.#rows('transformAsync: data', data)), limits)
  }

  /** The means of the visible units at the means of the hidden ones at B visible rows: B × V numbers. */
  reconstruct(data: UnitRowsLike): Float32s {
    return allHere(this.#reconstructed(this.#rows('reconstruct: data', data)))
  }

  /** As `reconstruct`, off the event loop: the same bits. */
  async reconstructAsync(data: UnitRowsLike, options?: WholeOptions): Promise<Float32s> {
    const limits = WHOLE_LATER.read('reconstructAsync', options)
    return allBeside(this.#reconstructed(this.#rows('reconstructAsync: data', data)), limits)
  }

  /** F(v) = −ln Σ_h e^(−E(v, h)), an integral where hidden units are Gaussian: −ln p(v) − ln Z. */
  freeEnergy(row: UnitRowLike): number {
    return allHere(this.#energies({ data: this.#row('freeEnergy: row', row), count: 1 }))[0]
  }

  /** F of B rows, each as `freeEnergy` gives it. */
  freeEnergyBatch(data: UnitRowsLike): Float64s {
    return allHere(this.#energies(this.#rows('freeEnergyBatch: data', data)))
  }

  /**
   * ln Z = ln Σ_v e^(−F(v)), or what it lies between.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if it is to be exact and no layer has at most 25 units that are not Gaussian; ERR_HOPFIELD_OPTION.
   */
  logPartition(options?: PartitionOptions): LogPartition {
    const read = EVALUATION.read('logPartition', options)
    return under('logPartition', () => allHere(partition(this.#machine(), read)))
  }

  /** As `logPartition`, off the event loop: the same bits. */
  async logPartitionAsync(options?: PartitionAsyncOptions): Promise<LogPartition> {
    const { signal, onProgress, ...read } = EVALUATION_LATER.read('logPartitionAsync', options)
    const steps = partition(this.#machine(), read)
    try {
      return await allBeside(steps, { signal, onProgress })
    } catch (error) {
      throw within('logPartitionAsync', error)
    }
  }

  /** ln p(v) of B rows, in nats: densities where visible units are Gaussian. The options are those of `logPartition`. */
  logLikelihood(data: UnitRowsLike, options?: PartitionOptions): LogLikelihood {
    const read = EVALUATION.read('logLikelihood', options)
    const rows = this.#some('logLikelihood: data', data)
    return under('logLikelihood', () => allHere(likelihood(this.#machine(), rows, read)))
  }

  /** As `logLikelihood`, off the event loop: the same bits. */
  async logLikelihoodAsync(data: UnitRowsLike, options?: PartitionAsyncOptions): Promise<LogLikelihood> {
    const { signal, onProgress, ...read } = EVALUATION_LATER.read('logLikelihoodAsync', options)
    const steps = likelihood(this.#machine(), this.#some('logLikelihoodAsync: data', data), read)
    try {
      return await allBeside(steps, { signal, onProgress })
    } catch (error) {
      throw within('logLikelihoodAsync', error)
    }
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
    const read = ONE.read('RecallBatcher', options, this.visible)
    return {
      take: (name, cue) => this.#row(name, cue),
      run: (rows, _, limits) => {
        const data = new Float32Array(rows.length * this.visible)
        for (const [b, row] of rows.entries()) data.set(row, b * this.visible)
        return this.#complete(data, read, limits)
      },
    }
  }

  #machine(): Machine {
    const { visible, hidden, visibleUnits, hiddenUnits } = this
    const of = { visible, hidden, visibleKind: visibleUnits, hiddenKind: hiddenUnits }
    return new Machine(this.#kernels, of, this.#weights.arrays())
  }

  #rows(name: string, given: UnitRowsLike): { data: Float32s; count: number } {
    return readUnitRows(name, given, this.visible, this.visibleUnits) as { data: Float32s; count: number }
  }

  /** At least one row: there is no mean of none. */
  #some(name: string, given: UnitRowsLike): { data: Float32s; count: number } {
    const rows = this.#rows(name, given)
    if (rows.count > 0) return rows
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one row, got 0`)
  }

  #row(name: string, given: UnitRowLike): Float32s {
    const { data, count } = this.#rows(name, given as UnitRowsLike)
    if (count === 1) return data
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected one row of ${this.visible} numbers, got ${count}`,
    )
  }

  #starts(method: string, { starts }: Sampling): Float32s | undefined {
    return starts === undefined ? undefined : this.#rows(`${method}: starts`, starts as UnitRowsLike).data
  }

  #fitting(data: UnitRowsLike, read: Fitting, method: string): Fit {
    const rows = this.#some(`${method}: data`, data)
    const heldOut =
      read.heldOut === undefined ? undefined : this.#some(`${method}: heldOut`, read.heldOut as UnitRowsLike)
    return new Fit(this.#machine(), rows, heldOut, read)
  }

  *#learned(fit: Fit): Steps<void> {
    const { arrays, report } = yield* fit.run()
    this.#weights.take(arrays)
    this.#report = report
  }

  *#transformed({ data, count }: { data: Float32s; count: number }): Steps<Float32s> {
    return unstrided(yield* this.#machine().hiddenMeans(data, count), this.hidden)
  }

  *#reconstructed({ data, count }: { data: Float32s; count: number }): Steps<Float32s> {
    const machine = this.#machine()
    return yield* machine.visibleMeans(yield* machine.hiddenMeans(data, count), count)
  }

  *#energies(rows: { data: Float32s; count: number }): Steps<Float64s> {
    return (yield* logLikelihoods(this.#machine(), rows, 0)).map((x) => 0 - x) as Float64s
  }

  #complete(data: Float32s, read: Read<typeof RECALL>, limits: AsyncLimits): Promise<CompletionBatchResult> {
    const machine = this.#machine()
    // Its arrays are never written to after they are made.
    return beside(this.#kernels, new CompletionJob(machine, data, read), limits, () => ({
      memory: machine,
      release() {},
    }))
  }
}

/** Errors of what runs, with the method before them. */
function under<T>(method: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw within(method, error)
  }
}

function initial(where: string, read: Read<typeof MEMORY>): MachineArrays {
  const { visible, hidden, weightScale, seed } = read
  const numbers = (
    name: 'weights' | 'visibleBiases' | 'hiddenBiases',
    length: number,
  ): Float32Array | undefined => {
    const given = read[name]
    return given === undefined
      ? undefined
      : Float32Array.from(readRealRow(`${where}: ${name}`, given, length, WITHIN))
  }
  const weights = numbers('weights', visible * hidden)
  const arrays =
    weights === undefined
      ? randomMachine(visible, hidden, weightScale, seed)
      : { ...emptyMachine(visible, hidden), weights: strided(weights, hidden) }
  const up = numbers('hiddenBiases', hidden)
  const hiddenBiases = new Float32Array(hiddenStride(hidden))
  if (up !== undefined) hiddenBiases.set(up)
  return {
    weights: arrays.weights,
    hiddenBiases,
    visibleBiases: numbers('visibleBiases', visible) ?? arrays.visibleBiases,
  }
}

function* partition(machine: Machine, read: Read<typeof PARTITION>): Steps<LogPartition> {
  const { method, chains, betas, seed } = read
  if (method === 'annealed' || (method === 'auto' && !isEnumerable(machine, MOST_ENUMERATED))) {
    return yield* annealedLogPartition(machine, { chains, betas, seed })
  }
  const value = yield* exactLogPartition(machine)
  return { value, lower: value, upper: value, method: 'exact' }
}

function* likelihood(
  machine: Machine,
  rows: { data: Float32s; count: number },
  read: Read<typeof PARTITION>,
): Steps<LogLikelihood> {
  const logPartition = yield* partition(machine, read)
  const values = (yield* logLikelihoods(machine, rows, logPartition.value)) as Float64s
  return { mean: mean(values), values, logPartition }
}
