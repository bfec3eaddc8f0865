import { ASYNC } from '../../async/async-options.js'
import {
  choice,
  flag,
  fraction,
  type Given,
  integer,
  optional,
  required,
  Schema,
  unread,
} from '../../input/options.js'
import type { Float32s, Uint32s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import type { Precision, Separator, Similarity } from '../../kernels/contract/kernels.js'
import { BACKEND } from '../backend-option.js'
import type { Id, PatternKey } from '../ids.js'
import type { TopRows } from './top-job.js'

const MAX_DIMENSION = 2 ** 24
export const SIMILARITIES = ['dot', 'cosine', 'euclidean'] as const
export const SEPARATORS = ['softmax', 'sparsemax', 'entmax15'] as const
export const PRECISIONS = ['double', 'single'] as const

const MEMORY = {
  /** d, numbers per key and per query, 1 to 2^24. */
  dimension: required<number>((name, value) => checkInteger(name, value, 1, MAX_DIMENSION)),
  /** e, numbers per value, if each key has a value of its own; otherwise a recall returns a mean of keys. */
  valueDimension: optional<number>((name, value) => checkInteger(name, value, 1, MAX_DIMENSION)),
  /** Inverse temperature β, 1e-100 to 1e100, or 'auto' (default): 1/√d, as in attention. */
  beta: unread<number | 'auto'>(),
  /** How a query is compared with a key (Millidge et al. 2022): 'dot' (default), 'cosine', or 'euclidean', −½‖q − k‖². */
  similarity: choice<Similarity>(SIMILARITIES, 'dot'),
  /** How similarities become weights: 'softmax' (default), or 'sparsemax' and 'entmax15', which give exact zeros. */
  separator: choice<Separator>(SEPARATORS, 'softmax'),
  /**
   * What sums are made in: 'double' (default), f64, so that results are right to their last bits, or 'single', f32 with fused products,
   * up to twice as fast where all keys have weight. Both give the same bits on every machine.
   */
  precision: choice<Precision>(PRECISIONS, 'double'),
  /** Number of keys to allocate memory for at once; more may be stored. */
  capacity: integer(0, 2 ** 32, 0),
  ...BACKEND,
}
export const SCHEMA = new Schema(MEMORY)
export const FIXED_POINT = new Schema({ mass: fraction(0.9) })

export interface ModernHopfieldOptions extends Given<typeof MEMORY> {}

const TOP_OPTIONS = {
  /** true: the result also has the values of the keys found; false by default. */
  values: flag(false),
  /** The patterns to look among, by index or `{ id }`; the others are not read, and have no weight. All by default. */
  only: unread<ArrayLike<PatternKey>>(),
  /** The same as M flags: a pattern with flag 0 or false is not looked at. */
  mask: unread<ArrayLike<number | bigint | boolean>>(),
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
  /** 'single': one pattern; 'metastable': the mean of some; 'global': the mean of more than half of all. */
  kind: 'single' | 'metastable' | 'global'
  /** The patterns that together have `mass` of the weights, the largest weight first. */
  members: Uint32s
  /** Their ids, if patterns have ids. */
  ids?: (Id | undefined)[]
  /** The fixed point, d numbers. */
  state: Float32s
  converged: boolean
}
