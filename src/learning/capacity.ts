import { MAX_NEURONS } from '../input/spins.js'
import { checkChoice, checkInteger } from '../input/validate.js'
import type { Capacity } from './rule.js'
import { type LearningRuleName, learningRules, ruleOf } from './rules.js'

/** A learning rule, or 'diluted': Hebb's rule on few connections. */
export type CapacityRule = LearningRuleName | 'diluted'

/** Patterns per source of a strongly and asymmetrically diluted network (Derrida, Gardner and Zippelius 1987). */
const DILUTED: Capacity = { retrieval: 2 / Math.PI }

/** What `capacity` knows. */
export const CAPACITY_RULES: readonly CapacityRule[] = [...learningRules.map(({ kind }) => kind), 'diluted']

/**
 * The published capacity of a rule for N → ∞, as a load P/N ('diluted': patterns per source). Fields are absent if no theory is known. `errorFree`
 * of 'hebbian' and 'covariance', 1/(4 ln N) (McEliece et al. 1987), and of 'storkey', 1/√(2 ln N) (Storkey and Valabregue 1999), needs
 * N; 'clipped' is Sompolinsky's (1987).
 * @throws HopfieldError ERR_HOPFIELD_OPTION for a rule that does not exist; ERR_HOPFIELD_RANGE or _TYPE for `neurons`.
 */
export function capacity(rule: CapacityRule, neurons?: number): Capacity {
  checkChoice('rule', rule, CAPACITY_RULES)
  if (neurons !== undefined) checkInteger('neurons', neurons, 1, MAX_NEURONS)
  return rule === 'diluted' ? { ...DILUTED } : (ruleOf(rule)?.capacity?.(neurons) ?? {})
}
