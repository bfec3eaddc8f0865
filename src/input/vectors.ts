import {
  type NumberForm,
  type NumberRows,
  readingNumberRows,
  readNumberRow,
  readNumberRows,
} from './number-rows.js'
import type { NumbersLike } from './typed-arrays.js'

/** One vector of d numbers. */
export type VectorLike = NumbersLike
/** Several vectors: one flat array of B·d numbers, row-major, or an array of B vectors. */
export type VectorsLike = NumbersLike | ArrayLike<NumbersLike>

/** Checked vectors as f32; if the caller gave a Float32Array, that array itself. */
export type Vectors = NumberRows<Float32Array>

const F32: NumberForm<Float32Array> = {
  noun: 'vectors',
  make: Float32Array,
  asItIs: true,
  // A number too large for f32 becomes infinite there.
  accepts: (x) => Number.isFinite(Math.fround(x)),
  wanted: 'a finite number within f32',
}

/**
 * Any number of vectors of d numbers that f32 can hold.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readVectors(name: string, given: unknown, dimension: number): Vectors {
  return readNumberRows(name, given, dimension, F32)
}

/** The same in small steps; always a copy. */
export function readingVectors(name: string, given: unknown, dimension: number): Generator<void, Vectors> {
  return readingNumberRows(name, given, dimension, F32)
}

/** Exactly one vector. */
export function readVector(name: string, given: unknown, dimension: number): Float32Array {
  return readNumberRow(name, given, dimension, F32)
}
