import { HopfieldError, within } from '../../errors.js'
import { option, Schema } from '../../input/options.js'
import {
  checkCities,
  type Distances,
  distancesBetween,
  METRICS,
  type Metric,
  readDistances,
} from '../problems/distances.js'
import type { IsingProblem } from '../problems/ising-problem.js'
import { type Tour, tourProblem, toursOf } from '../problems/tsp.js'
import { bad, integerAt, type Line, linesOf, numberAt } from './lines.js'

/** Where the numbers of a matrix stand, row by row: what column j of row i runs over. Columns of one triangle are rows of the other. */
const FORMATS: Readonly<Record<string, (i: number, n: number) => readonly [from: number, end: number]>> = {
  FULL_MATRIX: (_, n) => [0, n],
  UPPER_ROW: (i, n) => [i + 1, n],
  LOWER_ROW: (i) => [0, i],
  UPPER_DIAG_ROW: (i, n) => [i, n],
  LOWER_DIAG_ROW: (i) => [0, i + 1],
  UPPER_COL: (i) => [0, i],
  LOWER_COL: (i, n) => [i + 1, n],
  UPPER_DIAG_COL: (i) => [0, i + 1],
  LOWER_DIAG_COL: (i, n) => [i, n],
}
const SECTION = /^[A-Z_]+_SECTION:?$/
/** Sections that change nothing of the distances. */
const PASSED = ['DISPLAY_DATA_SECTION', 'TOUR_SECTION']

/** A file in its parts. */
interface Parts {
  /** Values of the header, and their lines. */
  readonly keys: ReadonlyMap<string, { readonly value: string; readonly line: number }>
  readonly sections: ReadonlyMap<string, { readonly at: number; readonly lines: readonly Line[] }>
  /** The last line. */
  readonly end: number
}

/**
 * A symmetric TSP in the format of TSPLIB 95 (Reinelt 1991): coordinates with EUC_2D, CEIL_2D, MAN_2D, MAX_2D, ATT or GEO, or EXPLICIT
 * distances in any of its matrix formats. City k of the problem is the k-th of the file.
 * @throws HopfieldError ERR_HOPFIELD_FORMAT with the line and the reason; ERR_HOPFIELD_RANGE beyond 5000 cities.
 */
export function parseTsplib(text: string): IsingProblem<Tour> {
  try {
    const parts = partsOf(text)
    const type = parts.keys.get('TYPE')
    if (type !== undefined && type.value.split(/\s/)[0] !== 'TSP') {
      throw bad(type.line, `expected TYPE TSP, got ${JSON.stringify(type.value)}`)
    }
    const fixed = parts.sections.get('FIXED_EDGES_SECTION')
    if (fixed !== undefined) throw bad(fixed.at, 'fixed edges are not supported')
    const size = needed(parts, 'DIMENSION')
    const cities = integerAt({ number: size.line, words: [size.value] }, 0, 'DIMENSION', 1, 2 ** 31)
    checkCities('DIMENSION', cities)
    const { value, line } = needed(parts, 'EDGE_WEIGHT_TYPE')
    if (value === 'EXPLICIT') return tourProblem(explicit(parts, cities))
    if (value === 'euclidean' || !METRICS.includes(value as Metric)) {
      const known = METRICS.slice(1).join(', ')
      throw bad(line, `expected EDGE_WEIGHT_TYPE EXPLICIT, ${known}, got ${JSON.stringify(value)}`)
    }
    return tourProblem(distancesBetween(coordinatesOf(parts, cities), value as Metric))
  } catch (error) {
    throw within('parseTsplib', error)
  }
}

function partsOf(text: unknown): Parts {
  const lines = linesOf('text', text, /^$/)
  const keys = new Map<string, { value: string; line: number }>()
  const sections = new Map<string, { at: number; lines: Line[] }>()
  let section: Line[] | undefined
  for (const line of lines) {
    const [first] = line.words
    if (first === 'EOF') break
    if (SECTION.test(first)) {
      section = []
      sections.set(first.replace(':', ''), { at: line.number, lines: section })
      continue
    }
    const [, key, value] = /^([A-Z_]+)\s*:\s*(.*)$/.exec(line.words.join(' ')) ?? []
    if (key !== undefined) {
      keys.set(key, { value, line: line.number })
      section = undefined
    } else if (section !== undefined) section.push(line)
    else
      throw bad(
        line.number,
        `expected "KEY: value" or a section, got ${JSON.stringify(line.words.join(' ').slice(0, 40))}`,
      )
  }
  for (const [name, { at }] of sections) {
    if (name in SECTIONS || PASSED.includes(name) || name === 'FIXED_EDGES_SECTION') continue
    throw bad(at, `${name} is not supported`)
  }
  return { keys, sections, end: lines.at(-1)?.number ?? 1 }
}

const SECTIONS = { NODE_COORD_SECTION: true, EDGE_WEIGHT_SECTION: true }

function needed({ keys, end }: Parts, key: string): { value: string; line: number } {
  const found = keys.get(key)
  if (found === undefined) throw bad(end, `expected ${key} before the end of the file`)
  return found
}

function sectionOf({ sections, end }: Parts, name: string): { at: number; lines: readonly Line[] } {
  const found = sections.get(name)
  if (found === undefined) throw bad(end, `expected a ${name} before the end of the file`)
  return found
}

function coordinatesOf(parts: Parts, cities: number): Float64Array {
  const { at, lines } = sectionOf(parts, 'NODE_COORD_SECTION')
  if (lines.length !== cities) {
    throw bad(lines.at(-1)?.number ?? at, `expected ${cities} cities, as DIMENSION says, got ${lines.length}`)
  }
  const coordinates = new Float64Array(2 * cities)
  const seen = new Set<number>()
  for (const [k, line] of lines.entries()) {
    const city = integerAt(line, 0, 'the number of a city', 0, 2 ** 31)
    if (seen.has(city)) throw bad(line.number, `city ${city} is there twice`)
    seen.add(city)
    if (line.words.length !== 3)
      throw bad(line.number, `expected a city and two coordinates, got ${line.words.length} words`)
    coordinates[2 * k] = numberAt(line, 1, 'a coordinate')
    coordinates[2 * k + 1] = numberAt(line, 2, 'a coordinate')
  }
  return coordinates
}

function explicit(parts: Parts, cities: number): Distances {
  const { value: format, line: named } = needed(parts, 'EDGE_WEIGHT_FORMAT')
  const row = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (row === undefined) {
    throw bad(
      named,
      `expected EDGE_WEIGHT_FORMAT ${Object.keys(FORMATS).join(', ')}, got ${JSON.stringify(format)}`,
    )
  }
  const { at, lines } = sectionOf(parts, 'EDGE_WEIGHT_SECTION')
  const matrix = new Float64Array(cities * cities)
  const places = Array.from({ length: cities }, (_, i) => row(i, cities))
  const wanted = places.reduce((sum, [from, end]) => sum + end - from, 0)
  let [i, j, count] = [0, places[0][0], 0]
  for (const line of lines) {
    for (let w = 0; w < line.words.length; w++) {
      if (count++ === wanted) throw bad(line.number, `expected ${wanted} distances, got more`)
      const d = numberAt(line, w, 'a distance')
      if (d < 0) throw bad(line.number, `expected a distance of at least 0, got ${d}`)
      while (j === places[i][1]) j = places[++i][0]
      // The other half of a full matrix has to agree, which is checked when all are there.
      matrix[i * cities + j] = d
      if (format !== 'FULL_MATRIX') matrix[j * cities + i] = d
      j++
    }
  }
  if (count < wanted) throw bad(lines.at(-1)?.number ?? at, `expected ${wanted} distances, got ${count}`)
  try {
    return readDistances('distances', matrix)
  } catch (error) {
    throw error instanceof HopfieldError ? bad(at, error.message) : error
  }
}

const FORMAT = new Schema({
  /** NAME of the file; 'tsp' by default. */
  name: option<string>('tsp', (name, value) => {
    if (typeof value === 'string' && /^[^\r\n]{1,200}$/.test(value)) return value
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected one line of text`)
  }),
})

/**
 * A problem of `tsp` or `parseTsplib` in that format: coordinates where they have one of its metrics, otherwise a full matrix.
 * @throws HopfieldError ERR_HOPFIELD_TYPE if it is none of these.
 */
export function formatTsplib(problem: IsingProblem<Tour>, options?: { name?: string }): string {
  const { name } = FORMAT.read('formatTsplib', options)
  const { cities, matrix, coordinates, metric } = toursOf(problem, 'formatTsplib').distances
  const lines = [`NAME: ${name}`, 'TYPE: TSP', `DIMENSION: ${cities}`]
  if (coordinates !== undefined && metric !== 'euclidean') {
    lines.push(`EDGE_WEIGHT_TYPE: ${metric}`, 'NODE_COORD_SECTION')
    for (let c = 0; c < cities; c++) lines.push(`${c + 1} ${coordinates[2 * c]} ${coordinates[2 * c + 1]}`)
  } else {
    lines.push('EDGE_WEIGHT_TYPE: EXPLICIT', 'EDGE_WEIGHT_FORMAT: FULL_MATRIX', 'EDGE_WEIGHT_SECTION')
    for (let a = 0; a < cities; a++) lines.push(matrix.subarray(a * cities, (a + 1) * cities).join(' '))
  }
  return `${lines.join('\n')}\nEOF\n`
}
