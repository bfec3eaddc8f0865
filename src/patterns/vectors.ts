import { allocate, describe, HopfieldError } from '../errors.js'
import { isArrayLike } from '../validate.js'
import { isDetached, transferred } from './spins.js'

/** One vector of d numbers. */
export type VectorLike = ArrayLike<number>
/** Several: one flat array of B·d numbers, row-major, or an array of B vectors. */
export type VectorsLike = ArrayLike<number> | ArrayLike<ArrayLike<number>>

/** Vectors from outside, as f32. */
export interface Vectors {
  readonly count: number
  /** count × d, row-major; the caller's own array where it already was f32. */
  readonly data: Float32Array
}

/**
 * Any number of vectors of d numbers that f32 can hold.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readVectors(name: string, given: unknown, dimension: number): Vectors {
  if (!isArrayLike(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected vectors of ${dimension} numbers, got ${describe(given)}`,
    )
  }
  if (ArrayBuffer.isView(given) && isDetached(given.buffer)) throw transferred(name)
  const { length } = given
  if (length > 0 && isArrayLike(given[0])) {
    const data = room(name, length * dimension)
    for (let b = 0; b < length; b++) {
      copy(`${name}[${b}]`, checkVector(`${name}[${b}]`, given[b], dimension), data, b * dimension)
    }
    return { count: length, data }
  }
  if (length % dimension !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected a multiple of ${dimension} numbers, got ${length}`,
    )
  }
  const count = length / dimension
  if (given instanceof Float32Array) {
    for (let k = 0; k < length; k++) if (!Number.isFinite(given[k])) throw notFinite(name, k, given[k])
    return { count, data: given }
  }
  const data = room(name, length)
  copy(name, given, data, 0)
  return { count, data }
}

/** Exactly one vector. */
export function readVector(name: string, given: unknown, dimension: number): Float32Array {
  return readVectors(name, checkVector(name, given, dimension), dimension).data
}

function checkVector(name: string, given: unknown, dimension: number): ArrayLike<unknown> {
  if (!isArrayLike(given) || isArrayLike(given[0])) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected ${dimension} numbers, got ${describe(given)}`,
    )
  }
  if (given.length !== dimension) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected ${dimension} numbers, got ${given.length}`,
    )
  }
  return given
}

/** A number too large for f32 becomes infinite there, and is refused as such. */
function copy(name: string, from: ArrayLike<unknown>, to: Float32Array, at: number): void {
  for (let k = 0; k < from.length; k++) {
    const value = from[k]
    if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) throw notFinite(name, k, value)
    to[at + k] = value
  }
}

function notFinite(name: string, index: number, value: unknown): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    `${name}[${index}]: expected a finite number within f32, got ${describe(value)}`,
  )
}

function room(name: string, size: number): Float32Array {
  return allocate(name, size * 4, () => new Float32Array(size))
}
