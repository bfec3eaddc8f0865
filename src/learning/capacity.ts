import { MAX_NEURONS } from '../input/spins.js'
import { checkChoice, checkInteger } from '../input/validate.js'
import type { Capacity } from './rule.js'
import { type LearningRuleName, learningRules, ruleOf } from './rules.js'

/** A learning rule, or 'diluted': Hebb's rule on few connections. */
export type CapacityRule = LearningRuleName | 'diluted'

/** Patterns per source of a strongly and asymmetrically diluted network (Derrida, Gardner and Zippelius 1987). */
const DILUTED: Capacity = { retrieval: 2 / Math.PI }

/** The rules that `capacity` accepts. */
export const CAPACITY_RULES: readonly CapacityRule[] = [...learningRules.map(({ kind }) => kind), 'diluted']

/**
 * The published capacity of a rule for N → ∞, as a load P/N ('diluted': patterns per source). A field is absent if no theory
 * is known. `errorFree` needs N: it is 1/(4 ln N) for 'hebbian' and 'covariance' (McEliece et al. 1987) and 1/√(2 ln N) for
 * 'storkey' (Storkey and Valabregue 1999). The value of 'clipped' is from Sompolinsky (1987).
 * @throws HopfieldError ERR_HOPFIELD_OPTION if there is no such rule; ERR_HOPFIELD_RANGE or _TYPE for `neurons`.
 */
export function capacity(rule: CapacityRule, neurons?: number): Capacity {
  checkChoice('capacity: rule', rule, CAPACITY_RULES)
  if (neurons !== undefined) checkInteger('capacity: neurons', neurons, 1, MAX_NEURONS)
  return rule === 'diluted' ? { ...DILUTED } : (ruleOf(rule)?.capacity?.(neurons) ?? {})
}
