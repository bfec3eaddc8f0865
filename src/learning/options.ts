import { allocate, describe, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/kernels.js'
import { gradedStride } from '../kernels/layout.js'
import { readRealRow } from '../patterns/reals.js'
import {
  checkBoolean,
  checkChoice,
  checkInteger,
  checkNumber,
  checkOptions,
  isArrayLike,
  seedWords,
} from '../validate.js'
import { ClippedWeights } from '../weights/clipped.js'
import { type Connections, connectionTable, readConnections } from '../weights/connections.js'
import { DenseWeights } from '../weights/dense.js'
import { ImplicitWeights } from '../weights/implicit.js'
import { type MatrixRule, MatrixWeights, type Numbers, paddedRows } from '../weights/matrix.js'
import { SparseWeights } from '../weights/sparse.js'
import { type VotesRule, VotesWeights } from '../weights/votes.js'
import type { Weights } from '../weights/weights.js'
import { type CustomRule, customRule } from './custom.js'
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

/** Weights in compressed rows, named as SciPy names them. */
export interface SparseMatrix {
  /** N + 1 numbers from 0: row i's weights are those from indptr[i] to indptr[i + 1] − 1. */
  indptr: ArrayLike<number>
  /** The column of each. */
  indices: ArrayLike<number>
  /** J_ij of each. */
  data: ArrayLike<number>
}

/** Options of pairwise weights. */
export interface WeightsOptions {
  /** How patterns become weights: a rule's name, or its options, or a function of your own. 'hebbian' by default. */
  learning?: LearningRule['rule'] | LearningRule | CustomRule
  /**
   * 'implicit' (default where the rule allows it): the weights stay in the packed patterns, N·P/8 bytes, and the N×N matrix is
   * never formed. 'dense': a matrix. 'sparse': on `connections` alone. Or weights of your own, which take no patterns: N×N
   * numbers, row-major (32-bit integers and floats stay what they are), or compressed rows. They need not be symmetric; if
   * they are not, energies may rise and states may go round in cycles.
   */
  weights?: 'implicit' | 'dense' | 'sparse' | ArrayLike<number> | SparseMatrix
  /** Which neurons hear which. */
  connections?: Connections
  /** Whether neurons hear themselves, J_ii ≠ 0; false by default. */
  selfWeights?: boolean
}

const FORMS = ['implicit', 'dense', 'sparse'] as const
type Form = (typeof FORMS)[number]
/** Which forms a rule's weights can have, the usual one first. */
const RULES: Record<LearningRule['rule'], readonly Form[]> = {
  hebbian: ['implicit', 'dense', 'sparse'],
  covariance: ['implicit'],
  sequence: ['implicit'],
  palimpsest: ['implicit'],
  storkey: ['dense'],
  pseudoinverse: ['implicit'],
  perceptron: ['dense'],
  clipped: ['dense'],
  unlearning: ['dense'],
  daydreaming: ['dense'],
}
const NAMES = Object.keys(RULES) as LearningRule['rule'][]

/** What keeps fields and energies finite. */
const MOST = 1e100
const MAX_MATRIX = 65_536

/** Checks the options and makes the weights. Throws HopfieldError naming the option that is wrong. */
export function weightsFor(kernels: Kernels, neurons: number, options: WeightsOptions): Weights {
  const { learning = 'hebbian', weights, connections, selfWeights = false } = options
  const own = checkBoolean('selfWeights', selfWeights)
  if (weights !== undefined && typeof weights !== 'string') {
    refuseBeside('learning', options.learning)
    refuseBeside('connections', connections)
    return givenWeights(kernels, neurons, weights, own)
  }
  const form = weights === undefined ? undefined : checkChoice('weights', weights, FORMS)
  if (typeof learning === 'function') {
    if (form !== undefined && form !== 'dense') throw noForm('a rule of your own', form, ['dense'])
    refuseBeside('connections', connections)
    return new MatrixWeights(kernels, checkMatrix(neurons), customRule(kernels, neurons, learning, own))
  }
  const rule = readRule(learning)
  const forms: readonly Form[] =
    rule.rule === 'palimpsest' ? ('limit' in rule ? ['dense'] : ['implicit']) : RULES[rule.rule]
  const chosen = form ?? (connections !== undefined ? 'sparse' : forms[0])
  if (!forms.includes(chosen)) throw noForm(`rule '${rule.rule}'`, chosen, forms)
  if (chosen === 'sparse') {
    if (connections === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', 'connections: sparse weights need them, got none')
    }
    const table = connectionTable(connections, neurons)
    if (!own) refuseSelf('connections.sources', table.starts, table.sources)
    return new SparseWeights(kernels, neurons, table, undefined)
  }
  refuseBeside('connections', connections)
  if (rule.rule === 'hebbian' && !own) {
    return chosen === 'dense' ? new DenseWeights(kernels, neurons) : new ImplicitWeights(kernels, neurons)
  }
  if (chosen === 'implicit') {
    return new VotesWeights(kernels, neurons, votesRule(kernels, rule, neurons), own)
  }
  if (own) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `selfWeights: rule '${rule.rule}' has none in a matrix`)
  }
  if (rule.rule === 'clipped') return new ClippedWeights(kernels, neurons)
  return new MatrixWeights(kernels, checkMatrix(neurons), matrixRule(kernels, rule, neurons))
}

function votesRule(kernels: Kernels, rule: LearningRule, neurons: number): VotesRule {
  switch (rule.rule) {
    case 'covariance':
      return new CovarianceRule(neurons)
    case 'sequence':
      return new SequenceRule(neurons, rule.lag ?? 1, rule.cyclic ?? false)
    case 'palimpsest':
      return new DecayRule(neurons, 'decay' in rule ? rule.decay : 1)
    case 'pseudoinverse':
      return new InverseRule(kernels, neurons, rule.dependent ?? 'error')
    default:
      return new IdentityRule(neurons)
  }
}

function matrixRule(kernels: Kernels, rule: LearningRule, neurons: number): MatrixRule {
  switch (rule.rule) {
    case 'perceptron':
      return perceptronRule(kernels, neurons, rule.margin ?? 0, rule.maxEpochs ?? 1000)
    case 'palimpsest':
      return boundedRule(kernels, neurons, 'limit' in rule ? rule.limit : 1)
    case 'unlearning':
      return unlearningRule(kernels, neurons, rule.dreams, rule.rate ?? 0.01, dreamSeed(rule.seed))
    case 'daydreaming':
      return daydreamingRule(kernels, neurons, rule.dreams, rule.tau ?? 64, dreamSeed(rule.seed))
    default:
      return storkeyRule(kernels, neurons)
  }
}

function dreamSeed(seed: number | bigint | undefined): { seedLow: number; seedHigh: number } {
  const [seedLow, seedHigh] = seed === undefined ? [0, 0] : seedWords(seed)
  return { seedLow, seedHigh }
}

/** A rule by name or with options, all of them checked. */
function readRule(given: unknown): LearningRule {
  if (typeof given === 'string') return readRule({ rule: given })
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `learning: expected a rule's name, options or a function, got ${describe(given)}`,
    )
  }
  const options = given as Record<string, unknown>
  const rule = checkChoice('learning', options['rule'], NAMES)
  switch (rule) {
    case 'hebbian':
    case 'covariance':
    case 'storkey':
    case 'clipped':
      checkOptions('learning', given, ['rule'])
      return { rule }
    case 'sequence': {
      checkOptions('learning', given, ['rule', 'lag', 'cyclic'])
      const { lag = 1, cyclic = false } = options
      return {
        rule,
        lag: checkInteger('learning.lag', lag, 1, 2 ** 30),
        cyclic: checkBoolean('learning.cyclic', cyclic),
      }
    }
    case 'palimpsest':
      checkOptions('learning', given, ['rule', 'decay', 'limit'])
      if (options['decay'] !== undefined && options['limit'] !== undefined) {
        throw new HopfieldError('ERR_HOPFIELD_OPTION', 'learning: expected decay or limit, got both')
      }
      if (options['limit'] !== undefined) {
        return { rule, limit: checkInteger('learning.limit', options['limit'], 1, 2 ** 31 - 3) }
      }
      return { rule, decay: checkNumber('learning.decay', options['decay'], 1e-9, 1 - 1e-9) }
    case 'pseudoinverse': {
      checkOptions('learning', given, ['rule', 'dependent'])
      const { dependent = 'error' } = options
      return { rule, dependent: checkChoice('learning.dependent', dependent, ['error', 'skip']) }
    }
    case 'perceptron': {
      checkOptions('learning', given, ['rule', 'margin', 'maxEpochs'])
      const { margin = 0, maxEpochs = 1000 } = options
      return {
        rule,
        margin: checkNumber('learning.margin', margin, 0, 1e100),
        maxEpochs: checkInteger('learning.maxEpochs', maxEpochs, 1, 2 ** 31 - 1),
      }
    }
    case 'unlearning': {
      checkOptions('learning', given, ['rule', 'dreams', 'rate', 'seed'])
      const { rate = 0.01 } = options
      return {
        rule,
        dreams: checkInteger('learning.dreams', options['dreams'], 0, 2 ** 31 - 1),
        rate: checkNumber('learning.rate', rate, 0, 1e6),
        ...readSeed(options['seed']),
      }
    }
    case 'daydreaming': {
      checkOptions('learning', given, ['rule', 'dreams', 'tau', 'seed'])
      const { tau = 64 } = options
      return {
        rule,
        dreams: checkInteger('learning.dreams', options['dreams'], 0, 2 ** 31 - 1),
        tau: checkNumber('learning.tau', tau, 1e-6, 1e100),
        ...readSeed(options['seed']),
      }
    }
  }
}

function readSeed(seed: unknown): { seed?: number | bigint } {
  if (seed === undefined) return {}
  seedWords(seed)
  return { seed: seed as number | bigint }
}

function givenWeights(kernels: Kernels, neurons: number, given: unknown, selfWeights: boolean): Weights {
  if (!isArrayLike(given)) {
    checkOptions('weights', given, ['indptr', 'indices', 'data'])
    const { indptr, indices, data } = given as Record<keyof SparseMatrix, unknown>
    const table = readConnections('weights', indptr, indices, neurons, {
      starts: 'indptr',
      sources: 'indices',
    })
    if (!selfWeights) refuseSelf('weights.indices', table.starts, table.sources)
    const numbers = readRealRow('weights.data', data, table.sources.length, { least: -MOST, most: MOST })
    const whole = data instanceof Int32Array
    return new SparseWeights(kernels, neurons, table, whole ? Int32Array.from(numbers) : numbers)
  }
  const n = checkMatrix(neurons)
  const numbers = readRealRow('weights', given, n * n, { least: -MOST, most: MOST })
  for (let i = 0; i < n && !selfWeights; i++) {
    if (numbers[i * n + i] === 0) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `weights[${i * n + i}]: expected 0 on the diagonal, or selfWeights: true, got ${numbers[i * n + i]}`,
    )
  }
  const size = n * gradedStride(n)
  const padded: Numbers = allocate('weights', size * 8, () =>
    given instanceof Int32Array
      ? new Int32Array(size)
      : given instanceof Float32Array
        ? new Float32Array(size)
        : new Float64Array(size),
  )
  return new MatrixWeights(kernels, n, paddedRows(numbers, n, padded))
}

function checkMatrix(neurons: number): number {
  if (neurons <= MAX_MATRIX) return neurons
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `neurons: expected at most ${MAX_MATRIX} for weights as a matrix, got ${neurons}`,
  )
}

function refuseBeside(option: string, value: unknown): void {
  if (value === undefined) return
  throw new HopfieldError('ERR_HOPFIELD_OPTION', `${option}: has no meaning beside these weights`)
}

function refuseSelf(name: string, starts: Uint32Array, sources: Uint32Array): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (sources[k] !== i) continue
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${k}]: expected another neuron than ${i} itself, or selfWeights: true`,
      )
    }
  }
}

function noForm(what: string, form: string, forms: readonly string[]): HopfieldError {
  const list = forms.map((name) => `'${name}'`).join(', ')
  return new HopfieldError('ERR_HOPFIELD_OPTION', `weights: ${what} has no ${form} form; expected ${list}`)
}
