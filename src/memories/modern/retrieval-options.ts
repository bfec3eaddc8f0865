import { ASYNC } from '../../async/async-options.js'
import { flag, type Given, optional, type Read, Schema } from '../../input/options.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import type { RetrievalSteps } from './retrieval-steps.js'

const RETRIEVAL = {
  /** Number of steps, or with `tolerance` the most steps; 1 by default, 100 with `tolerance`. */
  maxSteps: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 31 - 1)),
  /** Stop when no component moves by more than this, ≥ 0. */
  tolerance: optional<number>((name, value) => checkNumber(name, value, 0, Number.MAX_VALUE)),
  /** false: energies are NaN; computing them takes another pass over all keys. true by default. */
  energy: flag(true),
}
const RETRIEVAL_ASYNC = { ...RETRIEVAL, ...ASYNC }
const INSTEAD = { steps: 'it is now called maxSteps' }

export const RECALL: Schema<typeof RETRIEVAL> = new Schema(RETRIEVAL, INSTEAD)
export const RECALL_ASYNC: Schema<typeof RETRIEVAL_ASYNC> = new Schema(RETRIEVAL_ASYNC, INSTEAD)

/** Options of a recall. */
export interface RetrievalOptions extends Given<typeof RETRIEVAL> {}

/** Options of a batch off the event loop. */
export interface RetrievalAsyncOptions extends Given<typeof RETRIEVAL_ASYNC> {}

const PATIENCE = 100

export function stepsOf({ maxSteps, tolerance, energy }: Read<typeof RETRIEVAL>): RetrievalSteps {
  const stops = tolerance !== undefined
  return { maxSteps: maxSteps ?? (stops ? PATIENCE : 1), tolerance: tolerance ?? 0, stops, energy }
}
