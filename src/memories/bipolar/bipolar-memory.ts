import {
  type AsyncLimits,
  type AsyncOptions,
  LATER,
  WHOLE_LATER,
  type WholeOptions,
} from '../../async/async-options.js'
import { allBeside, allHere, NOBODY, type Steps } from '../../async/steps.js'
import {
  NEAREST_OPTIONS,
  type Nearest,
  type NearestOptions,
  noPatterns,
} from '../../input/nearest-patterns.js'
import { Schema } from '../../input/options.js'
import { intoOf, outOf } from '../../input/out.js'
import { PackedPatterns } from '../../input/packed-patterns.js'
import type { StateSource } from '../../input/spins.js'
import { type StateReader, stateReader } from '../../input/state-reader.js'
import { readState, readStates, type StateLike, type StatesLike } from '../../input/states.js'
import type { Float64s, Int8s } from '../../input/typed-arrays.js'
import type { Kernels, Memory, RecallPlan, Tie } from '../../kernels/contract/kernels.js'
import { rowWords, spin } from '../../kernels/contract/layout.js'
import type { BackendChoice } from '../../kernels/select.js'
import { atOnce } from '../../platform/turn.js'
import { inParts } from '../../storage/arrivals.js'
import type { RecordReader } from '../../storage/record.js'
import type { PatternMemory } from '../../storage/weights.js'
import { joined, packedOf } from '../batch.js'
import type { PatternKey } from '../ids/ids.js'
import {
  AssociativeMemory,
  arrived,
  GATHER,
  type Gathering,
  type Incoming,
  type StoreAsyncOptions,
  type StoreOptions,
} from '../memory.js'
import { beside, type Held, here } from '../runner.js'
import { nearest, overlapTable } from './batch-measures.js'
import { type Classification, classifying } from './classify.js'
import { divided } from './divided.js'
import { LoneRecall } from './lone-recall.js'
import { EnergiesJob, OverlapsJob, type Rows } from './measure-jobs.js'
import { NearestJob } from './nearest-job.js'
import { NEAREST_ASYNC, type NearestAsyncOptions } from './nearest-options.js'
import { RecallJob } from './recall-job.js'
import {
  planOf,
  type RecallAsyncOptions,
  type RecallBatchOptions,
  type RecallKey,
  type RecallOptions,
  type RecallSchemas,
  readOrder,
  recallSchemas,
} from './recall-options.js'
import type { BatchResult, RecallResult, Traced } from './recall-result.js'
import { StreamReader, streamReader } from './streams.js'

/** The external field that a memory brings along. */
export interface OwnField {
  /** @param read what a recall reads. */
  of(read: Memory, scale: number): Steps<Float64Array>
}

/** The parts of a memory of ±1 neurons. */
export interface MemoryParts {
  readonly backend: BackendChoice
  readonly neurons: number
  readonly kernels: Kernels
  readonly memory: PatternMemory
  /** {@link RecallPlan.scale} by the divisor of the memory that is recalled from. */
  readonly scale: (divisor: number) => number
  /** The memory's own external field, added to the one that a recall is given, if any. */
  readonly ownField?: OwnField | undefined
  /** The record that the memory is made from. */
  readonly opened?: RecordReader | undefined
  /** Recall options that this memory does not have. */
  readonly without?: readonly RecallKey[]
  /** The default of the option `tie`: 'positive', or another. */
  readonly tie?: Tie | undefined
  /** Whether results say how many patterns are active. */
  readonly active?: boolean
}

/**
 * The base of all memories of ±1 patterns: storing, measuring and recalling. `Without` names the recall options that a memory does
 * not have.
 */
export abstract class BipolarMemory<Without extends RecallKey = never> extends AssociativeMemory {
  /** N, the number of neurons. */
  readonly neurons: number
  protected readonly kernels: Kernels
  readonly #memory: PatternMemory
  readonly #scale: (divisor: number) => number
  readonly #ownField: OwnField | undefined
  readonly #schemas: RecallSchemas
  readonly #lone: LoneRecall
  readonly #active: boolean
  /** The plan of the last lone recall, if its options are kept too. */
  #last: { read: unknown; plan: RecallPlan; ownField: Float64Array | undefined } | undefined

  constructor(parts: MemoryParts) {
    const { backend, neurons, kernels, memory, scale, ownField, opened } = parts
    const { without = [], tie = 'positive', active = false } = parts
    super(backend, memory, opened)
    this.neurons = neurons
    this.kernels = kernels
    this.#memory = memory
    this.#scale = scale
    this.#ownField = ownField
    const schemas = recallSchemas(without, tie)
    // A program that recalls from several memories in turn has the plan of each made once.
    this.#schemas = { ...schemas, one: new Schema(schemas.one) }
    this.#lone = new LoneRecall(kernels, neurons, active)
    this.#active = active
  }

  /** The divisor of the kernels' fields and of twice their energies. */
  protected get scale(): number {
    return this.#scale(this.#memory.divisor)
  }

  /** The load α = P/N. */
  get alpha(): number {
    return this.patternCount / this.neurons
  }

  /**
   * Adds one pattern or several. If it throws, none of them is stored.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not ±1; ERR_HOPFIELD_SHAPE; ERR_HOPFIELD_MEMORY.
   */
  store(patterns: StatesLike, options?: StoreOptions): this {
    return this.add(
      options,
      () => readStates('store: patterns', patterns, this.neurons),
      (source) => this.#memory.store(source),
    )
  }

  /**
   * As `store`, beside other work: the same bits. Learning runs on another thread or in small steps, except a rule of your own. Until it
   * is done, recalls use the memory as it was, and other changes are refused. After an abort or an error nothing has changed.
   *
   * Progress counts what the rule goes through: patterns, neurons or dreams. Patterns are read in small steps, so do not change them
   * until the promise settles.
   * @throws HopfieldError as `store`; ERR_HOPFIELD_BUSY during another change.
   */
  async storeAsync(patterns: StatesLike, options?: StoreAsyncOptions): Promise<this> {
    const reader = stateReader('storeAsync: patterns', patterns, this.neurons)
    const store: Incoming['store'] = () => this.#memory.storing(inParts(this.kernels, reader), true)
    return this.addAsync('storeAsync', options, () => arrived({ count: reader.count, store }))
  }

  /**
   * Puts another pattern in the place of one, which keeps its index and its id: as if it had been stored there. Rules whose
   * weights do not add up over patterns learn all of them again.
   * @throws HopfieldError as `store` and `forget`. Then nothing has changed.
   */
  replace(which: PatternKey, pattern: StateLike): this {
    return this.change('replace', () => {
      const index = this.place('replace', which)
      this.#memory.replace(index, readState('replace: pattern', pattern, this.neurons))
    })
  }

  /** A stored pattern, by its index or `{ id }`: N values ±1, a copy. */
  pattern(which: PatternKey): Int8s {
    const index = this.place('pattern', which)
    const out = new Int8Array(this.neurons)
    this.kernels.unpack(this.#memory.rows(index, index + 1), 1, this.neurons, out)
    return out
  }

  /** All stored patterns, packed; a copy. */
  patterns(): PackedPatterns {
    return new PackedPatterns({
      neurons: this.neurons,
      words: this.#memory.rows(0, this.patternCount).slice(),
    })
  }

  /** m^μ = (1/N) Σ_i ξ_i^μ s_i for every stored pattern: P values from −1 to 1. */
  overlaps(state: StateLike): Float64s {
    return divided(this.#memory.overlaps(this.packed('overlaps: state', state)), this.neurons)
  }

  /**
   * The overlaps of many states, each row as `overlaps` gives it: B × P values, row-major.
   * @param states B states, in any form that `recallBatch` takes.
   */
  overlapsBatch(states: StatesLike): Float64s {
    const reader = stateReader('overlapsBatch: states', states, this.neurons)
    return overlapTable(this.kernels, () => this.#memory.memory(false), reader)
  }

  /**
   * As `overlapsBatch`, off the event loop: the same bits for any `threads` and `chunk`. States are read chunk by chunk, so do not
   * change them until the promise settles.
   */
  async overlapsBatchAsync(states: StatesLike, options?: AsyncOptions): Promise<Float64s> {
    const limits = LATER.read('overlapsBatchAsync', options)
    const reader = stateReader('overlapsBatchAsync: states', states, this.neurons)
    const { kernels, neurons, patternCount } = this
    const { release, ...rows } = this.#memory.held()
    const settling = this.#memory.settling()
    const held = async (): Promise<Held<Rows>> => {
      try {
        await allBeside(settling, NOBODY)
        return { memory: rows, release }
      } catch (error) {
        release()
        throw error
      }
    }
    return beside(kernels, new OverlapsJob(kernels, neurons, reader, patternCount), limits, held)
  }

  /**
   * The stored pattern nearest to each of many states, found by comparing with all patterns: no dynamics and no spurious states. It is
   * the limit of the exponential memory (Demircigil et al. 2017) for an infinitely steep interaction.
   *
   * The first call after a change copies the patterns into a search layout, which is kept: N·P/8 bytes.
   * @param states B states, in any form that `recallBatch` takes.
   * @param options.k how many patterns a state, 1 by default: the nearest first, and among equals the lowest index.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if no pattern is stored, or for k; for `states` as `recallBatch`.
   */
  nearest(states: StatesLike, options?: NearestOptions): Nearest {
    const { k } = NEAREST_OPTIONS.read('nearest', options)
    const reader = stateReader('nearest: states', states, this.neurons)
    const found = nearest(this.kernels, this.#memory, this.neurons, reader, k)
    return { ...found, ...this.named(found.indices) }
  }

  /**
   * As `nearest`, off the event loop: the same bits for any `threads` and `chunk`. The search layout is made in small steps.
   *
   * States are read chunk by chunk, so do not change them until the promise settles.
   */
  async nearestAsync(states: StatesLike, options?: NearestAsyncOptions): Promise<Nearest> {
    const { k, ...limits } = NEAREST_ASYNC.read('nearestAsync', options)
    const reader = stateReader('nearestAsync: states', states, this.neurons)
    const { patternCount: count, kernels } = this
    if (count === 0) throw noPatterns('nearestAsync')
    const job = new NearestJob(kernels, this.neurons, reader, Math.min(k, count))
    const named = this.naming()
    const found = await beside(kernels, job, limits, async () => ({
      memory: { planes: await this.#memory.planesLater(), count },
      release() {},
    }))
    return { ...found, ...named(found.indices) }
  }

  /**
   * Says whether a state is a stored pattern, the inverse of one, a mixture of several, or none of these, and which pattern it overlaps
   * most with. It does not check stability: `isFixedPoint` does.
   */
  classify(state: StateLike): Classification {
    const row = this.packed('classify: state', state)
    const held = this.#memory.held()
    try {
      allHere(this.#memory.settling())
      return allHere(classifying(this.kernels, this.neurons, row, held, this.naming()))
    } finally {
      held.release()
    }
  }

  /** As `classify`, off the event loop: the same result, of the memory as it is at the call. It uses one thread, whatever `threads`. */
  async classifyAsync(state: StateLike, options?: WholeOptions): Promise<Classification> {
    const limits = WHOLE_LATER.read('classifyAsync', options)
    const row = this.packed('classifyAsync: state', state)
    const held = this.#memory.held()
    const settling = this.#memory.settling()
    const making = classifying(this.kernels, this.neurons, row, held, this.naming())
    function* all(): Steps<Classification> {
      yield* settling
      return yield* making
    }
    try {
      return await allBeside(all(), limits)
    } finally {
      held.release()
    }
  }

  /**
   * Recalls one cue: updates neurons until the state is stable, or until `maxSweeps`. The cue itself is not changed, unless it is `out` too.
   *
   * @param cue N values ±1.
   * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE or _OPTION naming the argument.
   */
  recall(cue: StateLike, options: Omit<RecallOptions, Without> & { trace: true }): Traced<RecallResult>
  recall(cue: StateLike, options?: Omit<RecallOptions, Without>): RecallResult
  recall(cue: StateLike, options?: RecallOptions): RecallResult {
    const { one } = this.#schemas
    const read = one.read('recall', options, this.neurons)
    const out = outOf(options)
    const source = readState('recall: cue', cue, this.neurons)
    const plan = one.keeps(read) ? this.#keptPlan(read) : this.#plan(read)
    if (read.trace) return this.#traced(source, plan, out)
    return this.#lone.run(source, this.#memory.memory(plan.dynamics === 'asynchronous'), plan, out)
  }

  /**
   * Recalls many cues on this thread; cue b gives the same bits as `recall` with the option `stream` + b.
   * @param cues one flat array of B·N values ±1, an array of B states, or PackedPatterns.
   * @throws HopfieldError as `recall`.
   */
  recallBatch(
    cues: StatesLike,
    options: Omit<RecallBatchOptions, Without> & { packed: true; trace: true },
  ): Traced<BatchResult<PackedPatterns>>
  recallBatch(
    cues: StatesLike,
    options: Omit<RecallBatchOptions, Without> & { packed: true },
  ): BatchResult<PackedPatterns>
  recallBatch(
    cues: StatesLike,
    options: Omit<RecallBatchOptions, Without> & { packed?: false; trace: true },
  ): Traced<BatchResult<Int8s>>
  recallBatch(
    cues: StatesLike,
    options?: Omit<RecallBatchOptions, Without> & { packed?: false },
  ): BatchResult<Int8s>
  recallBatch(cues: StatesLike, options?: Omit<RecallBatchOptions, Without>): BatchResult
  recallBatch(cues: StatesLike, options?: RecallBatchOptions): BatchResult {
    const read = this.#schemas.batch.read('recallBatch', options, this.neurons)
    const into = intoOf('recallBatch', options)
    const reader = stateReader('recallBatch: cues', cues, this.neurons)
    const { packed, trace } = read
    const streams = streamReader('recallBatch', read, reader.count)
    const active = this.#active
    const job = new RecallJob(this.kernels, this.neurons, reader, { streams, packed, trace, active, into })
    return here(job, () => {
      const plan = this.#plan(read)
      return { plan, memory: this.#memory.memory(plan.dynamics === 'asynchronous') }
    })
  }

  /**
   * As `recallBatch`, off the event loop: the same bits for any `threads` and `chunk`. It holds the event loop for a few milliseconds at
   * most.
   *
   * Cues are read chunk by chunk, so do not change them until the promise settles.
   */
  recallAsync(
    cues: StatesLike,
    options: Omit<RecallAsyncOptions, Without> & { packed: true },
  ): Promise<BatchResult<PackedPatterns>>
  recallAsync(
    cues: StatesLike,
    options?: Omit<RecallAsyncOptions, Without> & { packed?: false },
  ): Promise<BatchResult<Int8s>>
  recallAsync(cues: StatesLike, options?: Omit<RecallAsyncOptions, Without>): Promise<BatchResult>
  async recallAsync(cues: StatesLike, options?: RecallAsyncOptions): Promise<BatchResult> {
    const read = this.#schemas.async.read('recallAsync', options, this.neurons)
    const reader = stateReader('recallAsync: cues', cues, this.neurons)
    const streams = streamReader('recallAsync', read, reader.count)
    return this.#run(read, reader, streams, read)
  }

  override [GATHER](
    options: Omit<RecallBatchOptions, Without | 'trace' | 'streams' | 'stream'>,
  ): Gathering<StateLike, Uint32Array, RecallResult<Int8s | PackedPatterns>> {
    const { neurons } = this
    const read = this.#schemas.gathered.read('RecallBatcher', options, neurons)
    return {
      take: (name, cue) => this.packed(name, cue),
      run: (rows, streams, limits) => {
        const cues = stateReader('recall: cue', packedOf(neurons, joined(rows)), neurons)
        const reader = new StreamReader('recall: stream', streams)
        return this.#run({ ...read, stream: undefined }, cues, reader, limits)
      },
    }
  }

  /** The external field of a recall: the memory's own plus the given one, if any. */
  protected external(given: Float64Array | undefined): Float64Array | undefined {
    return sumOf(this.#own(), given)
  }

  #own(): Float64Array | undefined {
    return this.#ownField && allHere(this.#ownField.of(this.#memory.memory(false), this.scale))
  }

  /** E of many states, off the event loop; see `energyBatch`. */
  protected energiesLater(
    method: string,
    states: StatesLike,
    given: Float64Array | undefined,
    limits: AsyncLimits,
  ): Promise<Float64s> {
    const reader = stateReader(`${method}: states`, states, this.neurons)
    const job = new EnergiesJob(this.kernels, this.neurons, reader)
    return beside(this.kernels, job, limits, () => this.lease(false, given))
  }

  /** Checks a state and packs it into R words. */
  protected packed(name: string, state: StateLike): Uint32Array {
    const row = new Uint32Array(rowWords(this.neurons))
    readState(name, state, this.neurons).packInto(this.kernels, row)
    return row
  }

  /**
   * What recalls read as it is now, for later turns and other threads, and what depends on it.
   * @param given the external field of the call.
   */
  protected async lease(asynchronous: boolean, given: Float64Array | undefined): Promise<Held<Read>> {
    const { memory, divisor, release } = await this.#memory.lease(asynchronous)
    try {
      const scale = this.#scale(divisor)
      const own = this.#ownField && (await allBeside(this.#ownField.of(memory, scale), NOBODY))
      return { memory: { memory, scale, externalField: sumOf(own, given) }, release }
    } catch (error) {
      release()
      throw error
    }
  }

  #run(
    read: Parameters<typeof planOf>[0] & { readonly packed: boolean },
    cues: StateReader,
    streams: StreamReader | undefined,
    limits: AsyncLimits,
  ): Promise<BatchResult> {
    const job = new RecallJob(this.kernels, this.neurons, cues, {
      streams,
      packed: read.packed,
      trace: false,
      active: this.#active,
    })
    return beside(this.kernels, job, limits, async () => {
      const { dynamics, externalField: given } = read
      const { memory: of, release } = await this.lease(dynamics === 'asynchronous', given)
      return { memory: { plan: planOf(read, of.scale, of.externalField), memory: of.memory }, release }
    })
  }

  #plan(read: Parameters<typeof planOf>[0]): RecallPlan {
    return planOf(read, this.scale, this.external(read.externalField))
  }

  #keptPlan(read: Parameters<typeof planOf>[0]): RecallPlan {
    const ownField = this.#own()
    const last = this.#last
    if (last?.read === read && last.ownField === ownField && last.plan.scale === this.scale) return last.plan
    const plan = this.#plan(read)
    this.#last = { read, plan, ownField }
    return plan
  }

  #traced(cue: StateSource, untraced: RecallPlan, out: unknown): RecallResult {
    const plan = { ...untraced, order: readOrder('recall: order', untraced.order, this.neurons) }
    const rows = new Uint32Array(rowWords(this.neurons))
    cue.packInto(this.kernels, rows)
    const memory = this.#memory.memory(plan.dynamics === 'asynchronous')
    const into = out === undefined ? undefined : { name: 'recall: out', out }
    const asked = { streams: undefined, packed: false, trace: true, active: this.#active, into }
    const job = new RecallJob(this.kernels, this.neurons, { count: 1, *read() {} }, asked)
    allHere(job.compute({ memory, plan }, 0, 1, { rows, streams: undefined }))
    atOnce(job.finish())
    return job.result().only() as RecallResult
  }

  /** Whether every neuron agrees with its field; `field(i)` is the field of neuron i. */
  protected stable(row: Uint32Array, tie: Tie, field: (i: number) => number): boolean {
    for (let i = 0; i < this.neurons; i++) {
      const value = spin(row, i)
      const h = field(i)
      const next = h !== 0 ? Math.sign(h) : tie === 'keep' ? value : tie === 'positive' ? 1 : -1
      if (next !== value) return false
    }
    return true
  }
}

/** What recalls read, and what else they depend on. */
interface Read {
  readonly memory: Memory
  readonly scale: number
  readonly externalField: Float64Array | undefined
}

function sumOf(own: Float64Array | undefined, given: Float64Array | undefined): Float64Array | undefined {
  return own === undefined || given === undefined ? (own ?? given) : own.map((b, i) => b + given[i])
}
