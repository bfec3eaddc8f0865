import { fold8 } from '../../numerics/dot8.js'
import { columnWords, paddedStride, rowWords, spin } from '../contract/layout.js'
import { overlaps } from './overlap.js'

function dot8(a: Float64Array, at: number, b: Float64Array, length: number): number {
  const sums = new Float64Array(8)
  for (let k = 0; k < length; k++) sums[k & 7] += a[at + k] * b[k]
  return fold8(sums)
}

export function border(
  rows: Uint32Array,
  known: number,
  count: number,
  neurons: number,
  tolerance: number,
  inverse: Float64Array,
  stride: number,
  coefficients: Float64Array,
): number {
  const words = rowWords(neurons)
  for (let p = known; p < known + count; p++) {
    const whole = new Int32Array(p)
    overlaps(rows, p, neurons, rows.subarray(p * words, (p + 1) * words), 1, whole)
    const c = Float64Array.from(whole)
    const u = new Float64Array(p + 1)
    for (let i = 0; i < p; i++) u[i] = dot8(inverse, i * stride, c, p)
    const rest = neurons - dot8(u, 0, c, p)
    if (!(rest > tolerance * neurons)) {
      coefficients.set(u.subarray(0, p))
      return p - known
    }
    u[p] = -1
    const share = 1 / rest
    for (let i = 0; i <= p; i++) {
      for (let j = 0; j <= p; j++) inverse[i * stride + j] += u[i] * u[j] * share
    }
  }
  return count
}

export function retire(inverse: Float64Array, stride: number, count: number, index: number): void {
  const rest = [...new Array(count).keys()].filter((mu) => mu !== index)
  const share = 1 / inverse[index * stride + index]
  const d = rest.map((mu) => inverse[index * stride + mu])
  const kept = rest.map((mu, i) =>
    Float64Array.from(rest, (nu, j) => inverse[mu * stride + nu] - d[i] * d[j] * share),
  )
  for (let i = 0; i < count; i++) {
    inverse.fill(0, i * stride, i * stride + count)
    if (i < count - 1) inverse.set(kept[i], i * stride)
  }
}

export function responses(
  matrix: Float64Array,
  stride: number,
  columns: Uint32Array,
  count: number,
  neurons: number,
  out: Float64Array | undefined,
  diagonal: Float64Array | undefined,
): void {
  const height = columnWords(count)
  const width = paddedStride(count)
  for (let i = 0; i < neurons; i++) {
    const x = Float64Array.from({ length: count }, (_, mu) => spin(columns, mu, i * height))
    const row = new Float64Array(width)
    for (let mu = 0; mu < count; mu++) {
      for (let nu = 0; nu < count; nu++) row[mu] += matrix[mu * stride + nu] * x[nu]
    }
    out?.set(row, i * width)
    if (diagonal !== undefined) diagonal[i] = x.reduce((sum, xi, mu) => sum + xi * row[mu], 0)
  }
}
