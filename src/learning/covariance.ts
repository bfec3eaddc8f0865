import { CountingLearner, NO_COUPLINGS } from './counting-learner.js'
import { hebbianCapacity } from './hebbian.js'
import type { Rule } from './rule.js'

/** Hebb's rule after the mean of every neuron is subtracted, for biased patterns or patterns with a common background. */
export interface CovarianceOptions {
  kind: 'covariance'
}

/** J_ij = (1/N) Σ_μ (ξ_i^μ − ξ̄_i)(ξ_j^μ − ξ̄_j), ξ̄ the mean of the stored patterns. A = 1 − 11ᵀ/P, in integer multiples of 1/P. */
export const covariance: Rule<CovarianceOptions> = {
  kind: 'covariance',
  title: "Hebb's rule minus the mean of every neuron (Sejnowski 1977)",
  weights: 'Ξᵀ(1 − 11ᵀ/P)Ξ',
  holds: '0.138 N',
  page: 'covariance.md',
  options: {},
  capacity: hebbianCapacity,
  learners({ neurons }) {
    const coupling = new CountingLearner(true, (count) => {
      const divisor = neurons * Math.max(count, 1)
      return { coupling: 'centred', couplings: NO_COUPLINGS, lag: 0, cyclic: false, divisor }
    })
    return { coupling }
  },
}
