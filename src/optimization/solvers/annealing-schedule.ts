import { oneStep, type Steps } from '../../async/steps.js'
import { describe, HopfieldError } from '../../errors.js'
import { choice, optional, type Read, unread } from '../../input/options.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber, element, lengthOf } from '../../input/validate.js'
import type { Ising } from '../problems/ising-model.js'
import type { Search } from './search.js'
import { felt, type ThermodynamicLength, thermodynamicLength } from './thermodynamic-length.js'

export const SCHEDULES = ['linear', 'linear-temperature', 'geometric', 'adaptive'] as const
export type Schedule = (typeof SCHEDULES)[number]

/** Two inverse temperatures, above 0, of which the second is not below the first. */
export const betaRange = optional<readonly [from: number, to: number]>(readRange)

/** Options of a schedule. */
export const SCHEDULE = {
  /**
   * Sweeps of a read, 1 to 2^24. A sweep visits every variable once. By default 1000; with a `target` or a `maxTime` a read is annealed
   * again and again, each time for longer, from 128 sweeps on.
   */
  numSweeps: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 24)),
  /**
   * β = 1/T of the first and the last sweep, in units of 1/energy, above 0 and rising. By default from 1.2/σ, where σ is the root mean square
   * of what a variable feels in a random state, to where a flip that costs least is one in two hundred, but to 6/σ at least, and at
   * once with fewer than 200 sweeps, and to 9/σ at most.
   */
  betaRange,
  /**
   * How β goes from one to the other: 'linear' in β, 'linear-temperature' in T, 'geometric', or 'adaptive': slowly where energies fall far
   * beside their fluctuations, which a short annealing tells. 'geometric' by default.
   */
  schedule: choice(SCHEDULES, 'geometric'),
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

/** How often reads are annealed, for how long, and at which β. */
export interface AnnealingSchedule {
  /** Sweeps of one annealing after the other. */
  lengths(limited: boolean): Iterable<number>
  betas(search: Search, length: number): Steps<Betas>
}

/** Sweeps of the first annealings where nobody says how many, and of all of them where nothing but a target ends them. */
const FIRST = [128, 288, 288, 576, 1152]
const MOST_IN_ALL = 2 ** 22

/** Ever longer annealings: those that lead nowhere take no more than half of the time. */
export function* longerAndLonger(): Generator<number> {
  let total = 0
  for (let k = 0; total < MOST_IN_ALL; k++) {
    const length = k < FIRST.length ? FIRST[k] : FIRST[FIRST.length - 1] * 2 ** (k - FIRST.length + 1)
    total += length
    yield length
  }
}

/** Sweeps of one annealing where nobody says how many. */
const USUAL = 1000

/** @param hottest where the usual range begins, in units of 1/σ. */
export function scheduleOf(
  ising: Ising,
  options: Read<typeof SCHEDULE>,
  hottest: number = HOTTEST,
): AnnealingSchedule {
  const { betas, betaRange, numSweeps, schedule } = options
  const { scale } = ising.model
  if (betas !== undefined) {
    const given = readBetas(betas)
    const all = { length: given.length, at: (sweep: number) => given[sweep] / scale }
    return { lengths: () => [given.length], betas: () => oneStep(() => all) }
  }
  const given = betaRange?.map((beta) => beta / scale)
  /** By the cold end of the range. */
  const known = new Map<number, ThermodynamicLength>()
  return {
    lengths(limited) {
      if (numSweeps !== undefined) return [numSweeps]
      return limited ? longerAndLonger() : [USUAL]
    },
    *betas(search, sweeps) {
      const [from, to] = given ?? usualRange(ising, sweeps, hottest)
      let length = known.get(to)
      if (schedule === 'adaptive' && length === undefined) {
        length = yield* thermodynamicLength(search, [from, to])
        known.set(to, length)
      }
      return {
        length: sweeps,
        at(sweep) {
          const part = sweeps === 1 ? 1 : sweep / (sweeps - 1)
          if (length !== undefined) return length.at(part)
          if (schedule === 'geometric') return from * (to / from) ** part
          if (schedule === 'linear') return from + (to - from) * part
          return 1 / (1 / from + (1 / to - 1 / from) * part)
        },
      }
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

/** The hot end of the usual range, in units of 1/σ: hotter, states are forgotten as fast as they are found. */
const HOTTEST = 1.2
/** The cold end in these units, and which β makes a flip that costs least as rare as one in two hundred. */
const COLDEST = [6, 9] as const
/** A cooling of fewer sweeps is a quench: it has no time for what is rare. */
const QUENCH = 200
const RARE = 2.65

/** From β at which a typical flip is often accepted to β at which hardly any is that costs energy. */
function usualRange(ising: Ising, sweeps: number, hottest: number): readonly [number, number] {
  const sigma = felt(ising)
  const cold = sweeps < QUENCH ? 0 : RARE / leastCost(ising)
  return [hottest / sigma, Math.min(Math.max(cold, COLDEST[0] / sigma), COLDEST[1] / sigma)]
}

/** The least |x| > 0 that s_i·(h_i + b_i) can have, as far as parity tells: half of what a flip costs at least. */
function leastCost({ facts }: Ising): number {
  if (!facts.exact) return 0
  return facts.odd ? 1 : 2
}
