import type { AsyncLimits } from '../async/async-options.js'
import type { BackendChoice } from '../kernels/select.js'
import type { RecordReader } from '../storage/record.js'
import type { Batch } from './batch.js'
import { type Contents, Kept } from './kept.js'

/** The method by which a RecallBatcher gathers single cues of a memory. */
export const GATHER: unique symbol = Symbol('gather')

/** Single cues that are collected into a batch, with options that were checked once. */
export interface Gathering<Cue, Row, Single> {
  /** A checked copy of a cue. */
  take(name: string, cue: Cue): Row
  /** Recalls the rows off the event loop, each like a single recall with its own stream. */
  run(rows: readonly Row[], streams: Float64Array, limits: AsyncLimits): Promise<Batch<Single, unknown>>
}

/** The base of all memories: what is kept, and recalls. */
export abstract class KeptMemory extends Kept {
  readonly #storage: Contents

  /** @param opened the record that the memory is made from; its options the constructor has read already. */
  constructor(backend: BackendChoice, storage: Contents, opened?: RecordReader) {
    super(backend, storage, opened)
    this.#storage = storage
  }

  /** How many patterns are stored; 0 where a memory learns from data and stores none. */
  get patternCount(): number {
    return this.#storage.count ?? 0
  }

  /** @param options options of a recall, and `packed` if the memory has it. */
  abstract [GATHER](options: unknown): Gathering<never, unknown, unknown>
}
