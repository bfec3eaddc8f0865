import { exp } from './exp.js'

/**
 * The error function, the same on every engine. Below 2 it is the series with positive terms only, erf x =
 * (2/√π)·e^(−x²)·Σ 2^k x^(2k+1)/(2k+1)!!; from 2 on Laplace's continued fraction. Accurate to about 1e-15.
 */

const TWO_PER_ROOT_PI = 1.1283791670955126
const FAR = 2
/** Levels of the continued fraction: more than enough for x ≥ 2. */
const LEVELS = 120

function series(x: number): number {
  let term = x
  let sum = x
  for (let k = 1; term > sum * 1e-18; k++) {
    term *= (2 * x * x) / (2 * k + 1)
    sum += term
  }
  return TWO_PER_ROOT_PI * exp(-x * x) * sum
}

function tail(x: number): number {
  let level = x
  for (let k = LEVELS; k >= 1; k--) level = x + k / 2 / level
  return ((TWO_PER_ROOT_PI / 2) * exp(-x * x)) / level
}

/** erf x = (2/√π) ∫_0^x e^(−t²) dt, for any x except NaN. */
export function erf(x: number): number {
  const size = Math.abs(x)
  if (size === 0) return x
  const value = size < FAR ? series(size) : 1 - tail(size)
  return x < 0 ? -value : value
}

/** 1 − erf x, accurate for small values too. */
export function erfc(x: number): number {
  return x < FAR ? 1 - erf(x) : tail(x)
}
