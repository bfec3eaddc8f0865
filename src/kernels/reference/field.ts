import { Pace } from '../../platform/pace.js'
import { columnWords, rowWords, spin } from '../contract/layout.js'

/** Σ of values[base + b] over the one bits b of a word. */
function sumOfSetBits(word: number, values: Int32Array | Float64Array, base: number): number {
  let sum = 0
  for (let rest = word; rest !== 0; rest &= rest - 1) sum += values[base + 31 - Math.clz32(rest & -rest)]
  return sum
}

/** In steps. */
export function* implicitFieldSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  overlaps: Int32Array,
  state: Uint32Array,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = rowWords(neurons)
  const used = Math.ceil(neurons / 32)
  let total = 0
  for (let mu = 0; mu < count; mu++) total += overlaps[mu]
  // Σ_μ ξ_i v^μ = 2·(Σ of v^μ where ξ_i^μ = +1) − Σ_μ v^μ: only one bits are visited.
  for (let i = 0; i < neurons; i++) out[i] = 0 - total - count * spin(state, i)
  for (let mu = 0; mu < count; mu++) {
    const vote = 2 * overlaps[mu]
    for (let k = 0; k < used; k++) {
      for (let rest = rows[mu * stride + k]; rest !== 0; rest &= rest - 1) {
        out[k * 32 + 31 - Math.clz32(rest & -rest)] += vote
      }
    }
    if (pace.due(neurons)) yield
  }
}

/** The field of one neuron from its column; `total` is Σ_μ v^μ. */
export function columnField(
  columns: Uint32Array,
  count: number,
  neuron: number,
  overlaps: Int32Array,
  total: number,
  value: 1 | -1,
): number {
  const height = columnWords(count)
  let positive = 0
  for (let k = 0; k < height; k++) positive += sumOfSetBits(columns[neuron * height + k], overlaps, k * 32)
  return 2 * positive - total - count * value
}
