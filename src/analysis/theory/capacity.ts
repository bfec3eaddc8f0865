import { MAX_NEURONS } from '../../input/spins.js'
import { checkChoice, checkInteger, checkNumber, checkOptions } from '../../input/validate.js'
import { erfc } from '../../numerics/erf.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { DILUTED_LOAD, RETRIEVAL_LOAD, SEQUENCE_LOAD } from './overlaps.js'

/**
 * Patterns a neuron that some weights J hold at stability κ: α_c = 1/∫_−κ^∞ Dt (t + κ)² (Gardner 1988); 2 at κ = 0.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE.
 */
export function perceptronCapacity(kappa: number): number {
  checkNumber('kappa', kappa, 0, 1e150)
  const above = erfc(-kappa / Math.SQRT2) / 2
  const density = exp((-kappa * kappa) / 2) / Math.sqrt(2 * Math.PI)
  return 1 / ((1 + kappa * kappa) * above + kappa * density)
}

export interface WillshawOptions {
  /** N. */
  neurons: number
  /** Neurons active in a pattern, 0 to N. */
  active: number
  /** P. */
  patterns: number
}

/**
 * The share of binary synapses that are set after P random patterns: 1 − (1 − (active/N)²)^P (Willshaw, Buneman and
 * Longuet-Higgins 1969).
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the option.
 */
export function willshawFill(options: WillshawOptions): number {
  checkOptions('willshawFill', options ?? null, ['neurons', 'active', 'patterns'])
  const neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
  const share = checkInteger('active', options.active, 0, neurons) / neurons
  let left = checkInteger('patterns', options.patterns, 0, MAX_NEURONS)
  // By repeated squaring of the share set: 1 − (1 − a)(1 − b) = a + b(1 − a), so that small shares lose nothing.
  let [fill, set] = [0, share * share]
  for (; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) fill += set * (1 - fill)
    set += set * (1 - set)
  }
  return fill
}

/** Loads P/N up to which random patterns are held; a field is absent where nobody knows one. */
export interface Capacity {
  /** Retrievable, a few bits wrong. */
  retrieval?: number
  /** Fixed points to the last bit. */
  errorFree?: number
}

/** Rules of which theory says something. */
export const CAPACITY_RULES = [
  'hebbian',
  'covariance',
  'clipped',
  'storkey',
  'sequence',
  'diluted',
  'pseudoinverse',
  'perceptron',
] as const
export type CapacityRule = (typeof CAPACITY_RULES)[number]

/**
 * What theory says of a rule for N → ∞, loads of 'diluted' in patterns a source. `errorFree` of 'hebbian' and 'covariance', 1/(4 ln N)
 * (McEliece et al. 1987), and of 'storkey', 1/√(2 ln N) (Storkey and Valabregue 1999), needs N; 'clipped' is Sompolinsky's (1987).
 * @throws HopfieldError ERR_HOPFIELD_OPTION for a rule that is not in the table; ERR_HOPFIELD_RANGE or _TYPE for `neurons`.
 */
export function capacity(rule: CapacityRule, neurons?: number): Capacity {
  checkChoice('rule', rule, CAPACITY_RULES)
  if (neurons !== undefined) checkInteger('neurons', neurons, 1, MAX_NEURONS)
  switch (rule) {
    case 'hebbian':
    case 'covariance':
      return neurons === undefined || neurons < 2
        ? { retrieval: RETRIEVAL_LOAD }
        : { retrieval: RETRIEVAL_LOAD, errorFree: 1 / (4 * log(neurons)) }
    case 'clipped':
      return { retrieval: 0.102 }
    case 'storkey':
      return neurons === undefined || neurons < 2 ? {} : { errorFree: 1 / Math.sqrt(2 * log(neurons)) }
    case 'sequence':
      return { retrieval: SEQUENCE_LOAD }
    case 'diluted':
      return { retrieval: DILUTED_LOAD }
    case 'pseudoinverse':
      return { errorFree: 1 }
    case 'perceptron':
      return { errorFree: perceptronCapacity(0) }
  }
}
