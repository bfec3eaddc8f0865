import { allocate, HopfieldError } from '../../errors.js'
import { isPacked } from '../../input/packed-patterns.js'
import { readUnitRows, type UnitRowsLike } from '../../input/unit-rows.js'
import { readVectors, type Vectors } from '../../input/vectors.js'
import { sizeOf } from './ascent.js'
import type { FeatureVectors } from './feature-options.js'

/** Vectors as a memory of features takes them: always a copy. */
export function readFeatureVectors(
  name: string,
  given: UnitRowsLike,
  dimension: number,
  kind: FeatureVectors,
): Vectors {
  const rows =
    kind === 'bipolar' || isPacked(given)
      ? readUnitRows(name, given, dimension, 'bipolar')
      : readVectors(name, given, dimension)
  if (kind === 'unit') return { count: rows.count, data: normalised(name, rows, dimension) }
  const at = rows.data.findIndex((x) => x !== 1 && x !== -1)
  if (at < 0) return rows
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${at}]: expected 1 or -1, got ${rows.data[at]}`)
}

function normalised(name: string, { count, data }: Vectors, dimension: number): Float32Array {
  const out = allocate(name, data.length * 4, () => new Float32Array(data.length))
  for (let b = 0; b < count; b++) {
    const row = data.subarray(b * dimension, (b + 1) * dimension)
    const size = sizeOf(row)
    if (size === 0)
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}: vector ${b}: expected a direction, got only zeros`,
      )
    for (let i = 0; i < dimension; i++) out[b * dimension + i] = row[i] / size
  }
  return out
}
