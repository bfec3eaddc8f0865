import { ASYNC } from '../../async/async-options.js'
import { allHere, made, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { type CodeLike, type CodesLike, readCode, readCodes, readingCodes } from '../../input/codes.js'
import {
  flag,
  type Given,
  Kinds,
  optional,
  type Read,
  required,
  Schema,
  without,
} from '../../input/options.js'
import { type Into, type IntoBits, type IntoPackedBits, into, intoOf, NO_OUT } from '../../input/out.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { Uint8s } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import type { CodePlan, Kernels } from '../../kernels/contract/kernels.js'
import { CODE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { type CodeRule, CovarianceSynapses, WillshawSynapses } from '../../storage/code-synapses.js'
import type { RecordWriter } from '../../storage/record.js'
import type { PatternKey } from '../ids/ids.js'
import {
  AssociativeMemory,
  BACKEND,
  GATHER,
  type Gathering,
  type Incoming,
  type StoreAsyncOptions,
  type StoreOptions,
} from '../memory.js'
import { KIND, openedRecord } from '../opening.js'
import { beside, here } from '../runner.js'
import { arePatterns } from '../storing.js'
import { CodeJob, LoneCode, type SparseBatchResult, type SparseRecallResult } from './code-job.js'

/** The rule by which codes become synapses. */
export type SparseRule =
  /** Clipped Hebb, one bit per synapse (Willshaw, Buneman and Longuet-Higgins 1969). */
  | 'willshaw'
  | { kind: 'willshaw' }
  /** The covariance about `activity` a, the share of active units, in (0, 1) (Tsodyks and Feigelman 1988). */
  | { kind: 'tsodyks-feigelman'; activity: number }

const RULES = new Kinds({
  willshaw: {},
  'tsodyks-feigelman': {
    activity: required<number>((name, value) => checkNumber(name, value, 1e-9, 1 - 1e-9)),
  },
})

const units = (name: string, value: unknown): number => checkInteger(name, value, 1, 2 ** 30)
const MEMORY = {
  /** n, the number of input units, 1 to 2^30. */
  neurons: required<number>(units),
  /** Number of output units of a hetero-associative memory; without it the memory is auto-associative. */
  outputs: optional<number>(units),
  /** The rule by which codes become synapses. */
  rule: required<SparseRule, ReturnType<typeof RULES.read>>((name, value) =>
    RULES.read(name, typeof value === 'string' ? { kind: value } : value),
  ),
  ...BACKEND,
}
const SCHEMA = new Schema(MEMORY)

const RECALL = {
  /**
   * Willshaw: an output unit becomes 1 if at least this many active cue units reach it; by default all of them. Tsodyks and Feigelman:
   * if its field is larger; ½ by default. In a stored pattern the field is about 1 − a at active units and −a at the others.
   */
  threshold: optional<number, unknown>((_, value) => value),
  /** In place of a threshold: this many units become 1, those with the largest count or field, the lowest index among equals. */
  winners: optional<number, unknown>((_, value) => value),
  /** Most steps, each from the units of the step before; more than 1 only in auto-associative memories. 1 by default for Willshaw, otherwise 100. */
  maxSteps: optional<number, unknown>((_, value) => value),
  /** true: states are PackedPatterns, one bit per unit. */
  packed: flag(false),
}
const RECALL_ONE = { ...without(RECALL, 'packed'), ...into<IntoBits>() }
const RECALL_BATCH = { ...RECALL, ...into<IntoPackedBits>() }
const RECALL_ASYNC = { ...RECALL, ...ASYNC }
const INSTEAD = { steps: 'it is now called maxSteps' }
const ONE = new Schema(RECALL_ONE, INSTEAD)
const BATCH = new Schema(RECALL_BATCH, INSTEAD)
const GATHERED = new Schema(RECALL, { ...INSTEAD, ...NO_OUT })
const LATER = new Schema(RECALL_ASYNC, { ...INSTEAD, ...NO_OUT })

export interface SparseAssociativeMemoryOptions extends Given<typeof MEMORY> {}
export interface SparseRecallOptions extends Given<typeof RECALL_ONE> {}
export interface SparseBatchOptions extends Given<typeof RECALL_BATCH> {}
export interface SparseAsyncOptions extends Given<typeof RECALL_ASYNC> {}

/**
 * The associative memory of sparse 0/1 codes, auto-associative or from one kind of code to another.
 *
 * Willshaw, Buneman and Longuet-Higgins 1969: a synapse is set once its two units have been active together. With the default
 * threshold, a complete stored cue recalls every unit of its pattern. In an auto-associative memory the connection of a unit with itself
 * is not learned and not counted in `fill`; an active cue unit counts for itself.
 * Tsodyks and Feigelman 1988: J = Σ(η − a)(ξ − a), about 1/(2a|ln a|) patterns per unit; no unit counts for itself.
 */
export class SparseAssociativeMemory extends AssociativeMemory {
  static readonly [KIND]: string = 'SparseAssociativeMemory'
  readonly neurons: number
  readonly outputs: number
  readonly #kernels: Kernels
  readonly #auto: boolean
  readonly #rule: CodeRule
  #lone: LoneCode | undefined
  readonly #options:
    | { readonly kind: 'willshaw' }
    | { readonly kind: 'tsodyks-feigelman'; readonly activity: number }

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: SparseAssociativeMemoryOptions) {
    const opened = openedRecord()
    const { neurons, outputs, rule, backend } = SCHEMA.read('SparseAssociativeMemory', options)
    const kernels = kernelsFor(backend, CODE_KERNELS)
    const auto = outputs === undefined
    const synapses =
      rule.kind === 'willshaw'
        ? new WillshawSynapses(kernels, neurons, outputs ?? neurons, auto)
        : new CovarianceSynapses(kernels, neurons, outputs ?? neurons, auto, rule.activity)
    super(backend, synapses, opened)
    this.neurons = neurons
    this.outputs = outputs ?? neurons
    this.#kernels = kernels
    this.#auto = auto
    this.#rule = synapses
    this.#options = rule
  }

  /** The load α = P/n. */
  get alpha(): number {
    return this.patternCount / this.neurons
  }

  /** Whether each code has an output of its own, as with the option `outputs`. */
  get hasValues(): boolean {
    return !this.#auto
  }

  /** The fraction of one-bit synapses that are set; undefined for other rules. */
  get fill(): number | undefined {
    return this.#rule instanceof WillshawSynapses ? this.#rule.fill : undefined
  }

  /**
   * Adds codes, `store(codes, options)`, or pairs of an input and an output, `store(inputs, outputs, options)`. If it throws, none is
   * stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not 0 or 1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_OPTION.
   */
  store(codes: CodesLike, options?: StoreOptions): this
  store(inputs: CodesLike, outputs: CodesLike | undefined, options?: StoreOptions): this
  store(inputs: CodesLike, second?: CodesLike | StoreOptions, third?: StoreOptions): this {
    return this.add(
      this.#auto ? (second ?? third) : third,
      () => allHere(this.#arriving('store', inputs, second, false)),
      ({ store }) => allHere(store()),
    )
  }

  /** As `store`, beside other work: the same bits; see `storeAsync` of `HopfieldNetwork`. */
  storeAsync(codes: CodesLike, options?: StoreAsyncOptions): Promise<this>
  storeAsync(inputs: CodesLike, outputs: CodesLike | undefined, options?: StoreAsyncOptions): Promise<this>
  async storeAsync(
    inputs: CodesLike,
    second?: CodesLike | StoreAsyncOptions,
    third?: StoreAsyncOptions,
  ): Promise<this> {
    return this.addAsync('storeAsync', this.#auto ? (second ?? third) : third, () =>
      this.#arriving('storeAsync', inputs, second, true),
    )
  }

  #arriving(method: string, inputs: unknown, second: unknown, aside: boolean): Steps<Incoming> {
    if (this.#auto && arePatterns(second, 'active')) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: outputs: not supported by an auto-associative memory; pass the option outputs to the constructor`,
      )
    }
    const reading = readingCodes(`${method}: inputs`, inputs, this.neurons)
    const outputs = this.#auto ? undefined : this.#outputsOf(method, second)
    return this.#paired(method, reading, outputs, aside)
  }

  *#paired(
    method: string,
    reading: Steps<Uint32Array[]>,
    outputs: Steps<Uint32Array[]> | undefined,
    aside: boolean,
  ): Steps<Incoming> {
    const from = yield* reading
    const to = outputs === undefined ? from : yield* outputs
    if (to.length === from.length) {
      return { count: from.length, store: () => this.#rule.storing(from, to, aside) }
    }
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${method}: outputs: expected ${from.length} codes, got ${to.length}`,
    )
  }

  #outputsOf(method: string, given: unknown): Steps<Uint32Array[]> {
    if (given === undefined) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${method}: outputs: expected one code per input, got none`,
      )
    }
    return readingCodes(`${method}: outputs`, given, this.outputs)
  }

  /**
   * Replaces one code, or pair, by another; index and id stay the same.
   * @throws HopfieldError ERR_HOPFIELD_OPTION for Willshaw, because a synapse does not say which patterns set it; as `store`.
   */
  replace(which: PatternKey, input: CodeLike, output?: CodeLike): this {
    return this.change('replace', () => {
      const index = this.place('replace', which)
      const from = readCode('replace: input', input, this.neurons)
      const to = this.#auto ? from : readCode('replace: output', output, this.outputs)
      this.#rule.replace(index, from, to)
    })
  }

  /** A stored code, by its index or `{ id }`: n values 0 or 1, a copy. */
  pattern(which: PatternKey): Uint8s {
    return unitsOf(this.#rule.input(this.place('pattern', which)), this.neurons)
  }

  /** All codes, P × n values 0 or 1, row-major; a copy. */
  patterns(): Uint8s {
    const out = new Uint8Array(this.patternCount * this.neurons)
    for (let mu = 0; mu < this.patternCount; mu++) out.set(this.pattern(mu), mu * this.neurons)
    return out
  }

  /** The output stored with a code, by its index or `{ id }`: values 0 or 1, a copy. In an auto-associative memory it is the code. */
  value(which: PatternKey): Uint8s {
    return unitsOf(this.#rule.output(this.place('value', which)), this.outputs)
  }

  /**
   * Recalls one cue.
   * @param cue n values 0 or 1, or `{ active }`, the indices of its active units.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: CodeLike, options?: SparseRecallOptions): SparseRecallResult {
    const plan = this.#plan('recall', ONE.read('recall', options))
    const units = readCode('recall: cue', cue, this.neurons)
    this.#lone ??= new LoneCode(this.#kernels, this.outputs)
    return this.#lone.run(this.#rule.memory(), units, plan, intoOf('recall', options))
  }

  /** Recalls many cues on this thread; each gives the same result as `recall`. */
  recallBatch(
    cues: CodesLike,
    options: SparseBatchOptions & { packed: true },
  ): SparseBatchResult<PackedPatterns>
  recallBatch(cues: CodesLike, options?: SparseBatchOptions & { packed?: false }): SparseBatchResult<Uint8s>
  recallBatch(cues: CodesLike, options?: SparseBatchOptions): SparseBatchResult
  recallBatch(cues: CodesLike, options?: SparseBatchOptions): SparseBatchResult {
    const read = BATCH.read('recallBatch', options)
    const plan = this.#plan('recallBatch', read)
    const into = intoOf('recallBatch', options)
    const job = this.#job(readCodes('recallBatch: cues', cues, this.neurons), plan, read.packed, into)
    return here(job, () => this.#rule.memory())
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are read in small steps, so do not change
   * them until the promise settles.
   */
  recallAsync(
    cues: CodesLike,
    options: SparseAsyncOptions & { packed: true },
  ): Promise<SparseBatchResult<PackedPatterns>>
  recallAsync(
    cues: CodesLike,
    options?: SparseAsyncOptions & { packed?: false },
  ): Promise<SparseBatchResult<Uint8s>>
  recallAsync(cues: CodesLike, options?: SparseAsyncOptions): Promise<SparseBatchResult>
  async recallAsync(cues: CodesLike, options?: SparseAsyncOptions): Promise<SparseBatchResult> {
    const read = LATER.read('recallAsync', options)
    const plan = this.#plan('recallAsync', read)
    const reading = readingCodes('recallAsync: cues', cues, this.neurons)
    const job = made(reading, (codes) => this.#job(codes, plan, read.packed))
    return beside(this.#kernels, job, read, () => this.#rule.lease())
  }

  get #form(): 'synapses' | 'covariance' {
    return this.#options.kind === 'willshaw' ? 'synapses' : 'covariance'
  }

  protected override record(to: RecordWriter): string {
    to.option('neurons', this.neurons)
    if (!this.#auto) to.option('outputs', this.outputs)
    to.option('rule', { ...this.#options })
    return this.#form
  }

  protected override facts(): object {
    const { neurons, outputs, patternCount } = this
    const shape = this.#auto ? { neurons } : { neurons, outputs }
    return {
      ...shape,
      patternCount,
      rule: this.#options.kind,
      form: this.#form,
    }
  }

  override [GATHER](
    options: Omit<SparseBatchOptions, 'out'>,
  ): Gathering<CodeLike, Uint32Array, SparseRecallResult<Uint8s | PackedPatterns>> {
    const read = GATHERED.read('RecallBatcher', options)
    const plan = this.#plan('RecallBatcher', read)
    return {
      take: (name, cue) => readCode(name, cue, this.neurons),
      run: (rows, _, limits) => {
        return beside(this.#kernels, this.#job(rows, plan, read.packed), limits, () => this.#rule.lease())
      },
    }
  }

  #job(cues: readonly Uint32Array[], plan: CodePlan, packed: boolean, into?: Into): CodeJob {
    return new CodeJob(this.#kernels, cues, this.outputs, plan, packed, into)
  }

  #plan(method: string, read: Read<Omit<typeof RECALL, 'packed'>>): CodePlan {
    const { threshold, winners, maxSteps } = read
    const willshaw = this.#options.kind === 'willshaw'
    const usual = willshaw || !this.#auto ? 1 : 100
    const most = this.#auto ? 2 ** 31 - 1 : 1
    if (threshold !== undefined && winners !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', `${method}: winners: cannot be combined with threshold`)
    }
    return {
      threshold:
        threshold === undefined
          ? undefined
          : willshaw
            ? checkInteger(`${method}: threshold`, threshold, 1, 2 ** 30)
            : checkNumber(`${method}: threshold`, threshold, -1e100, 1e100),
      winners:
        winners === undefined ? undefined : checkInteger(`${method}: winners`, winners, 0, this.outputs),
      steps: maxSteps === undefined ? usual : checkInteger(`${method}: maxSteps`, maxSteps, 1, most),
    }
  }
}

function unitsOf(active: Uint32Array, units: number): Uint8s {
  const out = new Uint8Array(units)
  for (const i of active) out[i] = 1
  return out
}
