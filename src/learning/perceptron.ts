import { NEVER_LEARNED } from '../kernels/contract/kernels.js'
import type { MatrixLearner } from '../storage/learner.js'
import { integerMatrix, paddedIntegers, paddedRows } from '../storage/matrix-arrays.js'
import type { Rule, Settings, Site } from './rule.js'
import { integer, number } from './rule-options.js'

/**
 * Every neuron a perceptron (Gardner 1988; Diederich and Opper 1987), until ξ_i h_i > `margin`·‖J_i‖ throughout or `maxEpochs` have
 * passed; `learningReport` tells. Asymmetric; up to 2N random patterns.
 */
export interface PerceptronOptions {
  kind: 'perceptron'
  /** κ, 0 by default. */
  margin?: number
  /** Passes over the patterns, 1 to 2^31 − 1; 1000 by default. */
  maxEpochs?: number
}

export interface PerceptronReport {
  /** Perceptron: of each neuron, the first epoch, counted from 1, that changed nothing; 0 where none did. */
  readonly epochs: Uint32Array
  /** Whether every neuron has what was asked for: each pattern with the margin, or the stability that ends the learning. */
  readonly converged: boolean
}

/**
 * Each neuron learns ξ_i^μ from the others, adding ξ_i^μ ξ_j^μ to J_ij while ξ_i^μ h_i^μ ≤ κ·‖J_i‖. Where there are weights of that
 * margin, the rule finds some. O(P²N) for overlaps, O(P) a correction.
 */
export const perceptron: Rule<PerceptronOptions, PerceptronReport> = {
  kind: 'perceptron',
  title: 'every neuron a perceptron with a margin (Gardner 1988)',
  weights: 'iterated',
  holds: '2 N',
  page: 'perceptron.md',
  options: { margin: number(0, 0, 1e100), maxEpochs: integer(1000, 1, 2 ** 31 - 1) },
  /** 2 without a margin (Cover 1965; Gardner 1988). */
  capacity: () => ({ errorFree: 2 }),
  learners: (site, settings) => ({ matrix: perceptrons(site, settings) }),
}

/** Whatever is stored, all of it is learned again, from zero. */
function perceptrons(
  { kernels, neurons }: Site,
  { margin, maxEpochs }: Settings<PerceptronOptions>,
): MatrixLearner<PerceptronReport> {
  let report: PerceptronReport = { epochs: new Uint32Array(neurons), converged: true }
  return {
    divisor: neurons,
    report: () => report,
    learn(rows, count) {
      const out = paddedIntegers(neurons)
      const weights = integerMatrix(neurons)
      const epochs = new Uint32Array(neurons)
      kernels.perceptron(rows, count, neurons, margin, maxEpochs, weights, epochs)
      paddedRows(weights, neurons, out)
      const told = epochs.map((epoch) => (epoch === NEVER_LEARNED ? 0 : epoch))
      report = { epochs: told, converged: !epochs.includes(NEVER_LEARNED) }
      return out
    },
  }
}
