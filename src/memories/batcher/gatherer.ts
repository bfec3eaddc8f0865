import { describe, HopfieldError, isRevoked } from '../../errors.js'
import { type BatchedRecallOptions, CueQueue, type Gathered, type GathererOptions } from './cue-queue.js'

/**
 * Gathers single cues into batches, as {@link RecallBatcher} does it for recalls: `nearest`, `top`, or any call that costs less for many
 * at once than one by one.
 *
 * A batch starts when `maxSize` cues wait, or when the oldest cue has waited `maxWait`, and one of `threads` is free.
 */
export class Gatherer<Cue, Single, Row = unknown> {
  readonly #queue: CueQueue

  /**
   * @param of how a cue is read and copied, and what computes a batch.
   * @throws HopfieldError ERR_HOPFIELD_TYPE, _RANGE or _OPTION naming the option.
   */
  constructor(of: Gathered<Cue, Row, Single>, options?: GathererOptions) {
    this.#queue = new CueQueue(['Gatherer', 'ask'], options, () => {
      const [take, run] = isRevoked(of) ? [] : [of?.take, of?.run]
      if (typeof take === 'function' && typeof run === 'function') {
        return { take: take.bind(of), run: run.bind(of) } as Gathered<unknown, unknown, unknown>
      }
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `Gatherer: of: expected an object with the methods take and run, got ${describe(of)}`,
      )
    })
  }

  /** Cues that wait for their batch to leave. */
  get size(): number {
    return this.#queue.size
  }

  /** Cues that wait or are being computed. */
  get pending(): number {
    return this.#queue.pending
  }

  /**
   * Asks for the result of one cue, with the next batch.
   *
   * Never throws. Its promise rejects with what `take` throws, for this caller alone; with what `run` throws; with
   * ERR_HOPFIELD_OVERLOADED if `maxQueue` cues wait; with ERR_HOPFIELD_CLOSED after `close`; with `signal.reason` as soon as the
   * signal is aborted.
   */
  ask(cue: Cue, options?: BatchedRecallOptions): Promise<Single> {
    return this.#queue.ask(cue, options)
  }

  /** Refuses new cues, lets those that wait leave at once, and resolves when all are done. */
  close(): Promise<void> {
    return this.#queue.close()
  }
}
