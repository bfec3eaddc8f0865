import { choice, type Given, required, Schema } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { checkInteger, checkNumber } from '../../input/validate.js'
import type { Tie } from '../../kernels/contract/kernels.js'
import { erfc } from '../../numerics/erf.js'

const ONE_STEP = {
  /** N. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** P, at least 1. */
  patterns: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** As in recall; 'positive' by default. */
  tie: choice<Tie>(['positive', 'negative', 'keep'], 'positive'),
}
const SCHEMA = new Schema(ONE_STEP)

export interface OneStepErrorOptions extends Given<typeof ONE_STEP> {}

/**
 * The exact probability that a bit of a stored pattern is wrong after one step that starts from the pattern, for Hebb's weights
 * without diagonal and P random patterns of N neurons. The crosstalk C is a sum of (P−1)(N−1) fair ±1. A bit is wrong if C < −(N−1), and
 * with probability ½ if C = −(N−1), unless `tie` is 'keep'. Takes O(√(PN)) time.
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function oneStepError(options: OneStepErrorOptions): number {
  const { neurons, patterns, tie } = SCHEMA.read('oneStepError', options)
  const [n, p] = [neurons - 1, patterns - 1]
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
