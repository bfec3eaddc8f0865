import { ASYNC } from '../../async/async-options.js'
import { flag, type Given, optional, type Read, Schema } from '../../input/options.js'
import { type IntoSingles, into, NO_OUT } from '../../input/out.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import type { RetrievalSteps } from './retrieval-steps.js'
import { SEEING, type Seen } from './seen-keys.js'

const GATHERED = {
  /** Number of steps, or with `tolerance` the most steps; 1 by default, 100 with `tolerance`. */
  maxSteps: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 31 - 1)),
  /** Stop when no component moves by more than this, ≥ 0. */
  tolerance: optional<number>((name, value) => checkNumber(name, value, 0, Number.MAX_VALUE)),
  /** false: energies are NaN; computing them takes another pass over all keys. true by default. */
  energy: flag(true),
}
const RETRIEVAL = { ...GATHERED, ...SEEING, ...into<IntoSingles>() }
const RETRIEVAL_ASYNC = { ...GATHERED, ...SEEING, ...ASYNC }
const INSTEAD = { steps: 'it is now called maxSteps' }
const LATER = { ...INSTEAD, ...NO_OUT }

export const RECALL: Schema<typeof RETRIEVAL> = new Schema(RETRIEVAL, INSTEAD)
export const RECALL_ASYNC: Schema<typeof RETRIEVAL_ASYNC> = new Schema(RETRIEVAL_ASYNC, LATER)

/** Of recalls that are gathered: what is stored may change until they run. */
export const RECALL_GATHERED: Schema<typeof GATHERED> = new Schema(GATHERED, LATER)

/** Options of recalls that are gathered. */
export interface GatheredRetrievalOptions extends Given<typeof GATHERED> {}

/** Options of a recall. */
export interface RetrievalOptions extends Given<typeof RETRIEVAL> {}

/** Options of a batch off the event loop. */
export interface RetrievalAsyncOptions extends Given<typeof RETRIEVAL_ASYNC> {}

const PATIENCE = 100

/** @param seen which patterns may be looked at. */
export function stepsOf({ maxSteps, tolerance, energy }: Read<typeof GATHERED>, seen?: Seen): RetrievalSteps {
  const stops = tolerance !== undefined
  return { maxSteps: maxSteps ?? (stops ? PATIENCE : 1), tolerance: tolerance ?? 0, stops, energy, seen }
}
