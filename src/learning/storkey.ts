import { log } from '../numerics/log.js'
import { paddedReals } from '../storage/matrix-arrays.js'
import type { Rule } from './rule.js'

/** Storkey's rule (1997): local and incremental; holds about N/√(2 ln N) patterns. */
export interface StorkeyOptions {
  kind: 'storkey'
}

/**
 * ΔJ_ij = (ξ_iξ_j − ξ_i h_ji − h_ij ξ_j)/N with h_ij = Σ_{k≠i,j} J_ik ξ_k, pattern after pattern; exactly symmetric. Local and
 * incremental like Hebb's rule, with a larger capacity, also for mildly correlated patterns. O(N²) per pattern.
 */
export const storkey: Rule<StorkeyOptions> = {
  kind: 'storkey',
  title: "Hebb's rule with a correction for stored patterns (Storkey 1997)",
  weights: "Hebb's, corrected",
  holds: 'N/√(2 ln N)',
  page: 'storkey.md',
  options: {},
  /** Storkey and Valabregue (1999). */
  capacity: (neurons) =>
    neurons === undefined || neurons < 2 ? {} : { errorFree: 1 / Math.sqrt(2 * log(neurons)) },
  learners({ kernels, neurons }) {
    return {
      matrix: {
        divisor: 1,
        numbers: Float64Array,
        learn(rows, count) {
          const weights = paddedReals(kernels, neurons)
          kernels.storkey(rows, count, neurons, weights)
          return weights
        },
        add: (weights, rows, count) => kernels.storkey(rows, count, neurons, weights as Float64Array),
      },
    }
  },
}
