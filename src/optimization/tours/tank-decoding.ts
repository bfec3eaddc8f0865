import { largestAssignment } from './assignment.js'

/** How outputs are read as a tour. */
export type TankDecoding = 'strict' | 'argmax' | 'assignment'
export const TANK_DECODINGS: readonly TankDecoding[] = ['strict', 'argmax', 'assignment']

/**
 * The city of each place, or undefined where there is none. 'strict': the one output above ½; 'argmax': the largest; 'assignment': the
 * permutation with the largest sum, which is always a tour.
 * @param v output c·n + p for city c at place p.
 */
export function tourOfOutputs(n: number, v: Float64Array, decoding: TankDecoding): Uint32Array | undefined {
  if (decoding === 'assignment') return largestAssignment(n, v)
  const tour = new Uint32Array(n)
  const seen = new Uint8Array(n)
  for (let p = 0; p < n; p++) {
    let best = 0
    let above = 0
    for (let c = 0; c < n; c++) {
      if (v[c * n + p] > v[best * n + p]) best = c
      if (v[c * n + p] > 0.5) above++
    }
    if ((decoding === 'strict' && above !== 1) || seen[best] === 1) return undefined
    seen[best] = 1
    tour[p] = best
  }
  return tour
}
