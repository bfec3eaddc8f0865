import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { columnWords, paddedStride, popcount32 } from '../contract/layout.js'

export function hebbian(...given: Parameters<typeof hebbianSteps>): void {
  atOnce(hebbianSteps(...given))
}

/** In steps. */
export function* hebbianSteps(
  columns: Uint32Array,
  count: number,
  neurons: number,
  sign: 1 | -1,
  weights: Int32Array,
  fresh: boolean,
): Generator<void, void> {
  const pace = new Pace()
  const stride = paddedStride(neurons)
  if (fresh) weights.fill(0, 0, neurons * stride)
  const height = columnWords(count)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < i; j++) {
      let differing = 0
      for (let k = 0; k < height; k++)
        differing += popcount32(columns[i * height + k] ^ columns[j * height + k])
      const delta = sign * (count - 2 * differing)
      weights[i * stride + j] += delta
      weights[j * stride + i] += delta
    }
    if (pace.due(i * (height + 4))) yield
  }
}

export function quotients(...given: Parameters<typeof quotientSteps>): void {
  atOnce(quotientSteps(...given))
}

/** In steps. */
export function* quotientSteps(
  integers: Int32Array,
  count: number,
  divisor: number,
  out: Float64Array,
): Generator<void, void> {
  const pace = new Pace()
  for (let k = 0; k < count; k++) {
    out[k] = integers[k] / divisor
    if (pace.due(1)) yield
  }
}
