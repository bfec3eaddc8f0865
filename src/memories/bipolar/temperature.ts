import { allocate, describe, HopfieldError } from '../../errors.js'
import { choice, optional, Schema, unread } from '../../input/options.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { checkInteger, checkNumber, element, isPlainObject, lengthOf } from '../../input/validate.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'

/** A schedule of T over the sweeps. */
export interface TemperatureSchedule {
  /** T of the first sweep, ≥ 0; above 0 if geometric. */
  from: number
  /** T of the last sweep of the schedule and of all later sweeps; ≥ 0, above 0 if geometric. */
  to: number
  /** Sweeps of the schedule, at least 1; `maxSweeps` by default. */
  sweeps?: number
  /** 'linear' (default): T changes by equal steps. 'geometric': by equal factors. */
  schedule?: 'linear' | 'geometric'
}

export type Temperature = number | NumbersLike | TemperatureSchedule

const MOST = 1e300
/** Longer schedules would take megabytes without use. */
const MOST_STEPS = 2 ** 24

const SCHEDULE = new Schema({
  from: unread<number>(),
  to: unread<number>(),
  sweeps: optional<number>((name, value) => checkInteger(name, value, 1, MOST_STEPS)),
  schedule: choice(['linear', 'geometric'], 'linear'),
})

/** A checked temperature, a copy: T of each sweep, or how to compute it once the number of sweeps is known. */
export type CheckedTemperature = Float64Array | ((maxSweeps: number) => Float64Array)

/** T of each sweep, the last one for all later sweeps; undefined if all are 0. */
export function temperaturesOf(
  checked: CheckedTemperature | undefined,
  maxSweeps: number,
): Float64Array | undefined {
  const temperatures = typeof checked === 'function' ? checked(maxSweeps) : checked
  return temperatures?.some((t) => t > 0) ? temperatures : undefined
}

export function readTemperature(name: string, given: unknown): CheckedTemperature {
  if (typeof given === 'number') return Float64Array.of(checkNumber(name, given, 0, MOST))
  const length = lengthOf(given)
  if (length >= 0) {
    if (length === 0) {
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one number, got none`)
    }
    const out = allocate(name, length * 8, () => new Float64Array(length))
    for (let k = 0; k < length; k++)
      out[k] = checkNumber(`${name}[${k}]`, element(given as ArrayLike<unknown>, k), 0, MOST)
    return out
  }
  if (!isPlainObject(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected a number, numbers or a schedule, got ${describe(given)}`,
    )
  }
  const { from, to, sweeps, schedule } = SCHEDULE.readWithin(name, given)
  const geometric = schedule === 'geometric'
  const least = geometric ? 1e-300 : 0
  const first = checkNumber(`${name}.from`, from, least, MOST)
  const last = checkNumber(`${name}.to`, to, least, MOST)
  return (maxSweeps) => scheduled(first, last, sweeps ?? Math.min(maxSweeps, MOST_STEPS), geometric)
}

function scheduled(first: number, last: number, length: number, geometric: boolean): Float64Array {
  const [a, b] = geometric ? [log(first), log(last)] : [first, last]
  const out = new Float64Array(length)
  for (let k = 0; k < length - 1; k++) {
    const x = a + (b - a) * (k / (length - 1))
    out[k] = geometric ? exp(x) : x
  }
  // The ends are exactly the given numbers: at exactly 0 a recall may converge.
  if (length > 1) out[0] = first
  out[length - 1] = last
  return out
}
