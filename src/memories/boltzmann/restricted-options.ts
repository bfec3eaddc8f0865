import { ASYNC, WHOLE } from '../../async/async-options.js'
import {
  choice,
  type Given,
  integer,
  number,
  type Read,
  required,
  Schema,
  seed,
  unread,
} from '../../input/options.js'
import { type IntoSingles, into, NO_OUT } from '../../input/out.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { UNIT_KINDS, type UnitKind } from '../../kernels/contract/kernels.js'
import { BACKEND } from '../backend-option.js'
import { completion } from './completion-options.js'

const MOST_UNITS = 65_536
const units = required<number>((name, value) => checkInteger(name, value, 1, MOST_UNITS))

const MEMORY = {
  /** V, the number of visible units, 1 to 65,536. Weights take 4·V·H bytes. */
  visible: units,
  /** H, the number of hidden units, 1 to 65,536. */
  hidden: units,
  /** What visible units are: 'binary', 0 or 1 (default); 'bipolar', −1 or +1; 'gaussian', real with variance 1 about their mean. */
  visibleUnits: choice<UnitKind>(UNIT_KINDS as UnitKind[], 'binary'),
  /** The same of hidden units. One layer at most is Gaussian. */
  hiddenUnits: choice<UnitKind>(UNIT_KINDS as UnitKind[], 'binary'),
  /** W: V×H numbers within ±1e6, row-major; rounded to f32. By default random, normal with standard deviation `weightScale`. */
  weights: unread<NumbersLike>(),
  /** a: V numbers; 0 by default. */
  visibleBiases: unread<NumbersLike>(),
  /** c: H numbers; 0 by default. */
  hiddenBiases: unread<NumbersLike>(),
  /** Standard deviation of random weights, 0 to 10; 0.01 by default (Hinton 2012). */
  weightScale: number(0, 10, 0.01),
  /** 64-bit seed of random weights; 0 by default. */
  seed: seed(),
  ...BACKEND,
}
export const SCHEMA = new Schema(MEMORY)

const RECALL = completion(1e-4)
const RECALL_HERE = { ...RECALL, ...into<IntoSingles>() }
const RECALL_ASYNC = { ...RECALL, ...ASYNC }
export const HERE = new Schema(RECALL_HERE)
export const GATHERED = new Schema(RECALL, NO_OUT)
export const LATER = new Schema(RECALL_ASYNC, NO_OUT)

const PARTITION = {
  /** 'exact' goes through all states of a layer of at most 25 units. 'annealed' is annealed importance sampling. 'auto' (default) is exact
   * where it can be. */
  method: choice(['auto', 'exact', 'annealed'], 'auto'),
  /** Chains of annealed importance sampling, 2 to 2^20; 100 by default. */
  chains: integer(2, 2 ** 20, 100),
  /** Temperatures that each chain goes through, 2 to 2^20; 1000 by default. They are 1/β for β from 0 up to 1, evenly spaced. */
  temperatures: integer(2, 2 ** 20, 1000),
  /** 64-bit seed of the chains; 0 by default. */
  seed: seed(),
}
const PARTITION_ASYNC = { ...PARTITION, ...WHOLE }
export const EVALUATION = new Schema(PARTITION)
export const EVALUATION_LATER = new Schema(PARTITION_ASYNC)

export interface RestrictedBoltzmannMachineOptions extends Given<typeof MEMORY> {}
/** Options of a completion. */
export interface CompletionOptions extends Given<typeof RECALL_HERE> {}
/** Options of completions off the event loop. */
export interface CompletionAsyncOptions extends Given<typeof RECALL_ASYNC> {}
/** Options of a partition function. */
export interface PartitionOptions extends Given<typeof PARTITION> {}
/** Options of a partition function off the event loop; `onProgress` counts chains or groups of states. */
export interface PartitionAsyncOptions extends Given<typeof PARTITION_ASYNC> {}
export type Making = Read<typeof MEMORY>
export type Completing = Read<typeof RECALL>
export type Evaluation = Read<typeof PARTITION>
