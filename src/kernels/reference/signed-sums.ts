import { spin } from '../contract/layout.js'

export function signedSums(
  bits: Uint32Array,
  stride: number,
  count: number,
  values: Float64Array,
  rows: number,
  out: Float64Array,
): void {
  for (let r = 0; r < rows; r++) {
    let sum = 0
    for (let k = 0; k < count; k++) sum += spin(bits, k, r * stride) * values[k]
    out[r] = sum
  }
}
