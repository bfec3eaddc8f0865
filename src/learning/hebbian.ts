import { log } from '../numerics/log.js'
import { CountingLearner } from './counting-learner.js'
import type { Capacity, Rule } from './rule.js'

/** J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ (Hopfield 1982, eq. 2). */
export interface HebbianOptions {
  kind: 'hebbian'
}

/** α_c of Amit, Gutfreund and Sompolinsky (1985): above it recall fails. */
const RETRIEVAL_LOAD = 0.137906

/** α_c for retrieval, and 1/(4 ln N) for patterns without a wrong bit (McEliece, Posner, Rodemich and Venkatesh 1987). */
export function hebbianCapacity(neurons: number | undefined): Capacity {
  return neurons === undefined || neurons < 2
    ? { retrieval: RETRIEVAL_LOAD }
    : { retrieval: RETRIEVAL_LOAD, errorFree: 1 / (4 * log(neurons)) }
}

export const hebbian: Rule<HebbianOptions> = {
  kind: 'hebbian',
  title: "Hebb's rule (Hopfield 1982)",
  weights: 'ΞᵀΞ',
  holds: '0.138 N',
  page: 'hopfield-network.md',
  options: {},
  capacity: hebbianCapacity,
  learners({ neurons }) {
    // A = 1. Without self-weights the implicit form and the matrix have their own classes.
    const coupling = new CountingLearner(true, (count) => {
      const couplings = new Float64Array(count).fill(1)
      return { coupling: 'diagonal', couplings, lag: 0, cyclic: false, divisor: neurons }
    })
    return { coupling }
  },
}
