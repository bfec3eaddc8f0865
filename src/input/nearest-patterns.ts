import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../kernels/contract/layout.js'
import type { Int32s, Uint32s } from './typed-arrays.js'

/** The nearest stored pattern of each of B states. */
export interface Nearest {
  /** B indices: the pattern with the largest overlap, the lowest index among equals. */
  indices: Uint32s
  /** B values: its overlap v = ξ·s = N − 2·(Hamming distance), an integer from −N to N. */
  overlaps: Int32s
  /** The ids of the patterns, if they have any. */
  ids?: (string | number | undefined)[]
}

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
): Nearest {
  if (count === 0) throw noPatterns('nearest')
  const stride = rowWords(neurons)
  const stateCount = states.length / stride
  const most = Math.max(1, Math.floor(PORTION / planeWords(1, neurons))) * 8
  const size = planeWords(Math.min(most, count), neurons)
  const planes = allocate('planes', size * 4, () => kernels.allocate(size))
  const indices = new Uint32Array(stateCount)
  const overlaps = new Int32Array(stateCount)
  for (let from = 0; from < count; from += most) {
    const some = Math.min(most, count - from)
    kernels.interleave(rows.subarray(from * stride, (from + some) * stride), some, neurons, planes)
    kernels.nearest(planes, some, neurons, states, stateCount, from, indices, overlaps)
  }
  return { indices, overlaps }
}
