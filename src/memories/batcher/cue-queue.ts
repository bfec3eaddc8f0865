import { ASYNC } from '../../async/async-options.js'
import { describe, HopfieldError, within } from '../../errors.js'
import { type Given, integer, option, optional, Schema } from '../../input/options.js'
import { checkInteger } from '../../input/validate.js'
import { callLater } from '../../platform/node/event-loop.js'
import { processors } from '../../platform/node/system.js'
import { inTurns } from '../../platform/turn.js'
import { MAX_STREAM } from '../bipolar/recall-options.js'
import { type Answers, type Settling, WaitingBatch, WaitingCue } from './waiting-batch.js'

export const GATHERING = {
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
  /** Gives up this cue only. One signal may stop many cues. */
  signal: ASYNC.signal,
  /** Number of the random stream of this cue; by default the batcher's `stream`. */
  stream: optional<number>((name, value) => checkInteger(name, value, 0, MAX_STREAM)),
}
const ONE = new Schema(LONE)

/** Options of gathering. */
export interface GathererOptions extends Given<typeof GATHERING> {}

/** Options of one cue. */
export interface BatchedRecallOptions extends Given<typeof LONE> {}

/** How the cues of a queue are read, and what computes a batch of them. */
export interface Gathered<Cue, Row, Single> {
  /** Checks a cue and copies it. What it throws is the end of this cue alone. */
  take(name: string, cue: Cue): Row
  /**
   * Computes a batch. What it throws, or rejects with, is the end of all its cues.
   * @param streams the number of each cue's random stream.
   * @param since when the oldest cue came, in milliseconds of `performance.now()`.
   */
  run(rows: readonly Row[], streams: Float64Array, since: number): Answers<Single> | Promise<Answers<Single>>
}

/** A timer that fires this many ms before its time counts as due: one timer step and the usual delay. */
const EARLY = 1.2
/** The usual delay of timers in ms. */
const LATE = 0.3

/** Cues that wait for each other, and leave in batches. */
export class CueQueue {
  readonly #name: string
  readonly #method: string
  /** What errors call a cue. */
  readonly #cue: string
  readonly #gathering: Gathered<unknown, unknown, unknown>
  readonly #maxSize: number
  readonly #maxWait: number
  readonly #maxQueue: number
  readonly #threads: number
  readonly #stream: number
  /** Oldest first. All but the last have been full. */
  readonly #queue: WaitingBatch[] = []
  /** Cues in `#queue`. */
  #waiting = 0
  /** Cues and batches being computed. */
  #computing = 0
  #flights = 0
  #closed: { promise: Promise<void>; resolve: () => void } | undefined

  /**
   * @param name of the class that errors name, and its method that takes cues.
   * @param gathering made once the options are known to be good.
   */
  constructor(
    [name, method]: readonly [string, string],
    options: unknown,
    gathering: () => Gathered<unknown, unknown, unknown>,
  ) {
    const { maxSize, maxWait, maxQueue, threads = processors(), stream } = QUEUE.read(name, options)
    this.#gathering = gathering()
    this.#name = name
    this.#method = method
    this.#cue = `${method}: cue`
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

  /** Cues that wait or are being computed. */
  get pending(): number {
    return this.#waiting + this.#computing
  }

  /** A promise of what becomes of a cue. Never throws. */
  ask<Single>(cue: unknown, options: BatchedRecallOptions | undefined): Promise<Single> {
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
    this.#refuseIfClosed()
    const { signal, stream = this.#stream } = ONE.read(this.#method, options)
    const row = this.#take(cue)
    // Reading may have run code of the caller, which closes, aborts, or asks for more.
    this.#refuseIfClosed()
    signal?.throwIfAborted()
    if (this.#waiting >= this.#maxQueue) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OVERLOADED',
        `${this.#method}: ${this.#waiting} cues are waiting, which is maxQueue; send fewer at once, or raise maxQueue`,
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

  #take(cue: unknown): unknown {
    try {
      return this.#gathering.take(this.#cue, cue)
    } catch (error) {
      throw within(this.#method, error)
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed === undefined) return
    throw new HopfieldError(
      'ERR_HOPFIELD_CLOSED',
      `${this.#method}: this ${this.#name} is closed; make a new one`,
    )
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
      const result = await this.#gathering.run(rows, streams, batch.since)
      await inTurns(batch.settle(result, this.#settled))
    } catch (error) {
      batch.fail(error, this.#settled)
    }
    this.#flights--
    this.#look()
  }
}

const QUEUE = new Schema(GATHERING)

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
