import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { countDone, type Flag, NEVER_LEARNED } from '../contract/kernels.js'
import { paddedStride, rowWords, spin } from '../contract/layout.js'

const LARGEST_SQUARE = 2 ** 53

export function perceptron(...given: Parameters<typeof perceptronSteps>): void {
  atOnce(perceptronSteps(...given))
}

/** In steps. */
export function* perceptronSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  kappa: number,
  maxEpochs: number,
  weights: Int32Array,
  epochs: Uint32Array,
  flag: Flag | undefined = undefined,
): Generator<void, void> {
  const pace = new Pace()
  const words = rowWords(neurons)
  const stride = paddedStride(neurons)
  const patterns: Float64Array[] = []
  for (let mu = 0; mu < count; mu++) {
    patterns.push(Float64Array.from({ length: neurons }, (_, j) => spin(rows, j, mu * words)))
    if (pace.due(8 * neurons)) yield
  }
  for (let i = 0; i < neurons; i++) {
    const row = weights.subarray(i * stride, i * stride + neurons)
    const own = row[i]
    row[i] = 0
    epochs[i] = yield* learn(row, i, patterns, kappa, maxEpochs, pace)
    row[i] = own
    countDone(flag)
  }
}

/** The epoch that changed nothing, from 1. */
function* learn(
  row: Int32Array,
  i: number,
  patterns: Float64Array[],
  kappa: number,
  maxEpochs: number,
  pace: Pace,
): Generator<void, number> {
  let square = 0
  for (const weight of row) square += weight * weight
  if (!(square < LARGEST_SQUARE)) return NEVER_LEARNED
  for (let epoch = 1; epoch <= maxEpochs; epoch++) {
    let changed = false
    for (const x of patterns) {
      if (pace.due(2 * row.length)) yield
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
