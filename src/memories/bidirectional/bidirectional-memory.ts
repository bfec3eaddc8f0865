import { ASYNC } from '../../async/async-options.js'
import { made } from '../../async/steps.js'
import { allocate, HopfieldError } from '../../errors.js'
import { flag, type Given, integer, required, Schema } from '../../input/options.js'
import { type IntoPair, type IntoPairs, into, NO_OUT } from '../../input/out.js'
import { PackedPatterns } from '../../input/packed-patterns.js'
import { MAX_NEURONS, type StateSource } from '../../input/spins.js'
import { stateReader } from '../../input/state-reader.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import { type Float64s, type Int8s, type Int32s, readBoth } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { PAIR_KERNELS } from '../../kernels/families.js'
import { kernelsFor } from '../../kernels/select.js'
import { inParts } from '../../storage/arrivals.js'
import type { RecordWriter } from '../../storage/record.js'
import { joined } from '../batch.js'
import { divided } from '../bipolar/divided.js'
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
  type BidirectionalBatchResult,
  type BidirectionalCue,
  type BidirectionalCues,
  type BidirectionalResult,
  CUE,
  CUES,
  NOWHERE,
  type PairInto,
  PairJob,
  PairReader,
  type PairRowsOf,
  pairInto,
} from './pair-job.js'
import { PairRows } from './pair-rows.js'

const units = required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS))
const MEMORY = {
  /** n, the number of units of x, 1 to 2^30. */
  inputs: units,
  /** m, the number of units of y, 1 to 2^30. */
  outputs: units,
  ...BACKEND,
}
const SCHEMA = new Schema(MEMORY)

const RECALL = {
  /** Most steps, 1 to 2^31 − 1; 100 by default. */
  maxSteps: integer(1, 2 ** 31 - 1, 100),
}
const RECALL_BATCH = {
  ...RECALL,
  /** true: `xs` and `ys` are PackedPatterns, one bit per unit. false by default. */
  packed: flag(false),
}
const RECALL_ONE = { ...RECALL, ...into<IntoPair>() }
const RECALL_HERE = {
  ...RECALL_BATCH,
  ...into<IntoPairs>(),
}
const RECALL_ASYNC = { ...RECALL_BATCH, ...ASYNC }
const ONE = new Schema(RECALL_ONE)
const BATCH = new Schema(RECALL_HERE)
const GATHERED = new Schema(RECALL_BATCH, NO_OUT)
const LATER = new Schema(RECALL_ASYNC, NO_OUT)

export interface BidirectionalMemoryOptions extends Given<typeof MEMORY> {}
export interface BidirectionalOptions extends Given<typeof RECALL_ONE> {}
export interface BidirectionalBatchOptions extends Given<typeof RECALL_HERE> {}
export interface BidirectionalAsyncOptions extends Given<typeof RECALL_ASYNC> {}

/**
 * The bidirectional associative memory (Kosko 1988): pairs of ±1 patterns x and y, each of which recalls the other.
 *
 * M = Σ_μ ξ^μ (η^μ)ᵀ is never formed. A recall computes y ← sgn(Mᵀx) and x ← sgn(My) in turn; a unit keeps its value at zero.
 * E = −xᵀMy never rises, whatever M is, so every recall ends in a stable pair. Fewer than min(n, m) pairs fit; without errors about
 * min(n, m)/(4 ln min(n, m)).
 */
export class BidirectionalMemory extends AssociativeMemory {
  static readonly [KIND]: string = 'BidirectionalMemory'
  readonly inputs: number
  readonly outputs: number
  readonly #kernels: Kernels
  readonly #rows: PairRows
  readonly #reader: PairReader

  /** @throws HopfieldError ERR_HOPFIELD_RANGE, _OPTION or _TYPE naming the option; ERR_HOPFIELD_BACKEND. */
  constructor(options: BidirectionalMemoryOptions) {
    const opened = openedRecord()
    const { inputs, outputs, backend } = SCHEMA.read('BidirectionalMemory', options)
    const kernels = kernelsFor(backend, PAIR_KERNELS)
    const rows = new PairRows(kernels, inputs, outputs)
    super(backend, rows, opened)
    this.inputs = inputs
    this.outputs = outputs
    this.#kernels = kernels
    this.#rows = rows
    this.#reader = new PairReader(kernels, inputs, outputs)
  }

  /**
   * Adds pairs. If it throws, none is stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(xs: StatesLike, ys: StatesLike, options?: StoreOptions): this {
    return this.add(
      options,
      () => this.#pairs('store', xs, ys),
      ({ left, right }) => this.#rows.store(left, right),
    )
  }

  /** As `store`, beside other work: the same bits; see `storeAsync` of `HopfieldNetwork`. */
  async storeAsync(xs: StatesLike, ys: StatesLike, options?: StoreAsyncOptions): Promise<this> {
    const left = stateReader('storeAsync: xs', xs, this.inputs)
    const right = stateReader('storeAsync: ys', ys, this.outputs)
    if (left.count !== right.count) throw unpaired('storeAsync', left.count, right.count)
    const kernels = this.#kernels
    const store: Incoming['store'] = () => this.#rows.storing(inParts(kernels, left), inParts(kernels, right))
    return this.addAsync('storeAsync', options, () => arrived({ count: left.count, store }))
  }

  /** Replaces one pair by another; index and id stay the same. */
  replace(which: PatternKey, x: StateLike, y: StateLike): this {
    return this.change('replace', () => {
      const index = this.place('replace', which)
      const { left, right } = this.#pair('replace', x, y)
      this.#rows.replace(index, left, right)
    })
  }

  /** A stored pair, by its index or `{ id }`: values ±1, a copy. */
  pattern(which: PatternKey): { x: Int8s; y: Int8s } {
    const index = this.place('pattern', which)
    const { xs, ys } = this.patterns(index, index + 1)
    return { x: xs.unpack(), y: ys.unpack() }
  }

  /**
   * The stored pairs, or pairs from…to, packed; a copy.
   * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the argument.
   */
  patterns(from = 0, to: number = this.patternCount): { xs: PackedPatterns; ys: PackedPatterns } {
    checkInteger('patterns: to', to, 0, this.patternCount)
    checkInteger('patterns: from', from, 0, to)
    const { xs, ys } = this.#rows
    return {
      xs: new PackedPatterns({ neurons: this.inputs, words: xs.view(from, to).slice() }),
      ys: new PackedPatterns({ neurons: this.outputs, words: ys.view(from, to).slice() }),
    }
  }

  /** M as n × m integers, row-major, formed by this call. */
  weights(): Int32s {
    const [n, m, count] = [this.inputs, this.outputs, this.patternCount]
    const [left, right] = [this.#rows.xs.columns(0, count), this.#rows.ys.columns(0, count)]
    const out = allocate('weights', n * m * 4, () => new Int32Array(n * m))
    this.#kernels.correlations(left, right, count, n, m, out)
    return out
  }

  /** E = −xᵀMy = −Σ_μ (ξ^μ·x)(η^μ·y), an integer. */
  energy(x: StateLike, y: StateLike): number {
    const { left, right } = this.#pair('energy', x, y)
    return this.#energies(left, right)[0]
  }

  /** E of many pairs, each as `energy` gives it: B integers. */
  energyBatch(xs: StatesLike, ys: StatesLike): Float64s {
    const { left, right } = this.#pairs('energyBatch', xs, ys)
    return this.#energies(left, right)
  }

  /** Overlaps of each given side with that side of every stored pair, (1/n) ξ^μ·x and (1/m) η^μ·y: P values per side. */
  overlaps(state: BidirectionalCue): { x?: Float64s; y?: Float64s } {
    const { x, y } = CUE.read('overlaps', state)
    const [left, right] = readBoth(
      x,
      () => (x === undefined ? undefined : readState('overlaps: x', x, this.inputs)),
      () => (y === undefined ? undefined : readState('overlaps: y', y, this.outputs)),
    )
    return {
      ...(left && { x: divided(this.#votes(left, 'xs'), this.inputs) }),
      ...(right && { y: divided(this.#votes(right, 'ys'), this.outputs) }),
    }
  }

  /** The overlaps of many states: B × P values per given side, row-major. */
  overlapsBatch(states: { xs?: StatesLike; ys?: StatesLike }): { xs?: Float64s; ys?: Float64s } {
    const { xs, ys } = CUES.read('overlapsBatch', states)
    const [left, right] = readBoth(
      xs,
      () => (xs === undefined ? undefined : readStates('overlapsBatch: xs', xs, this.inputs)),
      () => (ys === undefined ? undefined : readStates('overlapsBatch: ys', ys, this.outputs)),
    )
    return {
      ...(left && { xs: divided(this.#votes(left, 'xs'), this.inputs) }),
      ...(right && { ys: divided(this.#votes(right, 'ys'), this.outputs) }),
    }
  }

  /**
   * Recalls a pair from one side, or from both; it starts with x if both are given. The cue itself is not changed, unless it is `out` too.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: BidirectionalCue, options?: BidirectionalOptions): BidirectionalResult {
    const { maxSteps } = ONE.read('recall', options)
    const ends = pairInto('recall', CUE, options)
    const job = this.#job(this.#reader.one('recall: cue', cue), { maxSteps, packed: false }, ends)
    return here(job, () => this.#rows.memory()).only() as BidirectionalResult
  }

  /** Recalls many cues on this thread; each gives the same result as `recall`. */
  recallBatch(
    cues: BidirectionalCues,
    options: BidirectionalBatchOptions & { packed: true },
  ): BidirectionalBatchResult<PackedPatterns>
  recallBatch(
    cues: BidirectionalCues,
    options?: BidirectionalBatchOptions & { packed?: false },
  ): BidirectionalBatchResult<Int8s>
  recallBatch(cues: BidirectionalCues, options?: BidirectionalBatchOptions): BidirectionalBatchResult
  recallBatch(cues: BidirectionalCues, options?: BidirectionalBatchOptions): BidirectionalBatchResult {
    const read = BATCH.read('recallBatch', options)
    const ends = pairInto('recallBatch', CUES, options)
    const job = this.#job(this.#reader.many('recallBatch: cues', cues), read, ends)
    return here(job, () => this.#rows.memory())
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. Cues are read in small steps, so do not change them
   * until the promise settles.
   */
  recallAsync(
    cues: BidirectionalCues,
    options: BidirectionalAsyncOptions & { packed: true },
  ): Promise<BidirectionalBatchResult<PackedPatterns>>
  recallAsync(
    cues: BidirectionalCues,
    options?: BidirectionalAsyncOptions & { packed?: false },
  ): Promise<BidirectionalBatchResult<Int8s>>
  recallAsync(cues: BidirectionalCues, options?: BidirectionalAsyncOptions): Promise<BidirectionalBatchResult>
  async recallAsync(
    cues: BidirectionalCues,
    options?: BidirectionalAsyncOptions,
  ): Promise<BidirectionalBatchResult> {
    const read = LATER.read('recallAsync', options)
    const reading = this.#reader.reading('recallAsync: cues', cues)
    const job = made(reading, (rows) => this.#job(rows, read))
    return beside(this.#kernels, job, read, () => this.#rows.lease())
  }

  protected override record(to: RecordWriter): string {
    to.option('inputs', this.inputs)
    to.option('outputs', this.outputs)
    return 'pairs'
  }

  protected override facts(): object {
    const { inputs, outputs, patternCount } = this
    return { inputs, outputs, patternCount, form: 'pairs' }
  }

  override [GATHER](
    options: Omit<BidirectionalBatchOptions, 'out'>,
  ): Gathering<BidirectionalCue, PairRowsOf, BidirectionalResult<Int8s | PackedPatterns>> {
    const read = GATHERED.read('RecallBatcher', options)
    return {
      take: (name, cue) => this.#reader.one(name, cue),
      run: (rows, _, limits) => {
        const cues = {
          xs: joined(rows.map(({ xs }) => xs)),
          ys: joined(rows.map(({ ys }) => ys)),
          fromY: Uint8Array.from(rows, ({ fromY }) => fromY[0]),
        }
        return beside(this.#kernels, this.#job(cues, read), limits, () => this.#rows.lease())
      },
    }
  }

  #pair(method: string, x: StateLike, y: StateLike): { left: StateSource; right: StateSource } {
    const [left, right] = readBoth(
      x,
      () => readState(`${method}: x`, x, this.inputs),
      () => readState(`${method}: y`, y, this.outputs),
    )
    return { left, right }
  }

  #pairs(
    method: string,
    xs: StatesLike,
    ys: StatesLike,
  ): { left: StateSource; right: StateSource; count: number } {
    const [left, right] = readBoth(
      xs,
      () => readStates(`${method}: xs`, xs, this.inputs),
      () => readStates(`${method}: ys`, ys, this.outputs),
    )
    if (left.count !== right.count) throw unpaired(method, left.count, right.count)
    return { left, right, count: left.count }
  }

  #job(
    rows: PairRowsOf,
    read: { readonly maxSteps: number; readonly packed: boolean },
    ends: PairInto = NOWHERE,
  ): PairJob {
    return new PairJob(this.#kernels, [this.inputs, this.outputs], rows, read, ends)
  }

  #energies(xs: StateSource, ys: StateSource): Float64s {
    const count = this.patternCount
    const [v, w] = [this.#votes(xs, 'xs'), this.#votes(ys, 'ys')]
    return Float64Array.from({ length: xs.count }, (_, b) => {
      let sum = 0
      for (let k = b * count; k < (b + 1) * count; k++) sum -= v[k] * w[k]
      return sum
    })
  }

  /** Integer overlaps of states with one side of every pair. */
  #votes(states: StateSource, side: 'xs' | 'ys'): Int32Array {
    const units = side === 'xs' ? this.inputs : this.outputs
    const rows = this.#kernels.allocate(states.count * rowWords(units))
    states.packInto(this.#kernels, rows)
    const size = states.count * this.patternCount
    const out = allocate('overlaps', size * 4, () => new Int32Array(size))
    this.#kernels.overlaps(this.#rows.memory()[side], this.patternCount, units, rows, states.count, out)
    return out
  }
}

function unpaired(method: string, wanted: number, given: number): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_SHAPE', `${method}: ys: expected ${wanted} states, got ${given}`)
}
