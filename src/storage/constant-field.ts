import type { ConstantField, CoupledMemory, Kernels } from '../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../kernels/contract/layout.js'
import type { ConnectionTable } from './connection-table.js'
import { inSlices } from './slices.js'

/**
 * The constant field of weights J = DᵀD/N with D = ξ − m, m_i being the mean of neuron i over the patterns: −Σ_j J_ij m_j + b_i with
 * b_i = m_i·(1/N) Σ_j (1 − m_j²). Fields are then those of s − m (Amit, Gutfreund and Sompolinsky 1987; Tsodyks and Feigelman 1988).
 * At a pattern they are about D_i·(1/N) Σ_j (1 − m_j²), so b_i gives both values of a neuron the same margin, and a neuron that
 * is the same in all patterns keeps its value.
 *
 * In whole numbers c = P·m and W = N·P·J, and in units of 1/(N·P), it is K_i/P² with K_i = c_i Σ_j (P² − c_j²) − P Σ_j W_ij c_j.
 * Fields of W are multiplied by a unit u: by P² where all numbers stay exact, otherwise by a power of two. Then k_i is K_i·u/P²
 * rounded to an odd number where it is not whole, so that a field is zero where the exact one is, and nowhere else.
 */

/** All parts of a field together stay below this. */
const MOST = 2 ** 52
/** Sums of whole numbers are exact below this. */
const EXACT = 2 ** 53
/** Where sums may be larger, numbers are split into multiples of this and the rest. */
const PART = 2 ** 26

/** u of `count` patterns. @param reach N, or more if a neuron has more sources. */
export function unitOf(reach: number, count: number): number {
  const square = count * count
  const most = MOST / (3 * reach * square)
  if (count === 0 || square < most) return Math.max(square, 1)
  let unit = 2
  while (2 * unit < most) unit *= 2
  return unit
}

/** Of weights between all pairs. */
export function* constantOfPairs(
  kernels: Kernels,
  memory: CoupledMemory,
  selfWeights: boolean,
): Generator<void, ConstantField> {
  const { neurons, count, rows, columns } = memory
  const square = count * count
  const means = yield* summedPatterns(kernels, memory)
  // W·c = Ξᵀt, where t = P·g − Σ g and g = Ξ·c.
  const g = new Float64Array(count)
  yield* signedSums(kernels, rows, rowWords(neurons), means, g)
  const total = g.reduce((sum, x) => sum + x, 0)
  const heard = yield* exactSums(
    kernels,
    columns,
    g.map((x) => count * x - total),
    neurons,
  )
  const spread = means.reduce((sum, c) => sum + square - c * c, 0)
  const unit = unitOf(neurons, count)
  // Where all patterns are the same one, nothing but its direction is known: b = m.
  const weight = spread === 0 ? neurons * square : spread
  const values = means.map((c, i) => {
    const own = selfWeights ? 0 : (square - c * c) * c
    return constantOf(count, c, weight, heard(i), own, unit)
  })
  return { unit, values }
}

/** Of weights on connections, W: both sums are over the sources of a neuron, the second over the neuron itself as well. */
export function* constantOfConnections(
  kernels: Kernels,
  memory: CoupledMemory,
  { starts, sources }: ConnectionTable,
  weights: Int32Array | Float64Array,
  reach: number,
): Generator<void, ConstantField> {
  const { neurons, count } = memory
  const square = count * count
  const means = yield* summedPatterns(kernels, memory)
  const same = means.every((c) => c * c === square)
  const unit = unitOf(reach, count)
  const whole = reach * square * count < EXACT
  const values = new Float64Array(neurons)
  let looked = 0
  for (let i = 0; i < neurons; i++) {
    let [heard, spread, more] = [0, 0, 0n]
    let hearsItself = false
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const j = sources[k]
      const c = means[j]
      spread += same ? square : square - c * c
      if (j === i) hearsItself = true
      if (whole) heard += weights[k] * c
      else more += BigInt(weights[k]) * BigInt(c)
    }
    if (!hearsItself) spread += same ? square : square - means[i] * means[i]
    values[i] = constantOf(count, means[i], spread, whole ? heard : more, 0, unit)
    looked += starts[i + 1] - starts[i] + 1
    if (looked < SOME) continue
    looked = 0
    yield
  }
  return { unit, values }
}

/** Connections per step: some tenths of a millisecond. */
const SOME = 2 ** 14

/** c_i = Σ_μ ξ_i^μ. */
function* summedPatterns(
  kernels: Kernels,
  { neurons, count, columns }: CoupledMemory,
): Generator<void, Float64Array> {
  const out = new Float64Array(neurons)
  yield* signedSums(kernels, columns, columnWords(count), new Float64Array(count).fill(1), out)
  return out
}

function* signedSums(
  kernels: Kernels,
  bits: Uint32Array,
  stride: number,
  values: Float64Array,
  out: Float64Array,
): Generator<void, void> {
  for (const [from, to] of inSlices(kernels, out.length, values.length)) {
    const some = bits.subarray(from * stride, to * stride)
    kernels.signedSums(some, stride, values.length, values, to - from, out.subarray(from, to))
    yield
  }
}

/** The same of whole numbers of any size, column by column. */
function* exactSums(
  kernels: Kernels,
  columns: Uint32Array,
  values: Float64Array,
  neurons: number,
): Generator<void, (i: number) => number | bigint> {
  const stride = columnWords(values.length)
  const low = new Float64Array(neurons)
  if (values.reduce((sum, x) => sum + Math.abs(x), 0) < EXACT / 2) {
    yield* signedSums(kernels, columns, stride, values, low)
    return (i) => low[i]
  }
  const multiples = values.map((x) => Math.floor(x / PART))
  const high = new Float64Array(neurons)
  yield* signedSums(kernels, columns, stride, multiples, high)
  const rest = values.map((x, mu) => x - multiples[mu] * PART)
  yield* signedSums(kernels, columns, stride, rest, low)
  return (i) => BigInt(high[i]) * BigInt(PART) + BigInt(low[i])
}

/** k = K·u/P² of K = c·spread − P·(heard − own). */
function constantOf(
  count: number,
  c: number,
  spread: number,
  heard: number | bigint,
  own: number,
  unit: number,
): number {
  // Not −0, which fields of zero would show.
  if (typeof heard === 'number' && unit === count * count) return c * spread - count * (heard - own) + 0
  const exact = BigInt(c) * BigInt(spread) - BigInt(count) * (BigInt(heard) - BigInt(own))
  const [scaled, square] = [exact * BigInt(unit), BigInt(count) * BigInt(count)]
  if (square === 0n) return 0
  const quotient = scaled / square
  const rest = scaled - quotient * square
  if (rest === 0n || quotient % 2n !== 0n) return Number(quotient)
  return Number(quotient + (rest > 0n ? 1n : -1n))
}
