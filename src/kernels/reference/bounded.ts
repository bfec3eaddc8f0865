import { columnWords, paddedStride, popcount32, rowWords, spin } from '../contract/layout.js'

export function bounded(
  rows: Uint32Array,
  count: number,
  neurons: number,
  limit: number,
  weights: Int32Array,
): void {
  const stride = paddedStride(neurons)
  for (let mu = 0; mu < count; mu++) {
    const at = mu * rowWords(neurons)
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) {
        if (i === j) continue
        const next = weights[i * stride + j] + spin(rows, i, at) * spin(rows, j, at)
        weights[i * stride + j] = Math.min(Math.max(next, -limit), limit)
      }
    }
  }
}

export function clipped(columns: Uint32Array, count: number, neurons: number, signs: Uint32Array): void {
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
  }
}
