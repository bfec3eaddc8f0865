import { allocate, describe, HopfieldError } from '../../errors.js'
import { readRealRow } from '../../input/reals.js'
import type { NumbersLike } from '../../input/typed-arrays.js'
import { isArrayLike, lengthOf } from '../../input/validate.js'

/** How far two cities are from each other. TSPLIB's are whole numbers. */
export type Metric = 'euclidean' | 'EUC_2D' | 'CEIL_2D' | 'MAN_2D' | 'MAX_2D' | 'ATT' | 'GEO'

export const METRICS: readonly Metric[] = ['euclidean', 'EUC_2D', 'CEIL_2D', 'MAN_2D', 'MAX_2D', 'ATT', 'GEO']

/** Cities as pairs of coordinates. */
export type Cities = ArrayLike<NumbersLike>

/** Distances between all pairs of cities: symmetric, with a zero diagonal. */
export interface Distances {
  readonly cities: number
  /** n × n. */
  readonly matrix: Float64Array
  /** n pairs, where distances come from coordinates. */
  readonly coordinates: Float64Array | undefined
  readonly metric: Metric | undefined
}

/** 200 megabytes of distances. */
const MOST_CITIES = 5000
const MOST = 1e50

type Length = (x: number, y: number, otherX: number, otherY: number) => number

/** TSPLIB 95 (Reinelt), with its own π and radius, and with its own way of rounding. */
const LENGTHS: Readonly<Record<Metric, Length>> = {
  euclidean: (x, y, u, v) => Math.sqrt((x - u) ** 2 + (y - v) ** 2),
  EUC_2D: (x, y, u, v) => Math.floor(Math.sqrt((x - u) ** 2 + (y - v) ** 2) + 0.5),
  CEIL_2D: (x, y, u, v) => Math.ceil(Math.sqrt((x - u) ** 2 + (y - v) ** 2)),
  MAN_2D: (x, y, u, v) => Math.floor(Math.abs(x - u) + Math.abs(y - v) + 0.5),
  MAX_2D: (x, y, u, v) => Math.max(Math.floor(Math.abs(x - u) + 0.5), Math.floor(Math.abs(y - v) + 0.5)),
  ATT: (x, y, u, v) => Math.ceil(Math.sqrt(((x - u) ** 2 + (y - v) ** 2) / 10)),
  GEO: (x, y, u, v) => {
    const [latitude, longitude, otherLatitude, otherLongitude] = [x, y, u, v].map(radians)
    const q1 = Math.cos(longitude - otherLongitude)
    const q2 = Math.cos(latitude - otherLatitude)
    const q3 = Math.cos(latitude + otherLatitude)
    return Math.floor(6378.388 * Math.acos(0.5 * ((1 + q1) * q2 - (1 - q1) * q3)) + 1)
  },
}

/** Degrees and minutes: 16.47 is 16° 47′. */
function radians(x: number): number {
  const degrees = Math.trunc(x)
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: the π that TSPLIB's lengths are made with.
  return (3.141592 * (degrees + (5 * (x - degrees)) / 3)) / 180
}

export function checkCities(name: string, cities: number): number {
  if (cities >= 1 && cities <= MOST_CITIES) return cities
  throw new HopfieldError('ERR_HOPFIELD_RANGE', `${name}: expected 1 to ${MOST_CITIES} cities, got ${cities}`)
}

/** Coordinates of cities, flat. */
export function readCities(name: string, given: unknown): Float64Array {
  const count = lengthOf(given)
  if (count < 0 || ArrayBuffer.isView(given)) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected pairs [x, y], got ${describe(given)}`)
  }
  checkCities(name, count)
  const out = new Float64Array(2 * count)
  for (let c = 0; c < count; c++) {
    const pair = readRealRow(`${name}[${c}]`, (given as ArrayLike<unknown>)[c], 2, {
      least: -MOST,
      most: MOST,
    })
    out.set(pair, 2 * c)
  }
  return out
}

export function distancesBetween(coordinates: Float64Array, metric: Metric): Distances {
  const cities = coordinates.length / 2
  const matrix = allocate('distances', cities * cities * 8, () => new Float64Array(cities * cities))
  const length = LENGTHS[metric]
  for (let a = 0; a < cities; a++) {
    for (let b = 0; b < a; b++) {
      const d = length(coordinates[2 * a], coordinates[2 * a + 1], coordinates[2 * b], coordinates[2 * b + 1])
      matrix[a * cities + b] = d
      matrix[b * cities + a] = d
    }
  }
  return { cities, matrix, coordinates, metric }
}

/** Distances that were given: n × n numbers, flat or in rows. The diagonal does not matter. */
export function readDistances(name: string, given: unknown): Distances {
  const length = lengthOf(given)
  const nested = length > 0 && isArrayLike((given as ArrayLike<unknown>)[0])
  const cities = checkCities(name, nested ? length : Math.round(Math.sqrt(Math.max(length, 0))))
  const range = { least: 0, most: MOST }
  const matrix = new Float64Array(cities * cities)
  if (nested) {
    for (let a = 0; a < cities; a++) {
      matrix.set(readRealRow(`${name}[${a}]`, (given as ArrayLike<unknown>)[a], cities, range), a * cities)
    }
  } else matrix.set(readRealRow(name, given, cities * cities, range))
  for (let a = 0; a < cities; a++) {
    matrix[a * cities + a] = 0
    for (let b = 0; b < a; b++) {
      const [there, back] = [matrix[b * cities + a], matrix[a * cities + b]]
      if (there === back) continue
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}: expected the same distance both ways, got ${there} from ${b} to ${a} and ${back} from ${a} to ${b}`,
      )
    }
  }
  return { cities, matrix, coordinates: undefined, metric: undefined }
}

/** The length of a closed tour, city by city. */
export function tourLength({ cities, matrix }: Distances, tour: ArrayLike<number>): number {
  let length = 0
  for (let k = 0; k < tour.length; k++)
    length += matrix[tour[k] * cities + tour[k + 1 === tour.length ? 0 : k + 1]]
  return length
}
