import { ASYNC } from '../../async/async-options.js'
import { NEAREST } from '../../input/nearest-patterns.js'
import { type Given, Schema } from '../../input/options.js'

const LATER = { ...NEAREST, ...ASYNC }
export const NEAREST_ASYNC: Schema<typeof LATER> = new Schema(LATER)

/** Options of `nearestAsync`. */
export interface NearestAsyncOptions extends Given<typeof LATER> {}
