import { Pace } from '../../platform/pace.js'
import type { CouplingTable } from '../problems/coupling-table.js'

/** A symmetric matrix without diagonal, as couplings of one variable more where there are fields: that variable is always +1. */
export interface Quadratic {
  readonly size: number
  readonly starts: Uint32Array
  readonly sources: Uint32Array
  readonly weights: Float64Array
}

/** J with b as the last row and column: −½ Σ J_ij s_i s_j of it is −½ Σ J_ij s_i s_j − Σ b_i s_i. */
export function withFields(
  { starts, sources, weights }: CouplingTable,
  fields: Float64Array | undefined,
): Quadratic {
  const n = starts.length - 1
  if (fields === undefined) return { size: n, starts, sources, weights: Float64Array.from(weights) }
  const some = fields.reduce((count, b) => count + (b === 0 ? 0 : 1), 0)
  const all = {
    size: n + 1,
    starts: new Uint32Array(n + 2),
    sources: new Uint32Array(sources.length + 2 * some),
    weights: new Float64Array(sources.length + 2 * some),
  }
  let at = 0
  const put = (source: number, weight: number): void => {
    all.sources[at] = source
    all.weights[at++] = weight
  }
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) put(sources[k], weights[k])
    if (fields[i] !== 0) put(n, fields[i])
    all.starts[i + 1] = at
  }
  for (let i = 0; i < n; i++) if (fields[i] !== 0) put(i, fields[i])
  all.starts[n + 1] = at
  return all
}

/**
 * Unit vectors v_i that make Σ_ij J_ij v_i·v_j large, by putting one after the other where the others pull it (the mixing method: Wang,
 * Chang and Kolter 2018). What is left of the pull is y_i = |Σ_j J_ij v_j|: at the largest sum Diag(y) − J has no negative eigenvalue.
 * @param start rank numbers for each variable, not all zero: where vectors begin; they are overwritten.
 * @returns y, in steps.
 */
export function* mixed(
  { size, starts, sources, weights }: Quadratic,
  rank: number,
  start: Float64Array,
  sweeps: number,
): Generator<void, Float64Array> {
  const y = new Float64Array(size)
  const pull = new Float64Array(rank)
  const pace = new Pace()
  let before = 0
  for (let i = 0; i < size; i++) normalize(start, i * rank, rank)
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let sum = 0
    for (let i = 0; i < size; i++) {
      pull.fill(0)
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        const [w, at] = [weights[k], sources[k] * rank]
        for (let r = 0; r < rank; r++) pull[r] += w * start[at + r]
      }
      let square = 0
      for (let r = 0; r < rank; r++) square += pull[r] * pull[r]
      const length = Math.sqrt(square)
      y[i] = length
      sum += length
      if (length > 0) for (let r = 0; r < rank; r++) start[i * rank + r] = pull[r] / length
      if (pace.due((starts[i + 1] - starts[i] + 4) * rank)) yield
    }
    // Sums rise; where they hardly do any more, y is as good as it gets.
    if (Math.abs(sum - before) <= sum * CLOSE) break
    before = sum
  }
  return y
}

/** A sum that has changed by no more than this part of it stands still. */
const CLOSE = 1e-7

function normalize(v: Float64Array, from: number, rank: number): void {
  let square = 0
  for (let r = 0; r < rank; r++) square += v[from + r] * v[from + r]
  const length = Math.sqrt(square)
  for (let r = 0; r < rank; r++) v[from + r] /= length
}
