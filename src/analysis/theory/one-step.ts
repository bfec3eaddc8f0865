import { MAX_NEURONS } from '../../input/spins.js'
import { checkChoice, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import type { Tie } from '../../kernels/contract/kernels.js'
import { erfc } from '../../numerics/erf.js'

export interface OneStepErrorOptions {
  /** N. */
  neurons: number
  /** P, at least 1. */
  patterns: number
  /** As in recall; 'positive' by default. */
  tie?: Tie
}

/**
 * The exact probability that a bit of a stored pattern is wrong after one step that starts from the pattern, for Hebb's weights
 * without diagonal and P random patterns of N neurons. The crosstalk C is a sum of (P−1)(N−1) fair ±1. A bit is wrong if C < −(N−1), and
 * with probability ½ if C = −(N−1), unless `tie` is 'keep'. Takes O(√(PN)) time.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function oneStepError(options: OneStepErrorOptions): number {
  checkOptions('oneStepError', options ?? null, ['neurons', 'patterns', 'tie'])
  const n = checkInteger('oneStepError: neurons', options.neurons, 1, MAX_NEURONS) - 1
  const p = checkInteger('oneStepError: patterns', options.patterns, 1, MAX_NEURONS) - 1
  const { tie = 'positive' } = options
  checkChoice('oneStepError: tie', tie, ['positive', 'negative', 'keep'])
  const atTie = tie === 'keep' ? 0 : 0.5
  const count = n * p
  // C is symmetric about 0, so its positive half is enough. Probabilities are computed as ratios from the middle outwards, without
  // factorials, down to 1e-300: below, they would stay at the smallest double.
  let [weight, total, wrong] = [1, 0, 0]
  for (let k = Math.ceil(count / 2); k <= count && weight > 1e-300; k++) {
    const crosstalk = 2 * k - count
    total += crosstalk === 0 ? weight : 2 * weight
    if (crosstalk > n) wrong += weight
    else if (crosstalk === n) wrong += atTie * weight
    weight *= (count - k) / (k + 1)
  }
  return wrong / total
}

/**
 * The limit of `oneStepError` for N → ∞ at load α = P/N: ½ erfc(1/√(2α)) (Hertz, Krogh and Palmer 1991).
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function oneStepErrorLimit(alpha: number): number {
  checkNumber('oneStepErrorLimit: alpha', alpha, 0, Number.MAX_VALUE)
  return alpha === 0 ? 0 : erfc(1 / Math.sqrt(2 * alpha)) / 2
}
