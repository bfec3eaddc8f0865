import { describe, expect, it } from 'vitest'
import { typescriptKernels } from '../../../src/kernels/reference/index.js'
import { WordStream } from '../../../src/numerics/philox.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { exchanges } from '../../../src/optimization/solvers/state-exchange.js'
import {
  exact,
  IsingProblem,
  type ParallelTemperingOptions,
  parallelTempering,
  parallelTemperingAsync,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { glass, slowEnergy, timeless, WEIGHTS } from '../helpers.js'

describe('parallelTempering', () => {
  it.each(
    Object.entries(WEIGHTS),
  )('finds the least energy of small problems with weights of %s', (_, weigh) => {
    for (let seed = 0; seed < 4; seed++) {
      const problem = glass(16, 40, weigh, seed)
      const { energy } = exact(problem)
      expect(parallelTempering(problem, { numReads: 16, numSweeps: 200, seed }).energy).toBeCloseTo(energy, 9)
    }
  })

  it.each([
    'always',
    'never',
  ] as const)('tells energies that the states have, with clusters %s', (clusterMoves) => {
    for (const weigh of Object.values(WEIGHTS)) {
      const problem = glass(30, 70, weigh, 3)
      const result = parallelTempering(problem, { numReads: 5, numSweeps: 20, seed: 4, clusterMoves })
      expect(result.energies).toHaveLength(5)
      for (const [r, energy] of result.energies.entries())
        expect(slowEnergy(problem, result.states.pattern(r))).toBeCloseTo(energy, 9)
      expect(result.energy).toBe(Math.min(...result.energies))
    }
  })

  it('is the same on every backend, for any number of threads and in any company', async () => {
    for (const weigh of Object.values(WEIGHTS)) {
      const problem = glass(12, 24, weigh, 5)
      const options: ParallelTemperingOptions = { numReads: 260, numSweeps: 20, numTemperatures: 3, seed: 7n }
      const [first, ...others] = BACKENDS.map((backend) =>
        timeless(parallelTempering(problem, { ...options, backend })),
      )
      for (const other of others) expect(other).toEqual(first)
      for (const threads of [1, 3])
        expect(timeless(await parallelTemperingAsync(problem, { ...options, threads }))).toEqual(first)
      const few = parallelTempering(problem, { ...options, numReads: 3 })
      expect(few.energies).toEqual(first.energies.slice(0, 3))
    }
  })

  it('exchanges states with the probability that keeps both distributions', () => {
    // Of two levels of one variable with a field of 1 at β = 0.2 and 0.9. Weights of (hot, cold) before an exchange must be those after.
    const weight = (beta: number, energy: number): number => Math.exp(-beta * energy)
    const draw = new WordStream(1, 2).seek(3, 0)
    const tries = 20_000
    for (const [hot, cold] of [
      [1, -1],
      [-1, 1],
    ]) {
      let taken = 0
      for (let k = 0; k < tries; k++) taken += Number(exchanges(0.7, hot, cold, draw.word()))
      const ratio = (weight(0.2, cold) * weight(0.9, hot)) / (weight(0.2, hot) * weight(0.9, cold))
      const expected = Math.min(1, ratio)
      // Four standard errors.
      expect(Math.abs(taken / tries - expected)).toBeLessThanOrEqual(
        4 * Math.sqrt((expected * (1 - expected)) / tries),
      )
    }
  })

  it('exchanges connected clusters in which a pair differs, and keeps the sum of its energies', () => {
    for (const weigh of Object.values(WEIGHTS)) {
      const ising = isingOf(glass(40, 60, weigh, 12))
      const draw = new WordStream(4, 5).seek(6, 0)
      const before = Uint32Array.from({ length: 2 * 40 }, () => draw.word())
      const after = before.slice()
      const starts = Uint32Array.from({ length: 32 }, () => draw.bounded(40))
      typescriptKernels.exchangeClusters(ising.sparseMemory, starts, after, 64)
      const [a, b] = [before, after].map((replicas) => {
        const out = new Float64Array(64)
        typescriptKernels.replicaQuadratics(ising.sparseMemory, ising.model.fields, replicas, 64, out)
        return out
      })
      for (let p = 0; p < 32; p++) expect(a[2 * p] + a[2 * p + 1]).toBeCloseTo(b[2 * p] + b[2 * p + 1], 9)
      expect(after).not.toEqual(before)
    }
  })

  it('ends at the target, and after its time', () => {
    const problem = glass(24, 60, WEIGHTS['±1'], 8)
    const { energy } = exact(problem)
    expect(parallelTempering(problem, { numSweeps: 2 ** 20, target: energy })).toMatchObject({
      stopped: 'target',
      energy,
    })
    expect(
      parallelTempering(glass(500, 1500, WEIGHTS['±1'], 9), { numSweeps: 2 ** 24, maxTime: 50 }).stopped,
    ).toBe('time')
  })

  it('solves problems without couplings, of one variable and in parts', () => {
    expect(parallelTempering(IsingProblem.from({ fields: [2] }), { numReads: 2, numSweeps: 8 }).energy).toBe(
      -2,
    )
    const parts = IsingProblem.from({
      variables: 5,
      edges: [
        [0, 1, -1],
        [3, 4, 2],
      ],
    })
    expect(parallelTempering(parts, { numReads: 2, numSweeps: 40 }).energy).toBe(-3)
  })

  it.each([
    [{ numTemperatures: 1 }, 'numTemperatures'],
    [{ betaRange: [1, 0] }, 'betaRange[1]'],
    [{ clusterMoves: true }, 'clusterMoves'],
    [{ betas: [1] }, 'betas'],
  ])('refuses %j', (options, name) => {
    const problem = glass(4, 4, WEIGHTS['±1'], 1)
    expect(() => parallelTempering(problem, options as ParallelTemperingOptions)).toThrow(name)
  })
})
