import { ASYNC } from '../../async/async-options.js'
import {
  choice,
  flag,
  fraction,
  type Given,
  integer,
  number,
  optional,
  type Read,
  Schema,
  seed,
} from '../../input/options.js'
import type { UnitRowsLike } from '../../input/unit-rows.js'

const FIT = {
  /**
   * What the data are compared with. 'persistent' (default; Tieleman 2008): chains that go on from batch to batch. 'contrastive' (Hinton
   * 2002): chains that start at the data. 'tempering' (Desjardins et al. 2010): persistent chains at several temperatures, which exchange
   * states.
   */
  method: choice(['persistent', 'contrastive', 'tempering'], 'persistent'),
  /** Passes over the data, 1 to 2^20; 10 by default. */
  epochs: integer(1, 2 ** 20, 10),
  /** Rows of a batch, 1 to 2^20; 10 by default. */
  batchSize: integer(1, 2 ** 20, 10),
  /** Gibbs steps before each comparison, 1 to 1000; 1 by default: k of CD-k. */
  steps: integer(1, 1000, 1),
  /** ε, what a mean difference is multiplied by, > 0 to 100; 0.1 by default. */
  learningRate: number(Number.MIN_VALUE, 100, 0.1),
  /** m: a step is this share of the last one, and the new difference. 0 (default) to below 1. */
  momentum: number(0, 1 - 2 ** -20, 0),
  /** d: each step takes ε·d of a weight away, 0 (default) to 1. */
  weightDecay: number(0, 1, 0),
  /**
   * Centring (Montavon and Müller 2012; Melchior, Fischer and Wiskott 2016): true, or the share of a batch in the running means, 0 to 1;
   * true is 0.01. false by default.
   */
  centring: optional<boolean | number, number>((name, value) => {
    if (value === true) return 0.01
    return value === false ? 0 : fraction(0).read(name, value, undefined)
  }),
  /** Temperatures of 'tempering', from 2 to 64; 8 by default. They are 1/β for β from 1 down to 0, evenly spaced. */
  temperatures: integer(2, 64, 8),
  /** Whether rows come in a new random order in each epoch; true by default. */
  shuffle: flag(true),
  /** 64-bit seed of every random choice; 0 by default. */
  seed: seed(),
  /** Rows to measure the likelihood of after each epoch; `fitAsync` reads them in small steps, as data. */
  heldOut: optional<UnitRowsLike, unknown>((_, value) => value),
  /**
   * The measure of held-out rows. 'exact': the mean ln p(v); the default where a layer has at most 12 units. 'pseudo': the mean
   * pseudo-likelihood, V·ln p(v_i | rest) of one random unit a row, the same in each epoch; the default for others without Gaussian visible units. 'annealed': as
   * exact, with an estimate of the partition function from 100 chains of 200 temperatures; the default for the rest.
   */
  measure: optional<'exact' | 'pseudo' | 'annealed'>((name, value) =>
    choice(['exact', 'pseudo', 'annealed'], 'exact').read(name, value, undefined),
  ),
  /** Ends after so many epochs without a better measure, and takes what the best epoch had learned. Without it all epochs run. */
  patience: optional<number>((name, value) => integer(1, 2 ** 20, 1).read(name, value, undefined)),
}
const { signal, onProgress } = ASYNC
const FIT_ASYNC = {
  ...FIT,
  signal,
  onProgress,
  /**
   * What an abort leaves: 'undo' (default), the machine as it was before; 'keep', what the epochs that had ended taught, or the best of them
   * where there is `patience`; `learningReport` tells. The promise rejects with the signal's reason either way.
   */
  onAbort: choice(['undo', 'keep'], 'undo'),
}

export const FITTING: Schema<typeof FIT> = new Schema(FIT)
export const FITTING_LATER: Schema<typeof FIT_ASYNC> = new Schema(FIT_ASYNC)

/** Options of `fit`. What is learned depends only on machine, data and options. */
export interface FitOptions extends Given<typeof FIT> {}
/** Options of `fitAsync`; `onProgress` counts batches. */
export interface FitAsyncOptions extends Given<typeof FIT_ASYNC> {}
export type Fitting = Read<typeof FIT>

/** How a fit went. */
export interface FitReport {
  /** Epochs that ran. */
  epochs: number
  /** The epoch, from 1, whose machine this is now. */
  best: number
  /** The measure of held-out rows after each epoch, in nats per row; empty without held-out rows. */
  measures: number[]
  stopped: 'epochs' | 'patience' | 'abort'
}
