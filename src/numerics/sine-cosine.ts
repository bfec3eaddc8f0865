/**
 * sin 2πt and cos 2πt, the same on every engine, because Math.sin differs between engines. It uses +, − and × in a fixed order, as the C++
 * side does; right to 2^-49 (elementary.test.ts).
 */

/** 1.5·2^52: adding and then subtracting it rounds to an integer. */
const ROUND = 6755399441055744

/** ±1/(2k + 1)! for k = 10…0. */
const SINE: readonly number[] = [
  1 / 51090942171709440000,
  -1 / 121645100408832000,
  1 / 355687428096000,
  -1 / 1307674368000,
  1 / 6227020800,
  -1 / 39916800,
  1 / 362880,
  -1 / 5040,
  1 / 120,
  -1 / 6,
  1,
]
/** ±1/(2k)! for k = 10…0. */
const COSINE: readonly number[] = [
  1 / 2432902008176640000,
  -1 / 6402373705728000,
  1 / 20922789888000,
  -1 / 87178291200,
  1 / 479001600,
  -1 / 3628800,
  1 / 40320,
  -1 / 720,
  1 / 24,
  -1 / 2,
  1,
]

/** An angle of |t| < 2^51 turns; half of it is in reach of both series, and two identities double it. */
export function sineCosine(turns: number): readonly [sine: number, cosine: number] {
  const x = Math.PI * (turns - (turns + ROUND - ROUND))
  const z = x * x
  let s = SINE[0]
  let c = COSINE[0]
  for (let k = 1; k < SINE.length; k++) {
    s = s * z + SINE[k]
    c = c * z + COSINE[k]
  }
  s = x * s
  const twice = s + s
  return [twice * c, 1 - twice * s]
}
