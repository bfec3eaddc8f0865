import { within } from '../../errors.js'
import { option, optional, Schema, unread } from '../../input/options.js'
import { MAX_NEURONS } from '../../input/spins.js'
import type { Float64s, Int8s, NumbersLike, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import { checkChoice, checkInteger, checkReals, isPlainObject, lengthOf } from '../../input/validate.js'
import {
  type CouplingTable,
  checkReal,
  type Edges,
  gathered,
  isMatrix,
  opposite,
  type Pairs,
  readEdges,
  readMatrix,
  type SquareMatrix,
} from './coupling-table.js'
import type { Meaning } from './ising-model.js'
import { type IsingProblem, isingOf, isingProblem, problemOf } from './ising-problem.js'
import { spinModel } from './penalty-model.js'

const SIZE = new Schema({
  /** N, where pairs do not tell it. */
  variables: optional<number>((name, value) => checkInteger(name, value, 0, MAX_NEURONS)),
  /** Added to every energy; 0 by default. */
  offset: option<number>(0, checkReal),
})

/**
 * Quadratic unconstrained binary optimisation: E = Σ_ij Q_ij x_i x_j + offset of x_i ∈ {0, 1}, to be made small. s_i = 2x_i − 1, so +1 is
 * 1. `value` and `energy` are both E, `decode` gives x.
 * @param matrix Q: N × N numbers, flat or in rows, triangular, symmetric or neither, since Q_ij and Q_ji add up; or compressed rows; or
 * pairs as { from, to, weights }.
 * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE naming the first number that is wrong.
 */
export function qubo(
  matrix: SquareMatrix | Edges,
  options?: { variables?: number; offset?: number },
): IsingProblem<Uint8s> {
  const { variables, offset } = SIZE.read('qubo', options)
  try {
    const pairs =
      isPlainObject(matrix) && !isMatrix(matrix)
        ? readEdges('matrix', matrix, variables)
        : readMatrix('matrix', matrix, variables)
    return quboProblem(pairs, offset)
  } catch (error) {
    throw within('qubo', error)
  }
}

/** @param pairs the number of a pair is the coefficient of x_i x_j; of a variable with itself, that of x_i. */
export function quboProblem(pairs: Pairs, offset: number): IsingProblem<Uint8s> {
  const { table: quadratic, own: linear, repeats } = gathered('matrix', pairs)
  const { starts, sources, weights } = quadratic
  const n = pairs.variables
  const energyOf = (state: Int8Array): number => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      if (state[i] < 0) continue
      sum += linear[i]
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        if (sources[k] > i && state[sources[k]] > 0) sum += weights[k]
      }
    }
    return sum + offset
  }
  const meaning: Meaning<Uint8s> = {
    sense: 'min',
    value: energyOf,
    bound: (energy) => energy,
    decode: (state) => Uint8Array.from(state, (s) => (s > 0 ? 1 : 0)),
  }
  return problemOf(n, () => spinModel(quadratic, linear, offset), meaning, repeats)
}

/** A binary quadratic model in the words and signs of dimod: E = Σ_i linear_i v_i + Σ_pairs quadratic_ij v_i v_j + offset. */
export interface BinaryQuadraticModel {
  /** What v is: ±1 ('SPIN') or 0/1 ('BINARY'). */
  vartype: 'SPIN' | 'BINARY'
  /** N numbers. */
  linear: Float64s
  /** Each pair once, from < to. */
  quadratic: { from: Uint32s; to: Uint32s; weights: Float64s }
  offset: number
}

const MODEL = new Schema({
  vartype: unread<'SPIN' | 'BINARY'>(),
  linear: unread<NumbersLike>(),
  quadratic: unread<Edges>(),
  offset: option<number>(0, checkReal),
})

/**
 * A problem of a model as dimod has it: in ±1 (h and J of `to_ising`, whose signs are the opposite of ours) or in 0/1 (`to_qubo`).
 * Energies are the same, and `decode` gives v. @throws HopfieldError ERR_HOPFIELD_OPTION, _VALUE, _SHAPE, _TYPE, _RANGE naming the property.
 */
export function fromBinaryQuadraticModel(model: {
  vartype: 'SPIN' | 'BINARY'
  linear: NumbersLike
  quadratic: Edges
  offset?: number
}): IsingProblem<Int8s | Uint8s> {
  const method = 'fromBinaryQuadraticModel'
  const read = MODEL.read(method, model)
  try {
    const vartype = checkChoice('vartype', read.vartype, ['SPIN', 'BINARY'])
    const n = Math.max(lengthOf(read.linear), 0)
    const linear = checkReals('linear', read.linear, n)
    const pairs = readEdges('quadratic', read.quadratic ?? [], n)
    const { table, own, repeats } = gathered('quadratic', pairs)
    if (vartype === 'BINARY') return quboProblem({ ...withLinear(pairs, linear), repeats }, read.offset)
    const offset = own.reduce((sum, x) => sum + x, read.offset)
    const made = { table: opposite(table), fields: linear.map((h) => 0 - h), scale: 1, offset }
    return isingProblem(n, made, repeats)
  } catch (error) {
    throw within(method, error)
  }
}

function withLinear({ variables, from, to, values }: Pairs, linear: Float64Array): Pairs {
  const count = from.length
  const all = {
    variables,
    from: new Uint32Array(count + variables),
    to: new Uint32Array(count + variables),
    values: new Float64Array(count + variables),
  }
  all.from.set(from)
  all.to.set(to)
  all.values.set(values)
  for (let i = 0; i < variables; i++) all.from[count + i] = all.to[count + i] = i
  all.values.set(linear, count)
  return all
}

/**
 * The same energies as a model in dimod's words: of whole numbers exactly, with the signs turned where `vartype` is 'SPIN'.
 * @param vartype what the variables of the model are: 'SPIN' (±1) or 'BINARY' (0/1).
 */
export function toBinaryQuadraticModel(
  problem: IsingProblem<unknown>,
  vartype: 'SPIN' | 'BINARY',
): BinaryQuadraticModel {
  const method = 'toBinaryQuadraticModel'
  try {
    const { table, fields, scale, offset } = isingOf(problem).model
    const binary = checkChoice('vartype', vartype, ['SPIN', 'BINARY']) === 'BINARY'
    const n = problem.variables
    const linear = new Float64Array(n)
    const sums = rowSums(table, n)
    let constant = 0
    for (let i = 0; i < n; i++) {
      const h = fields === undefined ? 0 : 0 - fields[i]
      // −J s_i s_j − b s_i with s = 2x − 1: −4J x_i x_j + 2(ΣJ − b) x_i − J + b.
      linear[i] = (binary ? 2 * (h + sums[i]) : h) / scale + 0
      if (binary) constant -= h + sums[i] / 2
    }
    const quadratic = upperPairs(table, n, (binary ? 4 : 1) / scale)
    return { vartype, linear, quadratic, offset: offset + constant / scale }
  } catch (error) {
    throw within(method, error)
  }
}

function rowSums({ starts, weights }: CouplingTable, n: number): Float64Array {
  const sums = new Float64Array(n)
  for (let i = 0; i < n; i++) for (let k = starts[i]; k < starts[i + 1]; k++) sums[i] += weights[k]
  return sums
}

/** −factor·J of each pair once. */
export function upperPairs(
  { starts, sources, weights }: CouplingTable,
  n: number,
  factor: number,
): BinaryQuadraticModel['quadratic'] {
  const count = sources.length / 2
  const quadratic = {
    from: new Uint32Array(count),
    to: new Uint32Array(count),
    weights: new Float64Array(count),
  }
  let at = 0
  for (let i = 0; i < n; i++) {
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      if (sources[k] < i) continue
      quadratic.from[at] = i
      quadratic.to[at] = sources[k]
      quadratic.weights[at++] = 0 - weights[k] * factor
    }
  }
  return quadratic
}
