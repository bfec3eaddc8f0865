import { allBeside, type Steps } from '../../async/steps.js'
import type { Onlookers } from '../../async/tally.js'
import { within } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { HALF_LOG_2PI, type Machine, type Rows } from './machine.js'
import {
  annealedLogPartition,
  exactLogPartition,
  isEnumerable,
  type LogPartition,
  MOST_ENUMERATED,
} from './partition.js'
import type { Evaluation } from './restricted-options.js'

/** How likely rows are. */
export interface LogLikelihood {
  /** The mean of `values`, in nats. */
  mean: number
  /** ln p(v) of each row: B numbers. */
  values: Float64s
  /** The partition function that they are relative to: every value is off by as much as this is. */
  logPartition: LogPartition
}

/** ln p(v) of each row. */
export function* logLikelihoods(
  machine: Machine,
  { data, count }: Rows,
  logPartition: number,
): Steps<Float64Array> {
  const constant = machine.hiddenKind === 'gaussian' ? machine.hidden * HALF_LOG_2PI : 0
  const energies = yield* machine.freeEnergies(data, count)
  return energies.map((energy) => constant - energy - logPartition)
}

/** F of each row: −ln p(v) − ln Z. */
export function* freeEnergies(machine: Machine, rows: Rows): Steps<Float64s> {
  return (yield* logLikelihoods(machine, rows, 0)).map((x) => 0 - x) as Float64s
}

/** What steps find, beside other work; errors name the method. */
export async function evaluated<T>(method: string, steps: Steps<T>, limits: Onlookers): Promise<T> {
  try {
    return await allBeside(steps, limits)
  } catch (error) {
    throw within(method, error)
  }
}

/** The mean of V·ln p(v_i | rest) over the rows, of one unit i of each: the same at every call, so that measures can be compared. */
export function* pseudoLikelihood(
  machine: Machine,
  { data, count }: Rows,
  seed: readonly [number, number],
): Steps<number> {
  const { visible, visibleKind } = machine
  const other = data.slice()
  const draw = new WordStream(...seed).seek(PURPOSE.flips, 0)
  for (let b = 0; b < count; b++) {
    const at = b * visible + draw.bounded(visible)
    other[at] = visibleKind === 'binary' ? 1 - other[at] : -other[at]
  }
  const before = yield* machine.freeEnergies(data, count)
  const after = yield* machine.freeEnergies(other, count)
  // ln 1/(1 + e^(F − F')), without overflow.
  const terms = before.map((energy, b) => {
    const x = after[b] - energy
    return Math.min(x, 0) - log(1 + exp(-Math.abs(x)))
  })
  return visible * mean(terms)
}

export function mean(values: Float64Array): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length
}

/** ln Z as asked for. */
export function* partition(machine: Machine, read: Evaluation, threads = 1): Steps<LogPartition> {
  const { method, chains, temperatures, seed } = read
  if (method === 'annealed' || (method === 'auto' && !isEnumerable(machine, MOST_ENUMERATED))) {
    return yield* annealedLogPartition(machine, { chains, temperatures, seed }, true, threads)
  }
  const value = yield* exactLogPartition(machine, true, threads)
  return { value, lower: value, upper: value, method: 'exact' }
}

/** ln p(v) of rows. */
export function* likelihood(
  machine: Machine,
  rows: Rows,
  read: Evaluation,
  threads = 1,
): Steps<LogLikelihood> {
  const logPartition = yield* partition(machine, read, threads)
  const values = (yield* logLikelihoods(machine, rows, logPartition.value)) as Float64s
  return { mean: mean(values), values, logPartition }
}
