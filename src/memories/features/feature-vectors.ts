import { HopfieldError } from '../../errors.js'
import { isPacked } from '../../input/packed-patterns.js'
import { readingUnitRows, type UnitRowsLike } from '../../input/unit-rows.js'
import { readingVectors, type Vectors } from '../../input/vectors.js'
import { atOnce } from '../../platform/turn.js'
import { sizeOf } from './ascent.js'
import type { FeatureVectors } from './feature-options.js'

/** Numbers looked at again in one step. */
const STEP = 2 ** 15

/** Vectors as a memory of features takes them: always a copy. */
export function readFeatureVectors(
  name: string,
  given: UnitRowsLike,
  dimension: number,
  kind: FeatureVectors,
): Vectors {
  return atOnce(readingFeatureVectors(name, given, dimension, kind))
}

/** The same in small steps. */
export function readingFeatureVectors(
  name: string,
  given: UnitRowsLike,
  dimension: number,
  kind: FeatureVectors,
): Generator<void, Vectors> {
  const reading =
    kind === 'bipolar' || isPacked(given)
      ? readingUnitRows(name, given, dimension, 'bipolar')
      : readingVectors(name, given, dimension)
  return asFeatures(name, reading, dimension, kind)
}

function* asFeatures(
  name: string,
  reading: Generator<void, Vectors>,
  dimension: number,
  kind: FeatureVectors,
): Generator<void, Vectors> {
  const { count, data } = yield* reading
  const some = Math.max(1, Math.floor(STEP / dimension))
  for (let b = 0; b < count; b++) {
    if (b > 0 && b % some === 0) yield
    if (kind === 'unit') normalise(name, data, b, dimension)
    else checkSpins(name, data, b, dimension)
  }
  return { count, data }
}

/** Makes vector b one of length 1. */
function normalise(name: string, data: Float32Array, b: number, dimension: number): void {
  const row = data.subarray(b * dimension, (b + 1) * dimension)
  const size = sizeOf(row)
  if (size === 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${name}: vector ${b}: expected a direction, got only zeros`,
    )
  }
  for (let i = 0; i < dimension; i++) row[i] /= size
}

function checkSpins(name: string, data: Float32Array, b: number, dimension: number): void {
  for (let k = b * dimension; k < (b + 1) * dimension; k++) {
    if (data[k] === 1 || data[k] === -1) continue
    throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${k}]: expected 1 or -1, got ${data[k]}`)
  }
}
