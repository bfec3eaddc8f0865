import { describe, HopfieldError, isRevoked } from '../errors.js'
import type { StateLike, StatesLike } from '../input/states.js'
import type { Tie } from '../kernels/contract/kernels.js'
import type { RecallAsyncOptions, RecallBatchOptions } from '../memories/bipolar/recall-options.js'
import type { BatchResult } from '../memories/bipolar/recall-result.js'

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

/** A network that recalls beside other work too. */
export interface AsyncRecallNetwork extends RecallNetwork {
  recallAsync(
    cues: StatesLike,
    options?: RecallAsyncOptions & { packed?: false },
  ): Promise<BatchResult<Int8Array>>
}

/** A network whose states can be looked through; without `weights`, one by one. */
export interface StateNetwork {
  readonly neurons: number
  energy(state: StateLike): number
  isFixedPoint(state: StateLike, options?: { tie?: Tie }): boolean
  weights?(options: { normalize: true }): Float64Array
}

/** What a measurement needs a network to have. */
export interface Needs {
  /** Properties that are whole numbers. */
  readonly counts: readonly string[]
  readonly methods: readonly string[]
}

/** Refuses what is no network of the kind that the measurement `where` needs. */
export function checkNetwork(where: string, network: unknown, { counts, methods }: Needs): void {
  const given = network as Record<string, unknown> | null
  if (
    typeof given === 'object' &&
    given !== null &&
    !isRevoked(given) &&
    counts.every((name) => Number.isInteger(given[name])) &&
    methods.every((name) => typeof given[name] === 'function')
  ) {
    return
  }
  const wanted = [...counts, ...methods.map((method) => `${method}()`)].join(', ')
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${where}: network: expected a network with ${wanted}, got ${describe(network)}; pass for example a HopfieldNetwork`,
  )
}

/** As checkNetwork, and refuses a network in which nothing is stored. */
export function checkStored(where: string, network: StoredPatterns, methods: readonly string[]): void {
  checkNetwork(where, network, { counts: ['neurons', 'patternCount'], methods: ['pattern', ...methods] })
  if (network.patternCount > 0) return
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `${where}: network: no patterns are stored; call store() first`,
  )
}
