import { describe, expect, it } from 'vitest'
import { HopfieldNetwork, type LearningReport, randomPatterns } from '../../src/index.js'
import { BACKENDS } from '../helpers/backends.js'
import { row } from '../helpers/statistics.js'

/** Solves a small system by elimination; undefined where it is singular. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((each, k) => [...each, right[k]])
  for (let k = 0; k < rows.length; k++) {
    const pivot = rows.findIndex((each, r) => r >= k && Math.abs(each[k]) > 1e-9)
    if (pivot < 0) return undefined
    ;[rows[k], rows[pivot]] = [rows[pivot], rows[k]]
    for (const [r, each] of rows.entries()) {
      const factor = r === k ? 0 : each[k] / rows[k][k]
      for (let c = k; c <= rows.length; c++) each[c] -= factor * rows[k][c]
    }
  }
  return rows.map((each, k) => each[rows.length] / each[k])
}

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, k) => sum + x * b[k], 0)

/**
 * The largest stability that any weights give these vectors: the distance of their convex hull from the origin. The nearest point
 * is that of the plane through some of them, and all others lie beyond; each set of them is tried.
 */
function optimalStability(vectors: readonly (readonly number[])[]): number {
  for (let set = 1; set < 2 ** vectors.length; set++) {
    const some = vectors.filter((_, k) => (set >> k) & 1)
    // Σ_ν (η_μ·η_ν) a_ν = 1 for those in the plane; the weights are Σ a η, scaled.
    const shares = solve(
      some.map((a) => some.map((b) => dot(a, b))),
      some.map(() => 1),
    )
    if (shares === undefined || shares.some((a) => a < -1e-9)) continue
    const weights = vectors[0].map((_, j) => some.reduce((sum, vector, k) => sum + shares[k] * vector[j], 0))
    if (vectors.some((vector) => dot(weights, vector) < 1 - 1e-7)) continue
    return 1 / Math.hypot(...weights)
  }
  return 0
}

/** ξ_i ξ_j of every pattern, j ≠ i. */
function vectorsOf(patterns: Int8Array, neurons: number, i: number): number[][] {
  return Array.from({ length: patterns.length / neurons }, (_, mu) => {
    const pattern = row(patterns, neurons, mu)
    return Array.from(pattern, (x) => x * pattern[i]).filter((_, j) => j !== i)
  })
}

describe.each(BACKENDS)('the minimal overlap rule (Krauth and Mézard 1987), %s', (backend) => {
  const learned = (
    neurons: number,
    patterns: Int8Array,
    bound: number,
    maxSteps = 1e6,
  ): { net: HopfieldNetwork; report: Required<LearningReport> } => {
    const learning = { kind: 'minimal-overlap', bound, maxSteps } as const
    const net = new HopfieldNetwork({ neurons, learning, backend }).store(patterns)
    return { net, report: net.learningReport as Required<LearningReport> }
  }

  it.each([
    [9, 3],
    [12, 5],
    [15, 8],
  ])('of %d neurons and %d patterns reaches the optimum that a quadratic program finds', (neurons, count) => {
    for (let seed = 0; seed < 4; seed++) {
      const patterns = randomPatterns({ neurons, count, seed })
      for (const bound of [0.5, 200]) {
        const { report } = learned(neurons, patterns, bound)
        for (let i = 0; i < neurons; i++) {
          const optimum = optimalStability(vectorsOf(patterns, neurons, i))
          if (optimum < 0.05) continue
          expect(report.kappa[i]).toBeLessThanOrEqual(optimum * (1 + 1e-9))
          expect(report.kappaLimit[i]).toBeGreaterThanOrEqual(optimum * (1 - 1e-9))
          // What the paper proves at any bound, and what it tends to.
          expect(report.kappa[i]).toBeGreaterThan((optimum * bound) / (2 * bound + 1))
          expect(report.steps[i]).toBeLessThanOrEqual((2 * bound * neurons + neurons - 1) / optimum ** 2)
          if (bound === 200) expect(report.kappa[i]).toBeGreaterThan(0.99 * optimum)
        }
      }
    }
  })

  it('tells the stability that its weights have, and the paper’s steps', () => {
    const [neurons, count, bound] = [21, 11, 3]
    const patterns = randomPatterns({ neurons, count, seed: 7 })
    const { net, report } = learned(neurons, patterns, bound)
    const weights = net.weights({ normalize: false })
    for (let i = 0; i < neurons; i++) {
      const vectors = vectorsOf(patterns, neurons, i)
      // Word by word: learn the pattern of minimal overlap until that is above the bound.
      const J = vectors[0].map(() => 0)
      let steps = 0
      for (;;) {
        const overlaps = vectors.map((vector) => dot(J, vector))
        const least = Math.min(...overlaps)
        if (least > bound * neurons) break
        const weakest = vectors[overlaps.indexOf(least)]
        for (const [j, x] of weakest.entries()) J[j] += x
        steps++
      }
      expect(report.steps[i]).toBe(steps)
      const own = Array.from(weights.subarray(i * neurons, (i + 1) * neurons))
      expect(own[i]).toBe(0)
      expect(own.filter((_, j) => j !== i)).toEqual(J)
      const stability = Math.min(...vectors.map((vector) => dot(J, vector))) / Math.hypot(...J)
      expect(report.kappa[i]).toBeCloseTo(stability, 12)
      expect(report.kappaLimit[i]).toBeCloseTo(Math.hypot(...J) / steps, 12)
    }
    expect(report.converged).toBe(true)
    expect(net.symmetric).toBe(false)
  })

  it('says which neurons did not get there', () => {
    const { report } = learned(20, randomPatterns({ neurons: 20, count: 80, seed: 1 }), 10, 300)
    expect(report.converged).toBe(false)
    expect(report.steps.filter((steps) => steps === 0).length).toBeGreaterThan(15)
    const nothing = learned(5, new Int8Array(0), 10).report
    expect(nothing).toEqual({
      steps: new Uint32Array(5),
      kappa: new Float64Array(5),
      kappaLimit: new Float64Array(5),
      converged: true,
    })
  })

  it('has one neuron that hears nobody', () => {
    const { report } = learned(1, Int8Array.of(1, -1), 10, 50)
    expect([report.converged, report.steps[0], report.kappa[0]]).toEqual([false, 0, 0])
  })
})
