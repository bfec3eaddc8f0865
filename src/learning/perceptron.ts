import { counting, Mark } from '../async/steps.js'
import { checkBoolean } from '../input/validate.js'
import { NEVER_LEARNED } from '../kernels/contract/kernels.js'
import type { MatrixLearner } from '../storage/learner.js'
import { paddedIntegers } from '../storage/matrix-arrays.js'
import type { Rule, Settings, Site } from './rule.js'
import { integer, number } from './rule-options.js'

/**
 * Every neuron is a perceptron (Gardner 1988; Diederich and Opper 1987) that learns until ξ_i h_i > `margin`·‖J_i‖ in every pattern, or
 * for `maxEpochs`; see `learningReport`. Asymmetric; up to 2N random patterns.
 */
export interface PerceptronOptions {
  kind: 'perceptron'
  /** κ ≥ 0; 0 by default. */
  margin?: number
  /** Most passes over the patterns, 1 to 2^31 − 1; 1000 by default. */
  maxEpochs?: number
}

export interface PerceptronReport {
  /** Perceptron: per neuron the first epoch, counted from 1, that changed nothing; 0 if there was none. */
  readonly epochs: Uint32Array
  /** Whether every neuron learned: each pattern has the margin, or the stability that ends the learning. */
  readonly converged: boolean
}

/**
 * Each neuron learns ξ_i^μ from the other neurons: it adds ξ_i^μ ξ_j^μ to J_ij while ξ_i^μ h_i^μ ≤ κ·‖J_i‖. If weights with that margin
 * exist, the rule finds some. O(P²N) for overlaps, O(P) per correction.
 */
export const perceptron: Rule<PerceptronOptions, PerceptronReport> = {
  kind: 'perceptron',
  title: 'each neuron is a perceptron with a margin (Gardner 1988)',
  weights: 'iterated',
  holds: '2 N',
  page: 'perceptron.md',
  options: { margin: number(0, 0, 1e100), maxEpochs: integer(1000, 1, 2 ** 31 - 1) },
  /** 2 at margin 0 (Cover 1965; Gardner 1988). */
  capacity: () => ({ errorFree: 2 }),
  learners: (site, settings) => ({ matrix: perceptrons(site, settings) }),
}

/** Every change of the patterns learns all of them again, from zero. */
function perceptrons(
  { kernels, neurons }: Site,
  { margin, maxEpochs }: Settings<PerceptronOptions>,
): MatrixLearner<PerceptronReport> {
  let report: PerceptronReport = { epochs: new Uint32Array(neurons), converged: true }
  return {
    divisor: neurons,
    numbers: [Int32Array],
    record(to) {
      to.array('learner.epochs', report.epochs, [neurons])
      to.fact('learner.converged', report.converged)
    },
    restore(from) {
      const epochs = from.array('learner.epochs', Uint32Array, [neurons])
      report = { epochs, converged: from.fact('learner.converged', checkBoolean) }
    },
    report: () => report,
    *learn(rows, count) {
      const weights = paddedIntegers(neurons)
      const epochs = new Uint32Array(neurons)
      const learned = [margin, maxEpochs, weights, epochs] as const
      const operations = neurons * count * (count + neurons / 64)
      yield new Mark(0, neurons)
      // A large matrix without patterns is not even looked at: its zeros cost nothing until then.
      if (count === 0) epochs.fill(1)
      else yield* counting(kernels, operations, neurons, 'perceptron', rows, count, neurons, ...learned)
      yield new Mark(neurons, neurons)
      const told = epochs.map((epoch) => (epoch === NEVER_LEARNED ? 0 : epoch))
      report = { epochs: told, converged: !epochs.includes(NEVER_LEARNED) }
      return weights
    },
  }
}
