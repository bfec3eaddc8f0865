export { type AnnealOptions, HopfieldClient, type Job, type Problem } from './client.js'
export { ServedError } from './errors.js'
export {
  type Changed,
  type ChangeOptions,
  type Cue,
  type Ended,
  type Found,
  type Id,
  type MemoryFacts,
  type Recalled,
  type RecallOptions,
  RemoteMemory,
} from './served-memory.js'
export type { Pair, PairCue, Pattern, State } from './states.js'
export type { CallOptions, ClientOptions } from './transport.js'
