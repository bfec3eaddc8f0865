import { call, Mark } from '../async/steps.js'
import { allocate } from '../errors.js'
import { columnWords, rowWords } from '../kernels/contract/layout.js'
import type { Rule } from './rule.js'

/** Only the signs of Hebb's weights, one bit each (Sompolinsky 1987). */
export interface ClippedOptions {
  kind: 'clipped'
}

/**
 * J_ij = sgn(Σ_μ ξ_i^μ ξ_j^μ). A sum of 0, which only an even P can give, becomes +1 (docs/clipped-weights.md says
 * what that costs). Takes a thirty-second of the memory of a
 * 32-bit matrix and holds 0.102 N patterns in place of 0.138 N. P·N²/64 bit operations.
 */
export const clipped: Rule<ClippedOptions> = {
  kind: 'clipped',
  title: "the signs of Hebb's weights (Sompolinsky 1987)",
  weights: 'sgn(ΞᵀΞ)',
  holds: '0.102 N',
  page: 'clipped-weights.md',
  options: {},
  capacity: () => ({ retrieval: 0.102 }),
  learners({ kernels, neurons }) {
    const words = (what: string, length: number): Uint32Array =>
      allocate(what, length * 4, () => kernels.allocate(length))
    return {
      signs: {
        *learn(rows, count) {
          const columns = words('columns', neurons * columnWords(count))
          yield* call(kernels, (neurons * count) / 8, 'transpose', rows, count, neurons, columns)
          const signs = words('weights', neurons * rowWords(neurons))
          const operations = neurons * neurons * (1 + count / 64)
          yield* call(kernels, operations, 'clipped', columns, count, neurons, signs)
          yield new Mark(count, count)
          return signs
        },
      },
    }
  },
}
