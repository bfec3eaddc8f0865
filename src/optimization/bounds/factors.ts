import { Pace } from '../../platform/pace.js'
import { MinimumDegree } from '../problems/minimum-degree.js'
import type { Quadratic } from './semidefinite.js'

/** Which variables are taken out one by one, and in which order, and which are left for factors of a full matrix. */
export interface Pivots {
  readonly first: readonly number[]
  readonly rest: readonly number[]
}

/** Neighbours with which a variable is taken out where a full matrix could have it too. */
const CHEAP = 16
/** Variables of a full matrix: its factors take N³/6 multiplications. */
const MOST_IN_FULL = 2048
/** Pairs of neighbours that variables may have that are taken out. */
const MOST_PAIRS = 2 ** 21

/** In steps. @returns undefined where factors would take too long. */
export function* pivotsOf(all: Quadratic): Generator<void, Pivots | undefined> {
  const order = yield* MinimumDegree.of(all, all.size)
  const first: number[] = []
  const out = new Uint8Array(all.size)
  const pace = new Pace()
  let pairs = 0
  while (order.left > 0 && !(order.degree > CHEAP && order.left <= MOST_IN_FULL)) {
    const work = order.degree ** 2
    pairs += work
    if (pairs > MOST_PAIRS) return undefined
    const { variable } = order.take()
    first.push(variable)
    out[variable] = 1
    if (pace.due(16 * work + 64)) yield
  }
  return { first, rest: Array.from({ length: all.size }, (_, i) => i).filter((i) => out[i] === 0) }
}

/**
 * Whether Diag(diagonal) − J certainly has no negative eigenvalue, by Cholesky's factors, whose order is that of the pivots. Rounding is accounted
 * for as Rump (2006) does, whatever the order: if the factors of A − cI can be computed, with c = γ/(1 − γ)·tr A and γ = (n + 2)·2^-53, A itself is
 * positive semidefinite.
 * @returns in steps. The upper triangle of what is left for a full matrix takes 4 bytes for each of its numbers.
 */
export function* isSemidefinite(
  all: Quadratic,
  diagonal: Float64Array,
  pivots: Pivots,
): Generator<void, boolean> {
  const n = all.size
  let trace = 0
  for (const d of diagonal) trace += Math.abs(d)
  const gamma = (n + 2) * 2 ** -53
  // Twice what is needed, for the rounding of this very number, of the differences, and of what underflows.
  const margin = 2 * (gamma / (1 - gamma)) * trace + n * n * 2 ** -1000
  const left = diagonal.map((d) => d - margin)
  const rows = rowsOf(all)
  yield
  return (yield* takeOut(rows, left, pivots.first)) && (yield* factorize(rows, left, pivots.rest))
}

/** −J, a row for each variable. */
function rowsOf({ size, starts, sources, weights }: Quadratic): Map<number, number>[] {
  return Array.from({ length: size }, (_, i) => {
    const row = new Map<number, number>()
    for (let k = starts[i]; k < starts[i + 1]; k++) row.set(sources[k], -weights[k])
    return row
  })
}

/** Columns of the factor one after the other; what is left is changed by each. @returns whether all pivots were positive. */
function* takeOut(
  rows: readonly Map<number, number>[],
  left: Float64Array,
  first: readonly number[],
): Generator<void, boolean> {
  const pace = new Pace()
  for (const v of first) {
    const pivot = left[v]
    if (!(pivot > 0)) return false
    const root = Math.sqrt(pivot)
    const column = Array.from(rows[v], ([s, a]) => [s, a / root] as const)
    for (const [s, l] of column) {
      left[s] -= l * l
      rows[s].delete(v)
      for (const [t, m] of column) if (t !== s) rows[s].set(t, (rows[s].get(t) ?? 0) - l * m)
    }
    rows[v].clear()
    if (pace.due(16 * column.length ** 2 + 64)) yield
  }
  return true
}

/** The factor of the rest, row by row. */
function* factorize(
  all: readonly Map<number, number>[],
  left: Float64Array,
  rest: readonly number[],
): Generator<void, boolean> {
  const n = rest.length
  const places = new Map(rest.map((variable, at) => [variable, at]))
  const rows = new Float64Array((n * (n + 1)) / 2)
  const pace = new Pace()
  for (let i = 0; i < n; i++) {
    const own = (i * (i + 1)) / 2
    for (const [variable, a] of all[rest[i]]) {
      const j = places.get(variable) as number
      if (j < i) rows[own + j] = a
    }
    for (let j = 0; j < i; j++) {
      const other = (j * (j + 1)) / 2
      rows[own + j] = (rows[own + j] - dot(rows, own, other, j)) / rows[other + j]
    }
    const pivot = left[rest[i]] - dot(rows, own, own, i)
    if (!(pivot > 0)) return false
    rows[own + i] = Math.sqrt(pivot)
    // Eight of them take as long as one elsewhere: the products of two rows do not wait for each other.
    if (pace.due((i * i) / 16)) yield
  }
  return true
}

/** In four sums: any order will do for Rump's bound, and four need not wait for each other. */
function dot(x: Float64Array, a: number, b: number, length: number): number {
  let [p, q, r, s] = [0, 0, 0, 0]
  let k = 0
  for (; k + 4 <= length; k += 4) {
    p += x[a + k] * x[b + k]
    q += x[a + k + 1] * x[b + k + 1]
    r += x[a + k + 2] * x[b + k + 2]
    s += x[a + k + 3] * x[b + k + 3]
  }
  for (; k < length; k++) p += x[a + k] * x[b + k]
  return p + q + (r + s)
}
