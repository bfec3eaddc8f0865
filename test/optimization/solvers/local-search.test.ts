import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  exact,
  IsingProblem,
  parseQubo,
  type SolverProgress,
  steepestDescent,
  steepestDescentAsync,
  tabu,
  tabuAsync,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { FIXED } from '../../helpers/property.js'
import { HAS_INSTANCES, instance, signedGraph, slowEnergy } from '../helpers.js'

/** Results of runs at different times. */
const timeless = <T extends { history: [number, number][] }>(result: T) => ({
  ...result,
  history: result.history.map(([, energy]) => energy),
})

describe.each([
  ['steepestDescent', steepestDescent, steepestDescentAsync],
  ['tabu', tabu, tabuAsync],
] as const)('%s', (name, solve, solveAsync) => {
  it('tells energies that the states have, counted in plain loops', () => {
    const problem = signedGraph(60, 6, 1)
    const result = solve(problem, { numReads: 9, seed: 4 })
    for (const [b, energy] of result.energies.entries())
      expect(slowEnergy(problem, result.states.pattern(b))).toBe(energy)
    expect(result.energy).toBe(Math.min(...result.energies))
    expect(result.history.map(([, energy]) => energy)).toEqual(
      result.history.map(([, energy]) => energy).toSorted((a, b) => b - a),
    )
    expect(result).toMatchObject({ stopped: 'end', seed: 4, value: result.energy, solution: result.state })
  })

  it('is the same on every backend, for any number of threads and in any company', async () => {
    const problem = signedGraph(40, 8, 3)
    const options = { numReads: 5, seed: 7n }
    const [first, ...others] = BACKENDS.map((backend) => timeless(solve(problem, { ...options, backend })))
    for (const other of others) expect(other).toEqual(first)
    for (const backend of BACKENDS) {
      for (const threads of [1, 3]) {
        const beside = await solveAsync(problem, { ...options, backend, threads })
        expect({ ...beside, history: [] }).toEqual({ ...first, history: [] })
      }
    }
    expect(solve(problem, { ...options, numReads: 3 }).energies).toEqual(first.energies.slice(0, 3))
  })

  it('begins where it is told, over and over', () => {
    const problem = signedGraph(20, 4, 5)
    const start = new Int8Array(20).fill(1)
    const { energies } = solve(problem, { initialStates: start, numReads: 3 })
    expect(new Set(energies.slice(0, name === 'tabu' ? 1 : 3)).size).toBe(1)
    expect(solve(problem, { initialStates: [start, start] }).energies).toHaveLength(2)
  })

  it('stops at the target and when time is over, and always has a state', () => {
    const problem = signedGraph(40, 6, 2)
    const { energy } = solve(problem, { numReads: 20 })
    const early = solve(problem, { numReads: 1e5, target: energy })
    expect(early).toMatchObject({ stopped: 'target', energy })
    expect(early.energies.length).toBeLessThan(1e5)
    const late = solve(problem, { numReads: 1e6, maxTime: 0 })
    expect(late).toMatchObject({ stopped: 'time' })
    expect(late.energies).toHaveLength(1)
    expect(slowEnergy(problem, late.state)).toBe(late.energy)
    // No state is below the bound: the run does all it was asked.
    expect(solve(problem, { target: problem.lowerBound - 1 }).stopped).toBe('end')
  })

  it('heeds maxTime and a signal in the midst of work, and tells the best so far', async () => {
    const problem = signedGraph(5000, 6, 9)
    // All these reads would take minutes.
    const result = await solveAsync(problem, { numReads: 1e5, maxTime: 30 })
    expect(result.stopped).toBe('time')
    const controller = new AbortController()
    const told: SolverProgress[] = []
    const onProgress = (progress: SolverProgress) => {
      told.push(progress)
      if (told.length === 3) controller.abort()
    }
    const stopped = solveAsync(problem, { numReads: 1e5, signal: controller.signal, onProgress })
    await expect(stopped).rejects.toThrow(/abort/i)
    for (const { total, energy, value } of told) {
      expect(total).toBe(1e5)
      expect(value).toBe(energy)
      expect(value).toBeLessThan(Number.POSITIVE_INFINITY)
    }
  })

  it('takes one variable, variables without couplings, and fields alone', () => {
    expect(solve(IsingProblem.from({ fields: [2.5] }))).toMatchObject({
      energy: -2.5,
      state: Int8Array.of(1),
    })
    expect(solve(IsingProblem.from({ fields: [1, -2, 0] })).energy).toBe(-3)
    expect(solve(IsingProblem.from({ variables: 3 })).energy).toBe(0)
  })

  it.each([
    [{ numReads: 0 }, 'numReads: expected an integer from 1'],
    [{ seed: -1 }, 'seed: expected an integer'],
    [{ initialStates: [] }, 'initialStates: expected a state, got none'],
    [{ initialStates: [1, 0] }, 'initialStates[1]: expected +1 or -1, got 0'],
    [{ target: Number.NaN }, 'target: expected a number'],
    [{ maxTime: -1 }, 'maxTime: expected a number'],
    [{ sweeps: 1 }, 'unknown option "sweeps"'],
  ])('refuses %j', async (options, message) => {
    const problem = IsingProblem.from({ edges: [[0, 1]] })
    expect(() => solve(problem, options as never)).toThrow(`${name}: ${message}`)
    await expect(solveAsync(problem, options as never)).rejects.toThrow(`${name}Async: ${message}`)
  })

  it('refuses what is no problem, and one without variables', () => {
    expect(() => solve(undefined as never)).toThrow(
      `${name}: problem: expected an IsingProblem, got undefined`,
    )
    expect(() => solve(IsingProblem.from({}))).toThrow(`${name}: problem: expected at least one variable`)
  })
})

describe('steepestDescent', () => {
  it('ends in states that no single flip makes better, and never above their start', () => {
    const weights = fc.oneof(fc.constantFrom(-1, 1), fc.double({ min: -1, max: 1, noNaN: true }))
    const property = fc.property(fc.array(weights, { minLength: 66, maxLength: 66 }), (weights) => {
      const edges: [number, number, number][] = []
      for (let i = 0; i < 12; i++) for (let j = 0; j < i; j++) edges.push([i, j, weights[edges.length]])
      const problem = IsingProblem.from({ edges })
      const start = new Int8Array(12).fill(1)
      const { state, energy } = steepestDescent(problem, { initialStates: start })
      expect(energy).toBeLessThanOrEqual(problem.energy(start))
      for (let i = 0; i < 12; i++) {
        const other = state.slice()
        other[i] = -other[i]
        // Real fields are carried along with a rounding each flip.
        expect(problem.energy(other)).toBeGreaterThan(energy - 1e-12)
      }
    })
    fc.assert(property, { ...FIXED, numRuns: 40 })
  })

  it('flips the variable that gains most, the first of equals', () => {
    const { state, sweeps } = steepestDescent(
      IsingProblem.from({
        edges: [
          [0, 1, -1],
          [1, 2, -2],
          [2, 3, -1],
        ],
      }),
      {
        initialStates: [1, 1, 1, 1],
      },
    )
    // Variables 1 and 2 both gain 3; then nothing is left to gain.
    expect([sweeps, ...state]).toEqual([2, 1, -1, 1, -1])
  })
})

describe('tabu', () => {
  it('leaves local minima: it finds the least energy of small glasses where descents do not', () => {
    let found = 0
    for (let seed = 0; seed < 10; seed++) {
      const problem = signedGraph(24, 6, seed)
      const { energy } = exact(problem)
      expect(tabu(problem, { seed }).energy).toBe(energy)
      if (steepestDescent(problem, { seed }).energy === energy) found++
    }
    expect(found).toBeLessThan(10)
  })

  it('takes a tenure, and refuses one that would lock all variables', () => {
    const problem = signedGraph(10, 4, 1)
    expect(tabu(problem, { tenure: 9 }).energy).toBe(exact(problem).energy)
    expect(() => tabu(problem, { tenure: 10 })).toThrow(
      'tabu: tenure: expected an integer from 0 to 9, got 10',
    )
    expect(() => tabu(problem, { numSweeps: 0 })).toThrow('tabu: numSweeps: expected an integer from 1')
  })

  it.skipIf(!HAS_INSTANCES)('finds −3414 of gka1a', () => {
    expect(tabu(parseQubo(instance('qubo/gka1a.sparse')), { numReads: 4, target: -3414 })).toMatchObject({
      value: -3414,
      stopped: 'target',
    })
  })
})
