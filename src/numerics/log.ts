import { LN2_HIGH, LN2_LOW } from './exp.js'

/**
 * ln x, the same on every engine. With x = 2^k·(1 + f), s = f/(2 + f) and ln(1 + f) = 2·artanh(s)
 * = f − s·(f − R), R = 2s²/3 + 2s⁴/5 + …; at most 1 ulp from the exact value (elementary.test.ts).
 */

const bits = new Uint32Array(2)
const real = new Float64Array(bits.buffer)

/** 2/(2k + 1) for k = 11…1. */
const SERIES: readonly number[] = [
  2 / 23,
  2 / 21,
  2 / 19,
  2 / 17,
  2 / 15,
  2 / 13,
  2 / 11,
  2 / 9,
  2 / 7,
  2 / 5,
  2 / 3,
]

/** The upper word of √½ as a double. */
const SQRT_HALF = 0x3fe6a09e

/** ln x for x ≥ 0, not NaN: −Infinity at 0. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x === Number.POSITIVE_INFINITY) return x
  let k = 0
  real[0] = x
  if (bits[1] < 0x00100000) {
    real[0] = x * 18014398509481984
    k = -54
  }
  // The exponent of the power of two that leaves √½ ≤ m < √2.
  const shift = ((bits[1] - SQRT_HALF) >> 20) << 20
  k += shift >> 20
  bits[1] -= shift
  const f = real[0] - 1
  const half = 0.5 * f * f
  const s = f / (2 + f)
  const z = s * s
  let series = SERIES[0]
  for (let i = 1; i < SERIES.length; i++) series = series * z + SERIES[i]
  return k * LN2_HIGH - (half - (s * (half + z * series) + k * LN2_LOW) - f)
}
