import { ASYNC, type AsyncLimits } from '../../async/async-options.js'
import { describe, HopfieldError, isRevoked } from '../../errors.js'
import { type Given, integer, option, optional, Schema } from '../../input/options.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { StateLike } from '../../input/states.js'
import type { Int8s, Uint8s } from '../../input/typed-arrays.js'
import { checkInteger, isPlainObject, ownProperties } from '../../input/validate.js'
import { callLater } from '../../platform/node/event-loop.js'
import { processors } from '../../platform/node/system.js'
import { inTurns } from '../../platform/turn.js'
import type { BidirectionalResult } from '../bidirectional/pair-job.js'
import { MAX_STREAM, type RecallOptions } from '../bipolar/recall-options.js'
import type { RecallResult } from '../bipolar/recall-result.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import type { SparseRecallResult } from '../sparse/code-job.js'
import { type AsyncMemory, gathering } from './foreign-memory.js'
import { type Settling, WaitingBatch, WaitingCue } from './waiting-batch.js'

const GATHERING = {
  /** Most cues per batch; 256 by default. */
  maxSize: integer(1, 2 ** 20, 256),
  /**
   * Most milliseconds that a cue waits for others while a thread is free; 2 by default. Below 1: until the end of this turn of the
   * event loop. Timers have a resolution of a millisecond and are set early: a batch may start up to 1.2 ms sooner.
   */
  maxWait: option<number>(2, readWait),
  /** Most cues that may wait; further calls reject with ERR_HOPFIELD_OVERLOADED. 16,384 by default. */
  maxQueue: integer(1, 2 ** 30, 16_384),
  /** Batches computed at the same time, 1 to 1024; the default is that of recallAsync. */
  threads: ASYNC.threads,
  /** Number of the random stream of cues that are given none; 0 by default. */
  stream: integer(0, MAX_STREAM, 0),
}

const LONE = {
  /** Aborts the recall of this cue only. One signal may stop many cues. */
  signal: ASYNC.signal,
  /** Number of the random stream of this cue; by default the batcher's `stream`. */
  stream: optional<number>((name, value) => checkInteger(name, value, 0, MAX_STREAM)),
}
const ONE = new Schema(LONE)

/** Options of gathering; the options of the recalls come in addition. */
export interface RecallBatcherOptions extends Given<typeof GATHERING> {}

/** Options of one cue. */
export interface BatchedRecallOptions extends Given<typeof LONE> {}

/** The type of a memory's single cue, and of its result. */
type CueOf<M> = M extends { [GATHER](options: never): Gathering<infer Cue, infer _Row, infer _Single> }
  ? Cue
  : StateLike
type ResultOf<M, Packed> = M extends {
  [GATHER](options: never): Gathering<infer _Cue, infer _Row, infer Single>
}
  ? Unpacked<Single, Packed>
  : RecallResult<Packed extends true ? PackedPatterns : Int8s>
/** The result with states packed or not, as the option says. */
type Unpacked<Single, Packed> =
  Single extends RecallResult<Int8s | PackedPatterns>
    ? RecallResult<Packed extends true ? PackedPatterns : Int8s>
    : Single extends BidirectionalResult<Int8s | PackedPatterns>
      ? BidirectionalResult<Packed extends true ? PackedPatterns : Int8s>
      : Single extends SparseRecallResult<Uint8s | PackedPatterns>
        ? SparseRecallResult<Packed extends true ? PackedPatterns : Uint8s>
        : Single
/** The options of the memory's recalls. */
type OptionsOf<M> = M extends { [GATHER](options: infer Options): unknown }
  ? Options
  : Omit<RecallOptions, 'trace' | 'stream'>

/** A timer that fires this many ms before its time counts as due: one timer step and the usual delay. */
const EARLY = 1.2
/** The usual delay of timers in ms. */
const LATE = 0.3

/**
 * Gathers recalls of single cues into batches, for servers. A batch is one call into the addon, off the event loop.
 *
 * A batch starts when `maxSize` cues wait, or when the oldest cue has waited `maxWait`, and one of `threads` is free. It uses the
 * memory as it is when it starts. Every result has the bits of `memory.recall(cue, options)` with the stream of the cue.
 */
export class RecallBatcher<M extends KeptMemory | AsyncMemory, Packed extends boolean = false> {
  readonly #gathering: Gathering<unknown, unknown, unknown>
  readonly #maxSize: number
  readonly #maxWait: number
  readonly #maxQueue: number
  readonly #threads: number
  readonly #stream: number
  /** Oldest first. All but the last have been full. */
  readonly #queue: WaitingBatch[] = []
  /** Cues in `#queue`. */
  #waiting = 0
  /** Cues and batches being recalled. */
  #computing = 0
  #flights = 0
  #closed: { promise: Promise<void>; resolve: () => void } | undefined

  /** @throws HopfieldError ERR_HOPFIELD_TYPE, _RANGE, _OPTION, _SHAPE or _VALUE naming the option. */
  constructor(memory: M, options?: RecallBatcherOptions & OptionsOf<M> & { packed?: Packed }) {
    // Each option is refused, and copied, now and not at every recall.
    const [own, recall] = parted(options)
    const { maxSize, maxWait, maxQueue, threads = processors(), stream } = BATCHER.read('RecallBatcher', own)
    const gathered =
      !isRevoked(memory) && memory instanceof KeptMemory
        ? memory[GATHER](recall)
        : gathering(memory as AsyncMemory, recall)
    this.#gathering = gathered as Gathering<unknown, unknown, unknown>
    this.#maxSize = maxSize
    this.#maxWait = maxWait
    this.#maxQueue = maxQueue
    this.#threads = threads
    this.#stream = stream
  }

  /** Cues that wait for their batch to leave. */
  get size(): number {
    return this.#waiting
  }

  /** Cues that wait or are being recalled. */
  get pending(): number {
    return this.#waiting + this.#computing
  }

  /**
   * Recalls one cue with the next batch. The cue is copied at once.
   *
   * Never throws. Its promise rejects with the HopfieldError that `recall` of the memory would throw, for this caller alone; with
   * ERR_HOPFIELD_OVERLOADED if `maxQueue` cues wait; with ERR_HOPFIELD_CLOSED after `close`; with `signal.reason` as soon as the
   * signal is aborted.
   */
  recall(cue: CueOf<M>, options?: BatchedRecallOptions): Promise<ResultOf<M, Packed>> {
    return new Promise((resolve, reject) => {
      // What is thrown in here rejects.
      this.#enter(cue, options, { resolve: resolve as Settling['resolve'], reject })
    })
  }

  /** Refuses new cues, lets those that wait leave at once, and resolves when all are done. */
  close(): Promise<void> {
    if (this.#closed === undefined) {
      let resolve = (): void => {}
      const promise = new Promise<void>((done) => {
        resolve = done
      })
      this.#closed = { promise, resolve }
      this.#look()
    }
    return this.#closed.promise
  }

  #enter(cue: unknown, options: BatchedRecallOptions | undefined, settling: Settling): void {
    if (this.#closed !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_CLOSED', 'recall: this RecallBatcher is closed; make a new one')
    }
    const { signal, stream = this.#stream } = ONE.read('recall', options)
    const row = this.#gathering.take('recall: cue', cue)
    signal?.throwIfAborted()
    if (this.#waiting >= this.#maxQueue) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OVERLOADED',
        `recall: ${this.#waiting} cues are waiting, which is maxQueue; send fewer at once, or raise maxQueue`,
      )
    }
    let batch = this.#queue.at(-1)
    const opens = batch === undefined || batch.count >= this.#maxSize
    if (batch === undefined || opens) batch = new WaitingBatch()
    batch.add(row, new WaitingCue(settling, stream, signal, batch, this.#left))
    this.#waiting++
    if (opens) {
      this.#queue.push(batch)
      this.#arm(batch, this.#maxWait)
    }
    if (batch.count >= this.#maxSize || (this.#maxWait >= 1 && this.#isDue(batch))) this.#look()
  }

  /** A cue was given up. */
  readonly #left = (batch: WaitingBatch, waiting: boolean): void => {
    if (!waiting) {
      this.#computing--
      return
    }
    this.#waiting--
    if (batch.count > 0) return
    batch.disarm()
    this.#queue.splice(this.#queue.indexOf(batch), 1)
    this.#look()
  }

  #isDue(batch: WaitingBatch): boolean {
    return batch.due || (this.#maxWait >= 1 && performance.now() - batch.since >= this.#maxWait)
  }

  /** Marks the batch as due when `wait` ms are over, or a little before: timers come late and then in whole steps. */
  #arm(batch: WaitingBatch, wait: number): void {
    const fired = (): void => {
      const left = this.#maxWait - (performance.now() - batch.since)
      if (this.#maxWait >= 1 && left > EARLY) {
        this.#arm(batch, left)
        return
      }
      batch.due = true
      this.#look()
    }
    batch.arm(callLater(fired, this.#maxWait < 1 ? 0 : Math.max(1, Math.floor(wait - LATE))))
  }

  /** Lets go what may leave. */
  #look(): void {
    while (this.#flights < this.#threads && this.#queue.length > 0) {
      const first = this.#queue[0]
      const ready = this.#queue.length > 1 || first.count >= this.#maxSize || this.#closed !== undefined
      if (!ready && !this.#isDue(first)) return
      this.#queue.shift()
      void this.#fly(first)
    }
    if (this.#flights === 0 && this.#queue.length === 0) this.#closed?.resolve()
  }

  readonly #settled = (): void => {
    this.#computing--
  }

  /** Never rejects: every end is some caller's. */
  async #fly(batch: WaitingBatch): Promise<void> {
    const { count } = batch
    this.#flights++
    this.#waiting -= count
    this.#computing += count
    try {
      const { rows, streams } = batch.leave()
      const result = await this.#gathering.run(rows, streams, LIMITS)
      await inTurns(batch.settle(result, this.#settled))
    } catch (error) {
      batch.fail(error, this.#settled)
    }
    this.#flights--
    this.#look()
  }
}

/** A batch is one chunk. */
const LIMITS: AsyncLimits = { threads: 1, signal: undefined, onProgress: undefined, chunk: undefined }

const BATCHER = new Schema(GATHERING)

/** The batcher's own options, and those of its recalls; each is read once. */
function parted(options: unknown): [own: unknown, recall: unknown] {
  if (!isPlainObject(options)) return [options, undefined]
  const [own, recall]: Record<string, unknown>[] = [Object.create(null), Object.create(null)]
  for (const [key, value] of Object.entries(ownProperties(options))) {
    if (Object.hasOwn(GATHERING, key)) own[key] = value
    else recall[key] = value
  }
  return [own, recall]
}

function readWait(name: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected milliseconds, got ${describe(value)}`)
  }
  // Beyond 2^31 − 1 setTimeout fires at once.
  if (!(value >= 0 && value <= 2 ** 31 - 1)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: expected 0 to 2^31 - 1 milliseconds, got ${value}`,
    )
  }
  return value
}
