import { describe, HopfieldError } from '../errors.js'
import { MAX_NEURONS } from '../input/spins.js'
import { readState, type StateLike } from '../input/states.js'
import { checkBoolean, checkInteger, checkOptions } from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { rowWords } from '../kernels/contract/layout.js'
import { kernelsFor } from '../kernels/select.js'
import {
  KEYS,
  MAX_STREAM,
  type RecallAsyncOptions,
  type RecallOptions,
  readRecallOptions,
} from '../memories/bipolar/recall-options.js'
import type { BatchResult, RecallResult } from '../memories/bipolar/recall-results.js'
import { CLEAN, PackedPatterns } from '../patterns/packed-patterns.js'
import { callLater } from '../platform/node.js'
import { checkSignal, checkThreads } from './options.js'
import { inTurns } from './turn.js'
import { type Settling, WaitingBatch, WaitingCue } from './waiting-batch.js'

/** What a {@link RecallBatcher} needs of a memory; every network with `recallAsync` has it. */
export interface AsyncMemory {
  readonly neurons: number
  recallAsync(cues: PackedPatterns, options: RecallAsyncOptions): Promise<BatchResult>
}

/** How cues are gathered, and the options of their recall. */
export interface RecallBatcherOptions extends Omit<RecallOptions, 'trace'> {
  /** Cues a batch at most; 256 by default. */
  maxSize?: number
  /**
   * Milliseconds a cue waits for others while a thread is free; 2 by default. Below 1: until the end of this turn of the
   * event loop. Timers are no finer than a millisecond, so they are aimed early: a batch may leave up to 1.2 ms sooner.
   */
  maxWait?: number
  /** Cues that may wait; beyond it calls reject with ERR_HOPFIELD_OVERLOADED. 16,384 by default. */
  maxQueue?: number
  /** Batches in flight at once, 1 to 1024; by default as `threads` of recallAsync. */
  threads?: number
}

/** Options of one cue. */
export interface BatchedRecallOptions {
  /** Gives up on this cue alone. One a request: Node searches all listeners of a signal for each new one. */
  signal?: AbortSignal
  /** Address of this cue's randomness; by default the batcher's `stream`. */
  stream?: number
}

const BATCHER_KEYS: readonly string[] = [
  'maxSize',
  'maxWait',
  'maxQueue',
  'threads',
  'packed',
  ...KEYS.filter((key) => key !== 'trace'),
]

const RECALL_KEYS = [...KEYS.filter((key) => key !== 'trace' && key !== 'stream'), 'packed'] as (
  | keyof Omit<RecallOptions, 'trace' | 'stream'>
  | 'packed'
)[]

/** How far before its time a timer may have fired and be taken as due, in ms: one timer step and the usual lateness. */
const EARLY = 1.2
/** What timers are usually late by, in ms. */
const LATE = 0.3

/**
 * Gathers recalls of single cues into batches, for servers: a batch crosses into the addon once, off the event loop.
 *
 * A batch leaves when `maxSize` cues wait or the oldest has waited `maxWait`, and one of `threads` is free; it is recalled
 * from the memory as it is when it leaves. Every result is, bit for bit, that of `network.recall(cue, options)` with the
 * stream of the cue.
 */
export class RecallBatcher<Packed extends boolean = false> {
  readonly #memory: AsyncMemory
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #stride: number
  readonly #maxSize: number
  readonly #maxWait: number
  readonly #maxQueue: number
  readonly #threads: number
  readonly #stream: number
  readonly #options: RecallAsyncOptions
  /** Oldest first. All but the last have been full. */
  readonly #queue: WaitingBatch[] = []
  /** Cues in `#queue`. */
  #waiting = 0
  /** Cues and batches being recalled. */
  #computing = 0
  #flights = 0
  #closed: { promise: Promise<void>; resolve: () => void } | undefined

  /** @throws HopfieldError ERR_HOPFIELD_TYPE, _RANGE, _OPTION, _SHAPE or _VALUE naming the option. */
  constructor(network: AsyncMemory, options?: RecallBatcherOptions & { packed?: Packed }) {
    checkOptions('RecallBatcher', options, BATCHER_KEYS)
    if (typeof network?.recallAsync !== 'function') {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `network: expected a network with recallAsync, got ${describe(network)}`,
      )
    }
    const { maxSize = 256, maxWait = 2, maxQueue = 16_384, threads, stream = 0 } = options ?? {}
    // Named one by one: options may be inherited.
    const rest: RecallBatcherOptions & { packed?: Packed } = {}
    for (const key of RECALL_KEYS)
      if (options?.[key] !== undefined) Object.assign(rest, { [key]: options[key] })
    this.#memory = network
    this.#neurons = checkInteger('network.neurons', network.neurons, 1, MAX_NEURONS)
    this.#kernels = kernelsFor('auto')
    this.#stride = rowWords(this.#neurons)
    this.#maxSize = checkInteger('maxSize', maxSize, 1, 2 ** 20)
    this.#maxWait = checkWait(maxWait)
    this.#maxQueue = checkInteger('maxQueue', maxQueue, 1, 2 ** 30)
    this.#threads = checkThreads(threads)
    this.#stream = checkInteger('stream', stream, 0, MAX_STREAM)
    // Refused now and not at every recall. The batcher keeps what it was given then.
    const { plan } = readRecallOptions(rest, this.#neurons, 1, BATCHER_KEYS)
    if (rest.packed !== undefined) checkBoolean('packed', rest.packed)
    this.#options = { ...rest, threads: 1 }
    if (plan.externalField !== undefined) this.#options.externalField = plan.externalField.slice()
    if (plan.temperatures !== undefined) this.#options.temperature = plan.temperatures
    if (rest.clamp !== undefined) this.#options.clamp = Array.from(rest.clamp)
    if (plan.order instanceof Uint32Array) this.#options.order = plan.order
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
   * Rejects, and never throws: with HopfieldError as `recall` throws, for this caller alone; ERR_HOPFIELD_OVERLOADED if
   * `maxQueue` cues wait; ERR_HOPFIELD_CLOSED after `close`; `signal.reason` as soon as the signal is aborted.
   */
  recall(
    cue: StateLike,
    options?: BatchedRecallOptions,
  ): Promise<RecallResult<Packed extends true ? PackedPatterns : Int8Array>> {
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

  #enter(cue: StateLike, options: BatchedRecallOptions | undefined, settling: Settling): void {
    if (this.#closed !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_CLOSED', 'recall: this RecallBatcher was closed; make a new one')
    }
    let signal: AbortSignal | undefined
    let stream = this.#stream
    if (options !== undefined) {
      checkOptions('recall options', options, ['signal', 'stream'])
      signal = checkSignal(options.signal)
      if (options.stream !== undefined) stream = checkInteger('stream', options.stream, 0, MAX_STREAM)
    }
    const source = readState('cue', cue, this.#neurons)
    signal?.throwIfAborted()
    if (this.#waiting >= this.#maxQueue) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OVERLOADED',
        `recall: ${this.#waiting} cues are waiting, as many as maxQueue allows; send fewer at once, or raise maxQueue`,
      )
    }
    let batch = this.#queue.at(-1)
    const opens = batch === undefined || batch.count >= this.#maxSize
    if (batch === undefined || opens) batch = new WaitingBatch(this.#stride, this.#maxSize)
    source.packInto(this.#kernels, batch.nextRow())
    batch.add(new WaitingCue(settling, stream, signal, batch, this.#left))
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
      const { words, streams } = batch.leave()
      const cues = new PackedPatterns(Object.assign({ neurons: this.#neurons, words }, { [CLEAN]: true }))
      const result = await this.#memory.recallAsync(cues, { ...this.#options, streams })
      await inTurns(batch.settle(result, this.#neurons, this.#settled))
    } catch (error) {
      batch.fail(error, this.#settled)
    }
    this.#flights--
    this.#look()
  }
}

function checkWait(value: unknown): number {
  if (typeof value !== 'number') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `maxWait: expected milliseconds, got ${describe(value)}`)
  }
  // Beyond 2^31 − 1 setTimeout fires at once.
  if (!(value >= 0 && value <= 2 ** 31 - 1)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `maxWait: expected 0 to 2^31 - 1 milliseconds, got ${value}`,
    )
  }
  return value
}
