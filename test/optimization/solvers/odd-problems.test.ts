import { describe, expect, it } from 'vitest'
import {
  anneal,
  exact,
  hopfieldTank,
  IsingProblem,
  maxCut,
  meanField,
  numberPartitioning,
  parallelTempering,
  qubo,
  type SolverResult,
  simulatedBifurcation,
  solve,
  steepestDescent,
  type Tour,
  tabu,
  tourSearch,
  tsp,
} from '../../../src/optimization.js'
import { BACKENDS, type Backend } from '../../helpers/backends.js'

type Options = { backend: Backend; target?: number; numSweeps?: number; maxTime?: number }
type Solve = (problem: IsingProblem, options: Options) => SolverResult<unknown>

const SOLVERS: readonly [string, Solve][] = [
  ['anneal', (problem, options) => anneal(problem, { numReads: 8, numSweeps: 20, ...options })],
  ['exact', (problem, { numSweeps: _, ...options }) => exact(problem, options)],
  ['meanField', (problem, options) => meanField(problem, { numSweeps: 40, ...options })],
  ['parallelTempering', (problem, options) => parallelTempering(problem, { numSweeps: 20, ...options })],
  ['solve', (problem, { numSweeps: _, ...options }) => solve(problem, { maxTime: 20, ...options })],
  [
    'simulatedBifurcation',
    (problem, { numSweeps: numSteps = 200, ...options }) =>
      simulatedBifurcation(problem, { numSteps, numReads: 32, ...options }),
  ],
  [
    'steepestDescent',
    (problem, { numSweeps: _, ...options }) => steepestDescent(problem, { numReads: 8, ...options }),
  ],
  ['tabu', (problem, options) => tabu(problem, { numSweeps: 5, ...options })],
]
const CASES = SOLVERS.flatMap(([name, run]) => BACKENDS.map((backend) => [name, backend, run] as const))

describe.each(CASES)('%s, %s', (_, backend, run) => {
  it('refuses a problem without variables', () => {
    expect(() => run(IsingProblem.from({ variables: 0 }), { backend })).toThrow(
      'expected at least one variable, got 0',
    )
  })

  it('solves one variable, with a field, without, and with a coupling to itself', () => {
    expect(run(IsingProblem.from({ fields: [-3] }), { backend })).toMatchObject({
      energy: -3,
      state: Int8Array.of(-1),
    })
    expect(run(IsingProblem.from({ variables: 1, offset: 7 }), { backend }).energy).toBe(7)
    expect(run(IsingProblem.from({ edges: [[0, 0, 5]] }), { backend }).energy).toBe(-5)
  })

  it('solves parts that are not connected, and variables that nothing touches', () => {
    const parts = IsingProblem.from({
      variables: 9,
      edges: [
        [0, 1, -1],
        [3, 4, 2],
        [4, 5, 2],
      ],
      fields: [0, 0, 1, 0, 0, 0, 0, 0, -1],
    })
    expect(run(parts, { backend }).energy).toBe(-7)
  })

  it('adds up pairs that are there twice, and forgets those that cancel', () => {
    const twice = IsingProblem.from({
      edges: [
        [0, 1, 1],
        [1, 0, 2],
        [1, 2, 4],
        [2, 1, -4],
      ],
    })
    expect(twice.edgeCount).toBe(1)
    expect(run(twice, { backend }).energy).toBe(-3)
  })

  it('tells energies beyond 2^53 as the problem does', () => {
    const large = IsingProblem.from({
      edges: [
        [0, 1, 2 ** 52],
        [1, 2, -(2 ** 53)],
        [0, 2, 3],
      ],
      fields: [1, 0, 0.5],
    })
    const { energy, state } = run(large, { backend })
    expect(large.exact).toBe(false)
    expect(energy).toBe(large.energy(state))
    expect(energy).toBeLessThan(-(2 ** 53))
  })

  it('takes one sweep, and a target below the bound', () => {
    const problem = IsingProblem.from({
      edges: [
        [0, 1, 1],
        [1, 2, 1],
      ],
    })
    expect(run(problem, { backend, numSweeps: 1, target: problem.lowerBound - 1 })).toMatchObject({
      energy: -2,
    })
  })
})

type TripSolver = (
  problem: IsingProblem<Tour>,
  options: { target?: number; seed?: number },
) => SolverResult<Tour>
const TRIP_SOLVERS: readonly [string, TripSolver][] = [
  ['tourSearch', tourSearch],
  ['hopfieldTank', (problem, options) => hopfieldTank(problem, { numReads: 8, ...options })],
  ['solve', solve],
]

describe.each(TRIP_SOLVERS)('round trips, %s', (_, run) => {
  const lengthOf = (places: [number, number][], target?: number): number =>
    run(tsp(places), { ...(target === undefined ? {} : { target }), seed: 1 }).solution.length

  it('finds the only tour of two and of three cities', () => {
    const three: [number, number][] = [[0, 0], [3, 0], [3, 4]] // biome-ignore format: places
    expect(lengthOf(three.slice(0, 2))).toBeCloseTo(6, 9)
    expect(lengthOf(three)).toBeCloseTo(12, 9)
  })

  it('bears cities in one place, and distances that are huge', () => {
    expect(lengthOf(Array.from({ length: 4 }, () => [2, 2]))).toBe(0)
    const square: [number, number][] = [[0, 0], [1e9, 0], [1e9, 1e9], [0, 1e9]] // biome-ignore format: places
    expect(lengthOf(square) / 1e9).toBeLessThan(4.9)
    expect(lengthOf(square) / 1e9).toBeGreaterThan(3.99)
  })

  it('ends where a target is below every length', () => {
    expect(lengthOf([[0, 0], [3, 0], [3, 4]], -1)).toBeCloseTo(12, 9) // biome-ignore format: places
  })
})

it('refuses asymmetric couplings and numbers that are none, with where', () => {
  expect(() =>
    IsingProblem.from({
      couplings: [
        [0, 1],
        [2, 0],
      ],
    }),
  ).toThrow('got 1 at [0][1] and 2 at [1][0]')
  expect(() => IsingProblem.from({ edges: [[0, 1, Number.NaN]] })).toThrow('edges[0]')
  expect(() => IsingProblem.from({ fields: [0, Number.POSITIVE_INFINITY] })).toThrow('fields[1]')
  expect(() => IsingProblem.from({ edges: [[0, 1, 1]], variables: 1 })).toThrow('edges[0]')
  expect(() =>
    qubo([
      [1, Number.NaN],
      [0, 1],
    ]),
  ).toThrow('NaN')
  expect(() => numberPartitioning([1, Number.NaN])).toThrow('numbers[1]')
})

describe('a ring', () => {
  // Metropolis in the order of the ring keeps the number of unsatisfied couplings that a read began with: half of them.
  const ring = (length: number) => maxCut(Array.from({ length }, (_, i) => [i, (i + 1) % length, 1]))

  it.each([
    30, 31, 100,
  ])('of %d variables is annealed to its end, with and without exchange of temperatures', (length) => {
    const best = length - (length % 2)
    expect(anneal(ring(length), { numSweeps: 300 }).value).toBe(best)
    expect(parallelTempering(ring(length), { numSweeps: 300 }).value).toBe(best)
    expect(solve(ring(length), { maxTime: 2000, target: best }).value).toBe(best)
  })

  it('keeps its unsatisfied couplings where Metropolis is asked for', () => {
    expect(anneal(ring(100), { numSweeps: 300, acceptance: 'metropolis' }).value).toBeLessThan(80)
  })
})
