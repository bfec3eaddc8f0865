import { describe, HopfieldError } from '../errors.js'
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkNumber,
  checkOptions,
  seedWords,
} from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import type { VotesRule } from '../storage/coupled-weights.js'
import type { MatrixRule } from '../storage/matrix-weights.js'
import { daydreamingRule, unlearningRule } from './dreams.js'
import { InverseRule } from './inverse-rule.js'
import { boundedRule, perceptronRule, storkeyRule } from './matrix-rules.js'
import { CovarianceRule, DecayRule, IdentityRule, SequenceRule } from './votes-rules.js'

/** A learning rule with its options. Names alone stand for rules with theirs at default. */
export type LearningRule =
  /** J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ (Hopfield 1982, eq. 2). */
  | { rule: 'hebbian' }
  /** Hebb's rule less the mean of every neuron, for patterns with more of one value than of the other. */
  | { rule: 'covariance' }
  /** Each pattern calls up the one stored `lag` (1) places later; the last ones the first ones again if `cyclic`. */
  | { rule: 'sequence'; lag?: number; cyclic?: boolean }
  /** Old patterns fade: J ← λJ + ξξᵀ/N with λ = `decay` (Nadal et al. 1986), in (0, 1). */
  | { rule: 'palimpsest'; decay: number }
  /** Old patterns are overwritten: Hebb's rule held within ±`limit` (Parisi 1986), 1 to 2^31 − 3; about 0.35·√N is best. */
  | { rule: 'palimpsest'; limit: number }
  /** Storkey 1997: local and incremental, for about N/√(2 ln N) patterns. */
  | { rule: 'storkey' }
  /**
   * J = ΞᵀC⁻¹Ξ with C = ΞΞᵀ (Personnaz, Guyon and Dreyfus 1985): up to N linearly independent patterns, however correlated. One
   * that depends on others is an error, 'error' (default), or left out, 'skip'.
   */
  | { rule: 'pseudoinverse'; dependent?: 'error' | 'skip' }
  /**
   * Every neuron a perceptron (Gardner 1988; Krauth and Mézard 1987), until ξ_i h_i > `margin`·‖J_i‖ throughout (0 by default) or
   * `maxEpochs` (1000) have passed; `learningReport` tells. Asymmetric; up to 2N random patterns.
   */
  | { rule: 'perceptron'; margin?: number; maxEpochs?: number }
  /** The signs of Hebb's weights, one bit each (Sompolinsky 1987). */
  | { rule: 'clipped' }
  /**
   * Hebb's rule less what `dreams` recalls from random states end in, times `rate`/N each (0.01 by default; Hopfield, Feinstein
   * and Palmer 1983).
   */
  | { rule: 'unlearning'; dreams: number; rate?: number; seed?: number | bigint }
  /** A random stored pattern learned for each dream unlearned, by 1/(`tau`·N), 64 by default (Serricchio et al. 2024). */
  | { rule: 'daydreaming'; dreams: number; tau?: number; seed?: number | bigint }

/** A checked rule: what its weights are made by. */
export type CheckedRule =
  /** J = ΞᵀAΞ: in the patterns, or on connections; Hebb's also as a matrix. */
  | {
      readonly name: 'hebbian' | 'covariance' | 'sequence' | 'palimpsest' | 'pseudoinverse'
      readonly votes: (kernels: Kernels, neurons: number) => VotesRule
    }
  /** A matrix. */
  | {
      readonly name: 'palimpsest' | 'storkey' | 'perceptron' | 'unlearning' | 'daydreaming'
      readonly matrix: (kernels: Kernels, neurons: number) => MatrixRule
    }
  /** A matrix of one bit each. */
  | { readonly name: 'clipped' }

const NAMES: readonly LearningRule['rule'][] = [
  'hebbian',
  'covariance',
  'sequence',
  'palimpsest',
  'storkey',
  'pseudoinverse',
  'perceptron',
  'clipped',
  'unlearning',
  'daydreaming',
]

/** A rule by name or with options. Throws HopfieldError naming the option that is wrong. */
export function readRule(given: unknown): CheckedRule {
  if (typeof given === 'string') return readRule({ rule: given })
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `learning: expected a rule's name, options or a function, got ${describe(given)}`,
    )
  }
  const options = given as Record<string, unknown>
  const name = checkChoice('learning', options['rule'], NAMES)
  const option = (key: string, usual: unknown): unknown => (options[key] === undefined ? usual : options[key])
  const known = (...keys: string[]): void => checkOptions('learning', given, ['rule', ...keys])
  switch (name) {
    case 'hebbian':
      known()
      return { name, votes: (_, neurons) => new IdentityRule(neurons) }
    case 'covariance':
      known()
      return { name, votes: (_, neurons) => new CovarianceRule(neurons) }
    case 'sequence': {
      known('lag', 'cyclic')
      const lag = checkInteger('learning.lag', option('lag', 1), 1, 2 ** 30)
      const cyclic = checkBoolean('learning.cyclic', option('cyclic', false))
      return { name, votes: (_, neurons) => new SequenceRule(neurons, lag, cyclic) }
    }
    case 'palimpsest': {
      known('decay', 'limit')
      if (options['decay'] !== undefined && options['limit'] !== undefined) {
        throw new HopfieldError('ERR_HOPFIELD_OPTION', 'learning: expected decay or limit, got both')
      }
      if (options['limit'] !== undefined) {
        const limit = checkInteger('learning.limit', options['limit'], 1, 2 ** 31 - 3)
        return { name, matrix: (kernels, neurons) => boundedRule(kernels, neurons, limit) }
      }
      const decay = checkNumber('learning.decay', options['decay'], 1e-9, 1 - 1e-9)
      return { name, votes: (_, neurons) => new DecayRule(neurons, decay) }
    }
    case 'pseudoinverse': {
      known('dependent')
      const dependent = checkChoice('learning.dependent', option('dependent', 'error'), ['error', 'skip'])
      return { name, votes: (kernels, neurons) => new InverseRule(kernels, neurons, dependent) }
    }
    case 'storkey':
      known()
      return { name, matrix: storkeyRule }
    case 'perceptron': {
      known('margin', 'maxEpochs')
      const margin = checkNumber('learning.margin', option('margin', 0), 0, 1e100)
      const most = checkInteger('learning.maxEpochs', option('maxEpochs', 1000), 1, 2 ** 31 - 1)
      return { name, matrix: (kernels, neurons) => perceptronRule(kernels, neurons, margin, most) }
    }
    case 'clipped':
      known()
      return { name }
    case 'unlearning': {
      known('dreams', 'rate', 'seed')
      const dreams = checkInteger('learning.dreams', options['dreams'], 0, 2 ** 31 - 1)
      const rate = checkNumber('learning.rate', option('rate', 0.01), 0, 1e6)
      const seed = readSeed(options['seed'])
      return { name, matrix: (kernels, neurons) => unlearningRule(kernels, neurons, dreams, rate, seed) }
    }
    case 'daydreaming': {
      known('dreams', 'tau', 'seed')
      const dreams = checkInteger('learning.dreams', options['dreams'], 0, 2 ** 31 - 1)
      const tau = checkNumber('learning.tau', option('tau', 64), 1e-6, 1e100)
      const seed = readSeed(options['seed'])
      return { name, matrix: (kernels, neurons) => daydreamingRule(kernels, neurons, dreams, tau, seed) }
    }
  }
}

function readSeed(seed: unknown): { seedLow: number; seedHigh: number } {
  const [seedLow, seedHigh] = seed === undefined ? [0, 0] : seedWords(seed)
  return { seedLow, seedHigh }
}
