import type { CouplingTable } from '../problems/coupling-table.js'
import type { Model } from '../problems/ising-model.js'

export const VARIANTS = ['ballistic', 'discrete', 'generalised'] as const
export type Variant = (typeof VARIANTS)[number]

/** out_i = Σ_j J_ij v_j, in ascending order of j. */
export function product(
  { starts, sources, weights }: CouplingTable,
  v: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let k = starts[i], end = starts[i + 1]; k < end; k++) sum += weights[k] * v[sources[k]]
    out[i] = sum
  }
}

/** Multiplications that find the largest eigenvalue well enough for a length of step. */
const TURNS = 30
/** Steps are so long, in units of what the stiffest mode takes for a radian. Beyond 2 it would grow without end. */
const STIFF = 1.1

/** How oscillators are coupled, and how long a step may be. */
export interface Oscillators {
  /** c₀ = 1/2σ: what couplings are multiplied by (Goto et al. 2021). */
  readonly strength: number
  readonly step: number
}

/**
 * The largest |λ| of J by power iteration tells the stiffest mode, x″ = −(1 + c₀|λ|)·x. Where all weights of a graph are positive, that is
 * the uniform one, and with steps too long for it all oscillators swing together for ever: it is far stiffer than the others.
 */
export function oscillators({ table }: Model, variables: number, sigma: number): Oscillators {
  const strength = 0.5 / sigma
  let v = Float64Array.from({ length: variables }, (_, i) => 1 + (i % 7) / 64)
  let out = new Float64Array(variables)
  let radius = 0
  for (let turn = 0; turn < TURNS; turn++) {
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))
    if (length === 0) break
    for (let i = 0; i < variables; i++) v[i] /= length
    product(table, v, out)
    radius = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0))
    ;[v, out] = [out, v]
  }
  return { strength, step: STIFF / Math.sqrt(1 + strength * radius) }
}

/** A: how much an oscillator near a wall keeps of its pump. */
const KEPT = 0.8

/** One set of oscillators, with inelastic walls at ±1. */
export class Bifurcation {
  readonly x: Float64Array
  readonly #y: Float64Array
  /** Pump of each: from 1 to 0. */
  readonly #pump: Float64Array
  readonly #driven: Float64Array
  readonly #force: Float64Array
  readonly #model: Model
  readonly #variant: Variant
  readonly #how: Oscillators

  constructor(model: Model, variant: Variant, how: Oscillators, x: Float64Array) {
    this.x = x
    this.#model = model
    this.#variant = variant
    this.#how = how
    this.#y = new Float64Array(x.length)
    this.#pump = new Float64Array(x.length).fill(1)
    this.#driven = new Float64Array(x.length)
    this.#force = new Float64Array(x.length)
  }

  /** One step, of which `left` are to be made with it: symplectic Euler. */
  step(left: number): void {
    const { table, fields } = this.#model
    const { strength, step } = this.#how
    const [x, y, pump, force] = [this.x, this.#y, this.#pump, this.#force]
    const discrete = this.#variant === 'discrete'
    const kept = this.#variant === 'generalised' ? KEPT : 0
    const driven = discrete ? this.#driven : x
    if (discrete) for (let i = 0; i < x.length; i++) driven[i] = x[i] < 0 ? -1 : 1
    product(table, driven, force)
    // A field is a neighbour that is always +1, and as far from 0 as the others are by then: else it alone would decide all reads.
    const far =
      discrete || fields === undefined ? 1 : Math.sqrt(x.reduce((sum, at) => sum + at * at, 0) / x.length)
    for (let i = 0; i < x.length; i++) {
      const pull = strength * (force[i] + (fields === undefined ? 0 : far * fields[i]))
      y[i] += step * (pull - pump[i] * x[i])
      x[i] += step * y[i]
      if (x[i] > 1 || x[i] < -1) {
        x[i] = x[i] > 0 ? 1 : -1
        y[i] = 0
      }
      pump[i] *= 1 - (1 - kept * x[i] * x[i]) / left
    }
  }
}
