import { type AbortWatcher, unwatch, watch } from '../../async/aborts.js'

/** The results of a batch. */
export interface Answers<Single> {
  /** That of the k-th cue. */
  at(k: number): Single
}

/** The two ends of a promise. */
export interface Settling {
  resolve(result: unknown): void
  reject(reason: unknown): void
}

/** One caller's cue, from the call to the end. Listens to the caller's signal itself: a closure a cue would cost more. */
export class WaitingCue implements AbortWatcher {
  readonly settling: Settling
  readonly stream: number
  readonly #signal: AbortSignal | undefined
  readonly #batch: WaitingBatch
  readonly #left: (batch: WaitingBatch, waiting: boolean) => void
  /** No caller waits for it any more. */
  given = false

  constructor(
    settling: Settling,
    stream: number,
    signal: AbortSignal | undefined,
    batch: WaitingBatch,
    left: (batch: WaitingBatch, waiting: boolean) => void,
  ) {
    this.settling = settling
    this.stream = stream
    this.#signal = signal
    this.#batch = batch
    this.#left = left
    if (signal !== undefined) watch(signal, this)
  }

  /** The signal was aborted. */
  aborted(): void {
    this.end()
    this.settling.reject(this.#signal?.reason)
    this.#left(this.#batch, this.#batch.giveUp(this))
  }

  end(): void {
    this.given = true
    if (this.#signal !== undefined) unwatch(this.#signal, this)
  }
}

/** Cues that will leave together, and who asked. */
export class WaitingBatch {
  /** When the first came, in ms. */
  readonly since: number = performance.now()
  /** Whether the first has waited long enough. */
  due = false
  /** Copies of the cues, in the memory's own form. */
  readonly #rows: unknown[] = []
  readonly #cues: WaitingCue[] = []
  #timer: { cancel(): void } | undefined
  #left = false

  /** Cues in it. */
  get count(): number {
    return this.#cues.length
  }

  add(row: unknown, cue: WaitingCue): void {
    this.#rows.push(row)
    this.#cues.push(cue)
  }

  arm(timer: { cancel(): void }): void {
    this.#timer = timer
  }

  disarm(): void {
    this.#timer?.cancel()
  }

  /** Closes the batch and returns its cues. */
  leave(): { rows: readonly unknown[]; streams: Float64Array } {
    this.disarm()
    this.#left = true
    const cues = this.#cues
    const streams = new Float64Array(cues.length)
    for (let k = 0; k < cues.length; k++) streams[k] = cues[k].stream
    return { rows: this.#rows, streams }
  }

  /** Takes a cue out again; the last one moves to its place. Returns whether it was still waiting. */
  giveUp(cue: WaitingCue): boolean {
    if (this.#left) return false
    const k = this.#cues.indexOf(cue)
    const last = this.#cues.length - 1
    this.#rows[k] = this.#rows[last]
    this.#cues[k] = this.#cues[last]
    this.#rows.pop()
    this.#cues.pop()
    return true
  }

  /** Each cue to its caller, one per step; `settled` is told of each. */
  *settle(result: Answers<unknown>, settled: () => void): Generator<void, void> {
    const cues = this.#cues
    for (let k = 0; k < cues.length; k++) {
      const cue = cues[k]
      if (cue.given) continue
      let own: unknown
      let good = true
      try {
        own = result.at(k)
      } catch (error) {
        own = error
        good = false
      }
      // Code of the caller in `at` may have aborted its signal.
      if (cue.given) continue
      cue.end()
      settled()
      if (good) cue.settling.resolve(own)
      else cue.settling.reject(own)
      yield
    }
  }

  /** All that are left. */
  fail(error: unknown, settled: () => void): void {
    for (const cue of this.#cues) {
      if (cue.given) continue
      cue.end()
      settled()
      cue.settling.reject(error)
    }
  }
}
