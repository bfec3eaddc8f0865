import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { columnWords, paddedStride, popcount32, rowWords, spin } from '../contract/layout.js'

export function bounded(...given: Parameters<typeof boundedSteps>): void {
  atOnce(boundedSteps(...given))
}

/** In steps. */
export function* boundedSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  limit: number,
  weights: Int32Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = paddedStride(neurons)
  for (let mu = 0; mu < count; mu++) {
    const at = mu * rowWords(neurons)
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) {
        if (i === j) continue
        const next = weights[i * stride + j] + spin(rows, i, at) * spin(rows, j, at)
        weights[i * stride + j] = Math.min(Math.max(next, -limit), limit)
      }
      if (pace.due(4 * neurons)) yield
    }
  }
}

export function clipped(...given: Parameters<typeof clippedSteps>): void {
  atOnce(clippedSteps(...given))
}

/** In steps. */
export function* clippedSteps(
  columns: Uint32Array,
  count: number,
  neurons: number,
  signs: Uint32Array,
): Generator<void, void> {
  const pace = new Pace()
  const height = columnWords(count)
  const words = rowWords(neurons)
  signs.fill(0, 0, neurons * words)
  for (let i = 0; i < neurons; i++) {
    for (let j = 0; j < neurons; j++) {
      let sum = count
      for (let k = 0; k < height; k++)
        sum -= 2 * popcount32(columns[i * height + k] ^ columns[j * height + k])
      if (i !== j && sum >= 0) signs[i * words + (j >>> 5)] |= 1 << (j & 31)
    }
    if (pace.due(neurons * (height + 4))) yield
  }
}
