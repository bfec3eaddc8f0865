import { ASYNC } from '../../async/async-options.js'
import { allHere, followed, made, type Steps } from '../../async/steps.js'
import { allocate, under } from '../../errors.js'
import { type CodeLike, type CodesLike, readCode, readingCodes } from '../../input/codes.js'
import { choice, flag, type Given, required, Schema, seed } from '../../input/options.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import { type StateReader, stateReader } from '../../input/state-reader.js'
import { readState, type StateLike, type StatesLike } from '../../input/states.js'
import type { Uint8s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import type { CodePlan, Kernels, SynapseMemory } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { CODE_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { sampleDistinct } from '../../numerics/distinct.js'
import { Pace } from '../../platform/pace.js'
import { Draws } from '../../storage/wiring.js'
import { BACKEND } from '../backend-option.js'
import { beside, here } from '../runner.js'
import { activeOf, CodeJob, LoneCode, type SparseBatchResult, type SparseRecallResult } from './code-job.js'

const count = (name: string, value: unknown): number => checkInteger(name, value, 1, 2 ** 30)
const EXPANSION = {
  /** N, the input neurons, 1 to 2^30. */
  neurons: required<number>(count),
  /** The output units, 1 to 2^30: more than the inputs, or the codes cannot be further apart. */
  outputs: required<number>(count),
  /** C, the different inputs that each output unit listens to, 1 to N. */
  sources: required<number>(count),
  /** k, the output units that are active, 1 to `outputs`. */
  winners: required<number>(count),
  /** 'bipolar' (default): inputs are states ±1, as of a HopfieldNetwork. 'binary': codes of 0 and 1, as of a SparseAssociativeMemory. */
  units: choice(['bipolar', 'binary'], 'bipolar'),
  /** 64-bit seed of the connections; 0 by default. */
  seed: seed(),
  ...BACKEND,
}
const SCHEMA = new Schema(EXPANSION)
const MANY = {
  /** true: codes are PackedPatterns, one bit per unit. false by default. */
  packed: flag(false),
}
const LATER = { ...MANY, ...ASYNC }
const BATCH = new Schema(MANY)
const BATCH_LATER = new Schema(LATER)

export interface ExpansionOptions extends Given<typeof EXPANSION> {}
export interface ExpandBatchOptions extends Given<typeof MANY> {}
export interface ExpandAsyncOptions extends Given<typeof LATER> {}

/** What an {@link Expansion} takes: states ±1, or codes, as its option `units` says. */
export type ExpansionInput = StateLike | CodeLike
export type ExpansionInputs = StatesLike | CodesLike

/**
 * Makes sparse codes of states and pulls apart what is alike, as the dentate gyrus does before CA3 stores it (Marr 1971; Treves and
 * Rolls 1992).
 *
 * Each output unit listens to C random inputs and counts those that are active; the k units with the largest counts become 1, of equal ones
 * those of lowest index. So it is one step of one-bit synapses that were drawn and not learned. The codes are what
 * SparseAssociativeMemory stores. `expansionOverlap` says how much of the overlap of two inputs is left.
 *
 * Connections depend on the seed, N, C and the index of the output unit alone; all results are the same bits on every backend.
 */
export class Expansion {
  readonly neurons: number
  readonly outputs: number
  readonly sources: number
  readonly winners: number
  readonly units: 'bipolar' | 'binary'
  readonly #kernels: Kernels
  readonly #memory: SynapseMemory
  /** Draws the connections; whoever needs them first goes on with it. */
  readonly #drawing: Generator<void, void>
  readonly #plan: CodePlan
  readonly #lone: LoneCode

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND; ERR_HOPFIELD_MEMORY. */
  constructor(options: ExpansionOptions) {
    const { neurons, outputs, sources, winners, units, seed, backend } = SCHEMA.read('Expansion', options)
    this.neurons = neurons
    this.outputs = outputs
    this.sources = checkInteger('Expansion: sources', sources, 1, neurons)
    this.winners = checkInteger('Expansion: winners', winners, 1, outputs)
    this.units = units
    this.#kernels = kernelsFor(backend, CODE_KERNELS)
    const size = neurons * rowWords(outputs)
    const allocated = (): Uint32Array => this.#kernels.allocate(size)
    const weights = under('Expansion', () => allocate('connections', size * 4, allocated))
    this.#drawing = connecting(this.#kernels, this, seed, weights)
    this.#memory = { form: 'synapses', inputs: neurons, outputs, auto: false, weights }
    this.#plan = { threshold: undefined, winners, steps: 1 }
    this.#lone = new LoneCode(this.#kernels, outputs)
  }

  /**
   * The code of one input: `state`, one value 0 or 1 per output unit, and `active`, the indices of those that are 1.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE or _TYPE naming the argument.
   */
  expand(input: ExpansionInput): SparseRecallResult {
    const name = 'expand: input'
    const active = this.units === 'binary' ? readCode(name, input, this.neurons) : this.#activeOf(name, input)
    for (const _ of this.#connecting());
    return this.#lone.run(this.#memory, active, this.#plan)
  }

  /** The codes of many inputs, each as `expand` gives it: `states` is what SparseAssociativeMemory stores. */
  expandBatch(
    inputs: ExpansionInputs,
    options: ExpandBatchOptions & { packed: true },
  ): SparseBatchResult<PackedPatterns>
  expandBatch(
    inputs: ExpansionInputs,
    options?: ExpandBatchOptions & { packed?: false },
  ): SparseBatchResult<Uint8s>
  expandBatch(inputs: ExpansionInputs, options?: ExpandBatchOptions): SparseBatchResult
  expandBatch(inputs: ExpansionInputs, options?: ExpandBatchOptions): SparseBatchResult {
    const { packed } = BATCH.read('expandBatch', options)
    return here(allHere(this.#job('expandBatch: inputs', inputs, packed)), () => this.#memory)
  }

  /** As `expandBatch`, off the event loop: the same bits for any `threads` and `chunk`. Do not change the inputs until the promise settles. */
  expandAsync(
    inputs: ExpansionInputs,
    options: ExpandAsyncOptions & { packed: true },
  ): Promise<SparseBatchResult<PackedPatterns>>
  expandAsync(
    inputs: ExpansionInputs,
    options?: ExpandAsyncOptions & { packed?: false },
  ): Promise<SparseBatchResult<Uint8s>>
  expandAsync(inputs: ExpansionInputs, options?: ExpandAsyncOptions): Promise<SparseBatchResult>
  async expandAsync(inputs: ExpansionInputs, options?: ExpandAsyncOptions): Promise<SparseBatchResult> {
    const read = BATCH_LATER.read('expandAsync', options)
    const job = this.#job('expandAsync: inputs', inputs, read.packed)
    // The connections never change.
    return beside(this.#kernels, job, read, () => ({ memory: this.#memory, release() {} }))
  }

  /** Goes on with drawing, from where anyone left it: whoever stops in between ends it for nobody else. */
  *#connecting(): Generator<void, void> {
    while (!this.#drawing.next().done) yield
  }

  #job(name: string, inputs: ExpansionInputs, packed: boolean): Steps<CodeJob> {
    const reading =
      this.units === 'binary'
        ? readingCodes(name, inputs, this.neurons)
        : this.#reading(name, stateReader(name, inputs, this.neurons))
    const codes = followed(this.#connecting(), () => reading)
    return made(codes, (active) => new CodeJob(this.#kernels, active, this.outputs, this.#plan, packed))
  }

  #activeOf(name: string, input: ExpansionInput): Uint32Array {
    const row = new Uint32Array(rowWords(this.neurons))
    readState(name, input, this.neurons).packInto(this.#kernels, row)
    return Uint32Array.from(activeOf(row, 0, row.length))
  }

  /** The active neurons of states. */
  *#reading(name: string, reader: StateReader): Steps<Uint32Array[]> {
    const stride = rowWords(this.neurons)
    const rows = allocate(name, reader.count * stride * 4, () => new Uint32Array(reader.count * stride))
    yield* reader.read(this.#kernels, 0, reader.count, rows)
    const active: Uint32Array[] = []
    for (let b = 0; b < reader.count; b++) {
      active.push(Uint32Array.from(activeOf(rows, b * stride, (b + 1) * stride)))
      yield
    }
    return active
  }
}

/** Marks of each input the output units that listen to it, as bits: C different inputs each. In steps. */
function* connecting(
  kernels: Kernels,
  { neurons, outputs, sources }: Pick<Expansion, 'neurons' | 'outputs' | 'sources'>,
  seed: readonly [low: number, high: number],
  weights: Uint32Array,
): Generator<void, void> {
  const stride = rowWords(outputs)
  const draws = new Draws(kernels, seed)
  const pace = new Pace()
  for (let j = 0; j < outputs; j++) {
    const [word, bit] = [j >>> 5, 1 << (j & 31)]
    sampleDistinct(draws.of(j, sources, outputs), sources, neurons, (i) => {
      const at = i * stride + word
      if ((weights[at] & bit) !== 0) return false
      weights[at] |= bit
      return true
    })
    if (pace.due(16 * sources)) yield
  }
}
