import { allocate, describe, HopfieldError } from '../../errors.js'
import { Kinds, option, required } from '../../input/options.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkInteger, checkLength, element } from '../../input/validate.js'
import { exp } from '../../numerics/exp.js'
import type { InteractionTables } from '../../storage/interaction-weights.js'
import type { RecordReader } from '../../storage/record.js'

/** The function F of E = −Σ_μ F(v^μ), where v = ξ·s is the overlap of a pattern. */
export type Interaction =
  /** F = v^degree, an integer of at least 1 (Krotov and Hopfield 2016). Odd degrees distinguish a pattern from its inverse. */
  | { kind: 'polynomial'; degree: number }
  /** F = v^degree for v > 0, otherwise 0. */
  | { kind: 'rectified'; degree: number }
  /** F = e^(βv) (Demircigil et al. 2017); β = 1 by default. */
  | { kind: 'exponential'; beta?: number }
  /**
   * F = max(0, radius − (N − v)/2), radius less the number of neurons that differ, an integer from 1 to N (Hoover et al. 2025): only
   * patterns that differ from the state on fewer neurons have a part, and outside of all balls a recall leaves the state as it is.
   */
  | { kind: 'epanechnikov'; radius: number }
  /** Your own F: 2N + 1 numbers with F(v) at index v + N, or a function, called for v = −N, −N + 2, …, N. */
  | { kind: 'table'; values: NumbersLike | ((v: number) => number) }

/** With |F| below this no sum over patterns overflows f64. */
const MOST = 2 ** 980
/** 64·ln 2: a term whose logarithm is lower than the largest by more is below f64's resolution of the sum and counts as zero. */
const CUT_OFF = 44.3614195558365
/** Within these bounds e^(2β) < 2^980, and ln P/β is finite. */
const [LEAST_BETA, MOST_BETA] = [1e-300, 339]

const KINDS = new Kinds({
  polynomial: { degree: required(readDegree) },
  rectified: { degree: required(readDegree) },
  exponential: { beta: option(1, readBeta) },
  epanechnikov: { radius: required((name, value, neurons: number) => checkInteger(name, value, 1, neurons)) },
  table: { values: required(readValues) },
})

export type CheckedInteraction = ReturnType<typeof KINDS.read>

/** Checks an interaction. Throws HopfieldError naming `name`. */
export function readInteraction(name: string, given: unknown, neurons: number): CheckedInteraction {
  return KINDS.read(name, given, neurons)
}

/** An interaction of a record: a table of the caller's own lies among its arrays, as F(−N), F(−N + 2), …, F(N). */
export function openTable(from: RecordReader, given: unknown, neurons: number): unknown {
  const name = 'interaction.energies'
  if (!from.has(name)) return given
  const energies = from.array(name, Float64Array, [neurons + 1])
  return { ...(given as object), values: (v: number) => energies[(v + neurons) / 2] }
}

/** Makes the tables that all backends read, so that their bits agree. */
export function interactionTables(interaction: CheckedInteraction, neurons: number): InteractionTables {
  switch (interaction.kind) {
    case 'polynomial':
      return absolute(neurons, powers(interaction.degree))
    case 'rectified': {
      const power = powers(interaction.degree)
      return absolute(neurons, (v) => (v > 0 ? power(v) : 0))
    }
    case 'exponential':
      return relative(neurons, interaction.beta)
    case 'epanechnikov': {
      const outside = neurons - 2 * interaction.radius
      return absolute(neurons, (v) => Math.max(0, (v - outside) / 2))
    }
    case 'table':
      return absolute(neurons, interaction.values)
  }
}

/** D and F by j, from F by v. */
function absolute(neurons: number, f: (v: number) => number): InteractionTables {
  const [fields, energies] = reals(neurons + 2, neurons + 1)
  for (let j = 0; j <= neurons; j++) {
    energies[j] = f(2 * j - neurons)
    if (j > 0) fields[j] = energies[j] - energies[j - 1]
  }
  return { fields, energies, beta: 0 }
}

/** T[N − k] = e^(−2βk) for k = −1…N: D and F relative to the largest overlap. */
function relative(neurons: number, beta: number): InteractionTables {
  const [table] = reals(neurons + 2)
  for (let k = -1; k <= neurons; k++) {
    const x = 2 * beta * k
    if (x > CUT_OFF) break
    table[neurons - k] = exp(-x)
  }
  return { fields: table, energies: table, beta }
}

function reals(...lengths: number[]): Float64Array[] {
  return lengths.map((length) => allocate('interaction', length * 8, () => new Float64Array(length)))
}

/** v^degree by repeated multiplication. */
function powers(degree: number): (v: number) => number {
  return (v) => {
    let power = v
    for (let k = 1; k < degree; k++) power *= v
    return power
  }
}

function readDegree(name: string, value: unknown, neurons: number): number {
  const degree = checkInteger(name, value, 1, 979)
  if (powers(degree)(neurons) >= MOST) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: expected N^degree below 2^980, got ${neurons}^${degree}`,
    )
  }
  return degree
}

function readBeta(name: string, value: unknown): number {
  if (typeof value !== 'number') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a number, got ${describe(value)}`)
  }
  if (!(value >= LEAST_BETA && value <= MOST_BETA)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: expected a number above 0, ${LEAST_BETA} to ${MOST_BETA}, got ${value}`,
    )
  }
  return value
}

/** F(v) from a table or a function. */
function readValues(name: string, values: unknown, neurons: number): (v: number) => number {
  if (typeof values === 'function') return (v) => checkValue(`${name}(${v})`, values(v))
  const given = checkLength(name, values, 2 * neurons + 1)
  const size = 2 * neurons + 1
  const table = allocate(name, size * 8, () => new Float64Array(size))
  for (let k = 0; k < size; k++) table[k] = checkValue(`${name}[${k}]`, element(given, k))
  return (v) => table[v + neurons]
}

function checkValue(name: string, value: unknown): number {
  if (typeof value !== 'number' || !(Math.abs(value) < MOST)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}: expected a number of magnitude below 2^980, got ${describe(value)}`,
    )
  }
  return value
}
