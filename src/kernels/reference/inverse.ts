import { fold8 } from '../../numerics/dot8.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { columnWords, paddedStride, rowWords, spin } from '../contract/layout.js'
import { overlapSteps } from './overlap.js'

function dot8(a: Float64Array, at: number, b: Float64Array, length: number): number {
  const sums = new Float64Array(8)
  for (let k = 0; k < length; k++) sums[k & 7] += a[at + k] * b[k]
  return fold8(sums)
}

export function border(...given: Parameters<typeof borderSteps>): number {
  return atOnce(borderSteps(...given))
}

/** In steps. */
export function* borderSteps(
  rows: Uint32Array,
  known: number,
  count: number,
  neurons: number,
  tolerance: number,
  inverse: Float64Array,
  stride: number,
  coefficients: Float64Array,
): Generator<void, number> {
  const pace = new Pace()
  const words = rowWords(neurons)
  for (let p = known; p < known + count; p++) {
    const whole = new Int32Array(p)
    yield* overlapSteps(rows, p, neurons, rows.subarray(p * words, (p + 1) * words), 1, whole)
    const c = Float64Array.from(whole)
    const u = new Float64Array(p + 1)
    for (let i = 0; i < p; i++) {
      u[i] = dot8(inverse, i * stride, c, p)
      if (pace.due(2 * p)) yield
    }
    const rest = neurons - dot8(u, 0, c, p)
    if (!(rest > tolerance * neurons)) {
      coefficients.set(u.subarray(0, p))
      return p - known
    }
    u[p] = -1
    const share = 1 / rest
    for (let i = 0; i <= p; i++) {
      for (let j = 0; j <= p; j++) inverse[i * stride + j] += u[i] * u[j] * share
      if (pace.due(p)) yield
    }
  }
  return count
}

export function retire(...given: Parameters<typeof retireSteps>): void {
  atOnce(retireSteps(...given))
}

/** In steps. */
export function* retireSteps(
  inverse: Float64Array,
  stride: number,
  count: number,
  index: number,
): Generator<void, void> {
  const pace = new Pace()
  const rest = [...new Array(count).keys()].filter((mu) => mu !== index)
  const share = 1 / inverse[index * stride + index]
  const d = rest.map((mu) => inverse[index * stride + mu])
  const kept: Float64Array[] = []
  for (const [i, mu] of rest.entries()) {
    kept.push(Float64Array.from(rest, (nu, j) => inverse[mu * stride + nu] - d[i] * d[j] * share))
    if (pace.due(8 * count)) yield
  }
  for (let i = 0; i < count; i++) {
    inverse.fill(0, i * stride, i * stride + count)
    if (i < count - 1) inverse.set(kept[i], i * stride)
    if (pace.due(count)) yield
  }
}

export function responses(...given: Parameters<typeof responseSteps>): void {
  atOnce(responseSteps(...given))
}

/** In steps. */
export function* responseSteps(
  matrix: Float64Array,
  stride: number,
  columns: Uint32Array,
  count: number,
  neurons: number,
  out: Float64Array | undefined,
  diagonal: Float64Array | undefined,
): Generator<void, void> {
  const pace = new Pace()
  const height = columnWords(count)
  const width = paddedStride(count)
  for (let i = 0; i < neurons; i++) {
    const x = Float64Array.from({ length: count }, (_, mu) => spin(columns, mu, i * height))
    const row = new Float64Array(width)
    for (let mu = 0; mu < count; mu++) {
      for (let nu = 0; nu < count; nu++) row[mu] += matrix[mu * stride + nu] * x[nu]
      if (pace.due(count)) yield
    }
    out?.set(row, i * width)
    if (diagonal !== undefined) diagonal[i] = x.reduce((sum, xi, mu) => sum + xi * row[mu], 0)
  }
}
