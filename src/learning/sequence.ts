import { CountingLearner, NO_COUPLINGS } from './counting-learner.js'
import type { Rule } from './rule.js'
import { boolean, integer } from './rule-options.js'

/** Each pattern recalls the pattern stored `lag` places later. */
export interface SequenceOptions {
  kind: 'sequence'
  /** 1 by default. */
  lag?: number
  /** Whether the last patterns recall the first ones; false by default. */
  cyclic?: boolean
}

/** α_c of Düring, Coolen and Sherrington (1998). */
const SEQUENCE_LOAD = 0.269062

/** J_ij = (1/N) Σ_μ ξ_i^(μ+lag) ξ_j^μ. */
export const sequence: Rule<SequenceOptions> = {
  kind: 'sequence',
  title: 'each pattern recalls the next one',
  weights: 'ΞᵀAΞ, A a shift',
  holds: '0.269 N',
  page: 'sequences.md',
  options: { lag: integer(1, 1, 2 ** 30), cyclic: boolean(false) },
  capacity: () => ({ retrieval: SEQUENCE_LOAD }),
  learners({ neurons }, { lag, cyclic }) {
    const coupling = new CountingLearner(false, (count) => {
      const shift = cyclic && count > 0 ? lag % count : Math.min(lag, count)
      return { coupling: 'shift', couplings: NO_COUPLINGS, lag: shift, cyclic, divisor: neurons }
    })
    return { coupling }
  },
}
