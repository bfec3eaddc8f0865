import type { AsyncLimits } from '../../async/async-options.js'
import { isRevoked } from '../../errors.js'
import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { StateLike } from '../../input/states.js'
import type { Int8s, Uint8s } from '../../input/typed-arrays.js'
import { isPlainObject, ownProperties } from '../../input/validate.js'
import type { BidirectionalResult } from '../bidirectional/pair-job.js'
import type { RecallOptions } from '../bipolar/recall-options.js'
import type { RecallResult } from '../bipolar/recall-result.js'
import { GATHER, type Gathering, KeptMemory } from '../kept-memory.js'
import type { SparseRecallResult } from '../sparse/code-job.js'
import { type BatchedRecallOptions, CueQueue, GATHERING, type GathererOptions } from './cue-queue.js'
import { type AsyncMemory, gathering } from './foreign-memory.js'

/** Options of gathering; the options of the recalls come in addition. */
export interface RecallBatcherOptions extends GathererOptions {}

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

/**
 * Gathers recalls of single cues into batches, for servers. A batch is one call into the addon, off the event loop.
 *
 * A batch starts when `maxSize` cues wait, or when the oldest cue has waited `maxWait`, and one of `threads` is free. It uses the
 * memory as it is when it starts. Every result has the bits of `memory.recall(cue, options)` with the stream of the cue.
 */
export class RecallBatcher<M extends KeptMemory | AsyncMemory, Packed extends boolean = false> {
  readonly #queue: CueQueue

  /** @throws HopfieldError ERR_HOPFIELD_TYPE, _RANGE, _OPTION, _SHAPE or _VALUE naming the option. */
  constructor(memory: M, options?: RecallBatcherOptions & OptionsOf<M> & { packed?: Packed }) {
    // Each option is refused, and copied, now and not at every recall.
    const [own, recall] = parted(options)
    this.#queue = new CueQueue(['RecallBatcher', 'recall'], own, () => {
      const of =
        !isRevoked(memory) && memory instanceof KeptMemory
          ? memory[GATHER](recall)
          : gathering(memory as AsyncMemory, recall)
      const { take, run } = of as Gathering<unknown, unknown, unknown>
      return { take, run: (rows, streams) => run(rows, streams, LIMITS) }
    })
  }

  /** Cues that wait for their batch to leave. */
  get size(): number {
    return this.#queue.size
  }

  /** Cues that wait or are being recalled. */
  get pending(): number {
    return this.#queue.pending
  }

  /**
   * Recalls one cue with the next batch. The cue is copied at once.
   *
   * Never throws. Its promise rejects with the HopfieldError that `recall` of the memory would throw, for this caller alone; with
   * ERR_HOPFIELD_OVERLOADED if `maxQueue` cues wait; with ERR_HOPFIELD_CLOSED after `close`; with `signal.reason` as soon as the
   * signal is aborted.
   */
  recall(cue: CueOf<M>, options?: BatchedRecallOptions): Promise<ResultOf<M, Packed>> {
    return this.#queue.ask(cue, options)
  }

  /** Refuses new cues, lets those that wait leave at once, and resolves when all are done. */
  close(): Promise<void> {
    return this.#queue.close()
  }
}

/** A batch is one chunk. */
const LIMITS: AsyncLimits = { threads: 1, signal: undefined, onProgress: undefined, chunk: undefined }

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
