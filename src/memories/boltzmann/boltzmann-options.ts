import { ASYNC } from '../../async/async-options.js'
import { readFlags } from '../../input/glyphs.js'
import {
  choice,
  type Given,
  integer,
  number,
  optional,
  type Read,
  required,
  Schema,
  seed,
  unread,
} from '../../input/options.js'
import { type IntoSingles, into, NO_OUT } from '../../input/out.js'
import type { StatesLike } from '../../input/states.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { BACKEND } from '../backend-option.js'
import { MAX_STREAM } from '../bipolar/recall-options.js'
import { completion } from './completion-options.js'

const MOST_UNITS = 4096

const MEMORY = {
  /** V, the number of visible units, 1 to 4096. */
  visible: required<number>((name, value) => checkInteger(name, value, 1, MOST_UNITS)),
  /** H, the number of hidden units, 0 (default) to 4096. Units are numbered visible ones first. */
  hidden: integer(0, MOST_UNITS, 0),
  /** J: (V + H)² numbers within ±1e6, row-major, symmetric, with a zero diagonal; 0 by default. */
  weights: unread<NumbersLike>(),
  /** b: V + H numbers; 0 by default. */
  biases: unread<NumbersLike>(),
  ...BACKEND,
}
export const SCHEMA = new Schema(MEMORY)

const FIT = {
  /**
   * 'exact' goes through all states of at most 20 units. 'sampled' is Ackley, Hinton and Sejnowski's: chains with the visible units clamped
   * to the data, and free ones. 'auto' (default) is exact for at most 12 units.
   */
  method: choice(['auto', 'exact', 'sampled'], 'auto'),
  /** Steps of learning, each on all data, 1 to 2^20; 100 by default. */
  epochs: integer(1, 2 ** 20, 100),
  /** ε, > 0 to 10; 0.1 by default. */
  learningRate: number(Number.MIN_VALUE, 10, 0.1),
  /**
   * 'current' (default): from what the machine knows. 'mean-field': from the couplings that the correlations of the data have in the
   * mean-field approximation, in place of what it knows; only without hidden units.
   */
  start: choice(['current', 'mean-field'], 'current'),
  /** What a mean-field start adds to the variance of each unit, 0 to 1; 0.01 by default. */
  ridge: number(0, 1, 0.01),
  /** Free chains of 'sampled', 2 to 2^20; 100 by default. They go on from epoch to epoch. */
  chains: integer(2, 2 ** 20, 100),
  /** Sweeps of each chain in an epoch, 1 to 10,000; 5 by default. */
  sweeps: integer(1, 10_000, 5),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
}
const { signal, onProgress } = ASYNC
const FIT_ASYNC = { ...FIT, signal, onProgress }
export const FITTING = new Schema(FIT)
export const FITTING_LATER = new Schema(FIT_ASYNC)

const RECALL = completion(1e-6)
const RECALL_HERE = { ...RECALL, ...into<IntoSingles>() }
const RECALL_ASYNC = { ...RECALL, ...ASYNC }
export const HERE = new Schema(RECALL_HERE)
export const GATHERED = new Schema(RECALL, NO_OUT)
export const LATER = new Schema(RECALL_ASYNC, NO_OUT)

const SAMPLE = {
  /** Chains, 1 to 2^20; 1 by default, or as many as there are `starts`. */
  count: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 20)),
  /** Sweeps of each chain, 1 to 2^30; 1000 by default. */
  sweeps: integer(1, 2 ** 30, 1000),
  /** Visible states at which chains start; random ones by default, as hidden units always. */
  starts: optional<StatesLike, unknown>((_, value) => value),
  /** V flags: a unit with flag 1 or true keeps the value of its start. */
  clamp: optional<ArrayLike<number | bigint | boolean>, Uint8Array, number>(readFlags),
  /** T, 1e-3 to 1e3; 1 by default. */
  temperature: number(1e-3, 1e3, 1),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
  /** Number of the random stream of the first chain under the seed, 0 to 2^52; chain b uses `stream` + b. 0 by default. */
  stream: integer(0, MAX_STREAM, 0),
}
const SAMPLE_ASYNC = { ...SAMPLE, signal, onProgress }
export const SAMPLING = new Schema(SAMPLE)
export const SAMPLING_LATER = new Schema(SAMPLE_ASYNC)

export interface BoltzmannMachineOptions extends Given<typeof MEMORY> {}
export interface BoltzmannFitOptions extends Given<typeof FIT> {}
/** `onProgress` counts epochs. */
export interface BoltzmannFitAsyncOptions extends Given<typeof FIT_ASYNC> {}
export interface BoltzmannRecallOptions extends Given<typeof RECALL_HERE> {}
export interface BoltzmannRecallAsyncOptions extends Given<typeof RECALL_ASYNC> {}
export interface BoltzmannSampleOptions extends Given<typeof SAMPLE> {}
export interface BoltzmannSampleAsyncOptions extends Given<typeof SAMPLE_ASYNC> {}
export type Fitting = Read<typeof FIT>
export type Sampling = Read<typeof SAMPLE>
