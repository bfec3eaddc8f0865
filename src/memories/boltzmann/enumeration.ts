import type { Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { each } from '../../storage/record.js'

/** Most units whose states are all gone through: 2^20 states, eight megabytes. */
export const MOST_STATES = 20
const SOME = 2 ** 14

/** The states of some ±1 units by number: bit i of k is 1 where unit i is +1. */
export interface States {
  readonly units: number
  /** p of each state. */
  readonly chances: Float64Array
  readonly logPartition: number
}

/** p(s) = e^(½ sᵀJs + b·s)/Z of all states. Each follows from one in which one unit less is +1. */
export function* enumerate(units: number, weights: Float64Array, biases: Float64Array): Steps<States> {
  const count = 2 ** units
  const stride = paddedStride(units)
  const chances = allocate('states', count * 8, () => new Float64Array(count))
  let first = 0
  for (let i = 0; i < units; i++) {
    first -= biases[i]
    for (let j = 0; j < i; j++) first += weights[i * stride + j]
  }
  chances[0] = first
  let most = first
  for (let k = 1; k < count; k++) {
    const i = 31 - Math.clz32(k)
    const before = k - 2 ** i
    let field = biases[i]
    for (let j = 0; j < units; j++)
      field += (before >>> j) & 1 ? weights[i * stride + j] : -weights[i * stride + j]
    chances[k] = chances[before] + 2 * field
    if (chances[k] > most) most = chances[k]
    if (k % SOME === 0) yield
  }
  let sum = 0
  for (let k = 0; k < count; k++) {
    chances[k] = exp(chances[k] - most)
    sum += chances[k]
    if (k % SOME === 0) yield
  }
  for (let k = 0; k < count; k++) chances[k] /= sum
  return { units, chances, logPartition: most + log(sum) }
}

/** What clamping makes of p: visible units, the lowest bits, come as often as in the rows; the others as p has them beside these. */
export function* clamped(states: States, visible: number, rows: Float64Array): Steps<Float64Array> {
  const { chances } = states
  const own = new Float64Array(2 ** visible)
  for (let k = 0; k < chances.length; k++) own[k % own.length] += chances[k]
  yield
  return chances.map((p, k) =>
    rows[k % own.length] === 0 ? 0 : (p / own[k % own.length]) * rows[k % own.length],
  )
}

/** ⟨s_i⟩ and ⟨s_i s_j⟩, from all products of units at once (Walsh and Hadamard). */
export interface Moments {
  readonly means: Float64Array
  /** Rows of paddedStride(units), 0 where i = j. */
  readonly pairs: Float64Array
}

/** @param chances is overwritten. */
export function* momentsOf(units: number, chances: Float64Array): Steps<Moments> {
  for (let half = 1; half < chances.length; half *= 2) {
    for (let from = 0; from < chances.length; from += 2 * half) {
      for (let k = from; k < from + half; k++) {
        const [a, b] = [chances[k], chances[k + half]]
        chances[k] = a + b
        chances[k + half] = a - b
      }
    }
    yield
  }
  // A set bit is +1, so each unit of a product has the opposite sign.
  const means = Float64Array.from({ length: units }, (_, i) => 0 - chances[2 ** i])
  const stride = paddedStride(units)
  const pairs = new Float64Array(units * stride)
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) if (i !== j) pairs[i * stride + j] = chances[2 ** i + 2 ** j]
  }
  return { means, pairs }
}

/** Moments of the data, less those of the machine. @param data is overwritten. */
export function* less(data: Moments, machine: Moments): Generator<void, Moments> {
  for (const name of ['means', 'pairs'] as const) {
    const [to, by] = [data[name], machine[name]]
    yield* each(to.length, (k) => {
      to[k] -= by[k]
    })
  }
  return data
}
