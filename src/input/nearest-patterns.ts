import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../kernels/contract/layout.js'
import { type Given, integer, Schema } from './options.js'
import type { Int32s, Uint32s } from './typed-arrays.js'

/** The k nearest stored patterns of each of B states, one unless more are asked for; row b belongs to state b. */
export interface Nearest {
  /** B × k indices: the pattern with the largest overlap first, the lowest index among equals. */
  indices: Uint32s
  /** B × k values: its overlap v = ξ·s = N − 2·(Hamming distance), an integer from −N to N. */
  overlaps: Int32s
  /** The ids of the patterns, if they have any. */
  ids?: (string | number | undefined)[]
}

export const NEAREST = {
  /** How many patterns a state, the nearest first: 1 by default; fewer if fewer are stored. */
  k: integer(1, 2 ** 32, 1),
}
export const NEAREST_OPTIONS: Schema<typeof NEAREST> = new Schema(NEAREST)

/** Options of `nearest`. */
export interface NearestOptions extends Given<typeof NEAREST> {}

/** The error if there are no patterns. */
export function noPatterns(method: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `${method}: there are no patterns; store or pack at least one first`,
  )
}

/** Words of planes in one portion: they stay in the second-level cache while all states are compared with them. */
const PORTION = 2 ** 14

/** The nearest of P packed rows for each of B packed states, with planes that are made portion by portion and not kept. */
export function nearestRow(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
  states: Uint32Array,
  k: number,
): Nearest {
  if (count === 0) throw noPatterns('nearest')
  const stride = rowWords(neurons)
  const stateCount = states.length / stride
  const most = Math.max(1, Math.floor(PORTION / planeWords(1, neurons))) * 8
  const size = planeWords(Math.min(most, count), neurons)
  const planes = allocate('planes', size * 4, () => kernels.allocate(size))
  const wanted = Math.min(k, count)
  const entries = stateCount * wanted
  const indices = allocate('indices', entries * 4, () => new Uint32Array(entries))
  const overlaps = allocate('overlaps', entries * 4, () => new Int32Array(entries))
  for (let from = 0; from < count; from += most) {
    const some = Math.min(most, count - from)
    kernels.interleave(rows.subarray(from * stride, (from + some) * stride), some, neurons, planes)
    kernels.nearest(planes, some, neurons, states, stateCount, from, wanted, indices, overlaps)
  }
  return { indices, overlaps }
}
