import { describe, HopfieldError } from '../../errors.js'
import { choice, integer, optional, type Read, unread } from '../../input/options.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkNumber, element, lengthOf } from '../../input/validate.js'
import type { Ising } from '../problems/ising-model.js'

export const SCHEDULES = ['linear', 'linear-temperature', 'geometric'] as const
export type Schedule = (typeof SCHEDULES)[number]

/** Two inverse temperatures, above 0, of which the second is not below the first. */
export const betaRange = optional<readonly [from: number, to: number]>(readRange)

/** Options of a schedule. */
export const SCHEDULE = {
  /** Sweeps of a read, 1 to 2^24; 1000 by default. A sweep visits every variable once. */
  numSweeps: integer(1, 2 ** 24, 1000),
  /**
   * β = 1/T of the first and the last sweep, in units of 1/energy, above 0 and rising. By default from 1/σ to 12/σ, where σ is the root mean square
   * of what a variable feels in a random state.
   */
  betaRange,
  /** How β goes from one to the other: 'linear' in β, 'linear-temperature' in T, or 'geometric'. 'linear' by default. */
  schedule: choice(SCHEDULES, 'linear'),
  /** β of each sweep, 0 or more; `numSweeps`, `betaRange` and `schedule` are then not read. Infinity: no update raises the energy. */
  betas: unread<NumbersLike>(),
}

function readRange(name: string, value: unknown): readonly [number, number] {
  if (lengthOf(value) !== 2) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected two numbers, from and to, got ${describe(value)}`,
    )
  }
  const two = value as ArrayLike<unknown>
  const from = checkNumber(`${name}[0]`, two[0], Number.MIN_VALUE, Number.MAX_VALUE)
  return [from, checkNumber(`${name}[1]`, two[1], from, Number.MAX_VALUE)]
}

/** β of `length` sweeps, in the unit of the problem's couplings. */
export interface Betas {
  readonly length: number
  at(sweep: number): number
}

export function betasOf(ising: Ising, options: Read<typeof SCHEDULE>): Betas {
  const { betas, betaRange, numSweeps: length, schedule } = options
  const { scale } = ising.model
  if (betas !== undefined) {
    const given = readBetas(betas)
    return { length: given.length, at: (sweep) => given[sweep] / scale }
  }
  const [from, to] = betaRange?.map((beta) => beta / scale) ?? usualRange(ising)
  return {
    length,
    at(sweep) {
      const part = length === 1 ? 1 : sweep / (length - 1)
      if (schedule === 'linear') return from + (to - from) * part
      if (schedule === 'geometric') return from * (to / from) ** part
      return 1 / (1 / from + (1 / to - 1 / from) * part)
    },
  }
}

function readBetas(given: NumbersLike): Float64Array {
  const length = lengthOf(given)
  if (length < 0)
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `betas: expected an array of numbers, got ${describe(given)}`,
    )
  if (length === 0)
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', 'betas: expected at least one number, got none')
  // Infinity is a temperature of 0.
  return Float64Array.from({ length }, (_, k) => {
    const beta: unknown = element(given as ArrayLike<unknown>, k)
    if (typeof beta === 'number' && beta >= 0) return beta
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `betas[${k}]: expected a number, 0 or more, got ${describe(beta)}`,
    )
  })
}

/** From β at which a typical flip is often accepted to β at which hardly any is that costs energy. */
function usualRange(ising: Ising): readonly [number, number] {
  const { table, fields } = ising.model
  let squares = 0
  for (const x of table.weights) squares += x * x
  for (const b of fields ?? []) squares += b * b
  const felt = Math.sqrt(squares / ising.variables)
  return felt > 0 ? [1 / felt, 12 / felt] : [1, 12]
}
