import { describe, expect, it } from 'vitest'
import { distancesOf, formatTsplib, maxCut, parseTsplib, tourSearch, tsp } from '../../../src/optimization.js'
import { HAS_INSTANCES, instance } from '../helpers.js'

const HEAD = 'NAME: a\nTYPE: TSP\nDIMENSION: 3\n'
const explicit = (format: string, numbers: string): string =>
  `${HEAD}EDGE_WEIGHT_TYPE: EXPLICIT\nEDGE_WEIGHT_FORMAT: ${format}\nEDGE_WEIGHT_SECTION\n${numbers}\nEOF\n`
const MATRIX = Float64Array.of(0, 1, 2, 1, 0, 3, 2, 3, 0)

describe('TSPLIB', () => {
  it.each([
    ['FULL_MATRIX', '0 1 2\n1 0 3\n2 3 0'],
    ['UPPER_ROW', '1 2\n3'],
    ['LOWER_ROW', '1\n2 3'],
    ['UPPER_DIAG_ROW', '0 1 2 0 3 0'],
    ['LOWER_DIAG_ROW', '0\n1 0\n2 3 0'],
    ['UPPER_COL', '1\n2 3'],
    ['LOWER_COL', '1 2 3'],
    ['UPPER_DIAG_COL', '0 1 0 2 3 0'],
    ['LOWER_DIAG_COL', '0 1 2 0 3 0'],
  ])('reads %s', (format, numbers) => {
    expect(distancesOf(parseTsplib(explicit(format, numbers)))).toEqual(MATRIX)
  })

  it.each([
    ['EUC_2D', [0, 0], [1, 2], 2],
    ['EUC_2D', [0, 0], [3, 4], 5],
    ['CEIL_2D', [0, 0], [1, 2], 3],
    ['MAN_2D', [0, 0], [1.2, 2.2], 3],
    ['MAX_2D', [0, 0], [1.2, 2.6], 3],
    // √((3² + 4²)/10) = 1.58, which is rounded up as its nearest whole number is; √(10/10) = 1; √(144/10) = 3.79.
    ['ATT', [0, 0], [3, 4], 2],
    ['ATT', [0, 0], [1, 3], 1],
    ['ATT', [0, 0], [12, 0], 4],
  ] as const)('has the distances of %s', (metric, a, b, expected) => {
    expect(distancesOf(tsp([a, b], { metric }))[1]).toBe(expected)
  })

  it('is written as it was read', () => {
    for (const problem of [
      tsp(
        [
          [0, 0.5],
          [3, 4],
          [-1, 1e-3],
        ],
        { metric: 'EUC_2D' },
      ),
      tsp(
        [
          [16.47, 96.1],
          [16.47, 94.44],
        ],
        { metric: 'GEO' },
      ),
      tsp([
        [0, 0],
        [1, 2],
      ]),
      tsp({ distances: MATRIX }),
    ]) {
      const text = formatTsplib(problem, { name: 'again' })
      expect(distancesOf(parseTsplib(text))).toEqual(distancesOf(problem))
      expect(formatTsplib(parseTsplib(text), { name: 'again' })).toBe(text)
    }
  })

  it.each([
    ['', 'parseTsplib: line 1: expected DIMENSION before the end of the file'],
    ['NAME: a\nhello\n', 'parseTsplib: line 2: expected "KEY: value" or a section, got "hello"'],
    ['TYPE: ATSP\nDIMENSION: 3\n', 'line 1: expected TYPE TSP, got "ATSP"'],
    ['DIMENSION: x\n', 'line 1: expected DIMENSION, got "x"'],
    ['DIMENSION: 0\n', 'line 1: expected DIMENSION, a whole number from 1'],
    ['DIMENSION: 6000\n', 'DIMENSION: expected 1 to 5000 cities, got 6000'],
    [`${HEAD}EDGE_WEIGHT_TYPE: XRAY1\n`, 'line 4: expected EDGE_WEIGHT_TYPE EXPLICIT, EUC_2D'],
    [`${HEAD}EDGE_WEIGHT_TYPE: EUC_2D\n`, 'line 4: expected a NODE_COORD_SECTION before the end'],
    [
      `${HEAD}EDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 1\n`,
      'line 7: expected 3 cities, as DIMENSION says, got 2',
    ],
    [
      `${HEAD}EDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n1 1 1\n3 0 1\n`,
      'line 7: city 1 is there twice',
    ],
    [
      `${HEAD}EDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1 y\n3 0 1\n`,
      'line 7: expected a coordinate, got "y"',
    ],
    [
      `${HEAD}EDGE_WEIGHT_TYPE: EUC_2D\nNODE_COORD_SECTION\n1 0 0\n2 1\n3 0 1\n`,
      'line 7: expected a city and two coordinates',
    ],
    [`${HEAD}FIXED_EDGES_SECTION\n1 2\n-1\n`, 'line 4: fixed edges are not supported'],
    [`${HEAD}DEPOT_SECTION\n1\n`, 'line 4: DEPOT_SECTION is not supported'],
    [explicit('DIAGONAL', '1'), 'line 5: expected EDGE_WEIGHT_FORMAT FULL_MATRIX'],
    [explicit('UPPER_ROW', '1 2'), 'line 7: expected 3 distances, got 2'],
    [explicit('UPPER_ROW', '1 2 3\n4'), 'line 8: expected 3 distances, got more'],
    [explicit('UPPER_ROW', '1 2 -3'), 'line 7: expected a distance of at least 0, got -3'],
    [explicit('FULL_MATRIX', '0 1 2 1 0 3 2 4 0'), 'line 6: distances: expected the same distance both ways'],
    [7 as never, 'text: expected the text of a file, got 7'],
  ])('refuses %j with line and reason', (text, message) => {
    expect(() => parseTsplib(text)).toThrow(message)
  })

  it('refuses to write what is no round trip', () => {
    expect(() => formatTsplib(maxCut([[0, 1]]) as never)).toThrow(
      'formatTsplib: problem: expected one that tsp',
    )
  })
})

describe.skipIf(!HAS_INSTANCES)('instances of TSPLIB', () => {
  it.each([
    ['burma14', 3323],
    ['ulysses22', 7013],
    ['berlin52', 7542],
    ['eil51', 426],
  ])('%s: the optimum, %d, and nothing below it', (name, optimum) => {
    const problem = parseTsplib(instance(`tsp/${name}.tsp`))
    const found = tourSearch(problem, { target: optimum, numReads: 20, seed: 1 })
    expect(found).toMatchObject({ value: optimum, energy: optimum, stopped: 'target' })
    // A second path: the length from the coordinates' own distances, edge by edge.
    const matrix = distancesOf(problem)
    const { tour } = found.solution
    const n = tour.length
    expect(Array.from(tour).toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k))
    expect(tour.reduce((sum, city, k) => sum + matrix[city * n + tour[(k + 1) % n]], 0)).toBe(optimum)
    for (const value of tourSearch(problem, { numReads: 3, numSweeps: 20 }).energies)
      expect(value).toBeGreaterThanOrEqual(optimum)
  })
})
