import { exp, LN2_HIGH, LN2_LOW, powerOfTwo, reducedTail } from './exp.js'

/**
 * Sigmoid functions, the same on every engine. tanh x = E/(E + 2) with E = e^2x − 1, where E, E + 2 and the
 * quotient have a second double for their rounding errors: at most 1 ulp from the exact value (elementary.test.ts finds 0.82), and
 * odd to the last bit. The C++ side has the same order.
 */

const PER_LN2 = Math.LOG2E
/** 1.5·2^52: adding and then subtracting it rounds to an integer. */
const ROUND = 6755399441055744
/** 2^27 + 1: multiplying by it splits a double into two halves (Veltkamp 1968). */
const SPLIT = 134217729
/** For larger x tanh is 1. */
const FAR = 20

function upperHalf(x: number): number {
  const c = SPLIT * x
  return c - (c - x)
}

/** tanh x for any x except NaN. */
export function tanh(x: number): number {
  const size = Math.min(Math.abs(x), FAR)
  const y = size + size
  const k = y * PER_LN2 + ROUND - ROUND
  const high = y - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  // e^r − 1 = p + rest, and 2^k of it.
  const tail = reducedTail(r, high - r - low)
  const p = r + tail
  const scale = powerOfTwo(k)
  const upper = scale * p
  const rest = scale * (tail - (p - r))
  const top = scale - 1
  const e = top + upper
  const eRest = upper - (e - top) + rest
  const d = e + 2
  const two = d - e
  const dRest = e - (d - two) + (2 - two) + eRest
  const q = e / d
  // The exact product q·d in two parts (Dekker 1971).
  const product = q * d
  const qHigh = upperHalf(q)
  const qLow = q - qHigh
  const dHigh = upperHalf(d)
  const dLow = d - dHigh
  const productRest = qHigh * dHigh - product + qHigh * dLow + qLow * dHigh + qLow * dLow
  const t = q + (e - product - productRest + (eRest - q * dRest)) / d
  return x < 0 ? -t : x === 0 ? x : t
}

/** 1/(1 + e^−x) for any x except NaN. Always above 0: below −700 the value stays that of −700. At most 2 ulp from the exact value. */
export function logistic(x: number): number {
  return 1 / (1 + exp(Math.max(Math.min(0 - x, 700), -700)))
}
