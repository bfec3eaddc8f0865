import { spin } from '../kernels/contract/layout.js'

/**
 * The one order in which f64 dot products are summed: eight accumulators, element k to accumulator k mod 8 in
 * ascending k, folded as ((a0+a4)+(a2+a6)) + ((a1+a5)+(a3+a7)). Here with ±1 factors, so every product is exact.
 */
export function dot8Spins(values: ArrayLike<number>, neurons: number, state: Uint32Array): number {
  const a = new Float64Array(8)
  for (let k = 0; k < neurons; k++) a[k & 7] += spin(state, k) * values[k]
  return fold8(a)
}

/** The sum of eight accumulators in that order. */
export function fold8(a: Float64Array): number {
  return a[0] + a[4] + (a[2] + a[6]) + (a[1] + a[5] + (a[3] + a[7]))
}
