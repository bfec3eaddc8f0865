import { call, Mark } from '../async/steps.js'
import { seedWords } from '../input/validate.js'
import { rowWords } from '../kernels/contract/layout.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { Dreamer, hebbianReals } from './dreamer.js'
import type { Rule } from './rule.js'
import { integer, number, optional, seed } from './rule-options.js'

/** Each dream unlearns the state of a random recall and learns a random stored pattern (Serricchio et al. 2024). */
export interface DaydreamingOptions {
  kind: 'daydreaming'
  /**
   * Number of recalls from random states, 0 to 2^31 − 1. By default 4·τ·P: each pattern is then learned, on average, four times as
   * strongly as by Hebb's rule, which holds 0.6 N patterns (measured, docs/unlearning.md). More dreams hold more.
   */
  dreams?: number | undefined
  /** τ: a dream changes weights by 1/(τN). 64 by default, as in the paper. */
  tau?: number
  /** 64-bit seed of the random states and patterns; 0 by default. */
  seed?: number | bigint
}

/**
 * J_ij += (ξ_iξ_j − s_i s_j)/(τN) for i ≠ j, first ξξᵀ, then −ssᵀ. ξ is a stored pattern, s the state in which a recall from a random
 * state ended. More dreams do not spoil what was learned. O(N²) per dream, plus a recall; each store and forget repeats all dreams.
 */
export const daydreaming: Rule<DaydreamingOptions> = {
  kind: 'daydreaming',
  title: 'learns a stored pattern with each dream it unlearns (Serricchio et al. 2024)',
  weights: 'iterated',
  holds: 'N',
  page: 'unlearning.md',
  options: {
    dreams: optional(integer(0, 0, 2 ** 31 - 1), '4·tau·P'),
    tau: number(64, 1e-6, 1e100),
    seed: seed(),
  },
  learners({ kernels, neurons }, { dreams, tau, seed }) {
    return {
      matrix: {
        divisor: 1,
        numbers: [Float64Array],
        *learn(rows, count) {
          const weights = yield* hebbianReals(kernels, rows, count, neurons)
          if (count === 0) return weights
          const [low, high] = seedWords(seed)
          const dreamer = new Dreamer(kernels, neurons, weights, [low, high])
          const draws = new WordStream(low, high)
          const [words, step] = [rowWords(neurons), 1 / (tau * neurons)]
          const nights = dreams ?? Math.min(Math.round(4 * tau * count), 2 ** 31 - 1)
          for (let k = 0; k < nights; k++) {
            const mu = draws.seek(PURPOSE.daydreams, k).bounded(count)
            // The dream comes first, so that both changes use the same weights.
            const dream = yield* dreamer.dream(k)
            const pattern = rows.subarray(mu * words, (mu + 1) * words)
            yield* call(kernels, neurons * neurons, 'rankOne', pattern, neurons, step, weights)
            yield* call(kernels, neurons * neurons, 'rankOne', dream, neurons, -step, weights)
            yield new Mark(k + 1, nights)
          }
          return weights
        },
      },
    }
  },
}
