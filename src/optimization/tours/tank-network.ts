import type { Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { GradedNetwork } from '../../kernels/contract/kernels.js'
import { paddedStride } from '../../kernels/contract/layout.js'
import type { Distances } from '../problems/distances.js'

/** Which constants a network for round trips has, and how its neurons follow their inputs. */
export type TankParameters = 'hopfield-tank' | 'talavan-yanez' | 'subspace'
export const TANK_PARAMETERS: readonly TankParameters[] = ['hopfield-tank', 'talavan-yanez', 'subspace']

/**
 * E = A/2 Σ_c Σ_p Σ_(q≠p) V_cp V_cq + B/2 Σ_p Σ_c Σ_(d≠c) V_cp V_dp + C/2 (Σ V − n′)² + D/2 Σ_c Σ_d Σ_p d_cd V_cp (V_d(p+1) + V_d(p−1)).
 * With `sums` the first two are A/2 Σ_c (Σ_p V_cp − 1)² and B/2 Σ_p (Σ_c V_cp − 1)².
 */
export interface TankConstants {
  readonly A: number
  readonly B: number
  readonly C: number
  readonly D: number
  /** n′. */
  readonly count: number
  readonly sums: boolean
}

/** V = 1/(1 + e^(−γu)) and du/dt = input − rate·u. */
export interface TankDynamics {
  readonly rate: number
  /** γ of the first and the last sweep. */
  readonly gains: readonly [from: number, to: number]
  /** The mean of V at the start, and how far γu may be from its logit. */
  readonly start: number
  readonly spread: number
  readonly sweeps: number
  /** Length of a step at a gain. */
  step(gain: number): number
  /** κ of the last fifth of the sweeps: each neuron gets κ·(V − ½) more, and so does not remain between 0 and 1. */
  readonly settling: number
}

export interface TankRecipe extends TankConstants, TankDynamics {}

/** u₀ of Hopfield and Tank: g(u) = (1 + tanh(u/u₀))/2, so γ = 2/u₀. */
const U0 = 0.02
/** C of Talaván and Yáñez: the smaller, the surer. */
const SMALL = 1e-5

export function recipeOf(parameters: TankParameters, distances: Distances): TankRecipe {
  const { cities: n } = distances
  const [largest, smallest] = extremes(distances)
  if (parameters === 'hopfield-tank') {
    // Their cities are in the unit square; others are made as large.
    const D = 500 / (largest > Math.SQRT2 ? largest : 1)
    const constants = { A: 500, B: 500, C: 200, D, count: 1.5 * n, sums: false }
    const gain = 2 / U0
    // u is U0/2·logit(1/n), and up to a tenth of U0 beside it.
    const start = { start: 1 / n, spread: 0.1 * U0 * gain }
    return {
      ...constants,
      ...start,
      rate: 1,
      gains: [gain, gain],
      sweeps: 10_000,
      step: () => 1e-5,
      settling: 0,
    }
  }
  if (parameters === 'talavan-yanez') {
    const B = 3 + SMALL
    const A = B - smallest / largest
    const constants = { A, B, C: SMALL, D: 1 / largest, count: n + 3 / SMALL, sums: false }
    const gain = 4
    // A quarter of the gain is the most that an output follows its potential by, and this the most that a potential follows outputs by.
    const most = (A + B) * n + SMALL * n * n + 2 * n
    const start = { start: 0.5, spread: 0.002 }
    return {
      ...constants,
      ...start,
      rate: 0,
      gains: [gain, gain],
      sweeps: 10_000,
      step: () => 0.5 / most,
      settling: 0,
    }
  }
  // Pulls V into the subspace in which all sums are 1, by the projection I − R⊗R, R = I − 11ᵀ/n, n times.
  const constants = { A: 1, B: 1, C: -1 / n, D: 1 / largest, count: n, sums: true }
  const start = { start: 1 / n, spread: 0.05 }
  const step = (gain: number): number => Math.min(0.5, 15 / gain) / n
  return { ...constants, ...start, rate: 1, gains: [1, 30], sweeps: 150 * n, step, settling: 1 }
}

function extremes({ cities: n, matrix }: Distances): [largest: number, smallest: number] {
  let [largest, smallest] = [0, Number.POSITIVE_INFINITY]
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      largest = Math.max(largest, matrix[a * n + b])
      smallest = Math.min(smallest, matrix[a * n + b])
    }
  }
  return largest > 0 ? [largest, smallest] : [1, 1]
}

/** All of a network but its gain, which rises. */
export type TankNetwork = Omit<GradedNetwork, 'gain'>

/** Neuron c·n + p says that city c has place p. @param settling κ. */
export function* tankNetwork(
  { cities: n, matrix }: Distances,
  { A, B, C, D, count, sums, rate }: TankRecipe,
  settling: number,
): Steps<TankNetwork> {
  const neurons = n * n
  const stride = paddedStride(neurons)
  const weights = allocate('couplings', neurons * stride * 8, () => new Float64Array(neurons * stride))
  for (let c = 0; c < n; c++) {
    for (let p = 0; p < n; p++) {
      const at = (c * n + p) * stride
      weights.fill(-C, at, at + neurons)
      for (let q = 0; q < n; q++) if (sums || q !== p) weights[at + c * n + q] -= A
      for (let d = 0; d < n; d++) {
        if (sums || d !== c) weights[at + d * n + p] -= B
        if (d === c) continue
        weights[at + d * n + ((p + 1) % n)] -= D * matrix[c * n + d]
        weights[at + d * n + ((p + n - 1) % n)] -= D * matrix[c * n + d]
      }
      weights[at + c * n + p] += settling
    }
    yield
  }
  const input = C * count + (sums ? A + B : 0) - settling / 2
  return {
    neurons,
    weights,
    connections: undefined,
    externalField: new Float64Array(neurons).fill(input),
    activation: 'logistic',
    rate,
  }
}

/** E of a network for round trips, term by term. */
export interface TankTerms {
  /** Cities that are in several places, or in none. */
  cities: number
  /** Places that have several cities, or none. */
  places: number
  /** How many places are taken. */
  count: number
  /** The length of the tour. */
  length: number
}

export function tankTerms(
  { cities: n, matrix }: Distances,
  { A, B, C, D, count, sums }: TankConstants,
  v: Float64Array,
): TankTerms {
  const [rows, columns] = [new Float64Array(n), new Float64Array(n)]
  let [all, squares, length] = [0, 0, 0]
  for (let c = 0; c < n; c++) {
    for (let p = 0; p < n; p++) {
      const x = v[c * n + p]
      rows[c] += x
      columns[p] += x
      all += x
      squares += x * x
      const [next, last] = [(p + 1) % n, (p + n - 1) % n]
      for (let d = 0; d < n; d++) length += matrix[c * n + d] * x * (v[d * n + next] + v[d * n + last])
    }
  }
  // Σ_(q≠p) V_p V_q is the square of the sum less the sum of squares.
  const crowd = (of: Float64Array): number =>
    sums
      ? of.reduce((total, x) => total + (x - 1) ** 2, 0)
      : of.reduce((total, x) => total + x * x, 0) - squares
  return {
    cities: (A / 2) * crowd(rows),
    places: (B / 2) * crowd(columns),
    count: (C / 2) * (all - count) ** 2,
    length: (D / 2) * length,
  }
}
