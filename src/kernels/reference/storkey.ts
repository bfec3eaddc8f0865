import { fold8 } from '../../numerics/dot8.js'
import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { paddedStride, rowWords, spin } from '../contract/layout.js'

export function storkey(...given: Parameters<typeof storkeySteps>): void {
  atOnce(storkeySteps(...given))
}

/** In steps. */
export function* storkeySteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  weights: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = paddedStride(neurons)
  const share = 1 / neurons
  const x = new Float64Array(neurons)
  const field = new Float64Array(neurons)
  for (let mu = 0; mu < count; mu++) {
    for (let j = 0; j < neurons; j++) x[j] = spin(rows, j, mu * rowWords(neurons))
    for (let i = 0; i < neurons; i++) {
      const sums = new Float64Array(8)
      for (let k = 0; k < neurons; k++) sums[k & 7] += weights[i * stride + k] * x[k]
      field[i] = fold8(sums)
      if (pace.due(2 * neurons)) yield
    }
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) {
        const at = i * stride + j
        if (i === j) weights[at] = 0
        else weights[at] += (x[i] * x[j] + 2 * weights[at] - (x[i] * field[j] + field[i] * x[j])) * share
      }
      if (pace.due(2 * neurons)) yield
    }
  }
}

export function rankOne(...given: Parameters<typeof rankOneSteps>): void {
  atOnce(rankOneSteps(...given))
}

/** In steps. */
export function* rankOneSteps(
  state: Uint32Array,
  neurons: number,
  factor: number,
  weights: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = paddedStride(neurons)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      if (i !== j) weights[i * stride + j] += factor * (spin(state, i) * spin(state, j))
    }
    if (pace.due(2 * neurons)) yield
  }
}
