import { LN2_HIGH, LN2_LOW } from './exp.js'

/**
 * ln x, the same on every engine. With x = 2^k·(1 + f), s = f/(2 + f) and ln(1 + f) = 2·artanh(s)
 * = f − s·(f − R), R = 2s²/3 + 2s⁴/5 + …; at most 1 ulp from the exact value (elementary.test.ts).
 */

const bits = new Uint32Array(2)
const real = new Float64Array(bits.buffer)

/** 2^(1023 − p) at place p: a product with a power of two is exact. */
const POWERS = new Float64Array(2048)
POWERS[1023] = 1
for (let p = 1024; p < 2048; p++) POWERS[p] = POWERS[p - 1] / 2
for (let p = 1022; p >= 0; p--) POWERS[p] = POWERS[p + 1] * 2

/** The upper word of √½ as a double. */
const SQRT_HALF = 0x3fe6a09e

/** ln x for x ≥ 0, not NaN: −Infinity at 0. */
export function log(x: number): number {
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x === Number.POSITIVE_INFINITY) return x
  let m = x
  let k = 0
  real[0] = x
  if (bits[1] < 0x00100000) {
    m *= 18014398509481984
    real[0] = m
    k = -54
  }
  // The exponent of the power of two that leaves √½ ≤ m < √2. To write it back to `bits` would take longer than all the rest.
  const power = (bits[1] - SQRT_HALF) >> 20
  k += power
  const f = m * POWERS[1023 + power] - 1
  const half = 0.5 * f * f
  const s = f / (2 + f)
  const z = s * s
  // 2/(2k + 1) for k = 11…1, without a loop: a random graph takes a logarithm for each of its connections.
  let series = (2 / 23) * z + 2 / 21
  series = series * z + 2 / 19
  series = series * z + 2 / 17
  series = series * z + 2 / 15
  series = series * z + 2 / 13
  series = series * z + 2 / 11
  series = series * z + 2 / 9
  series = series * z + 2 / 7
  series = series * z + 2 / 5
  series = series * z + 2 / 3
  return k * LN2_HIGH - (half - (s * (half + z * series) + k * LN2_LOW) - f)
}
