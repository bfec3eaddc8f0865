/**
 * The classical network alone, for pages that count kilobytes: {@link HopfieldNetwork} with Hebb's rule, its recalls, overlaps and energies, the
 * same bits. In builds for browsers and edge runtimes it is without all else (docs/browser.md lists it), and says so where that is asked for: an
 * error of code ERR_HOPFIELD_OPTION. In Node it is the whole class.
 */
export { HopfieldError, type HopfieldErrorCode } from './errors.js'
export { PackedPatterns } from './input/packed-patterns.js'
export type { StateLike, StatesLike } from './input/states.js'
export type { BackendInfo } from './kernels/select.js'
export { backend, ready } from './memories/backend-option.js'
export type {
  RecallAsyncOptions,
  RecallBatchOptions,
  RecallOptions,
} from './memories/bipolar/recall-options.js'
export type { BatchResult, RecallResult } from './memories/bipolar/recall-result.js'
export { HopfieldNetwork, type HopfieldNetworkOptions } from './memories/hopfield/hopfield-network.js'
export { addNoise, type NoiseOptions } from './patterns/corruption.js'
export { type RandomPatternsOptions, randomPatterns } from './patterns/random-patterns.js'
