import { spin } from '../kernels/contract/layout.js'

/**
 * The order in which all f64 dot products are summed: element k is added to accumulator k mod 8, in ascending k, and the eight
 * accumulators are added as ((a0+a4)+(a2+a6)) + ((a1+a5)+(a3+a7)). One factor here is ±1, so every product is exact.
 */
export function dot8Spins(values: ArrayLike<number>, neurons: number, state: Uint32Array): number {
  const a = new Float64Array(8)
  for (let k = 0; k < neurons; k++) a[k & 7] += spin(state, k) * values[k]
  return fold8(a)
}

/** The same of two f32 vectors: every product is exact, so a fused multiply-add gives the same bits. */
export function dot8Singles(
  a: Float32Array,
  at: number,
  b: Float32Array,
  bt: number,
  length: number,
): number {
  const sums = new Float64Array(8)
  for (let k = 0; k < length; k++) sums[k & 7] += a[at + k] * b[bt + k]
  return fold8(sums)
}

/** The sum of the eight accumulators in that order. */
export function fold8(a: Float64Array): number {
  return a[0] + a[4] + (a[2] + a[6]) + (a[1] + a[5] + (a[3] + a[7]))
}
