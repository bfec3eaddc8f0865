import { NEVER_LEARNED } from '../contract/kernels.js'
import { paddedStride, rowWords, spin } from '../contract/layout.js'

const LARGEST_SQUARE = 2 ** 53

export function perceptron(
  rows: Uint32Array,
  count: number,
  neurons: number,
  kappa: number,
  maxEpochs: number,
  weights: Int32Array,
  epochs: Uint32Array,
): void {
  const words = rowWords(neurons)
  const stride = paddedStride(neurons)
  const patterns = Array.from({ length: count }, (_, mu) =>
    Float64Array.from({ length: neurons }, (_, j) => spin(rows, j, mu * words)),
  )
  for (let i = 0; i < neurons; i++) {
    const row = weights.subarray(i * stride, i * stride + neurons)
    const own = row[i]
    row[i] = 0
    epochs[i] = learn(row, i, patterns, kappa, maxEpochs)
    row[i] = own
  }
}

/** The epoch that changed nothing, from 1. */
function learn(
  row: Int32Array,
  i: number,
  patterns: Float64Array[],
  kappa: number,
  maxEpochs: number,
): number {
  let square = 0
  for (const weight of row) square += weight * weight
  if (!(square < LARGEST_SQUARE)) return NEVER_LEARNED
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    let changed = false
    for (const x of patterns) {
      let field = 0
      for (let j = 0; j < row.length; j++) field += row[j] * x[j]
      const aligned = x[i] * field
      if (aligned > kappa * Math.sqrt(square)) continue
      const larger = square + 2 * aligned + (row.length - 1)
      if (!(larger < LARGEST_SQUARE)) return NEVER_LEARNED
      for (let j = 0; j < row.length; j++) if (j !== i) row[j] += x[i] * x[j]
      square = larger
      changed = true
    }
    if (!changed) return epoch
  }
  return NEVER_LEARNED
}
