import { allBeside, type Steps } from '../../async/steps.js'
import type { Onlookers } from '../../async/tally.js'
import { within } from '../../errors.js'
import type { Float64s } from '../../input/typed-arrays.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'
import { PURPOSE, WordStream } from '../../numerics/philox.js'
import { copy } from '../../storage/copying.js'
import { each } from '../../storage/record.js'
import { HALF_LOG_2PI, type Machine, type Rows } from './machine.js'
import {
  annealedLogPartition,
  exactLogPartition,
  isEnumerable,
  type LogPartition,
  MOST_ENUMERATED,
} from './partition.js'
import type { Evaluation } from './restricted-options.js'

/** Numbers that a draw, or a logarithm, takes as long as. */
const DRAW = 16

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
): Steps<Float64s> {
  const constant = machine.hiddenKind === 'gaussian' ? machine.hidden * HALF_LOG_2PI : 0
  const values = yield* machine.freeEnergies(data, count)
  yield* each(count, (b) => {
    values[b] = constant - values[b] - logPartition
  })
  return values
}

/** F of each row: −ln p(v) − ln Z. */
export function* freeEnergies(machine: Machine, rows: Rows): Steps<Float64s> {
  const values = yield* logLikelihoods(machine, rows, 0)
  yield* each(values.length, (b) => {
    values[b] = 0 - values[b]
  })
  return values
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
  const other = machine.singles(count, visible)
  yield* copy(data, other)
  const draw = new WordStream(...seed).seek(PURPOSE.flips, 0)
  const flip = (b: number): void => {
    const at = b * visible + draw.bounded(visible)
    other[at] = visibleKind === 'binary' ? 1 - other[at] : -other[at]
  }
  yield* each(count, flip, DRAW)
  const before = yield* machine.freeEnergies(data, count)
  const after = yield* machine.freeEnergies(other, count)
  // ln 1/(1 + e^(F − F')), without overflow.
  const term = (b: number): void => {
    const x = after[b] - before[b]
    before[b] = Math.min(x, 0) - log(1 + exp(-Math.abs(x)))
  }
  yield* each(count, term, DRAW)
  return visible * (yield* mean(before))
}

export function* mean(values: Float64Array): Steps<number> {
  let sum = 0
  yield* each(values.length, (b) => {
    sum += values[b]
  })
  return sum / values.length
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
  const values = yield* logLikelihoods(machine, rows, logPartition.value)
  return { mean: yield* mean(values), values, logPartition }
}
