import { HopfieldNetwork, randomPatterns } from '../../src/index.js'

/** Error function to about 1e-15: its Taylor series, whose terms alternate and stay below 1e3 for |x| < 3. */
export function erf(x: number): number {
  if (Math.abs(x) >= 3) return Math.sign(x) * (1 - erfcTail(Math.abs(x)))
  let term = x
  let sum = x
  for (let n = 1; Math.abs(term) > 1e-18; n++) {
    term *= (-x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

export function erfc(x: number): number {
  return x >= 3 ? erfcTail(x) : 1 - erf(x)
}

/** Laplace's continued fraction, from the inside out: 60 levels are ample for x ≥ 3. */
function erfcTail(x: number): number {
  let level = x
  for (let k = 60; k >= 1; k--) level = x + k / 2 / level
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / level
}

/** P(S = s) for S a sum of `count` fair ±1, for every s at once: element k is s = 2k − count. */
function coinSums(count: number): Float64Array {
  // Ratios outwards from the middle, then normalised: no factorials, no cancellation; far tails underflow to 0.
  const weight = new Float64Array(count + 1)
  const middle = Math.floor(count / 2)
  weight[middle] = 1
  for (let k = middle + 1; k <= count; k++) weight[k] = (weight[k - 1] * (count - k + 1)) / k
  for (let k = middle - 1; k >= 0; k--) weight[k] = (weight[k + 1] * (k + 1)) / (count - k)
  const total = weight.reduce((sum, w) => sum + w, 0)
  return weight.map((w) => w / total)
}

/**
 * The exact probability that a bit of a stored pattern is wrong after one step, for random patterns and ties to +1:
 * the crosstalk C is a sum of (p−1)(N−1) fair ±1, and a bit is wrong if C < −(N−1), or half the time if C = −(N−1).
 */
export function oneStepError(neurons: number, patterns: number): number {
  const count = (patterns - 1) * (neurons - 1)
  const sums = coinSums(count)
  let wrong = 0
  for (let k = 0; k <= count; k++) {
    const crosstalk = 2 * k - count
    if (crosstalk < -(neurons - 1)) wrong += sums[k]
    else if (crosstalk === -(neurons - 1)) wrong += sums[k] / 2
  }
  return wrong
}

export interface Summary {
  mean: number
  /** Standard error of the mean, from the scatter between the values. */
  error: number
}

/**
 * Mean over independent networks and its standard error. Bits and patterns of one network are correlated, so each
 * network contributes one value, however much was averaged to get it.
 */
export function summary(values: readonly number[]): Summary {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const squares = values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return { mean, error: Math.sqrt(squares / (values.length - 1) / values.length) }
}

/** Standard error of a proportion P found in `trials` independent trials. */
export function proportionError(probability: number, trials: number): number {
  return Math.sqrt((probability * (1 - probability)) / trials)
}

/** Pearson's χ² of counts against equal expectations. */
export function chiSquare(counts: ArrayLike<number>): number {
  const total = Array.from(counts).reduce((sum, n) => sum + n, 0)
  const expected = total / counts.length
  return Array.from(counts).reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
}

/** χ² with k degrees of freedom has mean k and variance 2k: four standard deviations above the mean. */
export function chiSquareLimit(classes: number): number {
  const freedom = classes - 1
  return freedom + 4 * Math.sqrt(2 * freedom)
}

/** One value per network: `trials` networks of random patterns, each with a seed of its own. */
export function overNetworks(
  setting: { neurons: number; count: number; trials: number; seed: number },
  measure: (net: HopfieldNetwork, patterns: Int8Array, trial: number) => number,
): number[] {
  const { neurons, count, trials, seed } = setting
  return Array.from({ length: trials }, (_, trial) => {
    const patterns = randomPatterns({ count, neurons, seed: seed + trial })
    return measure(new HopfieldNetwork({ neurons }).store(patterns), patterns, trial)
  })
}

/** Pattern mu of a flat array, a view. */
export function row(patterns: Int8Array, neurons: number, mu: number): Int8Array {
  return patterns.subarray(mu * neurons, (mu + 1) * neurons)
}

export function sameStates(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  return a.length === b.length && Array.prototype.every.call(a, (value, i) => value === b[i])
}
