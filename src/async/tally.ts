import { FLAG, type Flag } from '../kernels/contract/flag.js'
import { callEvery } from '../platform/node/event-loop.js'
import { unwatch, watch } from './aborts.js'
import { FirstFailure } from './first-failure.js'
import type { Progress } from './progress.js'

/** Most milliseconds between two reports, unless the event loop is held. */
const WAIT = 80
/** And fewest, where parts are short. */
const OFTEN = 20

/** Who may stop a long call, and who hears of its progress. */
export interface Onlookers {
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/** How far the running parts of a long call are. It tells who wants to know, and stops them all at once. */
export class Tally {
  #total: number | undefined
  readonly #onProgress: ((progress: Progress) => void) | undefined
  readonly #running = new Map<Flag, number>()
  /** Items of parts that have ended. */
  #ended = 0
  #told = 0
  #toldAt = Number.NEGATIVE_INFINITY
  readonly #failure = new FirstFailure()
  #stop: AbortController | undefined

  constructor(total: number | undefined, onProgress: ((progress: Progress) => void) | undefined) {
    this.#total = total
    this.#onProgress = onProgress
  }

  /** Whether nobody wants the result any more. */
  get stopped(): boolean {
    return this.#failure.known
  }

  /** Aborted with the error that stops this: for parts that take a signal in place of a flag. */
  get signal(): AbortSignal {
    this.#stop ??= new AbortController()
    return this.#stop.signal
  }

  /** A part of `items` items begins, or of 0 where its kernels count something else: the flag that they heed. */
  begin(items: number): Flag {
    const flag = new Int32Array(new ArrayBuffer(FLAG.length * 4))
    if (this.stopped) flag[FLAG.stop] = 1
    this.#running.set(flag, items)
    return flag
  }

  /** A part has ended, and `done` more items are done for good. */
  end(flag: Flag, done: number): void {
    this.#running.delete(flag)
    this.#ended += done
    if (done > 0) this.tell()
  }

  /** So much is done, all in all. */
  reach({ done, total }: Progress): void {
    this.#ended = done
    this.#total = total
    if (done >= total || performance.now() - this.#toldAt >= OFTEN) this.tell()
  }

  /** Waits for work that nothing here stops; no longer than until this is stopped. */
  unlessStopped(work: Promise<unknown>): Promise<void> {
    return this.#failure.unlessKnown(work)
  }

  /** What cannot be taken back is done: from here on the call cannot fail. */
  finish(): void {
    this.#failure.finish()
  }

  /** The first error is the one that the call rejects with. What runs is stopped. */
  fail(error: unknown): void {
    if (!this.#failure.note(error)) return
    for (const flag of this.#running.keys()) Atomics.store(flag, FLAG.stop, 1)
    this.#stop?.abort(error)
  }

  /** Tells again, unless that has been done a moment ago. */
  remind(): void {
    if (performance.now() - this.#toldAt >= WAIT / 2) this.tell()
  }

  tell(): void {
    const total = this.#total
    if (this.stopped || this.#onProgress === undefined || total === undefined) return
    let done = this.#ended
    // A kernel that is asked twice for an item counts it twice.
    for (const [flag, items] of this.#running) done += Math.min(Atomics.load(flag, FLAG.done), items)
    this.#told = Math.max(this.#told, done)
    this.#toldAt = performance.now()
    try {
      const answer: unknown = this.#onProgress({ done: this.#told, total })
      // An asynchronous onProgress may reject.
      if (answer instanceof Promise) answer.catch((error: unknown) => this.fail(error))
    } catch (error) {
      this.fail(error)
    }
  }

  throwIfFailed(): void {
    this.#failure.throwIfKnown()
  }
}

/**
 * A long call of `total` items, if that is known beforehand: `work` does it in parts, each under a flag of the tally, and ends soon after the tally is stopped. It rejects with the
 * first error, or with the signal's reason, after `work` has ended and the listener on the signal has been removed. `onProgress` is
 * called after each part, and ten times a second at least.
 */
export async function stoppable(
  total: number | undefined,
  { signal, onProgress }: Onlookers,
  work: (tally: Tally) => Promise<void>,
): Promise<void> {
  signal?.throwIfAborted()
  const tally = new Tally(total, onProgress)
  const watcher = { aborted: () => tally.fail(signal?.reason) }
  if (signal !== undefined) watch(signal, watcher)
  const timer = onProgress && callEvery(() => tally.remind(), WAIT / 2)
  try {
    await work(tally)
  } catch (error) {
    tally.fail(error)
  }
  timer?.cancel()
  if (signal !== undefined) unwatch(signal, watcher)
  tally.throwIfFailed()
}
