// What ../temperature.ts exports, for an entry without schedules: one temperature for all sweeps.
import { leftOut } from '../../../errors.js'
import { checkNumber } from '../../../input/validate.js'

export type * from '../temperature.js'

const MOST = 1e300

export function readTemperature(name: string, given: unknown): Float64Array {
  if (typeof given === 'object') throw leftOut(`${name}: a schedule`)
  return Float64Array.of(checkNumber(name, given, 0, MOST))
}

export function temperaturesOf(checked: Float64Array | undefined): Float64Array | undefined {
  return checked?.[0] === 0 ? undefined : checked
}
