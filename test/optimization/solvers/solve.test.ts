import { describe, expect, it } from 'vitest'
import {
  exact,
  IsingProblem,
  parseGset,
  parseQubo,
  parseTsplib,
  type SolveOptions,
  solve,
  solveAsync,
  tsp,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { glass, HAS_INSTANCES, instance, slowEnergy, timeless, WEIGHTS } from '../helpers.js'

const solvers = (problem: IsingProblem<unknown>, options?: SolveOptions): string[] =>
  solve(problem, options).chosen.map(({ solver }) => solver)

/** All pairs of N variables. */
function dense(n: number): IsingProblem {
  const problem = glass(n, 6 * n * n, WEIGHTS['integers'], 2)
  expect(problem.edgeCount).toBeGreaterThan((n * (n - 1)) / 4)
  return problem
}

/** All pairs of N variables, coupled by ±1: oscillators are asked first. */
function signs(n: number): IsingProblem {
  const couplings = new Int8Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++)
      couplings[i * n + j] = couplings[j * n + i] = (i * i + 3 * j * j) % 7 < 3 ? 1 : -1
  return IsingProblem.from({ couplings })
}

describe('solve', () => {
  it.each(Object.entries(WEIGHTS))('proves the optimum of small problems with weights of %s', (_, weigh) => {
    for (const pairs of [10, 30, 120]) {
      const problem = glass(22, pairs, weigh, pairs)
      const result = solve(problem, { seed: 1 })
      expect(result.proved).toBe(true)
      expect(result.energy).toBeCloseTo(exact(problem).energy, 9)
      expect(slowEnergy(problem, result.state)).toBeCloseTo(result.energy, 9)
    }
  })

  it('chooses by the instance, and says what', () => {
    expect(solvers(glass(60, 40, WEIGHTS['±1'], 1))).toEqual(['reduction'])
    expect(solvers(glass(24, 90, WEIGHTS['±1'], 1))).toContain('exact')
    expect(solvers(dense(40))).toEqual(['tabu', 'anneal'])
    expect(solvers(glass(70, 560, WEIGHTS['±1'], 1)).at(-1)).toBe('anneal')
    expect(solvers(signs(520), { maxTime: 20 })).toEqual(['simulatedBifurcation', 'anneal'])
    expect(
      solvers(
        tsp([
          [0, 0],
          [3, 0],
          [3, 4],
          [0, 4],
        ]),
      ),
    ).toEqual(['tourSearch'])
  })

  it('is the same on every backend and off the event loop', async () => {
    for (const problem of [glass(44, 110, WEIGHTS['±1'], 5), dense(33), glass(60, 80, WEIGHTS['reals'], 5)]) {
      const options: SolveOptions = { seed: 7n }
      const [first, ...others] = BACKENDS.map((backend) => timeless(solve(problem, { ...options, backend })))
      for (const other of others) expect(other).toEqual(first)
      expect(timeless(await solveAsync(problem, { ...options, threads: 3 }))).toEqual(first)
    }
  })

  it('puts the best states of several annealings together where none of them reaches the target', () => {
    const problem = glass(110, 440, WEIGHTS['±1'], 4)
    const found = solve(problem, { backend: BACKENDS[0], maxTime: 400, target: problem.lowerBound })
    const chosen = found.chosen.map(({ solver }) => solver)
    expect(chosen).toContain('anneal')
    if (BACKENDS[0] === 'native') expect(chosen.at(-1)).toBe('recombination')
    expect(slowEnergy(problem, found.state)).toBe(found.energy)
  })

  it('ends at the target and soon after its time', () => {
    const problem = glass(30, 200, WEIGHTS['±1'], 8)
    const { energy } = exact(problem)
    expect(solve(problem, { target: energy })).toMatchObject({ stopped: 'target', energy })
    const result = solve(glass(3000, 30_000, WEIGHTS['±1'], 9), { maxTime: 50 })
    expect(result.stopped).toBe('time')
    expect(result.proved).toBe(false)
    expect(result.energy).toBeLessThan(0)
  })

  it('stops within a moment when its signal is aborted', async () => {
    const stop = new AbortController()
    const solving = solveAsync(glass(2000, 20_000, WEIGHTS['±1'], 9), {
      maxTime: 60_000,
      signal: stop.signal,
    })
    setTimeout(() => stop.abort(new Error('enough')), 20)
    await expect(solving).rejects.toThrow('enough')
  })

  it('refuses problems without variables, and options of other solvers', () => {
    expect(() => solve(IsingProblem.from({ variables: 0 }))).toThrow('at least one variable')
    expect(() => solve(glass(5, 5, WEIGHTS['±1'], 1), { numReads: 3 } as SolveOptions)).toThrow('numReads')
  })

  it.runIf(HAS_INSTANCES)('finds what is best known of real instances', () => {
    const cuts = { G1: 11624, G43: 6660, G11: 564 }
    for (const [name, cut] of Object.entries(cuts))
      expect(solve(parseGset(instance(`gset/${name}.txt.gz`)), { target: cut }).value).toBe(cut)
    expect(solve(parseGset(instance('gset/G70.txt.gz')), { target: 9585 }).value).toBeGreaterThanOrEqual(9585)
    expect(solve(parseQubo(instance('qubo/gka1a.sparse')), { target: -3414 }).value).toBe(-3414)
    for (const [name, length] of Object.entries({ berlin52: 7542, eil51: 426 }))
      expect(solve(parseTsplib(instance(`tsp/${name}.tsp`)), { target: length }).value).toBe(length)
  })
})
