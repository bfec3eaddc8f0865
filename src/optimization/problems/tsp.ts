import type { Steps } from '../../async/steps.js'
import { HopfieldError, within } from '../../errors.js'
import { option, optional, Schema } from '../../input/options.js'
import type { Float64s, Int8s, NumbersLike, Uint32s } from '../../input/typed-arrays.js'
import { checkChoice, checkNumber, isPlainObject, ownProperties } from '../../input/validate.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import {
  type Cities,
  type Distances,
  distancesBetween,
  METRICS,
  type Metric,
  readCities,
  readDistances,
  tourLength,
} from './distances.js'
import { Ising, type Model } from './ising-model.js'
import { type IsingProblem, isingOf, problemOfIsing } from './ising-problem.js'
import { PenaltyModel } from './penalty-model.js'

/** A round trip through all cities. */
export interface Tour {
  /** The cities in order, city 0 first; empty where the state is no tour. */
  tour: Uint32s
  /** Its length; infinite where the state is no tour. */
  length: number
  /** Whether each city has one place and each place one city. */
  valid: boolean
  /** Cities and places, other than the first, that have none or several of the other: 0 of a tour. */
  violations: number
}

const OPTIONS = {
  /** 'euclidean' (default): real distances. TSPLIB's names: its whole numbers. Of coordinates alone. */
  metric: option<Metric>('euclidean', (name, value) => checkChoice(name, value, METRICS)),
  /** What it costs when a city has no place, or two; the largest distance and one more by default. */
  penalty: optional<number>((name, value) => checkNumber(name, value, 0, 1e50)),
}
const TSP = new Schema(OPTIONS)

/**
 * The travelling salesman: the shortest round trip. Variable (c − 1)·(n − 1) + p − 1 says that city c has place p of the tour; city 0 has place 0
 * (Hopfield and Tank 1985, without their symmetry of starting points). E = A Σ_c (1 − Σ_p x_cp)² + A Σ_p (1 − Σ_c x_cp)² + length, so that
 * the energy of a tour is its length. `value` is the length; of a state that is no tour it is infinite.
 * @param cities pairs [x, y]; or { distances }: n × n numbers, flat or in rows, the same both ways. At most 5000.
 * @throws HopfieldError ERR_HOPFIELD_VALUE, _SHAPE, _TYPE, _RANGE, _OPTION naming what is wrong.
 */
export function tsp(
  cities: Cities | { distances: NumbersLike | ArrayLike<NumbersLike> },
  options?: { metric?: Metric; penalty?: number },
): IsingProblem<Tour> {
  const { metric, penalty } = TSP.read('tsp', options)
  try {
    if (isPlainObject(cities)) {
      const { distances, ...others } = ownProperties(cities)
      const [other] = Object.keys(others)
      if (other !== undefined) {
        throw new HopfieldError(
          'ERR_HOPFIELD_OPTION',
          `cities: unknown property ${JSON.stringify(other)}; known: distances`,
        )
      }
      return tourProblem(readDistances('distances', distances), penalty)
    }
    return tourProblem(distancesBetween(readCities('cities', cities), metric), penalty)
  } catch (error) {
    throw within('tsp', error)
  }
}

export function tourProblem(distances: Distances, penalty?: number): IsingProblem<Tour> {
  return problemOfIsing(new TourIsing(distances, penalty))
}

/** What solvers of tours know of a problem. Throws HopfieldError where it is none of tours. */
export function toursOf(problem: IsingProblem<Tour>, method: string): TourIsing {
  const ising = isingOf(problem, method)
  if (ising instanceof TourIsing) return ising
  throw new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${method}: problem: expected one that tsp or parseTsplib has made`,
  )
}

/** The distances of a problem: n × n numbers, row-major, a copy. @throws HopfieldError ERR_HOPFIELD_TYPE if it is none of tours. */
export function distancesOf(problem: IsingProblem<Tour>): Float64s {
  return toursOf(problem, 'distancesOf').distances.matrix.slice() as Float64s
}

export class TourIsing extends Ising<Tour> {
  readonly distances: Distances

  constructor(distances: Distances, penalty: number | undefined) {
    const side = distances.cities - 1
    super(side * side, () => tourModel(distances, penalty), {
      sense: 'min',
      value: (state) => decode(distances, state).length,
      bound: () => 0,
      decode: (state) => decode(distances, state),
    })
    this.distances = distances
  }

  /** Of a tour its length, which needs no couplings; they are as many as the cube of the cities. */
  override energies(rows: Uint32Array): Float64s {
    const words = rowWords(this.variables)
    const count = this.variables === 0 ? 1 : rows.length / words
    const out = new Float64Array(count)
    for (let b = 0; b < count; b++) {
      const row = rows.subarray(b * words, (b + 1) * words)
      const { valid, length } = decodeRow(this.distances, row)
      out[b] = valid ? length : super.energies(row)[0]
    }
    return out
  }

  // biome-ignore lint/correctness/useYield: a tour is short.
  override *energiesInSteps(_: Kernels, rows: Uint32Array): Steps<Float64s> {
    return this.energies(rows)
  }

  override valueOfRow(row: Uint32Array): number {
    return decodeRow(this.distances, row).length
  }

  /** Where there are too many cities for couplings, the cities in their order for a state that is no tour. */
  override told(row: Uint32Array): Uint32Array {
    const { cities } = this.distances
    if (cities <= MOST_COUPLED || this.tourOf(row) !== undefined) return row
    return this.rowOf(Uint32Array.from({ length: cities }, (_, city) => city))
  }

  /** The state of a tour, packed. */
  rowOf(tour: Uint32Array): Uint32Array {
    const side = this.distances.cities - 1
    const row = new Uint32Array(rowWords(this.variables))
    const start = tour.indexOf(0)
    for (let p = 1; p <= side; p++) {
      const at = (tour[(start + p) % tour.length] - 1) * side + p - 1
      row[at >>> 5] |= 1 << (at & 31)
    }
    return row
  }

  /** The tour of a packed state, or undefined. */
  tourOf(row: Uint32Array): Uint32Array | undefined {
    const { tour, valid } = decodeRow(this.distances, row)
    return valid ? tour : undefined
  }
}

/** Cities beyond which couplings would take gigabytes. */
const MOST_COUPLED = 400

function tourModel({ cities, matrix }: Distances, penalty: number | undefined): Model {
  if (cities > MOST_COUPLED) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `problem: expected at most ${MOST_COUPLED} cities for couplings, of which there are as many as the cube of the cities, got ${cities}; tourSearch needs none`,
    )
  }
  const side = cities - 1
  const cost = penalty ?? matrix.reduce((most, d) => Math.max(most, d), 0) + 1
  const model = new PenaltyModel(side * side)
  const at = (c: number, p: number): number => (c - 1) * side + p - 1
  const all = Array.from({ length: side }, (_, k) => k + 1)
  for (const c of all) {
    model.oneOf(
      all.map((p) => at(c, p)),
      cost,
    )
    model.oneOf(
      all.map((p) => at(p, c)),
      cost,
    )
    for (const p of [1, side]) model.pair(at(c, p), at(c, p), matrix[c])
    for (const d of all) {
      if (d === c) continue
      for (let p = 1; p < side; p++) model.pair(at(c, p), at(d, p + 1), matrix[c * cities + d])
    }
  }
  return model.model()
}

function decode(distances: Distances, state: Int8Array | Int8s): Tour {
  const reading = new TourReading(distances)
  for (let at = 0; at < state.length; at++) if (state[at] > 0) reading.take(at)
  return reading.told()
}

/** The same of a packed state: of a tour hardly any variable is +1. */
function decodeRow(distances: Distances, row: Uint32Array): Tour {
  const reading = new TourReading(distances)
  for (let w = 0; w < row.length; w++) {
    for (let bits = row[w]; bits !== 0; bits &= bits - 1) reading.take(32 * w + 31 - Math.clz32(bits & -bits))
  }
  return reading.told()
}

/** What the variables that are +1 say of a tour. */
class TourReading {
  readonly #distances: Distances
  readonly #side: number
  readonly #tour: Uint32Array<ArrayBuffer>
  /** How often each city other than the first has a place, and each place a city. */
  readonly #cities: Uint32Array
  readonly #places: Uint32Array

  constructor(distances: Distances) {
    this.#distances = distances
    this.#side = distances.cities - 1
    this.#tour = new Uint32Array(distances.cities)
    this.#cities = new Uint32Array(this.#side)
    this.#places = new Uint32Array(this.#side)
  }

  take(variable: number): void {
    const place = variable % this.#side
    const city = (variable - place) / this.#side
    this.#tour[place + 1] = city + 1
    this.#cities[city]++
    this.#places[place]++
  }

  told(): Tour {
    let violations = 0
    for (const counts of [this.#cities, this.#places])
      for (const count of counts) if (count !== 1) violations++
    if (violations > 0)
      return { tour: new Uint32Array(0), length: Number.POSITIVE_INFINITY, valid: false, violations }
    const tour = this.#tour
    return { tour, length: tourLength(this.#distances, tour), valid: true, violations }
  }
}
