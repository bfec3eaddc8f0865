import type { CouplingTable } from '../problems/coupling-table.js'
import type { Model } from '../problems/ising-model.js'

/** out_i = Σ_j J_ij v_j, in ascending order of j. */
function product({ starts, sources, weights }: CouplingTable, v: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let k = starts[i], end = starts[i + 1]; k < end; k++) sum += weights[k] * v[sources[k]]
    out[i] = sum
  }
}

/** Products that find the largest eigenvalue well enough for a length of step, fewer where they take long. */
const TURNS = { most: 30, least: 8, operations: 2 ** 24 }
/** How oscillators are coupled, and how long a step may be. */
export interface Oscillators {
  /** c₀ = 1/2σ: what couplings are multiplied by (Goto et al. 2021). */
  readonly strength: number
  /** What the stiffest mode takes for a radian. */
  readonly radian: number
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
  const turns = Math.max(TURNS.least, Math.floor(TURNS.operations / Math.max(table.sources.length, 1)))
  for (let turn = 0; turn < Math.min(TURNS.most, turns); turn++) {
    const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0))
    if (length === 0) break
    for (let i = 0; i < variables; i++) v[i] /= length
    product(table, v, out)
    radius = Math.sqrt(out.reduce((sum, x) => sum + x * x, 0))
    ;[v, out] = [out, v]
  }
  return { strength, radian: 1 / Math.sqrt(1 + strength * radius) }
}
