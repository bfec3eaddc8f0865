import { WHOLE_LATER, type WholeOptions } from '../../async/async-options.js'
import { allBeside, allHere, Mark, type Steps } from '../../async/steps.js'
import { HopfieldError, within } from '../../errors.js'
import { type RealRange, readRealRow } from '../../input/reals.js'
import { readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float32s, Float64s, Int8s } from '../../input/typed-arrays.js'
import { readUnitRows, type UnitRowLike, type UnitRowsLike } from '../../input/unit-rows.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { paddedStride, rowWords, spin } from '../../kernels/contract/layout.js'
import { kernelsFor } from '../../kernels/select.js'
import { log } from '../../numerics/log.js'
import { PURPOSE, philoxBlock } from '../../numerics/philox.js'
import { BoltzmannCouplings, LARGEST_COUPLING, matrixOf } from '../../storage/boltzmann-couplings.js'
import { isSymmetric, paddedRows, withoutPadding } from '../../storage/matrix-arrays.js'
import type { RecordWriter } from '../../storage/record.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import { KIND, openedRecord } from '../opening.js'
import {
  type BoltzmannFitAsyncOptions,
  type BoltzmannFitOptions,
  type BoltzmannMachineOptions,
  type BoltzmannRecallAsyncOptions,
  type BoltzmannRecallOptions,
  type BoltzmannSampleAsyncOptions,
  type BoltzmannSampleOptions,
  type Completing,
  FITTING,
  FITTING_LATER,
  type Fitting,
  LATER,
  ONE,
  SAMPLING,
  SAMPLING_LATER,
  type Sampling,
  SCHEMA,
} from './boltzmann-options.js'
import { CompletionBatchResult, type CompletionResult } from './completion-job.js'
import { meanField, meanFieldMachine, momentsOfRows, sweep, unitsMask } from './coupled-units.js'
import { clamped, enumerate, MOST_STATES, type Moments, momentsOf, type States } from './enumeration.js'

const WITHIN: RealRange = { least: -LARGEST_COUPLING, most: LARGEST_COUPLING }

/** What chains came to; row b belongs to chain b. */
export interface BoltzmannSamples {
  /** The last visible states: B × V values ±1. */
  states: Int8s
  /** The last hidden ones: B × H values ±1. */
  hidden: Int8s
}

/** A derivative of the mean ln p(v) of rows. */
export interface BoltzmannGradient {
  /** By J_ij, symmetric, 0 where i = j: (V + H)² numbers. */
  weights: Float64s
  /** By b: V + H numbers. */
  biases: Float64s
}

interface Learned {
  readonly weights: Float64Array
  readonly biases: Float64Array
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
    this.#kernels = kernelsFor(backend)
    this.#couplings = couplings
  }

  /** J as (V + H)² numbers, row-major, a copy. */
  weights(): Float64s {
    return withoutPadding(this.#couplings.memory.weights as Float64Array, this.#units) as Float64s
  }

  /** b: V + H numbers, a copy. */
  biases(): Float64s {
    return this.#couplings.biases.slice() as Float64s
  }

  /** E = −½ sᵀJs − b·s of a state of all V + H units, ±1. */
  energy(state: StateLike): number {
    const rows = this.#packed('energy: state', state as StatesLike, this.#units)
    if (rows.count !== 1)
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `energy: state: expected one state, got ${rows.count}`)
    const { memory, biases } = this.#couplings
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
    return this.change('fit', () => allHere(this.#fitting('fit', data, FITTING.read('fit', options))))
  }

  /** As `fit`, beside other work: the same bits. Data are copied at the call. */
  async fitAsync(data: StatesLike, options?: BoltzmannFitAsyncOptions): Promise<this> {
    const { signal, onProgress, ...read } = FITTING_LATER.read('fitAsync', options)
    const steps = this.#fitting('fitAsync', data, read)
    return this.changeAsync('fitAsync', { signal, onProgress }, () => steps)
  }

  /**
   * Completes a cue by mean field: m_i = tanh(Σ_j J_ij m_j + b_i) of hidden units and of the visible ones that are not clamped, until they rest.
   * @param cue V numbers from −1 to 1; where free units start.
   */
  recall(cue: UnitRowLike, options?: BoltzmannRecallOptions): CompletionResult {
    const read = ONE.read('recall', options, this.visible)
    return allHere(this.#complete(this.#row('recall: cue', cue), read)).only()
  }

  /** Completes many cues, each with the same bits as `recall`. */
  recallBatch(cues: UnitRowsLike, options?: BoltzmannRecallOptions): CompletionBatchResult {
    const read = ONE.read('recallBatch', options, this.visible)
    return allHere(this.#complete(this.#rows('recallBatch: cues', cues), read))
  }

  /** As `recallBatch`, beside other work: the same bits. Cues are copied at the call. */
  async recallAsync(
    cues: UnitRowsLike,
    options?: BoltzmannRecallAsyncOptions,
  ): Promise<CompletionBatchResult> {
    const { signal, onProgress, ...read } = LATER.read('recallAsync', options, this.visible)
    return allBeside(this.#complete(this.#rows('recallAsync: cues', cues), read), { signal, onProgress })
  }

  /** Draws states by Glauber sweeps over all units that are not clamped. */
  sample(options?: BoltzmannSampleOptions): BoltzmannSamples {
    return allHere(this.#samples('sample', SAMPLING.read('sample', options, this.visible)))
  }

  /** As `sample`, off the event loop: the same bits. */
  async sampleAsync(options?: BoltzmannSampleAsyncOptions): Promise<BoltzmannSamples> {
    const { signal, onProgress, ...read } = SAMPLING_LATER.read('sampleAsync', options, this.visible)
    return allBeside(this.#samples('sampleAsync', read), { signal, onProgress })
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
    const { pairs, means } = allHere(this.#difference(states, this.#shares(rows)))
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
      run: (rows, _, { signal, onProgress }) => {
        const data = new Float32Array(rows.length * this.visible)
        for (const [b, row] of rows.entries()) data.set(row, b * this.visible)
        return allBeside(this.#complete(data, read), { signal, onProgress })
      },
    }
  }

  #packed(name: string, given: StatesLike, units: number): { words: Uint32Array; count: number } {
    const source = readStates(name, given, units)
    const words = new Uint32Array(source.count * rowWords(units))
    source.packInto(this.#kernels, words)
    return { words, count: source.count }
  }

  #some(name: string, given: StatesLike): { words: Uint32Array; count: number } {
    const rows = this.#packed(name, given, this.visible)
    if (rows.count > 0) return rows
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one state, got 0`)
  }

  #rows(name: string, given: UnitRowsLike): Float32s {
    return readUnitRows(name, given, this.visible, 'bipolar').data as Float32s
  }

  #row(name: string, given: UnitRowLike): Float32s {
    const data = this.#rows(name, given as UnitRowsLike)
    if (data.length === this.visible) return data
    const got = data.length / this.visible
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected one row of ${this.visible} numbers, got ${got}`,
    )
  }

  #states(method: string, { weights, biases }: Learned = this.#learned()): Steps<States> {
    if (this.#units <= MOST_STATES) return enumerate(this.#units, weights, biases)
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${method}: expected at most ${MOST_STATES} units to go through all states, got ${this.#units}`,
    )
  }

  #learned(): Learned {
    return { weights: this.#couplings.memory.weights as Float64Array, biases: this.#couplings.biases }
  }

  /** How often each visible state is among the rows. */
  #shares({ words, count }: { words: Uint32Array; count: number }): Float64Array {
    const shares = new Float64Array(2 ** this.visible)
    for (let b = 0; b < count; b++) shares[words[b * rowWords(this.visible)]] += 1 / count
    return shares
  }

  /** Moments with the data clamped, less those of the machine. */
  *#difference(states: States, shares: Float64Array): Steps<Moments> {
    const data = yield* momentsOf(this.#units, yield* clamped(states, this.visible, shares))
    return less(data, yield* momentsOf(this.#units, states.chances))
  }

  #fitting(method: string, data: StatesLike, read: Fitting): Steps<void> {
    const rows = this.#some(`${method}: data`, data)
    if (read.start === 'mean-field' && this.hidden > 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: start: 'mean-field' is only for machines without hidden units`,
      )
    }
    const exact = read.method === 'exact' || (read.method === 'auto' && this.#units <= 12)
    if (exact && this.#units > MOST_STATES) this.#states(method)
    return this.#learn(method, rows, read, exact)
  }

  *#learn(
    method: string,
    rows: { words: Uint32Array; count: number },
    read: Fitting,
    exact: boolean,
  ): Steps<void> {
    const { epochs, learningRate, start, ridge } = read
    const units = this.#units
    let learned = this.#learned()
    if (start === 'mean-field') {
      learned = meanFieldMachine(
        units,
        yield* momentsOfRows(this.#kernels, rows.words, rows.count, units),
        ridge,
      )
    }
    const shares = exact ? this.#shares(rows) : new Float64Array(0)
    const chains = exact ? undefined : new Clamping(this.#kernels, this.visible, units, rows, read)
    for (let epoch = 0; epoch < epochs; epoch++) {
      const { pairs, means } =
        chains === undefined
          ? yield* this.#difference(yield* this.#states(method, learned), shares)
          : yield* chains.difference(learned, epoch)
      learned = {
        weights: learned.weights.map((weight, k) => weight + learningRate * pairs[k]),
        biases: learned.biases.map((bias, i) => bias + learningRate * means[i]),
      }
      checkGrowth(method, learned)
      yield new Mark(epoch + 1, epochs)
    }
    this.#couplings.take(learned.weights, learned.biases)
  }

  *#complete(cues: Float32s, read: Completing): Steps<CompletionBatchResult> {
    const { visible, hidden } = this
    const units = this.#units
    const { weights, biases } = this.#learned()
    const count = cues.length / visible
    const free = new Uint8Array(units).fill(1)
    if (read.clamp !== undefined) for (let i = 0; i < visible; i++) free[i] = read.clamp[i] === 0 ? 1 : 0
    const [means, ups] = [new Float32Array(count * visible), new Float32Array(count * hidden)]
    const [states, converged, steps] = [
      new Float32Array(count * visible),
      new Uint8Array(count),
      new Uint32Array(count),
    ]
    for (let b = 0; b < count; b++) {
      const m = new Float64Array(units)
      for (let i = 0; i < visible; i++) m[i] = cues[b * visible + i]
      const end = yield* meanField(units, weights, biases, m, free, read)
      for (let i = 0; i < visible; i++) {
        means[b * visible + i] = m[i]
        states[b * visible + i] = free[i] === 0 ? m[i] : m[i] >= 0 ? 1 : -1
      }
      for (let j = 0; j < hidden; j++) ups[b * hidden + j] = m[visible + j]
      converged[b] = end.converged ? 1 : 0
      steps[b] = end.steps
    }
    return new CompletionBatchResult(states, means, ups, converged, steps)
  }

  *#samples(method: string, read: Sampling): Steps<BoltzmannSamples> {
    const { seed, stream, clamp: flags, temperature, sweeps } = read
    const { visible, hidden } = this
    const units = this.#units
    const given =
      read.starts === undefined
        ? undefined
        : this.#packed(`${method}: starts`, read.starts as StatesLike, visible)
    const count = given?.count ?? read.count ?? 1
    const rows = randomRows(seed, stream, count, units)
    if (given !== undefined) for (let b = 0; b < count; b++) setUnits(rows, b, units, given.words, visible)
    const clamp = flags === undefined ? undefined : unitsMask(units, 0, 0)
    if (clamp !== undefined)
      for (let i = 0; i < visible; i++) if (flags?.[i] === 1) clamp[i >>> 5] |= 1 << (i & 31)
    const { memory, biases } = this.#couplings
    const chains = { rows, count, clamp, seed, stream }
    for (let done = 0; done < sweeps; done += SOME) {
      const some = Math.min(SOME, sweeps - done)
      yield* sweep(this.#kernels, memory, biases, chains, done, some, temperature)
      yield new Mark(done + some, sweeps)
    }
    const stride = rowWords(units)
    const unit = (b: number, i: number): number => spin(rows, i, b * stride)
    return {
      states: Int8Array.from({ length: count * visible }, (_, k) =>
        unit(Math.floor(k / visible), k % visible),
      ),
      hidden: Int8Array.from({ length: count * hidden }, (_, k) =>
        unit(Math.floor(k / hidden), visible + (k % hidden)),
      ),
    }
  }
}

/** Sweeps between two reports. */
const SOME = 64
/** Streams of clamped chains begin here, those of free ones at 0. */
const CLAMPED_STREAM = 2 ** 40

/** Chains clamped to the data, and free ones, which go on from epoch to epoch. */
class Clamping {
  readonly #kernels: Kernels
  readonly #units: number
  readonly #data: { rows: Uint32Array; count: number; clamp: Uint32Array }
  readonly #free: { rows: Uint32Array; count: number }
  readonly #read: Fitting
  readonly #hidden: boolean

  constructor(
    kernels: Kernels,
    visible: number,
    units: number,
    { words, count }: { words: Uint32Array; count: number },
    read: Fitting,
  ) {
    const rows = randomRows(read.seed, CLAMPED_STREAM, count, units)
    const stride = rowWords(visible)
    for (let b = 0; b < count; b++) setUnits(rows, b, units, words.subarray(b * stride), visible, 0)
    this.#kernels = kernels
    this.#units = units
    this.#data = { rows, count, clamp: unitsMask(units, 0, visible) }
    this.#free = { rows: randomRows(read.seed, 0, read.chains, units), count: read.chains }
    this.#read = read
    this.#hidden = units > visible
  }

  *difference({ weights, biases }: Learned, epoch: number): Steps<Moments> {
    const { seed, sweeps } = this.#read
    const kernels = this.#kernels
    const memory = matrixOf(this.#units, weights)
    const first = epoch * sweeps
    if (this.#hidden) {
      const chains = { ...this.#data, seed, stream: CLAMPED_STREAM }
      yield* sweep(kernels, memory, biases, chains, first, sweeps, 1)
    }
    const free = { ...this.#free, clamp: undefined, seed, stream: 0 }
    yield* sweep(kernels, memory, biases, free, first, sweeps, 1)
    const data = yield* momentsOfRows(kernels, this.#data.rows, this.#data.count, this.#units)
    return less(data, yield* momentsOfRows(kernels, this.#free.rows, this.#free.count, this.#units))
  }
}

function less(data: Moments, machine: Moments): Moments {
  return {
    means: data.means.map((x, i) => x - machine.means[i]),
    pairs: data.pairs.map((x, k) => x - machine.pairs[k]),
  }
}

/** Random units, packed: row b depends on seed and stream + b. */
function randomRows(
  seed: readonly [low: number, high: number],
  stream: number,
  count: number,
  units: number,
): Uint32Array {
  const stride = rowWords(units)
  const rows = new Uint32Array(count * stride)
  const block = new Uint32Array(4)
  for (let b = 0; b < count; b++) {
    const query = stream + b
    for (let at = 0; 32 * at < units; at += 4) {
      philoxBlock(...seed, at / 4, PURPOSE.starts, query >>> 0, Math.floor(query / 2 ** 32) >>> 0, block, 0)
      for (let w = 0; w < 4 && 32 * (at + w) < units; w++) rows[b * stride + at + w] = block[w]
    }
    const rest = units % 32
    if (rest > 0) rows[b * stride + Math.floor(units / 32)] &= 2 ** rest - 1
  }
  return rows
}

/** Puts visible units, row `from` of `words`, into row b. */
function setUnits(
  rows: Uint32Array,
  b: number,
  units: number,
  words: Uint32Array,
  visible: number,
  from = b,
): void {
  const [to, at] = [b * rowWords(units), from * rowWords(visible)]
  for (let i = 0; i < visible; i++) {
    const bit = 1 << (i & 31)
    const word = to + (i >>> 5)
    rows[word] = (words[at + (i >>> 5)] & bit) === 0 ? rows[word] & ~bit : rows[word] | bit
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

function checkGrowth(method: string, { weights, biases }: Learned): void {
  const fits = (x: number): boolean => Math.abs(x) <= LARGEST_COUPLING
  if (weights.every(fits) && biases.every(fits)) return
  throw within(
    method,
    new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `learningRate: couplings grew beyond ${LARGEST_COUPLING}; take a smaller learning rate`,
    ),
  )
}
