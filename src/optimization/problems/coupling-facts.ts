import { paddedStride } from '../../kernels/contract/layout.js'
import type { CouplingTable } from './coupling-table.js'

/** What solvers ask of all couplings J and fields b, in their unit. */
export interface CouplingFacts {
  /** Whether J and b are whole numbers, and no sum of an energy is beyond 2^53. */
  readonly exact: boolean
  /** Σ_(i<j) |J_ij| + Σ_i |b_i|. */
  readonly span: number
  /** Σ_ij J_ij². */
  readonly squares: number
  /** The largest |b_i| + Σ_j |J_ij|. */
  readonly most: number
  /** Whether b_i + Σ_j J_ij is odd for any i. */
  readonly odd: boolean
}

/** Couplings that are looked at in one step. */
const STEP = 2 ** 14

/** Rows from…to at a time, of about so many couplings. */
export function* inRows({ starts }: CouplingTable): Generator<[from: number, to: number], void> {
  const rows = starts.length - 1
  for (let from = 0, to = 0; from < rows; from = to) {
    to = from + 1
    while (to < rows && starts[to + 1] - starts[from] + (to - from) <= STEP) to++
    yield [from, to]
  }
}

/** Reads all couplings once, in small steps. */
export function* factsOf(
  table: CouplingTable,
  fields: Float64Array | undefined,
): Generator<void, CouplingFacts> {
  const { starts, weights } = table
  let whole = true
  let [sum, squares, alone, most, odd] = [0, 0, 0, 0, false]
  for (const [from, to] of inRows(table)) {
    for (let i = from; i < to; i++) {
      const b = fields === undefined ? 0 : fields[i]
      let [size, total] = [Math.abs(b), b]
      whole &&= Number.isInteger(b)
      alone += size
      for (let k = starts[i], end = starts[i + 1]; k < end; k++) {
        const x = weights[k]
        sum += Math.abs(x)
        squares += x * x
        size += Math.abs(x)
        total += x
      }
      most = Math.max(most, size)
      odd ||= total % 2 !== 0
    }
    if (whole && weights instanceof Float64Array) {
      whole = weights.subarray(starts[from], starts[to]).every(Number.isInteger)
    }
    yield
  }
  const span = sum / 2 + alone
  return { exact: whole && span < 2 ** 53, span, squares, most, odd }
}

/** Writes couplings into rows of all variables, in small steps. */
export function* intoRows<Rows extends Int32Array | Float64Array>(
  table: CouplingTable,
  rows: Rows,
): Generator<void, Rows> {
  const { starts, sources, weights } = table
  const stride = paddedStride(starts.length - 1)
  for (const [from, to] of inRows(table)) {
    for (let i = from; i < to; i++) {
      for (let k = starts[i], end = starts[i + 1]; k < end; k++) rows[i * stride + sources[k]] = weights[k]
    }
    yield
  }
  return rows
}
