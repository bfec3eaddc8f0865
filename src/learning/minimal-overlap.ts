import { counting, Mark } from '../async/steps.js'
import { checkBoolean } from '../input/validate.js'
import { NEVER_LEARNED } from '../kernels/contract/kernels.js'
import type { MatrixLearner } from '../storage/learner.js'
import { paddedIntegers } from '../storage/matrix-arrays.js'
import type { Rule, Settings, Site } from './rule.js'
import { integer, number } from './rule-options.js'

/** Every neuron is a perceptron of optimal stability (Krauth and Mézard 1987); `learningReport` has the stability reached. */
export interface MinimalOverlapOptions {
  kind: 'minimal-overlap'
  /** c ≥ 0: a neuron has learned when ξ_i h_i > c in every pattern. A larger c comes nearer to the optimum; 10 by default. */
  bound?: number
  /** Most steps per neuron, 1 to 2^31 − 1; 100,000 by default. Each step learns one pattern. */
  maxSteps?: number
}

export interface MinimalOverlapReport {
  /** Minimal overlap: steps of each neuron; 0 if maxSteps were not enough. */
  readonly steps: Uint32Array
  /** Minimal overlap: κ_i = min_μ ξ_i^μ h_i^μ/‖J_i‖ of each neuron; 0 if nothing is stored. */
  readonly kappa: Float64Array
  /** Minimal overlap: an upper bound of κ_i for any weights, proved by the learning itself. */
  readonly kappaLimit: Float64Array
  /** Whether every neuron learned: each pattern has the margin, or the stability that ends the learning. */
  readonly converged: boolean
}

/**
 * Each neuron learns, step by step, the pattern that is least stable by then, adding ξ_i^μ ξ_j^μ to J_ij for j ≠ i, until ξ_i^μ h_i^μ > c in
 * all of them (h with 1/N). Steps have M² κ_opt² ≤ ‖J_i‖² ≤ M·(2cN + N − 1), J_i counted without 1/N and κ_opt being the largest stability
 * there is, so that M ≤ (2cN + N − 1)/κ_opt², and what is reached lies between κ_opt·c/(2c + 1) and κ_opt; it tends to κ_opt as c grows
 * (Krauth and Mézard 1987). ‖J_i‖/M is therefore never less than κ_opt. O(P) a step, O(P²N) for overlaps.
 */
export const minimalOverlap: Rule<MinimalOverlapOptions, MinimalOverlapReport> = {
  kind: 'minimal-overlap',
  title: 'perceptrons of optimal stability (Krauth and Mézard 1987)',
  weights: 'iterated',
  holds: '2 N',
  page: 'minimal-overlap.md',
  options: { bound: number(10, 0, 1e9), maxSteps: integer(100_000, 1, 2 ** 31 - 1) },
  /** As for all perceptrons (Cover 1965; Gardner 1988). */
  capacity: () => ({ errorFree: 2 }),
  learners: (site, settings) => ({ matrix: minimalOverlaps(site, settings) }),
}

/** Every change of the patterns learns all of them again, from zero. */
function minimalOverlaps(
  { kernels, neurons }: Site,
  { bound, maxSteps }: Settings<MinimalOverlapOptions>,
): MatrixLearner<MinimalOverlapReport> {
  let report = reportOf(new Uint32Array(neurons), new Float64Array(2 * neurons))
  return {
    divisor: neurons,
    numbers: [Int32Array],
    record(to) {
      to.array('learner.steps', report.steps, [neurons])
      to.array('learner.kappa', report.kappa, [neurons])
      to.array('learner.kappaLimit', report.kappaLimit, [neurons])
      to.fact('learner.converged', report.converged)
    },
    restore(from) {
      report = {
        steps: from.array('learner.steps', Uint32Array, [neurons]),
        kappa: from.array('learner.kappa', Float64Array, [neurons]),
        kappaLimit: from.array('learner.kappaLimit', Float64Array, [neurons]),
        converged: from.fact('learner.converged', checkBoolean),
      }
    },
    report: () => report,
    *learn(rows, count) {
      const weights = paddedIntegers(neurons)
      const [steps, stabilities] = [new Uint32Array(neurons), new Float64Array(2 * neurons)]
      const learned = [bound * neurons, maxSteps, weights, steps, stabilities] as const
      const operations = neurons * count * (count + neurons / 64)
      yield new Mark(0, neurons)
      // A large matrix without patterns is not even looked at: its zeros cost nothing until then.
      if (count > 0)
        yield* counting(kernels, operations, neurons, 'minimalOverlap', rows, count, neurons, ...learned)
      yield new Mark(neurons, neurons)
      report = reportOf(steps, stabilities)
      return weights
    },
  }
}

/** From what the kernel tells: steps, and κ and its limit side by side. */
function reportOf(steps: Uint32Array, stabilities: Float64Array): MinimalOverlapReport {
  return {
    steps: steps.map((taken) => (taken === NEVER_LEARNED ? 0 : taken)),
    kappa: Float64Array.from(steps, (_, i) => stabilities[2 * i]),
    kappaLimit: Float64Array.from(steps, (_, i) => stabilities[2 * i + 1]),
    converged: !steps.includes(NEVER_LEARNED),
  }
}
