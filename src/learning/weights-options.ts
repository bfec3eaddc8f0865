import { allocate, HopfieldError } from '../errors.js'
import { Schema, unread } from '../input/options.js'
import { readRealRow } from '../input/reals.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import { checkBoolean, checkChoice, isArrayLike } from '../input/validate.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { ConnectionTable } from '../storage/connection-table.js'
import { type Connections, connectionTable, readConnections } from '../storage/connections.js'
import { CoupledWeights } from '../storage/coupled-weights.js'
import { DenseWeights } from '../storage/dense-weights.js'
import { ImplicitWeights } from '../storage/implicit-weights.js'
import type { Numbers } from '../storage/learner.js'
import { keptAs, paddedRows } from '../storage/matrix-arrays.js'
import { MatrixWeights } from '../storage/matrix-weights.js'
import type { Fact, RecordReader } from '../storage/record.js'
import { SignWeights } from '../storage/sign-weights.js'
import { SparseWeights } from '../storage/sparse-weights.js'
import { divisorOf, madeWhole } from '../storage/weight-unit.js'
import type { Weights } from '../storage/weights.js'
import { type CustomRule, customLearner } from './custom.js'
import type { Learners } from './rule.js'
import { type CheckedRule, type LearningRule, type LearningRuleName, readRule } from './rules.js'

/** Weights in compressed rows, with SciPy's names. */
export interface SparseMatrix {
  /** N + 1 numbers, starting with 0: the weights of row i have the indices indptr[i] to indptr[i + 1] − 1. */
  indptr: NumbersLike
  /** The column of each weight. */
  indices: NumbersLike
  /** The value J_ij of each weight. */
  data: NumbersLike
}

/** Options of pairwise weights. */
export interface WeightsOptions {
  /** The learning rule: a name, an object with `kind` and options, or a function of your own. 'hebbian' by default. */
  learning?: LearningRuleName | LearningRule | CustomRule
  /**
   * 'implicit' (default where the rule allows it): the weights stay in the packed patterns, N·P/8 bytes, and the N×N matrix is
   * never formed. 'dense': a matrix. 'sparse': on `connections` alone. Or weights of your own, which take no patterns: N×N
   * numbers, row-major, or compressed rows. Float32Array and Float64Array stay what they are; whole numbers in any other array are
   * kept as 32-bit integers. They need not be symmetric; if they are not, energies may rise and states may go round in cycles.
   */
  weights?: 'implicit' | 'dense' | 'sparse' | NumbersLike | SparseMatrix
  /** Which neurons are connected; all by default. */
  connections?: Connections
  /** Whether the weights J_ii are kept; false by default: J_ii = 0. */
  selfWeights?: boolean
}

const FORMS = ['implicit', 'dense', 'sparse'] as const
/** Where weights of a record come from that no rule can learn again: the caller's own, or a function of the caller's. */
const GIVEN = ['weights', 'custom'] as const
type Form = (typeof FORMS)[number]

/** Larger weights are refused, so that fields and energies stay finite. */
const MOST = 1e100
const MAX_MATRIX = 65_536

/** Pairwise weights and the rule that learns them. */
export interface ChosenWeights {
  readonly weights: Weights
  /** The rule's name; 'custom' for a function, undefined for weights of your own. */
  readonly learning: LearningRuleName | 'custom' | undefined
  /** The options with which they are made again. */
  readonly options: Readonly<Record<string, Fact>>
}

/**
 * Checks the options and makes the weights. Throws HopfieldError naming the option that is wrong.
 * @param opened the record that the weights will take their arrays from.
 */
export function weightsFor(
  kernels: Kernels,
  neurons: number,
  options: WeightsOptions,
  opened?: RecordReader,
): ChosenWeights {
  const { learning = 'hebbian', weights, connections, selfWeights = false } = options
  const own = checkBoolean('selfWeights', selfWeights)
  const self: Record<string, Fact> = own ? { selfWeights: true } : {}
  const given = opened?.fact('given', (name, value) => optionally(name, value, GIVEN))
  if (given !== undefined) {
    const learning = given === 'custom' ? given : undefined
    return { weights: openGiven(kernels, neurons, opened as RecordReader), learning, options: self }
  }
  if (weights !== undefined && typeof weights !== 'string') {
    refuseBeside('learning', options.learning)
    refuseBeside('connections', connections)
    const made = givenWeights(kernels, neurons, weights, own)
    return { weights: made, learning: undefined, options: self }
  }
  const form = weights === undefined ? undefined : checkChoice('weights', weights, FORMS)
  if (typeof learning === 'function') {
    if (form !== undefined && form !== 'dense') throw noForm('a rule of your own', form, ['dense'])
    refuseBeside('connections', connections)
    const learner = customLearner(kernels, checkMatrix(neurons), learning, own)
    return { weights: new MatrixWeights(kernels, neurons, learner), learning: 'custom', options: self }
  }
  const rule = readRule(learning)
  const learners = rule.learners({ kernels, neurons })
  const forms = formsOf(rule.kind, learners)
  const chosen = form ?? (connections !== undefined ? 'sparse' : forms[0])
  const name = `rule '${rule.kind}'`
  if (!forms.includes(chosen)) throw noForm(name, chosen, forms)
  const wanted = { rule: name, form: chosen, connections, own, opened }
  const learned = learnedWeights(kernels, neurons, learners, wanted)
  const again = { learning: ruleFacts(rule), weights: chosen, ...self }
  return { weights: learned, learning: rule.kind, options: again }
}

/** The forms that a rule's weights can have, the default first. */
function formsOf(kind: string, { coupling }: Learners): readonly Form[] {
  if (kind === 'hebbian') return FORMS
  return coupling === undefined ? ['dense'] : ['implicit', 'sparse']
}

interface Wanted {
  readonly rule: string
  readonly form: Form
  readonly connections: unknown
  readonly own: boolean
  readonly opened: RecordReader | undefined
}

/** A rule with all its options, as `learning` takes it. */
function ruleFacts({ kind, settings }: CheckedRule): Fact {
  const known = Object.entries(settings).filter(([, value]) => value !== undefined)
  return { kind, ...Object.fromEntries(known) } as Fact
}

/** What stands for connections until those of a record come. */
function unconnected(neurons: number): ConnectionTable {
  return { starts: new Uint32Array(neurons + 1), sources: new Uint32Array(0) }
}

/** Weights that take no patterns, still without the numbers of the record. */
function openGiven(kernels: Kernels, neurons: number, opened: RecordReader): Weights {
  if (opened.has('connections.starts')) {
    return new SparseWeights(kernels, neurons, unconnected(neurons), new Float64Array(0))
  }
  return new MatrixWeights(kernels, checkMatrix(neurons), new Float64Array(0))
}

/** A choice, or undefined. */
function optionally<T extends string>(name: string, value: unknown, choices: readonly T[]): T | undefined {
  return value === undefined ? undefined : checkChoice(name, value, choices)
}

function learnedWeights(
  kernels: Kernels,
  neurons: number,
  { coupling, matrix, signs }: Learners,
  { rule, form, connections, own, opened }: Wanted,
): Weights {
  if (form === 'sparse' && coupling !== undefined) {
    if (opened !== undefined) return new SparseWeights(kernels, neurons, unconnected(neurons), coupling)
    if (connections === undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', "connections: required with weights: 'sparse', got none")
    }
    const table = connectionTable(kernels, connections, neurons)
    if (!own) refuseSelf('connections.sources', table.starts, table.sources)
    return new SparseWeights(kernels, neurons, table, coupling)
  }
  refuseBeside('connections', connections)
  if (rule === "rule 'hebbian'" && !own) {
    return form === 'dense' ? new DenseWeights(kernels, neurons) : new ImplicitWeights(kernels, neurons)
  }
  if (form === 'implicit' && coupling !== undefined) {
    return new CoupledWeights(kernels, neurons, coupling, own)
  }
  if (own) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `selfWeights: not supported by ${rule} in a matrix`)
  }
  if (matrix !== undefined) return new MatrixWeights(kernels, checkMatrix(neurons), matrix)
  if (signs !== undefined) return new SignWeights(kernels, neurons, signs)
  throw new Error(`${rule} has no learner`)
}

const ROWS = new Schema({
  indptr: unread<ArrayLike<number>>(),
  indices: unread<ArrayLike<number>>(),
  data: unread<ArrayLike<number>>(),
})

function givenWeights(kernels: Kernels, neurons: number, given: unknown, selfWeights: boolean): Weights {
  if (!isArrayLike(given)) {
    const { indptr, indices, data } = ROWS.readWithin('weights', given)
    const table = readConnections('weights', indptr, indices, neurons, {
      starts: 'indptr',
      sources: 'indices',
    })
    if (!selfWeights) refuseSelf('weights.indices', table.starts, table.sources)
    const numbers = readRealRow('weights.data', data, table.sources.length, { least: -MOST, most: MOST })
    const whole = keptAs(data, numbers) === Int32Array
    return new SparseWeights(kernels, neurons, table, whole ? Int32Array.from(numbers) : numbers)
  }
  const n = checkMatrix(neurons)
  const divisor = divisorOf('weights', given)
  const numbers = readRealRow('weights', given, n * n, { least: -MOST, most: MOST })
  const whole = divisor !== 1 && (given instanceof Int32Array || madeWhole(numbers, divisor))
  for (let i = 0; i < n && !selfWeights; i++) {
    if (numbers[i * n + i] === 0) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `weights[${i * n + i}]: expected 0 on the diagonal, or selfWeights: true, got ${numbers[i * n + i]}`,
    )
  }
  const size = n * paddedStride(n)
  const Kept = keptAs(whole ? undefined : given, numbers)
  const padded: Numbers = allocate('weights', size * Kept.BYTES_PER_ELEMENT, () => new Kept(size))
  return new MatrixWeights(kernels, n, paddedRows(numbers, n, padded), whole ? divisor : 1)
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
  throw new HopfieldError('ERR_HOPFIELD_OPTION', `${option}: cannot be combined with these weights`)
}

function refuseSelf(name: string, starts: Uint32Array, sources: Uint32Array): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (sources[k] !== i) continue
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${k}]: expected a neuron other than ${i} itself, or selfWeights: true`,
      )
    }
  }
}

function noForm(what: string, form: string, forms: readonly string[]): HopfieldError {
  const list = forms.map((name) => `'${name}'`).join(', ')
  return new HopfieldError('ERR_HOPFIELD_OPTION', `weights: ${what} has no ${form} form; expected ${list}`)
}
