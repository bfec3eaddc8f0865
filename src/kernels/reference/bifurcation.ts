import { fold8 } from '../../numerics/dot8.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { type AnnealingMemory, type BifurcationPlan, KEPT_PUMP } from '../contract/kernels.js'
import { paddedStride } from '../contract/layout.js'

export function bifurcate(...given: Parameters<typeof bifurcateSteps>): void {
  atOnce(bifurcateSteps(...given))
}

/** In steps. */
export function* bifurcateSteps(
  memory: AnnealingMemory,
  plan: BifurcationPlan,
  positions: Float64Array,
  momenta: Float64Array,
  pumps: Float64Array,
  count: number,
): Generator<void, void> {
  const { neurons } = memory
  const pace = new Pace()
  for (let b = 0; b < count; b++) {
    const own = [positions, momenta, pumps].map((all) => all.subarray(b * neurons, (b + 1) * neurons))
    for (let k = 0; k < plan.numSteps; k++) yield* step(memory, plan, plan.left - k, own, pace)
  }
}

function* step(
  memory: AnnealingMemory,
  { variant, strength, step, externalField }: BifurcationPlan,
  left: number,
  [x, y, pump]: Float64Array[],
  pace: Pace,
): Generator<void, void> {
  const discrete = variant === 'discrete'
  const kept = variant === 'generalised' ? KEPT_PUMP : 0
  const driven = discrete ? x.map((at) => (at < 0 ? -1 : 1)) : x.slice()
  const far = discrete || externalField === undefined ? 1 : Math.sqrt(squares(x) / x.length)
  for (let i = 0; i < x.length; i++) {
    const force = fieldOf(memory, i, driven)
    const pull = strength * (externalField === undefined ? force : force + far * externalField[i])
    y[i] += step * (pull - pump[i] * x[i])
    x[i] += step * y[i]
    if (x[i] > 1 || x[i] < -1) {
      x[i] = x[i] > 0 ? 1 : -1
      y[i] = 0
    }
    pump[i] *= 1 - (1 - kept * x[i] * x[i]) / left
    if (pace.due(memory.weights.length / memory.neurons + 8)) yield
  }
}

/** dot8(x, x). */
function squares(x: Float64Array): number {
  const sums = new Float64Array(8)
  for (const [i, at] of x.entries()) sums[i & 7] += at * at
  return fold8(sums)
}

/** Σ_j J_ij v_j. */
function fieldOf(memory: AnnealingMemory, i: number, v: Float64Array): number {
  const sums = new Float64Array(8)
  const { weights } = memory
  if (memory.form === 'matrix') {
    const from = i * paddedStride(memory.neurons)
    for (let j = 0; j < memory.neurons; j++) sums[j & 7] += weights[from + j] * v[j]
    return fold8(sums)
  }
  const { starts, sources } = memory
  for (let k = starts[i]; k < starts[i + 1]; k++) sums[(k - starts[i]) & 7] += weights[k] * v[sources[k]]
  return fold8(sums)
}
