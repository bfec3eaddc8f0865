import { allocate, describe, HopfieldError } from '../errors.js'
import type { Float64s } from './typed-arrays.js'
import { checkNumber, element, lengthOf } from './validate.js'

/** Ascending numbers within these bounds, at least one. */
export function readAscending(name: string, given: unknown, least: number, most: number): Float64s {
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of numbers, got ${describe(given)}`,
    )
  }
  if (length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${name}: expected at least one number, got none`)
  }
  const out = allocate(name, length * 8, () => new Float64Array(length))
  for (let k = 0; k < length; k++) {
    out[k] = checkNumber(`${name}[${k}]`, element(given as ArrayLike<unknown>, k), least, most)
    if (k === 0 || out[k] > out[k - 1]) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}[${k}]: expected more than ${name}[${k - 1}], ${out[k - 1]}, got ${out[k]}`,
    )
  }
  return out
}
