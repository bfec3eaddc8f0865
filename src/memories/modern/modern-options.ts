import { ASYNC, WHOLE } from '../../async/async-options.js'
import {
  flag,
  fraction,
  type Given,
  integer,
  optional,
  required,
  Schema,
  unread,
} from '../../input/options.js'
import type { Float32s, NumbersLike, Uint32s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { BACKEND } from '../backend-option.js'
import type { Id } from '../ids/ids.js'
import { STORE } from '../memory.js'
import { COMPARING, RENAMED } from './comparing-options.js'
import { SEEING } from './seen-keys.js'
import type { TopRows } from './top-job.js'

const MAX_DIMENSION = 2 ** 24

const MEMORY = {
  /** d, numbers per key and per query, 1 to 2^24. */
  dimension: required<number>((name, value) => checkInteger(name, value, 1, MAX_DIMENSION)),
  /** e, numbers per value, if each key has a value of its own; otherwise a recall returns a mean of keys. */
  valueDimension: optional<number>((name, value) => checkInteger(name, value, 1, MAX_DIMENSION)),
  ...COMPARING,
  /** Number of keys to allocate memory for at once; more may be stored. */
  capacity: integer(0, 2 ** 32, 0),
  ...BACKEND,
}
export const SCHEMA = new Schema(MEMORY, RENAMED)
export const FIXED_POINT = new Schema({ mass: fraction(0.9) })

export interface ModernHopfieldOptions extends Given<typeof MEMORY> {}

export const STORE_KEYS = {
  ...STORE,
  /**
   * One number per pattern, 1e-100 to 1e100: its salience, a factor of its exponential before weights are made to sum to 1, which adds its
   * logarithm to the logit. 1 by default; not with separation 'epanechnikov'.
   */
  weights: unread<NumbersLike>(),
}
const STORE_KEYS_LATER = { ...STORE_KEYS, ...WHOLE }
export const STORING_KEYS = new Schema(STORE_KEYS)
export const STORING_KEYS_LATER = new Schema(STORE_KEYS_LATER)

/** Options of `store`. */
export interface StoreKeysOptions extends Given<typeof STORE_KEYS> {}

/** Options of `storeAsync`. */
export interface StoreKeysAsyncOptions extends Given<typeof STORE_KEYS_LATER> {}

const TOP_OPTIONS = {
  /** true: the result also has the values of the keys found; false by default. */
  values: flag(false),
  ...SEEING,
}
const TOP_LATER = { ...TOP_OPTIONS, ...ASYNC }
export const TOP = new Schema(TOP_OPTIONS)
export const TOP_ASYNC = new Schema(TOP_LATER)

/** Options of `top` and `topBatch`. */
export interface TopOptions extends Given<typeof TOP_OPTIONS> {}

/** Options of `topAsync`. */
export interface TopAsyncOptions extends Given<typeof TOP_LATER> {}

/** The keys most similar to a query: k indices, similarities, weights and, if asked for, values. */
export interface TopPatterns extends Omit<TopRows, 'k'> {
  /** Ids of the patterns that `indices` names, if patterns have ids. */
  ids?: (Id | undefined)[]
}

/** The keys most similar to each of B queries: arrays of B rows. */
export interface TopBatch extends TopRows {
  /** Ids of the patterns that `indices` names, if patterns have ids. */
  ids?: (Id | undefined)[]
}

/** The fixed point that a query reaches (Ramsauer et al. 2021, section 2). */
export interface FixedPointKind {
  /**
   * 'single': one pattern; 'metastable': the mean of some; 'global': the mean of more than half of all. 'none': no pattern is within reach
   * of the query (separation 'epanechnikov'), which stays as it is.
   */
  kind: 'single' | 'metastable' | 'global' | 'none'
  /** The patterns that together have `mass` of the weights, the largest weight first. */
  members: Uint32s
  /** Their ids, if patterns have ids. */
  ids?: (Id | undefined)[]
  /** The fixed point, d numbers. */
  state: Float32s
  converged: boolean
}
