/**
 * e^x, the same on every engine, because Math.exp differs between engines. It uses +, −, × and exponent arithmetic in a fixed
 * order, as the C++ side does; at most 1 ulp from the exact value (elementary.test.ts finds 0.79).
 */

/** 1/ln 2, and ln 2 in two parts; the first part ends in enough zero bits that k·LN2_HIGH is exact. */
const PER_LN2 = Math.LOG2E
export const LN2_HIGH: number = 0.6931471803691238
export const LN2_LOW: number = 1.9082149292705877e-10
/** 1.5·2^52: adding and then subtracting it rounds to an integer. */
const ROUND = 6755399441055744

/** 1/k! for k = 13…2, the coefficients of ((… r + …)·r + 1/2). */
const TAYLOR: readonly number[] = [
  1 / 6227020800,
  1 / 479001600,
  1 / 39916800,
  1 / 3628800,
  1 / 362880,
  1 / 40320,
  1 / 5040,
  1 / 720,
  1 / 120,
  1 / 24,
  1 / 6,
  1 / 2,
]

const bits = new Uint32Array(2)
const real = new Float64Array(bits.buffer)

/** 2^k for −1022 ≤ k ≤ 1023. */
export function powerOfTwo(k: number): number {
  bits[0] = 0
  bits[1] = (k + 1023) << 20
  return real[0]
}

/** e^(r + c) − 1 − r for |r + c| ≤ ln(2)/2, where c is the part that does not fit into r. */
export function reducedTail(r: number, c: number): number {
  let q = TAYLOR[0]
  for (let k = 1; k < TAYLOR.length; k++) q = q * r + TAYLOR[k]
  return r * r * q + c
}

/** e^x for any x except NaN: Infinity above 709.78, 0 below −745.13. */
export function exp(x: number): number {
  if (x > 709.79) return Number.POSITIVE_INFINITY
  if (x < -745.2) return 0
  const k = x * PER_LN2 + ROUND - ROUND
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const y = 1 + (r + reducedTail(r, high - r - low))
  if (k > 1023) return y * 2 * powerOfTwo(k - 1)
  if (k < -1022) return y * powerOfTwo(k + 64) * powerOfTwo(-64)
  return y * powerOfTwo(k)
}
