import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowWords } from '../../../src/kernels/contract/layout.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import {
  exact,
  IsingProblem,
  steepestDescent,
  tourSearch,
  tourSearchAsync,
  tsp,
} from '../../../src/optimization.js'
import { FIXED } from '../../helpers/property.js'
import { enumerate, slowEnergy } from '../helpers.js'

const clouds = (most: number) =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 0, max: 99 })), {
    minLength: 2,
    maxLength: most,
  })

/** The length of the best of all orders. */
function shortest(distances: (a: number, b: number) => number, n: number): number {
  let best = Number.POSITIVE_INFINITY
  const go = (tour: number[], left: number[]): void => {
    if (left.length === 0) {
      best = Math.min(
        best,
        tour.reduce((sum, c, k) => sum + distances(c, tour[(k + 1) % n]), 0),
      )
    }
    for (const c of left)
      go(
        [...tour, c],
        left.filter((other) => other !== c),
      )
  }
  go(
    [0],
    Array.from({ length: n - 1 }, (_, k) => k + 1),
  )
  return best
}
const euclid = (cities: readonly (readonly [number, number])[]) => (a: number, b: number) =>
  Math.floor(Math.hypot(cities[a][0] - cities[b][0], cities[a][1] - cities[b][1]) + 0.5)

describe('tsp', () => {
  it('reads packed states as it reads others, of tours and of those that are near one', () => {
    const flips = fc.array(fc.nat(24), { maxLength: 3 })
    const order = fc.shuffledSubarray([1, 2, 3, 4, 5], { minLength: 5 })
    const cities = fc.array(fc.tuple(fc.nat(99), fc.nat(99)), { minLength: 6, maxLength: 6 })
    const property = fc.property(cities, order, flips, (at, tour, some) => {
      const problem = tsp(at)
      const state = new Int8Array(25).fill(-1)
      for (const [p, city] of tour.entries()) state[5 * (city - 1) + p] = 1
      for (const i of some) state[i] = -state[i] as 1
      const row = new Uint32Array(rowWords(25))
      for (const [i, s] of state.entries()) if (s > 0) row[0] |= 1 << i
      const found = isingOf(problem).valueOfRow(row, () => Number.NaN)
      expect(found).toBe(problem.decode(state).length)
      if (some.length === 0) expect(found).toBeLessThan(Number.POSITIVE_INFINITY)
    })
    fc.assert(property, FIXED)
  })

  it('has its least energy at the shortest tours, which decode to their length', () => {
    const property = fc.property(clouds(4), (cities) => {
      const problem = tsp(cities, { metric: 'EUC_2D' })
      const { energy, states } = enumerate(problem)
      expect(energy).toBe(shortest(euclid(cities), cities.length))
      for (const state of states) {
        const { tour, length, valid } = problem.decode(state)
        expect(valid).toBe(true)
        expect(tour[0]).toBe(0)
        expect([length, problem.value(state), problem.energy(state)]).toEqual([energy, energy, energy])
      }
      expect(exact(problem)).toMatchObject({ energy, minima: states.length })
    })
    fc.assert(property, { ...FIXED, numRuns: 20 })
  })

  it('has the energy of its couplings at every state, tour or not', () => {
    const problem = tsp(
      [
        [0, 0],
        [5, 1],
        [2, 7],
        [9, 3],
      ],
      { metric: 'EUC_2D' },
    )
    for (let t = 0; t < 512; t++) {
      const state = Int8Array.from({ length: 9 }, (_, i) => ((t >>> i) & 1 ? 1 : -1))
      expect(problem.energy(state)).toBe(slowEnergy(problem, state))
      const { valid, violations, length, tour } = problem.decode(state)
      expect(valid).toBe(violations === 0)
      expect(problem.value(state)).toBe(length)
      if (!valid) expect([length, tour.length]).toEqual([Number.POSITIVE_INFINITY, 0])
    }
  })

  it('takes one city, two, and distances', () => {
    expect(tsp([[3, 4]]).value([])).toBe(0)
    expect(
      tsp([
        [0, 0],
        [3, 4],
      ]).value([1]),
    ).toBe(10)
    expect(
      tsp({
        distances: [
          [0, 2],
          [2, 0],
        ],
      }).energy([1]),
    ).toBe(4)
  })

  it.each([
    [[], 'tsp: cities: expected 1 to 5000 cities, got 0'],
    [[[0, 0], [1]], 'tsp: cities[1]: expected 2 numbers, got 1'],
    [[[0, Number.NaN]], 'tsp: cities[0][1]: expected a number'],
    [
      { distances: [0, 1, 2, 0] },
      'tsp: distances: expected the same distance both ways, got 1 from 0 to 1 and 2 from 1 to 0',
    ],
    [{ distances: [0, -1, -1, 0] }, 'tsp: distances[1]: expected a number from 0'],
    [{ distance: [0] }, 'tsp: cities: unknown property "distance"'],
    [5, 'tsp: cities: expected pairs [x, y], got 5'],
  ])('refuses %j', (cities, message) => {
    expect(() => tsp(cities as never)).toThrow(message)
  })

  it('says that couplings of many cities are too many, while tours are searched', () => {
    const words = new WordStream(5, 0)
    const problem = tsp(Array.from({ length: 500 }, () => [words.uniform(), words.uniform()]))
    expect(() => steepestDescent(problem)).toThrow('expected at most 400 cities for couplings')
    const { solution, value } = tourSearch(problem, { numSweeps: 0 })
    expect(solution.valid).toBe(true)
    // Random cities have a shortest tour of about 0.7124·√n·(1 + 0.33/√n) in the unit square (Johnson and McGeoch 1996), within 2 %; 2-opt and
    // Or-opt end some 5 % above it, the nearest neighbour 25 %.
    expect(value / (0.7124 * (Math.sqrt(500) + 0.33))).toBeLessThan(1.15)
  })
})

describe('tourSearch', () => {
  it('finds the shortest tour of up to nine cities', () => {
    const property = fc.property(clouds(8), (cities) => {
      const problem = tsp(cities, { metric: 'EUC_2D' })
      expect(tourSearch(problem, { numSweeps: 20 }).value).toBe(shortest(euclid(cities), cities.length))
    })
    fc.assert(property, { ...FIXED, numRuns: 25 })
  })

  it('knows its length to the end, with real distances too', () => {
    const cities = Array.from({ length: 60 }, (_, k) => [Math.sin(k * k), Math.cos(3 * k * k)] as const)
    const { solution, energy, history, states } = tourSearch(tsp(cities), {
      numReads: 2,
      seed: 3,
      numSweeps: 20,
    })
    const n = solution.tour.length
    const length = solution.tour.reduce((sum, c, k) => {
      const d = solution.tour[(k + 1) % n]
      return sum + Math.sqrt((cities[c][0] - cities[d][0]) ** 2 + (cities[c][1] - cities[d][1]) ** 2)
    }, 0)
    expect(energy).toBe(length)
    expect(history.at(-1)?.[1]).toBe(energy)
    expect(tsp(cities).value(states.pattern(0))).toBeGreaterThanOrEqual(energy)
  })

  it('is a function of seed and read, here and beside', async () => {
    const problem = tsp(Array.from({ length: 30 }, (_, k) => [(k * 37) % 101, (k * 61) % 103]))
    const one = tourSearch(problem, { numReads: 3, seed: 9, numSweeps: 10 })
    const other = await tourSearchAsync(problem, { numReads: 3, seed: 9, numSweeps: 10, threads: 2 })
    expect({ ...other, history: [] }).toEqual({ ...one, history: [] })
    expect(tourSearch(problem, { numReads: 1, seed: 9, numSweeps: 10 }).energies[0]).toBe(one.energies[0])
    expect(tourSearch(problem, { initialStates: one.states, numSweeps: 0 }).energies).toEqual(one.energies)
  })

  it('stops when time is over, and refuses what is no round trip', () => {
    const problem = tsp(Array.from({ length: 200 }, (_, k) => [(k * 37) % 101, (k * 61) % 103]))
    // All its sweeps would take an hour.
    expect(tourSearch(problem, { numSweeps: 2 ** 20, maxTime: 20 }).stopped).toBe('time')
    expect(() => tourSearch(IsingProblem.from({ fields: [1] }) as never)).toThrow(
      'tourSearch: problem: expected one that tsp',
    )
  })
})
