import { call, type Steps } from '../../async/steps.js'
import { HopfieldError } from '../../errors.js'
import { type Kernels, type MatrixMemory, OUTCOME } from '../../kernels/contract/kernels.js'
import { columnWords, paddedStride, rowWords } from '../../kernels/contract/layout.js'
import { log } from '../../numerics/log.js'
import { tanh } from '../../numerics/tanh.js'
import type { Moments } from './enumeration.js'

/** Chains of ±1 units, packed, each with its own random numbers. */
export interface Chains {
  readonly rows: Uint32Array
  readonly count: number
  /** R words of units that stay, or undefined. */
  readonly clamp: Uint32Array | undefined
  readonly seed: readonly [low: number, high: number]
  readonly stream: number
}

/** Glauber sweeps at temperature T, in random order. */
export function* sweep(
  kernels: Kernels,
  memory: MatrixMemory,
  biases: Float64Array,
  { rows, count, clamp, seed, stream }: Chains,
  firstSweep: number,
  sweeps: number,
  temperature: number,
): Steps<void> {
  const plan = {
    dynamics: 'asynchronous',
    order: 'random',
    tie: 'positive',
    maxSweeps: sweeps,
    temperatures: Float64Array.of(temperature),
    firstSweep,
    seedLow: seed[0],
    seedHigh: seed[1],
    stream,
    streams: undefined,
    scale: 1,
    externalField: biases,
    clamp,
  } as const
  const outcomes = new Float64Array(count * OUTCOME.length)
  yield {
    here: () => {
      kernels.recall(memory, rows, count, plan, rows, outcomes)
    },
    beside: (flag) => kernels.recallAsync(memory, rows, count, plan, rows, outcomes, flag),
  }
}

/** Rows of units that are computed in one step. */
const ROWS = 2 ** 5

/** Means of packed rows. */
export function* momentsOfRows(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  units: number,
): Steps<Moments> {
  const height = columnWords(count)
  const columns = new Uint32Array(units * height)
  yield* call(kernels, count * units, 'transpose', rows, count, units, columns)
  const sums = new Float64Array(units)
  kernels.signedSums(columns, height, count, new Float64Array(count).fill(1), units, sums)
  yield
  const products = new Int32Array(units * units)
  const operations = (units * units * count) / 64
  yield* call(kernels, operations, 'correlations', columns, columns, count, units, units, products)
  const stride = paddedStride(units)
  const pairs = new Float64Array(units * stride)
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) if (i !== j) pairs[i * stride + j] = products[i * units + j] / count
    if (i % ROWS === ROWS - 1) yield
  }
  return { means: sums.map((sum) => sum / count), pairs }
}

/**
 * Couplings that give these moments in the mean-field approximation (Kappen and Rodríguez 1998): J = −C⁻¹ off the diagonal with
 * C_ij = ⟨s_i s_j⟩ − ⟨s_i⟩⟨s_j⟩, and b_i = artanh m_i − Σ_j J_ij m_j. Means are kept 2^-7 away from ±1, and C gets `ridge` on its diagonal.
 */
export function* meanFieldMachine(
  units: number,
  { means, pairs }: Moments,
  ridge: number,
): Steps<{ weights: Float64Array; biases: Float64Array }> {
  const stride = paddedStride(units)
  const most = 1 - 2 ** -7
  const m = means.map((x) => Math.max(-most, Math.min(most, x)))
  const matrix = new Float64Array(units * units)
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      matrix[i * units + j] = i === j ? 1 - m[i] * m[i] + ridge : pairs[i * stride + j] - means[i] * means[j]
    }
    if (i % ROWS === ROWS - 1) yield
  }
  const inverse = yield* inverted(matrix, units)
  const weights = new Float64Array(units * stride)
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < i; j++) {
      const coupling = -(inverse[i * units + j] + inverse[j * units + i]) / 2
      weights[i * stride + j] = weights[j * stride + i] = coupling
    }
    if (i % ROWS === ROWS - 1) yield
  }
  const biases = m.map((x) => (log(1 + x) - log(1 - x)) / 2)
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) biases[i] -= weights[i * stride + j] * m[j]
    if (i % ROWS === ROWS - 1) yield
  }
  return { weights, biases }
}

/** Gauss and Jordan, by the largest pivot of a column. */
function* inverted(given: Float64Array, n: number): Generator<void, Float64Array> {
  const a = given.slice()
  const out = new Float64Array(n * n)
  for (let i = 0; i < n; i++) out[i * n + i] = 1
  const exchange = (rows: Float64Array, i: number, j: number): void => {
    const kept = rows.slice(i * n, (i + 1) * n)
    rows.copyWithin(i * n, j * n, (j + 1) * n)
    rows.set(kept, j * n)
  }
  for (let k = 0; k < n; k++) {
    let pivot = k
    for (let i = k + 1; i < n; i++) if (Math.abs(a[i * n + k]) > Math.abs(a[pivot * n + k])) pivot = i
    if (a[pivot * n + k] === 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_DEPENDENT',
        'ridge: the correlations of the data have no inverse; take a larger ridge',
      )
    }
    for (const rows of [a, out]) if (pivot !== k) exchange(rows, k, pivot)
    const share = 1 / a[k * n + k]
    for (const rows of [a, out]) for (let j = 0; j < n; j++) rows[k * n + j] *= share
    for (let i = 0; i < n; i++) {
      const factor = a[i * n + k]
      if (i === k || factor === 0) continue
      for (const rows of [a, out]) for (let j = 0; j < n; j++) rows[i * n + j] -= factor * rows[k * n + j]
      if (i % ROWS === ROWS - 1) yield
    }
    yield
  }
  return out
}

/** m_i ← tanh(Σ_j J_ij m_j + b_i), one free unit after the other, until none changes by more than the tolerance. */
export function* meanField(
  units: number,
  weights: ArrayLike<number>,
  biases: Float64Array,
  m: Float64Array,
  free: Uint8Array,
  { maxSteps, tolerance }: { readonly maxSteps: number; readonly tolerance: number },
): Steps<{ converged: boolean; steps: number }> {
  const stride = paddedStride(units)
  for (let steps = 1; ; steps++) {
    let most = 0
    for (let i = 0; i < units; i++) {
      if (free[i] === 0) continue
      let field = biases[i]
      for (let j = 0; j < units; j++) field += weights[i * stride + j] * m[j]
      const mean = tanh(field)
      most = Math.max(most, Math.abs(mean - m[i]))
      m[i] = mean
      if (i % 64 === 63) yield
    }
    if (most <= tolerance || steps === maxSteps) return { converged: most <= tolerance, steps }
    yield
  }
}

/** Words of a row in which units from…to are set. */
export function unitsMask(units: number, from: number, to: number): Uint32Array {
  const words = new Uint32Array(rowWords(units))
  for (let i = from; i < to; i++) words[i >>> 5] |= 1 << (i & 31)
  return words
}
