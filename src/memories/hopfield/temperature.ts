import { describe, HopfieldError } from '../../errors.js'
import { checkChoice, checkInteger, checkNumber, checkOptions, isArrayLike } from '../../input/validate.js'
import { exp } from '../../numerics/exp.js'
import { log } from '../../numerics/log.js'

/** How T goes from sweep to sweep. */
export interface TemperatureSchedule {
  /** T of the first sweep, ≥ 0; above 0 if geometric. */
  from: number
  /** T of the last sweep of the schedule, and of all behind it; ≥ 0, above 0 if geometric. */
  to: number
  /** Sweeps on the way, from 1; all of `maxSweeps` by default. */
  sweeps?: number
  /** By equal steps (default) or by equal factors. */
  schedule?: 'linear' | 'geometric'
}

export type Temperature = number | ArrayLike<number> | TemperatureSchedule

const MOST = 1e300
/** More would be more than a schedule can mean, and megabytes. */
const MOST_STEPS = 2 ** 24

/** T of each sweep, the last holding on; undefined where all are 0. A copy. */
export function readTemperature(given: unknown, maxSweeps: number): Float64Array | undefined {
  const temperatures = temperaturesOf(given, maxSweeps)
  return temperatures?.some((t) => t > 0) ? temperatures : undefined
}

function temperaturesOf(given: unknown, maxSweeps: number): Float64Array | undefined {
  if (given === undefined) return undefined
  if (typeof given === 'number') return Float64Array.of(checkNumber('temperature', given, 0, MOST))
  if (isArrayLike(given)) {
    if (given.length === 0) {
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', 'temperature: expected at least one number, got none')
    }
    return Float64Array.from({ length: given.length }, (_, k) =>
      checkNumber(`temperature[${k}]`, given[k], 0, MOST),
    )
  }
  if (given === null || typeof given !== 'object') {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `temperature: expected a number, numbers or a schedule, got ${describe(given)}`,
    )
  }
  checkOptions('temperature', given, ['from', 'to', 'sweeps', 'schedule'])
  const { from, to, sweeps, schedule = 'linear' } = given as Partial<TemperatureSchedule>
  const geometric = checkChoice('temperature.schedule', schedule, ['linear', 'geometric']) === 'geometric'
  const least = geometric ? 1e-300 : 0
  const first = checkNumber('temperature.from', from, least, MOST)
  const last = checkNumber('temperature.to', to, least, MOST)
  const length =
    sweeps === undefined
      ? Math.min(maxSweeps, MOST_STEPS)
      : checkInteger('temperature.sweeps', sweeps, 1, MOST_STEPS)
  const [a, b] = geometric ? [log(first), log(last)] : [first, last]
  const out = new Float64Array(length)
  for (let k = 0; k < length - 1; k++) {
    const x = a + (b - a) * (k / (length - 1))
    out[k] = geometric ? exp(x) : x
  }
  // The ends are exactly what was asked: at 0 a recall may come to rest.
  if (length > 1) out[0] = first
  out[length - 1] = last
  return out
}
