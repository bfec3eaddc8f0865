import { describe, expect, it } from 'vitest'
import {
  capacity,
  dilutedOverlap,
  oneStepError,
  oneStepErrorLimit,
  perceptronCapacity,
  randomCodes,
  retrievalOverlap,
  SparseAssociativeMemory,
  sequenceOverlap,
  thermalOverlap,
  willshawFill,
} from '../../src/index.js'
import { erf, erfc } from '../../src/numerics/erf.js'
import { refusal, untyped } from '../helpers/refusal.js'
import { erf as reference, erfc as referenceTail } from '../helpers/statistics.js'

describe('the error function', () => {
  it('agrees with its Taylor series and with the continued fraction', () => {
    for (let x = -6; x <= 6; x += 0.01) expect(Math.abs(erf(x) - reference(x))).toBeLessThan(1e-13)
    for (let x = 3; x <= 20; x += 0.1) expect(Math.abs(erfc(x) / referenceTail(x) - 1)).toBeLessThan(1e-12)
  })
})

describe('the one-step error', () => {
  for (const [neurons, patterns, error] of [
    [30, 5, 0.00341582],
    [100, 10, 0.00045353],
    [100, 20, 0.0112306],
    [1000, 138, 0.00346317],
  ]) {
    it(`is ${error} for ${patterns} patterns of ${neurons} neurons`, () => {
      expect(Math.abs(oneStepError({ neurons, patterns }) - error)).toBeLessThan(0.51e-8)
    })
  }

  it('is smaller where ties keep', () => {
    expect(oneStepError({ neurons: 31, patterns: 5, tie: 'keep' })).toBeLessThan(
      oneStepError({ neurons: 31, patterns: 5 }),
    )
    expect(oneStepError({ neurons: 30, patterns: 1 })).toBe(0)
  })

  it('tends to its limit', () => {
    const exact = oneStepError({ neurons: 100_000, patterns: 20_000 })
    expect(Math.abs(exact / oneStepErrorLimit(0.2) - 1)).toBeLessThan(1e-3)
    expect(oneStepErrorLimit(0)).toBe(0)
  })
})

describe('mean-field overlaps', () => {
  for (const [alpha, overlap] of [
    [0.05, 0.999992],
    [0.1, 0.997999],
    [0.12, 0.993223],
    [0.13, 0.987212],
  ]) {
    it(`retrieves with overlap ${overlap} at load ${alpha}`, () => {
      expect(Math.abs(retrievalOverlap(alpha) - overlap)).toBeLessThan(0.5e-6)
    })
  }

  it('end at their critical loads', () => {
    expect(retrievalOverlap(0.1379)).toBeGreaterThan(0.967)
    expect(retrievalOverlap(0.13791)).toBe(0)
    expect(sequenceOverlap(0.26906)).toBeGreaterThan(0.8)
    expect(sequenceOverlap(0.26907)).toBe(0)
    expect(dilutedOverlap(2 / Math.PI - 1e-4)).toBeGreaterThan(0)
    expect(dilutedOverlap(0.637)).toBe(0)
    expect(thermalOverlap(0.9999)).toBeGreaterThan(0)
    expect(thermalOverlap(1)).toBe(0)
  })

  it('solve their equations', () => {
    const m = dilutedOverlap(0.3)
    expect(Math.abs(m - erf(m / Math.sqrt(0.6)))).toBeLessThan(1e-12)
    const t = thermalOverlap(0.5)
    expect(Math.abs(t - Math.tanh(t / 0.5))).toBeLessThan(1e-12)
    for (const overlap of [retrievalOverlap, sequenceOverlap, dilutedOverlap, thermalOverlap]) {
      expect(overlap(0)).toBe(1)
    }
  })
})

describe('capacities', () => {
  it('are 2 for a perceptron, and less with a margin', () => {
    expect(Math.abs(perceptronCapacity(0) - 2)).toBeLessThan(1e-12)
    // The integral ∫ Dt (t + 1)² from −1 on, by the midpoint rule.
    let integral = 0
    for (let t = -1 + 5e-5; t < 12; t += 1e-4) integral += 1e-4 * Math.exp((-t * t) / 2) * (t + 1) ** 2
    expect(Math.abs(perceptronCapacity(1) - Math.sqrt(2 * Math.PI) / integral)).toBeLessThan(1e-6)
  })

  it('fill synapses as Willshaw counts', () => {
    const fill = willshawFill({ neurons: 100, active: 10, patterns: 50 })
    expect(Math.abs(fill - (1 - (1 - 90 / 9900) ** 50))).toBeLessThan(1e-13)
    expect(willshawFill({ neurons: 5, active: 5, patterns: 1 })).toBe(1)
    expect(willshawFill({ neurons: 1, active: 1, patterns: 1 })).toBe(0)
    expect(willshawFill({ neurons: 9, active: 0, patterns: 4 })).toBe(0)
    const others = willshawFill({ neurons: 100, active: 10, patterns: 50, outputs: 50, activeOutputs: 5 })
    expect(Math.abs(others - (1 - 0.99 ** 50))).toBeLessThan(1e-13)
  })

  it('fill synapses as the memory counts them', () => {
    for (const outputs of [undefined, 40]) {
      const [neurons, active, patterns] = [60, 6, 80]
      let [sum, squares] = [0, 0]
      const runs = 20
      for (let seed = 0; seed < runs; seed++) {
        const memory = new SparseAssociativeMemory({
          neurons,
          rule: 'willshaw',
          ...(outputs === undefined ? {} : { outputs }),
        })
        const codes = randomCodes({ count: patterns, neurons, active, seed })
        if (outputs === undefined) memory.store(codes)
        else memory.store(codes, randomCodes({ count: patterns, neurons: outputs, active, seed: seed + 100 }))
        sum += memory.fill as number
        squares += (memory.fill as number) ** 2
      }
      const mean = sum / runs
      // Four standard errors of the mean of the runs.
      const error = 4 * Math.sqrt((squares / runs - mean * mean) / (runs - 1))
      const expected = willshawFill({
        neurons,
        active,
        patterns,
        ...(outputs === undefined ? {} : { outputs }),
      })
      expect(Math.abs(mean - expected)).toBeLessThan(error)
    }
  })

  it('stand in a table', () => {
    expect(capacity('hebbian').retrieval).toBe(0.137906)
    expect(capacity('hebbian', 1000).errorFree).toBeCloseTo(1 / (4 * Math.log(1000)), 14)
    expect(capacity('pseudoinverse')).toEqual({ errorFree: 1 })
  })
})

it('refuses what has no meaning', () => {
  expect(refusal(() => oneStepError({ neurons: 0, patterns: 1 })).code).toBe('ERR_HOPFIELD_RANGE')
  expect(refusal(() => retrievalOverlap(-1)).code).toBe('ERR_HOPFIELD_RANGE')
  expect(refusal(() => thermalOverlap(Number.NaN)).code).toBe('ERR_HOPFIELD_RANGE')
  expect(refusal(() => capacity(untyped('magic'))).code).toBe('ERR_HOPFIELD_OPTION')
  expect(refusal(() => perceptronCapacity(untyped('1'))).code).toBe('ERR_HOPFIELD_TYPE')
})
