import { allocate, HopfieldError } from '../errors.js'
import { readRealRow } from '../input/reals.js'
import { checkBoolean, checkChoice, checkOptions, isArrayLike } from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { ClippedWeights } from '../storage/clipped-weights.js'
import { type Connections, connectionTable, readConnections } from '../storage/connections.js'
import { VotesWeights } from '../storage/coupled-weights.js'
import { DenseWeights } from '../storage/dense-weights.js'
import { ImplicitWeights } from '../storage/implicit-weights.js'
import { MatrixWeights, type Numbers, paddedRows } from '../storage/matrix-weights.js'
import { SparseWeights } from '../storage/sparse-weights.js'
import type { Weights } from '../storage/weights.js'
import { type CustomRule, customRule } from './custom.js'
import { type CheckedRule, type LearningRule, readRule } from './rules.js'

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
  const forms = formsOf(rule)
  const chosen = form ?? (connections !== undefined ? 'sparse' : forms[0])
  if (!forms.includes(chosen)) throw noForm(`rule '${rule.name}'`, chosen, forms)
  if ('votes' in rule && chosen === 'sparse') {
    if (connections === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', 'connections: sparse weights need them, got none')
    }
    const table = connectionTable(connections, neurons)
    if (!own) refuseSelf('connections.sources', table.starts, table.sources)
    return new SparseWeights(kernels, neurons, table, rule.votes(kernels, neurons))
  }
  refuseBeside('connections', connections)
  if (rule.name === 'hebbian' && !own) {
    return chosen === 'dense' ? new DenseWeights(kernels, neurons) : new ImplicitWeights(kernels, neurons)
  }
  if ('votes' in rule && chosen === 'implicit') {
    return new VotesWeights(kernels, neurons, rule.votes(kernels, neurons), own)
  }
  if (own) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `selfWeights: rule '${rule.name}' has none in a matrix`)
  }
  if ('matrix' in rule) return new MatrixWeights(kernels, checkMatrix(neurons), rule.matrix(kernels, neurons))
  return new ClippedWeights(kernels, neurons)
}

/** The rule's name of checked options; 'custom' for a function, undefined where weights are given. */
export function ruleName({
  learning = 'hebbian',
  weights,
}: WeightsOptions): LearningRule['rule'] | 'custom' | undefined {
  if (weights !== undefined && typeof weights !== 'string') return undefined
  if (typeof learning === 'function') return 'custom'
  return typeof learning === 'string' ? learning : learning.rule
}

/** Which forms a rule's weights can have, the usual one first. */
function formsOf(rule: CheckedRule): readonly Form[] {
  if (rule.name === 'hebbian') return FORMS
  return 'votes' in rule ? ['implicit', 'sparse'] : ['dense']
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
  const size = n * paddedStride(n)
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
