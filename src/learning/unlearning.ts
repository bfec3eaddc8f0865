import { seedWords } from '../input/validate.js'
import { Dreamer, hebbianReals } from './dreamer.js'
import type { Rule } from './rule.js'
import { integer, number, optional, seed } from './rule-options.js'

/** Hebb's rule less what recalls from random states end in (Hopfield, Feinstein and Palmer 1983). */
export interface UnlearningOptions {
  kind: 'unlearning'
  /**
   * Recalls from random states, 0 to 2^31 − 1. By default 0.6·P/ε, which keeps most patterns from P = 0.05 N to 0.4 N (measured,
   * docs/unlearning.md): what is best grows with P.
   */
  dreams?: number | undefined
  /** ε: each dream takes ε/N·s_i s_j from J_ij. 0.01 by default, the paper's. */
  rate?: number
  /** Of the random states; 0 by default. */
  seed?: number | bigint
}

/**
 * J_ij −= (ε/N)·s_i s_j for i ≠ j, where s is a state that a recall from noise ended in. It weakens spurious states more than stored
 * ones, until too much of it weakens all. O(N²) a dream, and a recall; everything again whatever is stored.
 */
export const unlearning: Rule<UnlearningOptions> = {
  kind: 'unlearning',
  title: "Hebb's rule less its dreams (Hopfield, Feinstein and Palmer 1983)",
  weights: "Hebb's minus dreams",
  holds: 'about 0.5 N',
  page: 'unlearning.md',
  options: {
    dreams: optional(integer(0, 0, 2 ** 31 - 1), '0.6·P/rate'),
    rate: number(0.01, 0, 1e6),
    seed: seed(),
  },
  learners({ kernels, neurons }, { dreams, rate, seed }) {
    return {
      matrix: {
        divisor: 1,
        learn(rows, count) {
          const weights = hebbianReals(kernels, rows, count, neurons)
          if (count === 0) return weights
          const dreamer = new Dreamer(kernels, neurons, weights, seedWords(seed))
          const nights = dreams ?? usualDreams(count, rate)
          for (let k = 0; k < nights; k++) {
            kernels.rankOne(dreamer.dream(k), neurons, -(rate / neurons), weights, false)
          }
          return weights
        },
      },
    }
  },
}

function usualDreams(count: number, rate: number): number {
  return rate === 0 ? 0 : Math.min(Math.round((0.6 * count) / rate), 2 ** 31 - 1)
}
