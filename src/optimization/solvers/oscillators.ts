import { inRows } from '../problems/coupling-facts.js'
import type { CouplingTable } from '../problems/coupling-table.js'
import type { Model } from '../problems/ising-model.js'

/** out_i = Σ_j J_ij v_j, in ascending order of j. */
function* product(table: CouplingTable, v: Float64Array, out: Float64Array): Generator<void, void> {
  const { starts, sources, weights } = table
  for (const [from, to] of inRows(table)) {
    for (let i = from; i < to; i++) {
      let sum = 0
      for (let k = starts[i], end = starts[i + 1]; k < end; k++) sum += weights[k] * v[sources[k]]
      out[i] = sum
    }
    yield
  }
}

/** The Euclidean length of a vector. */
function lengthOf(v: Float64Array): number {
  let squares = 0
  for (let i = 0; i < v.length; i++) squares += v[i] * v[i]
  return Math.sqrt(squares)
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
 * the uniform one, and with steps too long for it all oscillators swing together for ever: it is far stiffer than the others. Found in small steps.
 */
export function* oscillators(
  { table }: Model,
  variables: number,
  sigma: number,
): Generator<void, Oscillators> {
  const strength = 0.5 / sigma
  let v = new Float64Array(variables)
  for (let i = 0; i < variables; i++) v[i] = 1 + (i % 7) / 64
  yield
  let out = new Float64Array(variables)
  let radius = 0
  const turns = Math.max(TURNS.least, Math.floor(TURNS.operations / Math.max(table.sources.length, 1)))
  for (let turn = 0; turn < Math.min(TURNS.most, turns); turn++) {
    const length = lengthOf(v)
    if (length === 0) break
    for (let i = 0; i < variables; i++) v[i] /= length
    yield
    yield* product(table, v, out)
    radius = lengthOf(out)
    ;[v, out] = [out, v]
  }
  return { strength, radian: 1 / Math.sqrt(1 + strength * radius) }
}
