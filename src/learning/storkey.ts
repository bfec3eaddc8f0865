import { call, inPortions, Mark } from '../async/steps.js'
import { rowWords } from '../kernels/contract/layout.js'
import { log } from '../numerics/log.js'
import { growing } from '../storage/learner.js'
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
    const words = rowWords(neurons)
    return {
      matrix: growing({
        divisor: 1,
        numbers: [Float64Array],
        empty: () => paddedReals(kernels, neurons),
        *add(weights, rows, count, aside) {
          for (const [from, to] of inPortions(kernels, count, neurons * neurons, aside)) {
            const some = rows.subarray(from * words, to * words)
            const operations = (to - from) * neurons * neurons
            yield* call(kernels, operations, 'storkey', some, to - from, neurons, weights as Float64Array)
            yield new Mark(to, count)
          }
        },
      }),
    }
  },
}
