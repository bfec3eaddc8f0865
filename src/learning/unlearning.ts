import { call, Mark } from '../async/steps.js'
import { seedWords } from '../input/validate.js'
import { Dreamer, hebbianReals } from './dreamer.js'
import type { Rule } from './rule.js'
import { integer, number, optional, seed } from './rule-options.js'

/** Hebb's rule minus the states in which recalls from random states end (Hopfield, Feinstein and Palmer 1983). */
export interface UnlearningOptions {
  kind: 'unlearning'
  /**
   * Number of recalls from random states, 0 to 2^31 − 1. By default 0.6·P/ε, which holds most patterns for P from 0.05 N to 0.4 N
   * (measured, docs/unlearning.md). The best number grows with P.
   */
  dreams?: number | undefined
  /** ε: each dream subtracts (ε/N)·s_i s_j from J_ij. 0.01 by default, as in the paper. */
  rate?: number
  /** 64-bit seed of the random states; 0 by default. */
  seed?: number | bigint
}

/**
 * J_ij −= (ε/N)·s_i s_j for i ≠ j, where s is the state in which a recall from a random state ended. It weakens spurious states more
 * than stored ones; too many dreams weaken all. O(N²) per dream, plus a recall; each store and forget repeats all dreams.
 */
export const unlearning: Rule<UnlearningOptions> = {
  kind: 'unlearning',
  title: "Hebb's rule minus its dreams (Hopfield, Feinstein and Palmer 1983)",
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
        numbers: [Float64Array],
        *learn(rows, count) {
          const weights = yield* hebbianReals(kernels, rows, count, neurons)
          if (count === 0) return weights
          const dreamer = new Dreamer(kernels, neurons, weights, seedWords(seed))
          const nights = dreams ?? usualDreams(count, rate)
          for (let k = 0; k < nights; k++) {
            const dream = yield* dreamer.dream(k)
            yield* call(kernels, neurons * neurons, 'rankOne', dream, neurons, -(rate / neurons), weights)
            yield new Mark(k + 1, nights)
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
