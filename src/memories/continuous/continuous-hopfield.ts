import { allHere, followed, oneStep, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import { choice, type Given, number, required, Schema, unread } from '../../input/options.js'
import { type Into, intoOf } from '../../input/out.js'
import { PackedPatterns } from '../../input/packed-patterns.js'
import {
  type RealRange,
  type RealRows,
  readingRealRows,
  readRealRow,
  readRealRows,
} from '../../input/reals.js'
import { stateReader } from '../../input/state-reader.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float64s, Int8s, NumbersLike } from '../../input/typed-arrays.js'
import { checkBoolean, checkInteger } from '../../input/validate.js'
import type { VectorLike, VectorsLike } from '../../input/vectors.js'
import type { Activation, GradedNetwork, Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { GRADED_KERNELS, PAIRWISE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { log } from '../../numerics/log.js'
import { inParts } from '../../storage/arrivals.js'
import { GradedWeights } from '../../storage/graded-weights.js'
import { each, type RecordWriter } from '../../storage/record.js'
import { divisorOf } from '../../storage/weight-unit.js'
import { joined } from '../batch.js'
import type { PatternKey } from '../ids/ids.js'
import {
  AssociativeMemory,
  arrived,
  BACKEND,
  GATHER,
  type Gathering,
  type Incoming,
  type StoreAsyncOptions,
  type StoreOptions,
} from '../memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import {
  type ContinuousBatchResult,
  type ContinuousResult,
  type ContinuousTrace,
  IntegrationJob,
} from './integration-job.js'
import {
  FIELD,
  FINITE,
  type Integrating,
  type IntegrationAsyncOptions,
  type IntegrationOptions,
  LEAST,
  MOST,
  planOf,
  RECALL,
  RECALL_ASYNC,
  RECALL_GATHERED,
  readField,
} from './integration-options.js'

const MAX_NEURONS = 65_536
/** Outputs of a cue are kept this share of their range away from both ends, where potentials are infinite. */
const MARGIN = 2 ** -11
/** Operations of a logarithm, about. */
const LOGARITHM = 16
const POTENTIALS: RealRange = { least: -MOST, most: MOST }
const OUTPUTS: Record<Activation, RealRange> = {
  tanh: { least: -1, most: 1 },
  logistic: { least: 0, most: 1 },
}

const MEMORY = {
  /** N, the number of neurons, 1 to 65,536. Weights take 8·N² bytes, and 4·N² more if they are learned. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** g: 'tanh' (default), V = tanh(γu) in (−1, 1); or 'logistic', V = 1/(1 + e^(−γu)) in (0, 1). */
  activation: choice<Activation>(['tanh', 'logistic'], 'tanh'),
  /** γ, the gain of g, 1e-100 to 1e100; 4 by default. */
  gain: number(LEAST, MOST, 4),
  /** τ, the time in which a potential without input decays to 1/e, 1e-100 to 1e100; 1 by default. */
  timeConstant: number(LEAST, MOST, 1),
  /** b: N numbers within ±1e100; 0 by default. */
  externalField: unread<NumbersLike>(),
  /** J: N×N numbers within ±1e100, row-major; copied. Without this option the network learns patterns by Hebb's rule. */
  weights: unread<NumbersLike>(),
  ...BACKEND,
}
const SCHEMA = new Schema(MEMORY)
const STATE = new Schema(FIELD)

export interface ContinuousHopfieldOptions extends Given<typeof MEMORY> {}

/** Options of a measure of one state. */
export interface OutputOptions extends Given<typeof FIELD> {}

/**
 * The network of graded neurons (Hopfield 1984): du_i/dt = Σ_j J_ij V_j + b_i − u_i/τ with V_i = g(γ·u_i).
 *
 * With symmetric weights E = −½ Σ_ij J_ij V_i V_j − Σ_i b_i V_i + (1/τ) Σ_i ∫ g⁻¹(V) dV never rises in time, and the
 * network comes to rest. As γ grows it becomes the network of ±1 neurons (HopfieldNetwork), or of 0/1 neurons with 'logistic'.
 *
 * A cue gives the same bits on every backend, tier and machine, alone and in any batch.
 */
export class ContinuousHopfield extends AssociativeMemory {
  static readonly [KIND]: string = 'ContinuousHopfield'
  readonly neurons: number
  readonly activation: Activation
  readonly gain: number
  readonly timeConstant: number
  readonly #kernels: Kernels
  readonly #weights: GradedWeights
  readonly #externalField: Float64Array | undefined
  /** What kernels read where no field is given, until the weights change: one object, so that the addon checks it once. */
  #usual: GradedNetwork | undefined

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION, _TYPE, _SHAPE or _VALUE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ContinuousHopfieldOptions) {
    const where = 'ContinuousHopfield'
    const opened = openedRecord()
    const read = SCHEMA.read(where, options)
    const { neurons, weights, backend } = read
    const externalField = opened?.has('externalField')
      ? opened.array('externalField', Float64Array, [neurons])
      : read.externalField
    const kernels = kernelsFor(backend, GRADED_KERNELS, PAIRWISE_KERNELS)
    const field =
      externalField === undefined ? undefined : readField(`${where}: externalField`, externalField, neurons)
    const given =
      weights === undefined ? undefined : readRealRow(`${where}: weights`, weights, neurons * neurons, FINITE)
    const divisor = divisorOf(`${where}: weights`, weights)
    if (given !== undefined && weights instanceof Int32Array && divisor !== 1) {
      for (let k = 0; k < given.length; k++) given[k] /= divisor
    }
    const fixed = opened?.fact('given', (name, value) => value !== undefined && checkBoolean(name, value))
    const graded = new GradedWeights(kernels, neurons, fixed ? 'opened' : given)
    super(backend, graded, opened)
    this.neurons = neurons
    this.activation = read.activation
    this.gain = read.gain
    this.timeConstant = read.timeConstant
    this.#kernels = kernels
    this.#weights = graded
    this.#externalField = field
  }

  /** The load α = P/N. */
  get alpha(): number {
    return this.patternCount / this.neurons
  }

  /** Whether J_ij = J_ji for all pairs: then E never rises. Learned weights are always symmetric. */
  get symmetric(): boolean {
    return this.#weights.symmetric
  }

  /**
   * Adds one ±1 pattern or several by Hebb's rule, J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ, J_ii = 0. If it throws, none is stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY;
   * ERR_HOPFIELD_OPTION for a network with weights of your own.
   */
  store(patterns: StatesLike, options?: StoreOptions): this {
    return this.add(
      options,
      () => readStates('store: patterns', patterns, this.neurons),
      (source) => this.#weights.store(source),
    )
  }

  /** As `store`, beside other work: the same bits; see `storeAsync` of `HopfieldNetwork`. */
  async storeAsync(patterns: StatesLike, options?: StoreAsyncOptions): Promise<this> {
    const reader = stateReader('storeAsync: patterns', patterns, this.neurons)
    const store: Incoming['store'] = () => this.#weights.storing(inParts(this.#kernels, reader))
    return this.addAsync('storeAsync', options, () => arrived({ count: reader.count, store }))
  }

  /** Puts another pattern in the place of one, which keeps its index and its id. */
  replace(which: PatternKey, pattern: StateLike): this {
    return this.change('replace', () => {
      const index = this.place('replace', which)
      this.#weights.replace(index, readState('replace: pattern', pattern, this.neurons))
    })
  }

  /** A stored pattern, by its index or `{ id }`: N values ±1, a copy. */
  pattern(which: PatternKey): Int8s {
    const index = this.place('pattern', which)
    const out = new Int8Array(this.neurons)
    this.#kernels.unpack(this.#weights.packed(index, index + 1), 1, this.neurons, out)
    return out
  }

  /** All stored patterns, packed; a copy. */
  patterns(): PackedPatterns {
    return new PackedPatterns({
      neurons: this.neurons,
      words: this.#weights.packed(0, this.patternCount).slice(),
    })
  }

  /** J as N×N numbers, row-major, a copy. */
  weights(): Float64s {
    return this.#weights.matrix() as Float64s
  }

  /** V = g(γ·u): N outputs of N potentials. */
  outputs(potentials: VectorLike): Float64s {
    return this.#slopes('outputs', potentials, undefined).outputs
  }

  /** du/dt at N potentials. */
  derivative(potentials: VectorLike, options?: OutputOptions): Float64s {
    const { externalField } = STATE.read('derivative', options, this.neurons)
    return this.#slopes('derivative', potentials, externalField).slopes
  }

  /** E of N outputs V, which may be at the ends of their range. */
  energy(outputs: VectorLike, options?: OutputOptions): number {
    const { externalField } = STATE.read('energy', options, this.neurons)
    const v = readRealRow('energy: outputs', outputs, this.neurons, OUTPUTS[this.activation])
    return this.#energies(v, 1, externalField)[0]
  }

  /** E of B × N outputs, each as `energy` gives it: B numbers. */
  energyBatch(outputs: VectorsLike, options?: OutputOptions): Float64s {
    const { externalField } = STATE.read('energyBatch', options, this.neurons)
    const { data, count } = readRealRows(
      'energyBatch: outputs',
      outputs,
      this.neurons,
      OUTPUTS[this.activation],
    )
    return this.#energies(data, count, externalField)
  }

  /** m^μ = (1/N) Σ_i ξ_i^μ V_i for every stored pattern: P numbers. */
  overlaps(outputs: VectorLike): Float64s {
    const range = OUTPUTS[this.activation]
    return this.#overlaps(readRealRow('overlaps: outputs', outputs, this.neurons, range), 1)
  }

  /** The overlaps of B × N outputs: B × P numbers, row-major. */
  overlapsBatch(outputs: VectorsLike): Float64s {
    const range = OUTPUTS[this.activation]
    const { data, count } = readRealRows('overlapsBatch: outputs', outputs, this.neurons, range)
    return this.#overlaps(data, count)
  }

  /**
   * Recalls one cue: integrates the equation until the network rests, or until `maxSteps`. The cue itself is not changed, unless it is `out` too.
   * @param cue N outputs (±1 is allowed: outputs are first moved away from the ends), or with `from: 'potentials'` N potentials within
   * ±1e100.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(
    cue: VectorLike,
    options: IntegrationOptions & { trace: true | 'states' },
  ): ContinuousResult & { trace: ContinuousTrace }
  recall(cue: VectorLike, options?: IntegrationOptions): ContinuousResult
  recall(cue: VectorLike, options?: IntegrationOptions): ContinuousResult {
    const read = RECALL.read('recall', options, this.neurons)
    const data = readRealRow('recall: cue', cue, this.neurons, this.#range(read))
    const job = this.#here(data, read, intoOf('recall', options))
    return here(job, () => this.#network(read.externalField)).only()
  }

  /** Recalls many cues on this thread; each gives the same bits as `recall`. Several cues share each pass over the weights. */
  recallBatch(
    cues: VectorsLike,
    options: IntegrationOptions & { trace: true | 'states' },
  ): ContinuousBatchResult & { traces: ContinuousTrace[] }
  recallBatch(cues: VectorsLike, options?: IntegrationOptions): ContinuousBatchResult
  recallBatch(cues: VectorsLike, options?: IntegrationOptions): ContinuousBatchResult {
    const read = RECALL.read('recallBatch', options, this.neurons)
    const { data } = readRealRows('recallBatch: cues', cues, this.neurons, this.#range(read))
    const job = this.#here(data, read, intoOf('recallBatch', options))
    return here(job, () => this.#network(read.externalField))
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are read in small steps, so do not change them
   * until the promise settles.
   */
  async recallAsync(cues: VectorsLike, options?: IntegrationAsyncOptions): Promise<ContinuousBatchResult> {
    const read = RECALL_ASYNC.read('recallAsync', options, this.neurons)
    const reading = readingRealRows('recallAsync: cues', cues, this.neurons, this.#range(read))
    return this.#run(reading, read, read)
  }

  protected override record(to: RecordWriter): string {
    const { neurons, activation, gain, timeConstant } = this
    const options = { neurons, activation, gain, timeConstant }
    for (const [name, value] of Object.entries(options)) to.option(name, value)
    if (this.#externalField !== undefined) to.array('externalField', this.#externalField, [neurons])
    if (this.#weights.fixed) to.fact('given', true)
    return 'graded'
  }

  protected override facts(): object {
    const { neurons, patternCount, activation, gain, timeConstant } = this
    return { neurons, patternCount, activation, gain, timeConstant, form: 'graded' }
  }

  override [GATHER](options: IntegrationOptions): Gathering<VectorLike, Float64Array, ContinuousResult> {
    const read = RECALL_GATHERED.read('RecallBatcher', options, this.neurons)
    return {
      take: (name, cue) => readRealRow(name, cue, this.neurons, this.#range(read)),
      run: (rows, _, limits) => {
        const cues = oneStep(() => ({ count: rows.length, data: joined(rows) }))
        return this.#run(cues, read, limits)
      },
    }
  }

  #range({ from }: Integrating): RealRange {
    return from === 'outputs' ? OUTPUTS[this.activation] : POTENTIALS
  }

  #run(
    reading: Steps<RealRows>,
    read: Integrating,
    limits: Parameters<typeof beside>[2],
  ): Promise<ContinuousBatchResult> {
    const job = followed(reading, ({ data }) => this.#job(data, read, false))
    // Its arrays are never written to after they are made.
    return beside(this.#kernels, job, limits, async () => {
      const memory = this.#over(await this.#weights.rowsLater(), read.externalField)
      return { memory, release() {} }
    })
  }

  #here(
    data: Float64Array,
    read: Integrating & { readonly trace: boolean | 'states' },
    into: Into | undefined,
  ): IntegrationJob {
    return allHere(this.#job(data, read, read.trace, into))
  }

  *#job(
    data: Float64Array,
    read: Integrating,
    trace: boolean | 'states',
    into?: Into | undefined,
  ): Steps<IntegrationJob> {
    if (read.from === 'outputs') {
      yield* each(
        data.length,
        (k) => {
          data[k] = this.#potential(data[k])
        },
        LOGARITHM,
      )
    }
    const plan = planOf(read, this.timeConstant)
    return new IntegrationJob(this.#kernels, this.neurons, plan, data as Float64s, trace, into)
  }

  /** u = g⁻¹(V)/γ, with V moved away from the ends. */
  #potential(output: number): number {
    const share = this.activation === 'tanh' ? (1 + output) / 2 : output
    const p = Math.min(Math.max(share, MARGIN), 1 - MARGIN)
    const logit = log(p / (1 - p))
    return (this.activation === 'tanh' ? logit / 2 : logit) / this.gain
  }

  #slopes(
    method: string,
    potentials: VectorLike,
    externalField: Float64Array | undefined,
  ): { outputs: Float64s; slopes: Float64s } {
    const u = readRealRow(`${method}: potentials`, potentials, this.neurons, POTENTIALS)
    const [outputs, slopes] = [new Float64Array(u.length), new Float64Array(u.length)]
    this.#kernels.gradedSlopes(this.#network(externalField), u, 1, outputs, slopes)
    return { outputs, slopes }
  }

  #energies(outputs: Float64Array, count: number, externalField: Float64Array | undefined): Float64s {
    const out = allocate('energies', count * 8, () => new Float64Array(count))
    this.#kernels.gradedEnergies(this.#network(externalField), outputs, count, out)
    return out
  }

  #overlaps(outputs: Float64Array, count: number): Float64s {
    const { neurons, patternCount } = this
    const stride = rowWords(neurons)
    const rows = this.#weights.packed(0, patternCount)
    const out = allocate('overlaps', count * patternCount * 8, () => new Float64Array(count * patternCount))
    for (let k = 0; k < out.length; k++) {
      const [b, mu] = [Math.floor(k / patternCount), k % patternCount]
      const v = outputs.subarray(b * neurons, (b + 1) * neurons)
      const pattern = rows.subarray(mu * stride, (mu + 1) * stride)
      out[k] = this.#kernels.externalDot(v, neurons, pattern) / neurons
    }
    return out
  }

  #network(externalField: Float64Array | undefined): GradedNetwork {
    return this.#over(this.#weights.rows(), externalField)
  }

  #over(weights: Float64Array, externalField: Float64Array | undefined): GradedNetwork {
    if (externalField !== undefined) return this.#with(weights, externalField)
    if (this.#usual?.weights !== weights) this.#usual = this.#with(weights, undefined)
    return this.#usual as GradedNetwork
  }

  #with(weights: Float64Array, externalField: Float64Array | undefined): GradedNetwork {
    return {
      neurons: this.neurons,
      weights,
      connections: undefined,
      externalField: externalField ?? this.#externalField,
      activation: this.activation,
      gain: this.gain,
      rate: 1 / this.timeConstant,
    }
  }
}
