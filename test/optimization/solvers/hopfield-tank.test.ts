import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { largestAssignment } from '../../../src/optimization/tours/assignment.js'
import { tourOfOutputs } from '../../../src/optimization/tours/tank-decoding.js'
import {
  distancesOf,
  hopfieldTank,
  hopfieldTankAsync,
  IsingProblem,
  tourSearch,
  tsp,
} from '../../../src/optimization.js'
import { BACKENDS } from '../../helpers/backends.js'
import { FIXED } from '../../helpers/property.js'

/** The ten cities of Hopfield and Tank (1985). Their shortest round trip is 2.690670637. */
const CITIES = JSON.parse(
  readFileSync(new URL('../../../bench/ten-cities.json', import.meta.url), 'utf8'),
) as [number, number][]
const SHORTEST = 2.690670637
const PARAMETERS = ['hopfield-tank', 'talavan-yanez', 'subspace'] as const

const timeless = <T extends { history: unknown }>(result: T) => ({ ...result, history: [] })

describe('hopfieldTank', () => {
  it('ends in tours alone with the parameters of Talaván and Yáñez, longer than the shortest', () => {
    const { networks, value, energies } = hopfieldTank(tsp(CITIES), { numReads: 24 })
    expect(networks.every(({ valid, settled }) => valid && settled)).toBe(true)
    expect(value).toBeGreaterThanOrEqual(SHORTEST - 1e-9)
    const mean = energies.reduce((sum, length) => sum + length, 0) / energies.length / SHORTEST
    // 1.28 by others, of 200 starts; a standard error of 24 is about 0.04.
    expect(mean).toBeGreaterThan(1.1)
    expect(mean).toBeLessThan(1.5)
  })

  it('seldom ends in a tour with those of 1985', () => {
    const { networks, energies } = hopfieldTank(tsp(CITIES), {
      numReads: 48,
      parameters: 'hopfield-tank',
      decode: 'strict',
      numSweeps: 4000,
    })
    const valid = networks.filter((network) => network.valid).length
    // 0.16 by others; four standard errors of 48 are 0.21.
    expect(valid / 48).toBeLessThan(0.37)
    expect(valid).toBeGreaterThan(0)
    expect(energies).toHaveLength(valid)
  })

  it('finds the shortest tour of ten cities within the subspace', () => {
    const { value, networks } = hopfieldTank(tsp(CITIES), { parameters: 'subspace' })
    expect(value).toBeCloseTo(SHORTEST, 8)
    expect(networks).toHaveLength(12)
  })

  it('tells lengths that tours have, and energies whose terms add up', () => {
    const problem = tsp(CITIES)
    const distances = distancesOf(problem)
    for (const parameters of PARAMETERS) {
      const result = hopfieldTank(problem, { numReads: 5, parameters, numSweeps: 300, seed: 2 })
      for (const { tour, length, energy, terms } of result.networks) {
        expect([...tour].sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
        const own = [...tour].reduce((sum, c, k) => sum + distances[c * 10 + tour[(k + 1) % 10]], 0)
        expect(length).toBeCloseTo(own, 12)
        expect(energy).toBeCloseTo(terms.cities + terms.places + terms.count + terms.length, 9)
      }
      expect(problem.energy(result.state)).toBe(result.energy)
      expect(result.value).toBe(Math.min(...result.networks.map(({ length }) => length)))
    }
  })

  it('tells the outputs that a tour was read of: the permutation with the largest sum', () => {
    const [{ outputs, tour, settled }] = hopfieldTank(tsp(CITIES), { numReads: 1 }).networks
    expect(settled).toBe(true)
    expect(outputs).toHaveLength(100)
    for (const x of outputs) expect(Math.abs(x - 0.5)).toBeGreaterThan(0.49)
    // City 0 may have any place; from there on the outputs near 1 follow the tour.
    const placeOf = (city: number) => outputs.subarray(10 * city, 10 * city + 10).findIndex((x) => x > 0.5)
    const first = placeOf(tour[0])
    for (const [k, city] of tour.entries()) expect(placeOf(city)).toBe((first + k) % 10)
  })

  it('has the energy of a tour where it has settled: its length, by its constant', () => {
    const { networks, constants } = hopfieldTank(tsp(CITIES), { numReads: 1 })
    const [{ terms, length }] = networks
    // Outputs are within 0.005 of 0 and 1.
    expect(terms.length / constants.D).toBeCloseTo(length, 1)
    expect(terms.cities).toBeLessThan(0.05)
  })

  it('is the same on every backend, for any number of threads and in any company', async () => {
    for (const parameters of PARAMETERS) {
      const options = { numReads: 14, parameters, numSweeps: 60, seed: 5 }
      const first = timeless(hopfieldTank(tsp(CITIES.slice(0, 6)), options))
      for (const backend of BACKENDS) {
        const problem = tsp(CITIES.slice(0, 6))
        expect(timeless(hopfieldTank(problem, { ...options, backend }))).toEqual(first)
        expect(timeless(await hopfieldTankAsync(problem, { ...options, backend, threads: 3 }))).toEqual(first)
      }
      const few = hopfieldTank(tsp(CITIES.slice(0, 6)), { ...options, numReads: 2 })
      expect(few.networks).toEqual(first.networks.slice(0, 2))
    }
  })

  it('says so where a read is no tour', () => {
    const result = hopfieldTank(tsp(CITIES), { numReads: 2, numSweeps: 1, decode: 'strict' })
    expect(result.networks.map(({ valid, length }) => [valid, length])).toEqual([
      [false, Number.POSITIVE_INFINITY],
      [false, Number.POSITIVE_INFINITY],
    ])
    expect(result.networks[0].tour).toHaveLength(0)
    expect(result).toMatchObject({ value: Number.POSITIVE_INFINITY, solution: { valid: false } })
  })

  it('takes two cities, equal cities, and constants of the caller', () => {
    for (const parameters of PARAMETERS) {
      expect(
        hopfieldTank(
          tsp([
            [0, 0],
            [3, 4],
          ]),
          { parameters, numSweeps: 10 },
        ).value,
      ).toBe(10)
      expect(
        hopfieldTank(
          tsp([
            [1, 1],
            [1, 1],
            [1, 1],
          ]),
          { parameters, numSweeps: 10 },
        ).value,
      ).toBe(0)
    }
    const { constants } = hopfieldTank(tsp(CITIES), { constants: { C: 1e-3, count: 12 }, numSweeps: 1 })
    expect(constants).toMatchObject({ C: 1e-3, count: 12 })
  })

  it('heeds a target, maxTime and a signal', async () => {
    const problem = tsp(CITIES)
    expect(hopfieldTank(problem, { target: 9, numReads: 1000 })).toMatchObject({ stopped: 'target' })
    const late = hopfieldTank(problem, { maxTime: 0 })
    expect(late).toMatchObject({ stopped: 'time', networks: [] })
    const signal = AbortSignal.timeout(20)
    await expect(hopfieldTankAsync(problem, { numReads: 1e5, signal })).rejects.toThrow(/abort|timeout/i)
  })

  it('leaves the event loop free between kernel calls, of which each is short', async () => {
    const problem = tsp(CITIES)
    // Each look at the clock is three milliseconds after the one before, and a turn has two: so each turn has room for one step.
    let now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 3
      return now
    })
    const options = { numReads: 12, numSweeps: 500, parameters: 'talavan-yanez', maxTime: 1e9 } as const
    let [turns, ended] = [0, false]
    const count = (): void => {
      turns++
      if (!ended) setImmediate(count)
    }
    setImmediate(count)
    const result = await hopfieldTankAsync(problem, { ...options, backend: 'typescript' }).finally(() => {
      ended = true
      clock.mockRestore()
    })
    // Five hundred steps of twelve reads of 100 neurons, each with 100 · 100 couplings, in portions of 2^20 operations.
    expect(turns).toBeGreaterThanOrEqual((500 * 12 * 100 * 100) / 2 ** 20)
    // The turn that began by the test's clock ends.
    for (let k = 0; k < 2; k++) await new Promise((resolve) => setImmediate(resolve))
    expect(timeless(result)).toEqual(timeless(hopfieldTank(problem, { ...options, backend: 'typescript' })))
  })

  it.each([
    [{ parameters: 'best' }, 'parameters: expected'],
    [{ decode: 'soft' }, 'decode: expected'],
    [{ constants: { E: 1 } }, 'constants'],
    [{ constants: { A: -1 } }, 'constants.A: expected a number'],
    [{ step: 0 }, 'step: expected a number'],
    [{ initialStates: [] }, 'unknown option "initialStates"'],
  ])('refuses %j', async (options, message) => {
    expect(() => hopfieldTank(tsp(CITIES), options as never)).toThrow(`hopfieldTank: ${message}`)
    await expect(hopfieldTankAsync(tsp(CITIES), options as never)).rejects.toThrow(
      `hopfieldTankAsync: ${message}`,
    )
  })

  it('refuses other problems, one city, and more cities than it has room for', () => {
    expect(() => hopfieldTank(IsingProblem.from({ edges: [[0, 1]] }) as never)).toThrow(
      'problem: expected one that tsp',
    )
    expect(() => hopfieldTank(tsp([[0, 0]]))).toThrow('at least one variable')
    const many = tsp(Array.from({ length: 65 }, (_, k) => [k, k * k]))
    expect(() => hopfieldTank(many)).toThrow(
      'hopfieldTank: problem: expected at most 64 cities, got 65; tourSearch takes more',
    )
    expect(tourSearch(many, { numSweeps: 0 }).solution.valid).toBe(true)
  })
})

describe('reading outputs', () => {
  it('finds the assignment with the largest sum', () => {
    const squares = fc
      .integer({ min: 1, max: 6 })
      .chain((n) =>
        fc.tuple(
          fc.constant(n),
          fc.array(fc.integer({ min: -5, max: 9 }), { minLength: n * n, maxLength: n * n }),
        ),
      )
    fc.assert(
      fc.property(squares, ([n, given]) => {
        const values = Float64Array.from(given)
        const rows = largestAssignment(n, values)
        expect([...rows].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, k) => k))
        const own = rows.reduce((sum, row, column) => sum + values[row * n + column], 0)
        const best = (column: number, left: number[]): number =>
          column === n
            ? 0
            : Math.max(
                ...left.map(
                  (r) =>
                    values[r * n + column] +
                    best(
                      column + 1,
                      left.filter((o) => o !== r),
                    ),
                ),
              )
        expect(own).toBe(
          best(
            0,
            Array.from({ length: n }, (_, k) => k),
          ),
        )
      }),
      { ...FIXED, numRuns: 100 },
    )
  })

  it('is strict, lenient or sure of a tour', () => {
    // City 0 at both places, more so at the first.
    const v = Float64Array.of(0.9, 0.8, 0.2, 0.6)
    expect(tourOfOutputs(2, v, 'strict')).toBe(undefined)
    expect(tourOfOutputs(2, v, 'argmax')).toBe(undefined)
    expect([...(tourOfOutputs(2, v, 'assignment') ?? [])]).toEqual([0, 1])
    const w = Float64Array.of(0.4, 0.1, 0.2, 0.3)
    expect(tourOfOutputs(2, w, 'strict')).toBe(undefined)
    expect([...(tourOfOutputs(2, w, 'argmax') ?? [])]).toEqual([0, 1])
  })
})
