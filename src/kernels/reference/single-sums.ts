import { fused } from '../../numerics/fused.js'
import { Pace } from '../../platform/pace.js'
import { KEY_TILE, type KeyMemory, WEIGHT_UNIT } from '../contract/kernels.js'

/** Sixteen accumulators of f32, element k in k mod 16, each product fused with its sum; folded k and k + 8, k + 4, k + 2, k + 1. */
export function dot16(a: Float32Array, at: number, b: Float32Array, bt: number, length: number): number {
  const sums = new Float32Array(16)
  for (let k = 0; k < length; k++) sums[k & 15] = fused(a[at + k], b[bt + k], sums[k & 15])
  for (let half = 8; half >= 1; half /= 2) for (let k = 0; k < half; k++) sums[k] += sums[k + half]
  return sums[0]
}

/** Sums of values by weights: in f32 within a tile of keys, in f64 from tile to tile. */
export class SingleSums {
  readonly #memory: KeyMemory
  readonly #weights: Float32Array

  constructor(memory: KeyMemory, weights: Float32Array) {
    this.#memory = memory
    this.#weights = weights
  }

  /** Adds to `sum`, one number a column. In steps. */
  *read(sum: Float64Array): Generator<void, void> {
    const pace = new Pace()
    const { count, width, values } = this.#memory
    const tile = new Float32Array(width)
    for (let from = 0; from < count; from += KEY_TILE) {
      tile.fill(0)
      for (let mu = from; mu < Math.min(from + KEY_TILE, count); mu++) {
        const w = this.#weights[mu] * WEIGHT_UNIT
        if (w === 0) continue
        for (let c = 0; c < width; c++) tile[c] = fused(w, values[mu * width + c], tile[c])
        if (pace.due(8 * width)) yield
      }
      for (let c = 0; c < width; c++) sum[c] += tile[c]
    }
    for (let c = 0; c < width; c++) sum[c] /= WEIGHT_UNIT
  }
}
