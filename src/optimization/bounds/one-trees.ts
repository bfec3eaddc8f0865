import { Pace } from '../../platform/pace.js'
import type { Distances } from '../problems/distances.js'

/**
 * No tour is shorter (Held and Karp 1970, 1971): the shortest tree of all cities but the first, and its two shortest edges, is no longer
 * than a tour, whatever is added to all distances of a city, since a tour goes there and away once. These weights rise where a tree meets
 * a city more often, and fall where it meets it but once.
 * @param upper the length of some tour: tells how far to go.
 * @returns in steps. Less than the largest sum by all that may have been rounded.
 */
export function* shortestTrees(
  { cities: n, matrix }: Distances,
  upper: number,
  rounds: number,
): Generator<void, number> {
  if (n < 3) return n === 2 ? 2 * matrix[1] : 0
  const weights = new Float64Array(n)
  const tree = new OneTree(n, matrix)
  const pace = new Pace()
  let [best, size, since] = [Number.NEGATIVE_INFINITY, 2, 0]
  for (let round = 0; round < rounds; round++) {
    const length = tree.grow(weights)
    // Sums of at most 4n numbers, none of which is larger than the largest distance and two weights.
    const largest = tree.largest + 2 * weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0)
    const certain = length - 8 * n * n * 2 ** -53 * largest
    if (certain > best) {
      best = certain
      since = 0
    } else if (++since > PATIENCE) {
      size /= 2
      since = 0
    }
    let off = 0
    for (let c = 0; c < n; c++) off += (tree.degrees[c] - 2) ** 2
    // A tree that is a tour is the shortest one.
    if (off === 0 || size < 1e-4) break
    const step = (size * (upper - length)) / off
    if (!(step > 0)) break
    for (let c = 0; c < n; c++) weights[c] += step * (tree.degrees[c] - 2)
    if (pace.due(n * n)) yield
  }
  return best
}

/** Rounds without a better bound after which steps become half as long. */
const PATIENCE = 10

class OneTree {
  readonly degrees: Uint32Array
  readonly largest: number
  readonly #n: number
  readonly #matrix: Float64Array
  readonly #nearest: Float64Array
  readonly #by: Uint32Array
  readonly #out: Uint32Array

  constructor(n: number, matrix: Float64Array) {
    this.#n = n
    this.#matrix = matrix
    this.degrees = new Uint32Array(n)
    this.largest = matrix.reduce((most, d) => Math.max(most, d), 0)
    this.#nearest = new Float64Array(n)
    this.#by = new Uint32Array(n)
    this.#out = new Uint32Array(n)
  }

  /** The length of the shortest one-tree with these weights, less twice their sum. */
  grow(weights: Float64Array): number {
    const [n, d, degrees, nearest, by, out] = [
      this.#n,
      this.#matrix,
      this.degrees,
      this.#nearest,
      this.#by,
      this.#out,
    ]
    degrees.fill(0)
    let sum = 0
    // Prim's tree of cities 1 … n − 1: `out` has those that are not in it.
    let left = n - 2
    for (let c = 2; c < n; c++) {
      out[c - 2] = c
      nearest[c] = d[n + c] + weights[1] + weights[c]
      by[c] = 1
    }
    while (left > 0) {
      let at = 0
      for (let k = 1; k < left; k++) if (nearest[out[k]] < nearest[out[at]]) at = k
      const c = out[at]
      out[at] = out[--left]
      sum += nearest[c]
      degrees[c]++
      degrees[by[c]]++
      for (let k = 0; k < left; k++) {
        const e = out[k]
        const length = d[c * n + e] + weights[c] + weights[e]
        if (length >= nearest[e]) continue
        nearest[e] = length
        by[e] = c
      }
    }
    let [first, second] = [0, 0]
    for (let c = 1; c < n; c++) {
      const length = d[c] + weights[c]
      if (first === 0 || length < d[first] + weights[first]) [first, second] = [c, first]
      else if (second === 0 || length < d[second] + weights[second]) second = c
    }
    degrees[0] = 2
    degrees[first]++
    degrees[second]++
    sum += d[first] + weights[first] + d[second] + weights[second] + 2 * weights[0]
    let twice = 0
    for (let c = 0; c < n; c++) twice += weights[c]
    return sum - 2 * twice
  }
}
