import { describe, expect, it } from 'vitest'
import { WordStream } from '../../../src/numerics/philox.js'
import { isingOf } from '../../../src/optimization/problems/ising-problem.js'
import { acceptanceFor } from '../../../src/optimization/solvers/replicas.js'
import {
  type AnnealOptions,
  anneal,
  annealAsync,
  exact,
  IsingProblem,
  parseGset,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { glass, HAS_INSTANCES, instance, slowEnergy, timeless, WEIGHTS } from '../helpers.js'

describe('anneal', () => {
  it.each(
    Object.entries(WEIGHTS),
  )('finds the least energy of small problems with weights of %s', (_, weigh) => {
    for (let seed = 0; seed < 6; seed++) {
      const problem = glass(16, 48, weigh, seed)
      const { energy } = exact(problem)
      expect(anneal(problem, { numReads: 64, numSweeps: 200, seed }).energy).toBeCloseTo(energy, 9)
    }
  })

  it.each(Object.entries(WEIGHTS))('tells energies that the states have, with weights of %s', (_, weigh) => {
    const problem = glass(40, 120, weigh, 3)
    const result = anneal(problem, { numReads: 9, numSweeps: 70, seed: 4 })
    expect(result.energies).toHaveLength(9)
    for (const [r, energy] of result.energies.entries())
      expect(slowEnergy(problem, result.states.pattern(r))).toBeCloseTo(energy, 9)
    expect(result.energy).toBe(Math.min(...result.energies))
    expect(slowEnergy(problem, result.state)).toBeCloseTo(result.energy, 9)
  })

  it('is the same on every backend, for any number of threads and in any company', async () => {
    for (const weigh of Object.values(WEIGHTS)) {
      const problem = glass(20, 50, weigh, 5)
      const options: AnnealOptions = { numReads: 520, numSweeps: 20, seed: 7n }
      const [first, ...others] = BACKENDS.map((backend) => timeless(anneal(problem, { ...options, backend })))
      for (const other of others) expect(other).toEqual(first)
      for (const threads of [1, 3])
        expect(timeless(await annealAsync(problem, { ...options, threads }))).toEqual(first)
      expect(anneal(problem, { ...options, numReads: 3 }).energies).toEqual(first.energies.slice(0, 3))
    }
  })

  it('keeps the best state of a read, not the last', () => {
    // At β = 0 every update is a flip, so that the last sweeps begin from a random state. The first part ended cold.
    const problem = glass(60, 240, WEIGHTS['±1'], 6)
    const betas = [...Array.from({ length: 64 }, (_, k) => 0.2 + k / 32), ...new Array(64).fill(0)]
    const cold = anneal(problem, { numReads: 64, betas })
    const hot = anneal(problem, { numReads: 64, betas: betas.fill(0) })
    const mean = (energies: Float64Array): number => energies.reduce((sum, energy) => sum + energy / 64, 0)
    expect(mean(cold.energies)).toBeLessThan(mean(hot.energies) - 10)
  })

  it('finds the least energy of small problems with Glauber updates too, and less with as few sweeps', () => {
    for (const weigh of Object.values(WEIGHTS)) {
      const problem = glass(16, 48, weigh, 2)
      const options: AnnealOptions = { numReads: 64, numSweeps: 300, acceptance: 'glauber' }
      expect(anneal(problem, options).energy).toBeCloseTo(exact(problem).energy, 9)
    }
    const problem = glass(400, 4000, WEIGHTS['±1'], 7)
    const mean = (acceptance: 'metropolis' | 'glauber'): number =>
      anneal(problem, { numReads: 512, numSweeps: 100, acceptance }).energies.reduce(
        (sum, energy) => sum + energy,
      )
    expect(mean('metropolis')).toBeLessThan(mean('glauber'))
  })

  it('ends as soon as the target is reached', () => {
    const problem = glass(30, 90, WEIGHTS['±1'], 8)
    const { energy } = exact(glass(30, 90, WEIGHTS['±1'], 8))
    const result = anneal(problem, { numReads: 64, numSweeps: 2 ** 20, target: energy })
    expect(result).toMatchObject({ stopped: 'target', energy })
    expect(result.sweeps).toBeLessThan(2 ** 20)
  })

  it('anneals longer and longer until the target is reached, where nobody says how long', () => {
    const problem = glass(300, 1200, WEIGHTS['±1'], 8)
    const { energy } = anneal(problem, { numSweeps: 3000, seed: 2 })
    const result = anneal(problem, { target: energy, seed: 1 })
    expect(result.stopped).toBe('target')
    expect(result.energies).toHaveLength(512)
    const unreachable = anneal(glass(8, 16, WEIGHTS['±1'], 1), { target: -1e6, numSweeps: 100 })
    expect(unreachable).toMatchObject({ stopped: 'end', sweeps: 103 })
  })

  it('ends soon after its time with the best so far', () => {
    const result = anneal(glass(2000, 9000, WEIGHTS['±1'], 9), { numSweeps: 2 ** 24, maxTime: 200 })
    expect(result.stopped).toBe('time')
    expect(result.energy).toBeLessThan(0)
  })

  it('brings rings and long chains to rest beside parts that have more neighbours or fields', () => {
    const [n, m] = [400, 300]
    const draw = new WordStream(12, 0).seek(0, 0)
    // A ring of n, of which all couplings but one can be satisfied, a chain of m, and a glass.
    const ring = Array.from({ length: n }, (_, i) => [i, (i + 1) % n, i === 0 ? -1 : 1] as const)
    const chain = Array.from(
      { length: m - 1 },
      (_, i) => [n + i, n + i + 1, draw.word() & 1 ? 1 : -1] as const,
    )
    const rest = Array.from({ length: 90 }, () => {
      const i = draw.bounded(30)
      return [n + m + i, n + m + ((i + 1 + draw.bounded(29)) % 30), draw.word() & 1 ? 1 : -1] as const
    })
    const problem = IsingProblem.from({ edges: [...ring, ...chain, ...rest] })
    const broken = ({ state }: { state: Int8Array }, edges: typeof ring): number =>
      edges.filter(([i, j, x]) => state[i] * state[j] !== x).length
    const options = { numReads: 16, numSweeps: 400, seed: 3 }
    const [found, kept] = [
      anneal(problem, options),
      anneal(problem, { ...options, acceptance: 'metropolis' }),
    ]
    expect(acceptanceFor(isingOf(problem))).toBe('mixed')
    expect(broken(found, ring)).toBeLessThan(30)
    expect(broken(kept, ring)).toBeGreaterThan(120)
    expect(broken(found, chain)).toBeLessThan(20)
  })

  it('chooses how flips are accepted by who has few neighbours', () => {
    const loop = (from: number, size: number) =>
      Array.from({ length: size }, (_, k) => [from + k, from + ((k + 1) % size)] as const)
    const star = [1, 2, 3, 4].map((j) => [0, j] as const)
    const of = (edges: (readonly [number, number])[], fields?: number[]) =>
      acceptanceFor(isingOf(IsingProblem.from({ edges, variables: 200, ...(fields && { fields }) })))
    const field = (at: number): number[] => Array.from({ length: 200 }, (_, i) => (i === at ? 1 : 0))
    expect(of(loop(0, 3))).toBe('glauber')
    expect(of([])).toBe('glauber')
    expect(of(star)).toBe('metropolis')
    expect(of([...star, ...loop(5, 3)])).toBe('mixed')
    expect(of([...star, ...loop(4, 3)])).toBe('metropolis')
    expect(of([...star, ...loop(5, 64).slice(1)])).toBe('metropolis')
    expect(of([...star, ...loop(5, 65).slice(1)])).toBe('mixed')
    expect(of(loop(5, 9), field(0))).toBe('mixed')
    expect(of(loop(5, 9), field(6))).toBe('metropolis')
    expect(of([], field(6))).toBe('metropolis')
  })

  it('leaves as many distinct states as independent chains do', () => {
    // Chains that share their noise fall together if they agree on a value too often (damage spreading); updates that decide about a flip, of hard
    // instances do not. 200 of 256 is far from one, and reads of other groups, which share nothing, do no better.
    const problem = glass(400, 1200, WEIGHTS['±1'], 10)
    const distinct = (first: number, acceptance: 'metropolis' | 'glauber'): number => {
      const { states } = anneal(problem, { numReads: first + 256, numSweeps: 200, acceptance, seed: 1 })
      const some = Array.from({ length: 256 }, (_, k) => states.pattern(first + k).join())
      return new Set(some).size
    }
    const alone = new Set(
      Array.from({ length: 16 }, (_, seed) =>
        anneal(problem, { numReads: 1, numSweeps: 200, seed }).state.join(),
      ),
    )
    expect(distinct(0, 'metropolis')).toBeGreaterThan(200)
    expect(distinct(0, 'glauber')).toBeGreaterThan(200)
    expect(alone.size).toBe(16)
  })

  it('has several chances on few variables, whose reads fall together', () => {
    // With fields, all reads that share their noise end in one state: a wrong one in some calls, if all 512 share it.
    for (let k = 0; k < 20; k++) {
      const problem = glass(11, 35, (draw) => draw.bounded(11) - 5, k)
      const { energy } = exact(problem)
      for (let seed = 0; seed < 8; seed++)
        expect(anneal(problem, { seed, numSweeps: 300 }).energy).toBe(energy)
    }
  })

  it('takes a schedule of one sweep, every way to get colder, and β of its caller', () => {
    const problem = glass(12, 30, WEIGHTS['reals'], 11)
    const { energy } = exact(problem)
    expect(anneal(problem, { numSweeps: 1 }).sweeps).toBe(4)
    for (const schedule of ['linear', 'linear-temperature', 'geometric', 'adaptive'] as const)
      expect(anneal(problem, { schedule, betaRange: [0.5, 30] }).energy).toBeCloseTo(energy, 9)
    expect(anneal(problem, { betas: [1, 5, Number.POSITIVE_INFINITY] }).sweeps).toBe(6)
  })

  it.each([
    [{ betas: [] }, 'betas'],
    [{ betas: 5 }, 'betas'],
    [{ betas: ['1'] }, 'betas[0]'],
    [{ betas: [null] }, 'betas[0]'],
    [{ betas: [-1] }, 'betas[0]'],
    [{ betas: [Number.NaN] }, 'betas[0]'],
    [{ betaRange: [2, 1] }, 'betaRange[1]'],
    [{ betaRange: [0, 1] }, 'betaRange[0]'],
    [{ betaRange: 3 }, 'betaRange'],
    [{ schedule: 'adiabatic' }, 'schedule'],
    [{ acceptance: 'heat-bath' }, 'acceptance'],
    [{ numSweeps: 0 }, 'numSweeps'],
  ])('refuses %j, naming %s', (options, name) => {
    expect(() => anneal(glass(4, 4, WEIGHTS['±1'], 1), options as never)).toThrow(`anneal: ${name}`)
  })

  it.runIf(HAS_INSTANCES)('cuts 11624 edges of G1, the best that is known', () => {
    const problem = parseGset(instance('gset/G1.txt.gz'))
    expect(anneal(problem, { numSweeps: 200, target: 11624, seed: 1 }).value).toBe(11624)
  })
})
