import { Pace } from '../../platform/pace.js'
import { atOnce, later } from '../../platform/turn.js'
import {
  type CodePlan,
  type CovarianceMemory,
  countDone,
  type Kernels,
  type SynapseMemory,
  stopped,
} from '../contract/kernels.js'
import { rowWords, tailMask } from '../contract/layout.js'

/** {@link Kernels.recallCodes} */
export function recallCodes(...work: Parameters<Kernels['recallCodes']>): void {
  atOnce(calling(...work))
}

/** In steps; `each` hears of every code that is done. */
function* calling(
  ...[memory, starts, units, count, plan, rows, outcomes, each]: [
    ...Parameters<Kernels['recallCodes']>,
    each?: () => void,
  ]
): Generator<void, void> {
  const stride = rowWords(memory.outputs)
  for (let b = 0; b < count; b++) {
    let active = units.subarray(starts[b], starts[b + 1])
    let [steps, settled] = [0, false]
    while (steps < plan.steps && !settled) {
      yield
      const next =
        memory.form === 'synapses'
          ? yield* connected(memory, active, plan)
          : yield* drawn(memory, active, plan)
      settled = memory.auto && next.length === active.length && next.every((i, k) => i === active[k])
      active = next
      steps++
      if (!memory.auto) break
    }
    const row = rows.subarray(b * stride, (b + 1) * stride).fill(0)
    for (const i of active) row[i >>> 5] |= 1 << (i & 31)
    outcomes.set([steps, settled ? 1 : 0], 2 * b)
    each?.()
  }
}

/** {@link Kernels.recallCodesAsync} */
export async function recallCodesAsync(...work: Parameters<Kernels['recallCodesAsync']>): Promise<void> {
  const [memory, starts, units, count, plan, rows, outcomes, flag] = work
  const steps = calling(memory, starts, units, count, plan, rows, outcomes, () => countDone(flag))
  await later(steps, () => stopped(flag))
}

/** The output units that enough of the active input units have a synapse to. No unit calls up nothing. */
function* connected(
  memory: SynapseMemory,
  active: Uint32Array,
  plan: CodePlan,
): Generator<void, Uint32Array> {
  const pace = new Pace()
  const { outputs, weights } = memory
  const { threshold = Math.max(active.length, 1), winners } = plan
  const stride = rowWords(outputs)
  if (winners === undefined && threshold === active.length) return yield* inCommon(memory, active)
  const counts = new Uint32Array(outputs)
  for (const unit of active) {
    for (let j = 0; j < outputs; j++) counts[j] += (weights[unit * stride + (j >>> 5)] >>> (j & 31)) & 1
    if (pace.due(2 * outputs)) yield
  }
  return winners === undefined ? where(counts, (count) => count >= threshold) : strongest(counts, winners)
}

/** Those that all of them have a synapse to, 32 at a time. */
function* inCommon({ outputs, weights }: SynapseMemory, active: Uint32Array): Generator<void, Uint32Array> {
  const pace = new Pace()
  const stride = rowWords(outputs)
  const found: number[] = []
  for (let w = 0; w < Math.ceil(outputs / 32); w++) {
    let common = w === outputs >>> 5 ? tailMask(outputs) : 0xffffffff
    for (const unit of active) common &= weights[unit * stride + w]
    if (pace.due(active.length)) yield
    for (; common !== 0; common &= common - 1) found.push(w * 32 + 31 - Math.clz32(common & -common))
  }
  return Uint32Array.from(found)
}

/**
 * The output units whose field h_i = Σ_j J_ij s_j is above the threshold, J_ij = Σ_μ (η_i^μ − a)(ξ_j^μ − a)/(a(1 − a)n). With
 * o^μ the units that pattern μ and the cue share and S those of the cue, in whole numbers but for the last line:
 * O_i = Σ_μ η_i^μ o^μ, and h_i = (O_i − aS·n_i − a(Σ_μ o^μ − aS·M) − own)/(a(1 − a)n), `own` what an active unit would tell itself.
 */
function* drawn(memory: CovarianceMemory, active: Uint32Array, plan: CodePlan): Generator<void, Uint32Array> {
  const pace = new Pace()
  const { inputs, outputs, auto, count, activity: a, starts, patterns } = memory
  const { threshold = 0.5, winners } = plan
  const shared = new Uint32Array(count)
  for (const j of active) {
    for (let k = starts[j]; k < starts[j + 1]; k++) shared[patterns[k]]++
    if (pace.due(starts[j + 1] - starts[j])) yield
  }
  const fields = new Float64Array(outputs)
  let total = 0
  for (let mu = 0; mu < count; mu++) {
    if (shared[mu] === 0) continue
    total += shared[mu]
    const { outputStarts, outputUnits } = memory
    for (let k = outputStarts[mu]; k < outputStarts[mu + 1]; k++) fields[outputUnits[k]] += shared[mu]
    if (pace.due(outputStarts[mu + 1] - outputStarts[mu])) yield
  }
  const expected = a * active.length
  const base = a * (total - expected * count)
  const scale = a * (1 - a) * inputs
  const own = new Float64Array(outputs)
  // Σ_μ (ξ_i^μ − a)².
  if (auto) for (const i of active) own[i] = memory.shares[i] * (1 - 2 * a) + a * a * count
  for (let i = 0; i < outputs; i++) {
    fields[i] = (fields[i] - expected * memory.shares[i] - base - own[i]) / scale
  }
  return winners === undefined ? where(fields, (field) => field > threshold) : strongest(fields, winners)
}

function where(values: Uint32Array | Float64Array, wanted: (value: number) => boolean): Uint32Array {
  const found: number[] = []
  for (let i = 0; i < values.length; i++) if (wanted(values[i])) found.push(i)
  return Uint32Array.from(found)
}

/** The `winners` largest, ascending by index; of equal ones those of lowest index. */
function strongest(values: Uint32Array | Float64Array, winners: number): Uint32Array {
  const ranked = Uint32Array.from(values, (_, j) => j).sort((i, j) => values[j] - values[i] || i - j)
  return ranked.slice(0, winners).sort()
}
