import { describe, expect, it } from 'vitest'
import { criticalLoads, criticalTemperatures, retrievalOverlap, thermalOverlap } from '../../src/index.js'

/** ∫Dz f(z) by a plain sum. */
function normalMean(f: (z: number) => number): number {
  let [sum, total] = [0, 0]
  for (let z = -9; z <= 9; z += 0.01) {
    const weight = Math.exp((-z * z) / 2)
    sum += weight * f(z)
    total += weight
  }
  return sum / total
}

/** The equations of Amit, Gutfreund and Sompolinsky 1987, iterated from m = q = 1 as the paper has them. */
function iterated(alpha: number, t: number): number {
  let [m, q] = [1, 1]
  for (let k = 0; k < 400; k++) {
    const r = q / (1 - (1 - q) / t) ** 2
    const field = (z: number): number => Math.tanh((m + Math.sqrt(alpha * r) * z) / t)
    m = normalMean(field)
    q = normalMean((z) => field(z) ** 2)
  }
  return m
}

describe('the overlap at load and temperature', () => {
  for (const [alpha, t] of [
    [0.02, 0.3],
    [0.05, 0.2],
    [0.1, 0.1],
    [0.01, 0.7],
  ] as const) {
    it(`solves the equations at load ${alpha} and temperature ${t}`, () => {
      expect(Math.abs(retrievalOverlap(alpha, t) - iterated(alpha, t))).toBeLessThan(1e-9)
    })
  }

  it('is that of one pattern without load, and that of the frozen network without temperature', () => {
    for (const t of [0.1, 0.4, 0.9])
      expect(Math.abs(retrievalOverlap(1e-9, t) - thermalOverlap(t))).toBeLessThan(1e-5)
    for (const alpha of [0.03, 0.1, 0.13]) {
      expect(Math.abs(retrievalOverlap(alpha, 1e-7) - retrievalOverlap(alpha))).toBeLessThan(1e-6)
    }
  })

  it('passes smoothly from the series at low temperatures to the integrals', () => {
    // s is about √α at m = 1, so the change of method is at T = √α/30. Neighbours differ by dm/dT·ΔT, below 1 for all of these.
    for (const alpha of [0.05, 0.1, 0.12]) {
      const at = Math.sqrt(alpha) / 30
      const steps = Array.from({ length: 21 }, (_, k) => retrievalOverlap(alpha, at * (0.7 + 0.04 * k)))
      const differences = steps.slice(1).map((m, k) => m - (steps[k] as number))
      const bends = differences.slice(1).map((d, k) => Math.abs(d - (differences[k] as number)))
      expect(Math.max(...bends)).toBeLessThan(1e-5)
    }
  })

  it('ends where retrieval states do', () => {
    const { retrieval } = criticalLoads(0.3)
    expect(retrievalOverlap(retrieval * 0.9999, 0.3)).toBeGreaterThan(0.5)
    expect(retrievalOverlap(retrieval * 1.0001, 0.3)).toBe(0)
    expect(retrievalOverlap(0.01, 1)).toBe(0)
  })
})

describe('the lines between phases', () => {
  it('meet the axis T = 0 at 0.1379 and at 0.0519, which the paper cuts to 0.051', () => {
    const { retrieval, ground } = criticalLoads()
    expect(Math.abs(retrieval - 0.137906)).toBeLessThan(0.5e-6)
    // At T = 0 the spin glass has the energy −1/π − √(2α/π), and a retrieval state of so small a load that of its pattern, −½.
    expect(Math.abs(ground - ((0.5 - 1 / Math.PI) ** 2 * Math.PI) / 2)).toBeLessThan(1e-5)
  })

  it('leave T = 1 as 1 − 1.95√α and 1 − 2.6√α', () => {
    const { retrieval, ground } = criticalLoads(0.99)
    expect(Math.abs(0.01 / Math.sqrt(retrieval) - 1.95)).toBeLessThan(0.02)
    expect(Math.abs(0.01 / Math.sqrt(ground) - 2.6)).toBeLessThan(0.02)
    expect(criticalLoads(1)).toEqual({ retrieval: 0, ground: 0 })
  })

  it('are the same over loads as over temperatures', () => {
    for (const alpha of [0.01, 0.04]) {
      const { spinGlass, retrieval, ground } = criticalTemperatures(alpha)
      expect(spinGlass).toBe(1 + Math.sqrt(alpha))
      expect(Math.abs(criticalLoads(retrieval).retrieval - alpha)).toBeLessThan(1e-8)
      expect(Math.abs(criticalLoads(ground).ground - alpha)).toBeLessThan(1e-8)
    }
    expect(criticalTemperatures(0)).toEqual({ spinGlass: 1, retrieval: 1, ground: 1 })
    expect(criticalTemperatures(0.1).ground).toBe(0)
    expect(criticalTemperatures(0.2)).toMatchObject({ retrieval: 0, ground: 0 })
  })
})
