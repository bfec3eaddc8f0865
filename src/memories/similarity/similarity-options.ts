import { WHOLE } from '../../async/async-options.js'
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
} from '../../input/options.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { checkInteger } from '../../input/validate.js'
import { BACKEND } from '../backend-option.js'

const MOST = 65_536

const MAP = {
  /** d, numbers per vector, 1 to 65,536. */
  dimension: required<number>((name, value) => checkInteger(name, value, 1, MOST)),
  /**
   * Numbers per mapped vector, 1 to 65,536; `dimension` by default, and W is then the unit matrix. Otherwise W is a random projection:
   * normal numbers of variance 1/`outputs` (Johnson and Lindenstrauss 1984).
   */
  outputs: optional<number>((name, value) => checkInteger(name, value, 1, MOST)),
  /** 64-bit seed of a random projection; 0 by default. */
  seed: seed(),
  ...BACKEND,
}
export const SCHEMA = new Schema(MAP)

const FIT = {
  /**
   * What is learned; the mean of the data always is. 'separating' (default): W that makes vectors less like each other. 'whitening': W
   * times the root of the inverse covariance. 'centring': nothing else.
   */
  kind: choice(['separating', 'whitening', 'centring'], 'separating'),
  /** Whitening: what is added to the covariance, in units of the mean variance, 1e-9 to 1e9; 0.01 by default. */
  ridge: number(1e-9, 1e9, 0.01),
  /** Separating: inverse temperature of similarities, 1e-3 to 1e3; 8 by default. Larger ones look at the nearest neighbours alone. */
  beta: number(1e-3, 1e3, 8),
  /**
   * Separating: standard deviation of the noise in copies that must stay near their own vector, in units of the data's, 0 (default) to 100.
   * Without it nothing holds a map back from showing what noise shows most.
   */
  noise: number(0, 100, 0),
  /** Separating: passes over the data, 1 to 2^20; 20 by default. */
  epochs: integer(1, 2 ** 20, 20),
  /** Separating: vectors that are compared with each other at once, 2 to 65,536; 128 by default. */
  batchSize: integer(2, MOST, 128),
  /** Separating: the step of Adam, > 0 to 1; 0.01 by default. */
  learningRate: number(Number.MIN_VALUE, 1, 0.01),
  /** Separating: 64-bit seed of batches and noise; 0 by default. */
  seed: seed(),
}
const FIT_ASYNC = { ...FIT, ...WHOLE }
export const FITTING = new Schema(FIT)
export const FITTING_LATER = new Schema(FIT_ASYNC)

export interface SimilarityMapOptions extends Given<typeof MAP> {}
/** Options of a fit. */
export interface SimilarityFitOptions extends Given<typeof FIT> {}
/** Options of a fit beside other work; `onProgress` counts epochs. */
export interface SimilarityFitAsyncOptions extends Given<typeof FIT_ASYNC> {}
export type Fitting = Read<typeof FIT>

/** How a fit went. */
export interface SimilarityReport {
  kind: 'separating' | 'whitening' | 'centring'
  /** Separating: the mean loss in each epoch. */
  losses: Float64s
}
