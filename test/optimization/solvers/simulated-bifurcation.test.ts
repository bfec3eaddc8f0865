import { describe, expect, it } from 'vitest'
import { VARIANTS } from '../../../src/kernels/contract/kernels.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { oscillators } from '../../../src/optimization/solvers/oscillators.js'
import {
  exact,
  IsingProblem,
  maxCut,
  type SimulatedBifurcationOptions,
  simulatedBifurcation,
  simulatedBifurcationAsync,
} from '../../../src/optimization.js'
import { atOnce } from '../../../src/platform/turn.js'
import { BACKENDS } from '../../helpers/backends.js'
import { glass, slowEnergy, timeless, WEIGHTS } from '../helpers.js'

/** All pairs of N nodes: the graph whose uniform mode is the stiffest there is. */
const complete = (n: number) =>
  maxCut(Array.from({ length: n }, (_, i) => Array.from({ length: i }, (_, j) => [i, j] as const)).flat())

describe('simulatedBifurcation', () => {
  describe.each(VARIANTS)('%s', (variant) => {
    it.each(
      Object.entries(WEIGHTS),
    )('finds low energies of small problems, or the least, with weights of %s', (_, weigh) => {
      for (let seed = 0; seed < 4; seed++) {
        const problem = glass(14, 40, weigh, seed)
        const result = simulatedBifurcation(problem, { variant, numReads: 128, numSteps: 200, seed })
        const { energy: least } = exact(problem)
        if (variant === 'discrete') expect(result.energy).toBeCloseTo(least, 9)
        // Positions follow the softest mode, whatever the start, so that all reads of a small problem may miss the optimum.
        expect(result.energy).toBeLessThanOrEqual(0.8 * least)
        expect(result.energy).toBeGreaterThanOrEqual(least - 1e-9)
        for (const [r, energy] of result.energies.entries())
          expect(slowEnergy(problem, result.states.pattern(r))).toBeCloseTo(energy, 9)
      }
    })

    it('cuts graphs whose weights are all positive, where longer steps swing for ever', () => {
      const problem = complete(60)
      const options = { variant, numReads: 8, numSteps: 300 }
      expect(simulatedBifurcation(problem, options).value).toBe(900)
    })

    it('is the same on every backend, for any number of threads and in any company', async () => {
      const problem = glass(20, 50, WEIGHTS['reals'], 5)
      const options: SimulatedBifurcationOptions = { variant, numReads: 11, numSteps: 50, seed: 7n }
      const [first, ...others] = BACKENDS.map((backend) =>
        timeless(simulatedBifurcation(problem, { ...options, backend })),
      )
      for (const other of others) expect(other).toEqual(first)
      for (const threads of [1, 3])
        expect(timeless(await simulatedBifurcationAsync(problem, { ...options, threads }))).toEqual(first)
      const few = simulatedBifurcation(problem, { ...options, numReads: 2 })
      expect(few.energies).toEqual(first.energies.slice(0, 2))
    })
  })

  it('fails with the step that suits dense glasses on a graph of positive weights, which is why the step is not fixed', () => {
    const graph = maxCut(
      Array.from({ length: 200 }, (_, i) =>
        Array.from({ length: 40 }, (_, k) => [i, (i + k + 1) % 200] as const),
      ).flat(),
    )
    const best = (timeStep?: number): number =>
      simulatedBifurcation(graph, { numReads: 4, numSteps: 200, ...(timeStep && { timeStep }) }).value
    expect(best(1.25)).toBeLessThan(best() / 2)
  })

  it('makes steps for which the stiffest mode is stable', () => {
    const { model } = isingOf(IsingProblem.from({ edges: [[0, 1, -2]], fields: [0.5, 0] }))
    // σ² = (2·2² + ½²)/2, |λ| = 2.
    const sigma = Math.sqrt(8.25 / 2)
    const how = atOnce(oscillators(model, 2, sigma))
    expect(how.strength).toBeCloseTo(0.5 / sigma, 12)
    expect(how.radian).toBeCloseTo(1 / Math.sqrt(1 + 1 / sigma), 6)
  })

  it('begins where it is told, ends at the target and after its time', () => {
    const problem = glass(24, 60, WEIGHTS['±1'], 8)
    const { energy } = exact(problem)
    expect(simulatedBifurcation(problem, { numReads: 4096, target: energy })).toMatchObject({
      stopped: 'target',
      energy,
    })
    const long = simulatedBifurcation(glass(500, 2000, WEIGHTS['±1'], 9), { numSteps: 2 ** 24, maxTime: 50 })
    expect(long.stopped).toBe('time')
    expect(
      simulatedBifurcation(IsingProblem.from({ variables: 2 }), { numReads: 1, initialStates: [[1, -1]] })
        .state,
    ).toEqual(Int8Array.of(1, -1))
  })

  it.each([
    [{ numSteps: 0 }, 'numSteps'],
    [{ variant: 'adiabatic' }, 'variant'],
    [{ timeStep: 0 }, 'timeStep'],
    [{ numSweeps: 5 }, 'numSweeps'],
  ])('refuses %j', (options, name) => {
    const problem = glass(4, 4, WEIGHTS['±1'], 1)
    expect(() => simulatedBifurcation(problem, options as SimulatedBifurcationOptions)).toThrow(name)
  })
})
