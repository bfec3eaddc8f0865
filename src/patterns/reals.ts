import { allocate, describe, HopfieldError } from '../errors.js'
import { isArrayLike } from '../validate.js'

/** Rows of real numbers from outside: a copy, since what is computed from them is written over them. */
export interface RealRows {
  readonly count: number
  /** count × N, row-major. */
  readonly data: Float64Array
}

/** Between which numbers each has to lie. */
export interface RealRange {
  readonly least: number
  readonly most: number
}

/**
 * Any number of rows of N numbers within a range, flat or nested.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readRealRows(name: string, given: unknown, width: number, range: RealRange): RealRows {
  if (!isArrayLike(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected rows of ${width} numbers, got ${describe(given)}`,
    )
  }
  const { length } = given
  if (length > 0 && isArrayLike(given[0])) {
    const data = allocate(name, length * width * 8, () => new Float64Array(length * width))
    for (let b = 0; b < length; b++) {
      copy(`${name}[${b}]`, checkRow(`${name}[${b}]`, given[b], width), range, data, b * width)
    }
    return { count: length, data }
  }
  if (length % width !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected a multiple of ${width} numbers, got ${length}`,
    )
  }
  const data = allocate(name, length * 8, () => new Float64Array(length))
  copy(name, given, range, data, 0)
  return { count: length / width, data }
}

/** Exactly one row, a copy. */
export function readRealRow(name: string, given: unknown, width: number, range: RealRange): Float64Array {
  const data = allocate(name, width * 8, () => new Float64Array(width))
  copy(name, checkRow(name, given, width), range, data, 0)
  return data
}

function checkRow(name: string, given: unknown, width: number): ArrayLike<unknown> {
  if (!isArrayLike(given)) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected ${width} numbers, got ${describe(given)}`)
  }
  if (given.length !== width) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${width} numbers, got ${given.length}`)
  }
  return given
}

function copy(
  name: string,
  from: ArrayLike<unknown>,
  { least, most }: RealRange,
  to: Float64Array,
  at: number,
): void {
  for (let k = 0; k < from.length; k++) {
    const x = from[k]
    if (typeof x !== 'number' || !(x >= least && x <= most)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${k}]: expected a number from ${least} to ${most}, got ${describe(x)}`,
      )
    }
    to[at + k] = x
  }
}
