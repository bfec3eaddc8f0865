import { ASYNC } from '../../async/async-options.js'
import {
  choice,
  type Given,
  integer,
  number,
  type Read,
  required,
  Schema,
  seed,
} from '../../input/options.js'
import { type IntoSingles, into, NO_OUT } from '../../input/out.js'
import { checkInteger } from '../../input/validate.js'
import { BACKEND } from '../backend-option.js'

/** What the vectors of a memory are. */
export type FeatureVectors = 'unit' | 'bipolar'

const MEMORY = {
  /** d, numbers per vector, 1 to 65,536. */
  dimension: required<number>((name, value) => checkInteger(name, value, 1, 65_536)),
  /**
   * Y, the number of random frequencies, 1 to 2^24. Each is a sum of cosines and one of sines: the memory takes 16·Y bytes, however much is
   * stored. docs/random-features.md says how many it takes.
   */
  frequencies: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /** Inverse temperature β of exp(β·cosine), 1e-3 to 1e4; 8 by default. */
  beta: number(1e-3, 1e4, 8),
  /** 'unit' (default): real vectors, of which the direction counts; 'bipolar': vectors of ±1. */
  vectors: choice<FeatureVectors>(['unit', 'bipolar'], 'unit'),
  /** 64-bit seed of the frequencies; 0 by default. Memories merge if they have the same. */
  seed: seed(),
  ...BACKEND,
}
export const SCHEMA = new Schema(MEMORY)

const RECALL = {
  /** Most steps, each of which asks the memory once, 1 to 2^31 − 1; 100 by default. */
  maxSteps: integer(1, 2 ** 31 - 1, 100),
  /** A state rests if no component would move by more than this, 0 to 1; 1e-4 by default. States of ±1 rest if none would flip. */
  tolerance: number(0, 1, 1e-4),
}
const RECALL_HERE = { ...RECALL, ...into<IntoSingles>() }
const RECALL_ASYNC = { ...RECALL, ...ASYNC }
export const HERE = new Schema(RECALL_HERE)
export const GATHERED = new Schema(RECALL, NO_OUT)
export const LATER = new Schema(RECALL_ASYNC, NO_OUT)

export interface RandomFeatureMemoryOptions extends Given<typeof MEMORY> {}
/** Options of a recall from random features. */
export interface FeatureRecallOptions extends Given<typeof RECALL_HERE> {}
/** Options of such recalls off the event loop. */
export interface FeatureRecallAsyncOptions extends Given<typeof RECALL_ASYNC> {}
export type Ascending = Read<typeof RECALL>
