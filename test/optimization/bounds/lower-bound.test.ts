import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSemidefinite, type Pivots, pivotsOf } from '../../../src/optimization/bounds/factors.js'
import { withFields } from '../../../src/optimization/bounds/semidefinite.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import {
  graphColouring,
  IsingProblem,
  lowerBound,
  lowerBoundAsync,
  maxCut,
  numberPartitioning,
  parseGset,
  parseQubo,
  parseTsplib,
  qubo,
  tourSearch,
  tsp,
} from '../../../src/optimization.js'
import { atOnce } from '../../../src/platform/turn.js'
import { FIXED } from '../../helpers/property.js'
import { enumerate, HAS_INSTANCES, instance, signedGraph } from '../helpers.js'

const numbers = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ min: -3, max: 3, noNaN: true }))
const problems = fc.integer({ min: 1, max: 9 }).chain((n) =>
  fc.record({
    fields: fc.array(numbers, { minLength: n, maxLength: n }),
    edges: fc.array(fc.tuple(fc.nat(n - 1), fc.nat(n - 1), numbers), { maxLength: 30 }),
    offset: numbers,
  }),
)

describe('lowerBound', () => {
  it('is never above the least energy, and never below the sum', () => {
    fc.assert(
      fc.property(problems, (given) => {
        const problem = IsingProblem.from(given as never)
        const { energy, value, method } = lowerBound(problem)
        for (const state of enumerate(problem).states)
          expect(energy).toBeLessThanOrEqual(problem.energy(state))
        expect(energy).toBeGreaterThanOrEqual(problem.lowerBound - 1e-9)
        expect(value).toBe(energy)
        if (method === 'sum' && problem.exact) expect(energy).toBe(problem.lowerBound)
      }),
      { ...FIXED, numRuns: 300 },
    )
  })

  it('bounds cuts from above, and values of every problem', () => {
    const ring = [0, 1, 2, 3, 4]
    const petersen = maxCut(
      ring.flatMap((k) => [
        [k, (k + 1) % 5],
        [k, k + 5],
        [k + 5, ((k + 2) % 5) + 5],
      ]),
    )
    // Its semidefinite bound is 15·(1 − cos) with eigenvalue −2: 12.5.
    expect(lowerBound(petersen)).toEqual({ energy: -9, value: 12, method: 'semidefinite' })
    // A ring of five: 5/2·(1 + cos π/5) = 4.52, and whole numbers of one parity.
    expect(lowerBound(maxCut(ring.map((k) => [k, (k + 1) % 5]))).value).toBe(4)
    expect(
      lowerBound(
        qubo([
          [-1, 2],
          [0, -1],
        ]),
      ).value,
    ).toBe(-1)
    expect(lowerBound(numberPartitioning([7, 2, 1])).value).toBeGreaterThan(3.99)
    expect(lowerBound(graphColouring([[0, 1]], { colours: 1 })).value).toBe(0)
  })

  it('is the sum without couplings, where too many variables have many neighbours, or where that is asked for', () => {
    expect(lowerBound(IsingProblem.from({ fields: [1, -2], offset: 4 }))).toMatchObject({ energy: 1 })
    expect(lowerBound(IsingProblem.from({ variables: 0, offset: 2 }))).toEqual({
      energy: 2,
      value: 2,
      method: 'sum',
    })
    const large = signedGraph(6000, 14, 1)
    expect(lowerBound(large)).toEqual({ energy: large.lowerBound, value: large.lowerBound, method: 'sum' })
    expect(lowerBound(signedGraph(30, 4, 1), { sweeps: 0 }).method).toBe('sum')
  })

  it('stays a bound where numbers are as large as they may be', () => {
    const problem = IsingProblem.from({
      edges: [
        [0, 1, 1e100],
        [1, 2, 1e100],
        [0, 2, 1e100],
      ],
      fields: [-1e100, 0, 0],
    })
    const { energy } = lowerBound(problem)
    expect(energy).toBeLessThanOrEqual(-4e100)
    expect(energy).toBeGreaterThan(-4.01e100)
  })

  it('bounds problems of more variables where those of few neighbours are taken out first', () => {
    // A lattice that closes on itself, 51 × 51: each of its 102 odd rings has an edge that is not cut.
    const side = 51
    const lattice = maxCut(
      Array.from({ length: side * side }, (_, i) => {
        const [row, column] = [Math.floor(i / side), i % side]
        return [
          [i, row * side + ((column + 1) % side)],
          [i, ((row + 1) % side) * side + column],
        ] as const
      }).flat(),
    )
    const { value, method } = lowerBound(lattice, { sweeps: 60 })
    expect(method).toBe('semidefinite')
    expect(value).toBeGreaterThanOrEqual(2 * side * (side - 1))
    expect(value).toBeLessThan(2 * side * side)
  })

  it('has the same factors whether variables are taken out first or not', () => {
    const { table } = isingOf(signedGraph(60, 3, 2)).model
    const all = withFields(table, undefined)
    const pivots = atOnce(pivotsOf(all)) as Pivots
    expect(pivots.first.length).toBeGreaterThan(20)
    expect([...pivots.first, ...pivots.rest].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 60 }, (_, i) => i),
    )
    const plain = { first: [], rest: Array.from({ length: 60 }, (_, i) => i) }
    for (let y = 1; y < 4; y += 0.1) {
      const diagonal = new Float64Array(60).fill(y)
      expect(atOnce(isSemidefinite(all, diagonal, pivots))).toBe(atOnce(isSemidefinite(all, diagonal, plain)))
    }
  })

  it('calls no matrix semidefinite that is not', () => {
    // J of a triangle of −1 has the eigenvalues −2, 1, 1: 1 is the least that makes the difference semidefinite.
    const { table } = isingOf(
      IsingProblem.from({
        edges: [
          [0, 1, -1],
          [1, 2, -1],
          [0, 2, -1],
        ],
      }),
    ).model
    const all = withFields(table, undefined)
    const pivots = atOnce(pivotsOf(all)) as Pivots
    const is = (y: number) => atOnce(isSemidefinite(all, new Float64Array(3).fill(y), pivots))
    expect([1 - 1e-12, 1, 1 + 1e-12].map(is)).toEqual([false, false, true])
  })

  it('of round trips is as long as the shortest at most, and finds some of them', () => {
    const cities = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 20 })), {
      minLength: 1,
      maxLength: 7,
    })
    fc.assert(
      fc.property(cities, fc.constantFrom('euclidean' as const, 'EUC_2D' as const), (given, metric) => {
        const problem = tsp(given, { metric })
        // Of fewer than eight cities all orders are looked at.
        const shortest = given.length < 2 ? 0 : tourSearch(problem).value
        expect(lowerBound(problem).value).toBeLessThanOrEqual(shortest)
        expect(lowerBound(problem).value).toBeGreaterThanOrEqual(0.8 * shortest)
      }),
      { ...FIXED, numRuns: 100 },
    )
  })

  it.runIf(HAS_INSTANCES)('is what others have found, and not above the best known', () => {
    expect(lowerBound(parseTsplib(instance('tsp/berlin52.tsp')))).toMatchObject({
      value: 7542,
      method: 'one-trees',
    })
    expect(lowerBound(parseTsplib(instance('tsp/ulysses22.tsp'))).value).toBe(7013)
    expect(lowerBound(parseTsplib(instance('tsp/eil51.tsp'))).value).toBeGreaterThanOrEqual(422)
    // The semidefinite bound of G11 is 629.16 (Helmberg and Rendl 2000).
    expect(lowerBound(parseQubo(instance('qubo/gka1b.sparse'))).value).toBeLessThanOrEqual(-133)
    expect(lowerBound(parseGset(instance('gset/G11.txt.gz'))).value).toBe(629)
  })

  it('is the same off the event loop, and heeds a signal', async () => {
    const problem = signedGraph(60, 6, 2)
    expect(await lowerBoundAsync(problem)).toEqual(lowerBound(problem))
    await expect(
      lowerBoundAsync(signedGraph(1500, 20, 2), { signal: AbortSignal.timeout(5) }),
    ).rejects.toThrow(/abort|timeout/i)
  })

  it('refuses what is none', async () => {
    expect(() => lowerBound({} as never)).toThrow('lowerBound: problem: expected an IsingProblem')
    expect(() => lowerBound(signedGraph(6, 2, 1), { sweeps: -1 })).toThrow(
      'lowerBound: sweeps: expected an integer',
    )
    await expect(lowerBoundAsync(signedGraph(6, 2, 1), { signal: 1 as never })).rejects.toThrow('signal')
  })
})
