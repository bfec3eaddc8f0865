import { expect, it } from 'vitest'
import { allHere } from '../../../src/async/steps.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { Annealing } from '../../../src/optimization/solvers/anneal.js'
import { scheduleOf } from '../../../src/optimization/solvers/annealing-schedule.js'
import { Recombination } from '../../../src/optimization/solvers/recombination.js'
import { ReadSearch, type Search } from '../../../src/optimization/solvers/search.js'
import { solverKernels } from '../../../src/optimization/solvers/solver-options.js'
import { BACKENDS, type Backend } from '../../helpers/backends.js'
import { glass, slowEnergy, WEIGHTS } from '../helpers.js'

const problem = glass(500, 1500, WEIGHTS['±1'], 3)

/** Energies before and after states are put together twelve times, of those of two short annealings. */
function recombined(backend: Backend): { before: number; after: number; state: Int8Array } {
  const ising = isingOf(problem)
  const options = {
    numReads: 2,
    seed: [5, 0] as const,
    initialStates: undefined,
    target: undefined,
    maxTime: undefined,
  }
  const reads = new ReadSearch(ising, solverKernels(backend), { ...options, backend }, 2 ** 13)
  const search = reads as unknown as Search
  let number = 0
  const pool = new Recombination(search, 32, () => number++)
  const schedule = scheduleOf(ising, {
    numSweeps: 2,
    betaRange: undefined,
    schedule: 'linear',
    betas: undefined,
  })
  const onEnd: Recombination['take'] = (...given) => pool.take(...given)
  for (; number < 2; number++) allHere(new Annealing(search, schedule, { onEnd }).run(number, number + 1))
  const before = reads.result().energy
  allHere(pool.run(12))
  const { energy: after, state } = reads.result()
  return { before, after, state }
}

it('puts states together to better ones, the same on every backend', () => {
  const results = BACKENDS.map(recombined)
  const [{ before, after, state }] = results
  expect(after).toBeLessThan(before)
  expect(slowEnergy(problem, state)).toBe(after)
  for (const result of results) expect(result).toEqual(results[0])
})
