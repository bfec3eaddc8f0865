import { HopfieldError } from '../errors.js'
import type { StateLike, StatesLike } from '../input/states.js'
import type { Tie } from '../kernels/contract/kernels.js'
import type { RecallBatchOptions } from '../memories/bipolar/recall-options.js'
import type { BatchResult } from '../memories/bipolar/recall-results.js'

/** What the diagnostics ask of every network. */
export interface StoredPatterns {
  readonly neurons: number
  readonly patternCount: number
  pattern(mu: number): Int8Array
}

/** A network whose local fields can be looked at. */
export interface FieldNetwork extends StoredPatterns {
  localField(state: StateLike): Float64Array
}

/** A network that recalls. */
export interface RecallNetwork extends StoredPatterns {
  recallBatch(cues: StatesLike, options?: RecallBatchOptions & { packed?: false }): BatchResult<Int8Array>
}

/** A network whose states can be looked through; without `weights`, one by one. */
export interface StateNetwork {
  readonly neurons: number
  energy(state: StateLike): number
  isFixedPoint(state: StateLike, options?: { tie?: Tie }): boolean
  weights?(options: { normalize: true }): Float64Array
}

/** Refuses a network in which nothing is stored. */
export function checkStored(where: string, network: StoredPatterns): void {
  if (network.patternCount === 0) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${where}: expected stored patterns, got a network of none`)
  }
}
