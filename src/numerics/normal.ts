import { log } from './log.js'

/**
 * The inverse of the normal distribution, the same on every engine: Wichura's PPND16 (1988, algorithm AS 241), two quotients of
 * polynomials, here for 2^-36 < p < 1 − 2^-36. Relative error about 1e-15.
 */

const NEAR = [
  2509.0809287301227, 33430.57558358813, 67265.7709270087, 45921.95393154987, 13731.69376550946,
  1971.5909503065513, 133.14166789178438, 3.3871328727963665,
]
const NEAR_BELOW = [
  5226.495278852546, 28729.085735721943, 39307.89580009271, 21213.794301586597, 5394.196021424751,
  687.1870074920579, 42.31333070160091, 1,
]
const FAR = [
  0.0007745450142783414, 0.022723844989269184, 0.2417807251774506, 1.2704582524523684, 3.6478483247632045,
  5.769497221460691, 4.630337846156546, 1.4234371107496835,
]
const FAR_BELOW = [
  1.0507500716444169e-9, 0.0005475938084995345, 0.015198666563616457, 0.14810397642748008, 0.6897673349851,
  1.6763848301838038, 2.053191626637759, 1,
]

function polynomial(of: readonly number[], r: number): number {
  let sum = of[0]
  for (let k = 1; k < 8; k++) sum = sum * r + of[k]
  return sum
}

/** x with the probability p of a standard normal number below it. */
export function normal(p: number): number {
  const q = p - 0.5
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(NEAR, r)) / polynomial(NEAR_BELOW, r)
  }
  const r = Math.sqrt(0 - log(q < 0 ? p : 1 - p)) - 1.6
  const x = polynomial(FAR, r) / polynomial(FAR_BELOW, r)
  return q < 0 ? -x : x
}
