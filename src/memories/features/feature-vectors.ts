import { allocate, HopfieldError } from '../../errors.js'
import { isPacked } from '../../input/packed-patterns.js'
import { readingUnitRows, type UnitRowsLike } from '../../input/unit-rows.js'
import { readingVectors, type Vectors } from '../../input/vectors.js'
import { atOnce } from '../../platform/turn.js'
import { each } from '../../storage/record.js'
import { sizeOf } from './ascent.js'
import type { FeatureVectors } from './feature-options.js'

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
  const rows = yield* reading
  if (kind === 'unit') return { count: rows.count, data: yield* normalised(name, rows, dimension) }
  yield* each(rows.data.length, (k) => {
    const x = rows.data[k]
    if (x === 1 || x === -1) return
    throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${k}]: expected 1 or -1, got ${x}`)
  })
  return rows
}

function* normalised(
  name: string,
  { count, data }: Vectors,
  dimension: number,
): Generator<void, Float32Array> {
  const out = allocate(name, data.length * 4, () => new Float32Array(data.length))
  const scale = (b: number): void => {
    const row = data.subarray(b * dimension, (b + 1) * dimension)
    const size = sizeOf(row)
    if (size === 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}: vector ${b}: expected a direction, got only zeros`,
      )
    }
    for (let i = 0; i < dimension; i++) out[b * dimension + i] = row[i] / size
  }
  yield* each(count, scale, 2 * dimension)
  return out
}
