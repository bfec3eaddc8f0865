import { describe, expect, it } from 'vitest'
import {
  basinCurve,
  type Curve,
  capacityCurve,
  codeCurve,
  errorHistogram,
  overlapCurves,
  palimpsestCurve,
  phaseDiagram,
  separationCurve,
  sequenceCurve,
  spuriousCensus,
} from '../../src/experiments.js'
import { DenseAssociativeMemory, thermalOverlap } from '../../src/index.js'

// Published numbers and those of independent programs. A point has the standard error that its networks tell, and the number beside it
// one of its own: they agree if they are within four standard errors of their difference. Where all K networks agree theirs is zero, which is
// no wonder unless one in K would differ: four of the error that stands for it are 1/K.
function expectPoint(
  { mean, standardError, count }: Curve,
  at: number,
  known: number,
  error = 0,
  bias = 0,
): void {
  const own = Math.hypot(
    standardError[at] as number,
    error,
    (standardError[at] as number) > 0 ? 0 : 1 / (count[at] as number) / 4,
  )
  expect(Math.abs((mean[at] as number) - known)).toBeLessThan(4 * own + bias)
}

describe('capacity', () => {
  it('of Hebb’s rule: stored patterns that are fixed points', async () => {
    const { exact, overlap } = await capacityCurve({
      neurons: 100,
      counts: [10, 15, 20],
      networks: 60,
      seed: 1,
    })
    for (const [at, [known, error]] of (
      [
        [0.9633, 0.0015],
        [0.7223, 0.003],
        [0.3795, 0.003],
      ] as const
    ).entries())
      expectPoint(exact, at, known, error)
    expect(overlap.theory).toHaveLength(3)
    expect(exact.x).toEqual(Float64Array.of(0.1, 0.15, 0.2))
  })

  it('of Storkey’s rule', async () => {
    const { exact } = await capacityCurve({
      neurons: 100,
      counts: [30, 40, 50],
      learning: 'storkey',
      networks: 20,
      seed: 2,
    })
    for (const [at, known] of [0.9924, 0.884, 0.612].entries()) expectPoint(exact, at, known, 0.004)
  })

  it('of dense memories of degree 3', async () => {
    const interaction = { kind: 'polynomial', degree: 3 } as const
    const memory = ({ neurons }: { neurons: number }) => new DenseAssociativeMemory({ neurons, interaction })
    // ½ and 1 times N²/(6 ln N).
    const { exact } = await capacityCurve({ neurons: 100, counts: [181, 362], memory, networks: 12, seed: 3 })
    for (const [at, known] of [0.998, 0.878].entries()) expectPoint(exact, at, known, 0.004)
  })

  it('falls from all patterns right to none', async () => {
    const { allExact, retrieved } = await capacityCurve({
      neurons: 200,
      loads: [0.02, 0.3],
      networks: 10,
      seed: 4,
    })
    expect([...allExact.mean]).toEqual([1, 0])
    expect(retrieved.mean[0]).toBe(1)
    expect(retrieved.mean[1]).toBeLessThan(0.3)
  })
})

describe('the histogram of 1982', () => {
  it('has no error in six of ten recalls of ten patterns of 0/1 units', async () => {
    const { histograms } = await errorHistogram({
      neurons: 100,
      counts: [10],
      units: 'binary',
      tie: 'keep',
      networks: 60,
      seed: 5,
    })
    const [{ errors, wrongBits }] = histograms as [(typeof histograms)[number]]
    expectPoint(errors, 0, 0.604, 0.01)
    expect(errors.x).toHaveLength(101)
    expect(errors.mean.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12)
    expect(errors.mean.reduce((sum, p, k) => sum + k * p, 0)).toBeCloseTo(wrongBits.mean[0] as number, 9)
  })
})

describe('basins', () => {
  it('of Hebb’s rule, from a tenth of all bits flipped', async () => {
    const { loads, initialOverlap } = await basinCurve({
      neurons: 400,
      counts: [20, 30, 40],
      noise: [0.1],
      networks: 20,
      seed: 6,
    })
    for (const [at, [known, error]] of (
      [
        [1, 0],
        [0.97, 0.009],
        [0.77, 0.021],
      ] as const
    ).entries())
      expectPoint(loads[at]?.exact as Curve, 0, known, error)
    expect(initialOverlap[0]).toBeCloseTo(0.8, 12)
  })
})

describe('overlaps in time', () => {
  it('begin where the cue is, and rise to one or stay', async () => {
    const { starts } = await overlapCurves({
      neurons: 400,
      patternCount: 12,
      noise: [0.1, 0.5],
      sweeps: 4,
      networks: 6,
      seed: 7,
    })
    expect(starts[0]?.overlap.mean[0]).toBeCloseTo(0.8, 12)
    expect(starts[1]?.overlap.mean[0]).toBeCloseTo(0, 12)
    expect(starts[0]?.overlap.mean[4]).toBe(1)
    expect(starts[0]?.overlap.x).toEqual(Float64Array.of(0, 1, 2, 3, 4))
  })

  it('after one synchronous step are 1 less twice the one-step error', async () => {
    // erf(m₀/√(2α)) for m₀ = 1 − 2·0.2 and α = .1, in the limit; of N = 1000 neurons it differs by less than .002.
    const { starts } = await overlapCurves({
      neurons: 1000,
      patternCount: 100,
      noise: [0.2],
      sweeps: 1,
      dynamics: 'synchronous',
      networks: 6,
      seed: 8,
    })
    expectPoint(starts[0]?.overlap as Curve, 1, 0.94222, 0, 0.002)
  })
})

describe('the phase diagram', () => {
  it('of one pattern is m = tanh(m/T)', async () => {
    const temperatures = [0.4, 0.6, 0.8]
    const { overlap, lines } = await phaseDiagram({
      neurons: 1000,
      counts: [1],
      temperatures,
      sweeps: 40,
      networks: 30,
      seed: 9,
    })
    // The mean of a finite network is below that of an infinite one by about χ'/N: less than .005 at T = .8.
    for (const [at, t] of temperatures.entries())
      expect(Math.abs((overlap.mean[at] as number) - thermalOverlap(t))).toBeLessThan(
        4 * (overlap.standardError[at] as number) + 0.005,
      )
    expect(overlap.y).toEqual(Float64Array.from(temperatures))
    expect(lines?.retrieval.x[0]).toBeCloseTo(0.137906, 6)
    expect(lines?.spinGlass.y[0]).toBe(1)
  })
})

describe('random starts', () => {
  it('of three patterns end in these, their inverses and their mixtures', async () => {
    const { stored, inverse, mixture3, spinGlass, unsettled } = await spuriousCensus({
      neurons: 400,
      counts: [3],
      networks: 10,
      starts: 40,
      seed: 10,
    })
    const sum = [stored, inverse, mixture3].reduce((all, { mean }) => all + (mean[0] as number), 0)
    expect(sum).toBeCloseTo(1, 12)
    expect([spinGlass.mean[0], unsettled.mean[0]]).toEqual([0, 0])
    // Nothing tells a pattern from its inverse.
    const apart = (stored.mean[0] as number) - (inverse.mean[0] as number)
    expect(Math.abs(apart)).toBeLessThan(
      4 * Math.hypot(stored.standardError[0] as number, inverse.standardError[0] as number),
    )
  })

  it('end in cycles where neurons are updated all at once', async () => {
    const { unsettled } = await spuriousCensus({
      neurons: 100,
      counts: [20],
      networks: 4,
      starts: 25,
      dynamics: 'synchronous',
      seed: 11,
    })
    expect(unsettled.mean[0]).toBeGreaterThan(0.1)
  })
})

describe('palimpsests', () => {
  it('know what is new, and not what is old', async () => {
    const learning = { kind: 'palimpsest', limit: 8 } as const
    const { retrieved, kept } = await palimpsestCurve({
      neurons: 400,
      stored: 1200,
      ages: [0, 5, 100],
      networks: 5,
      learning,
      seed: 12,
    })
    expect(retrieved.mean[0]).toBe(1)
    expect(retrieved.mean[2]).toBe(0)
    expect(kept.mean[0]).toBeCloseTo(
      retrieved.mean.reduce((sum, p) => sum + p, 0),
      12,
    )
  })
})

describe('sequences', () => {
  it('are replayed with the overlap of the theory', async () => {
    const { overlap } = await sequenceCurve({
      neurons: 1000,
      loads: [0.1, 0.2],
      steps: 20,
      cues: 30,
      networks: 6,
      seed: 13,
    })
    // At N = 2000 the independent program was within .0009 of the theory.
    for (const at of [0, 1]) expectPoint(overlap, at, overlap.theory?.[at] as number, 0, 0.0018)
  })
})

describe('sparse codes', () => {
  it('fill synapses as Willshaw counts, and lose no unit', async () => {
    const { hits, fill } = await codeCurve({
      neurons: 200,
      active: 5,
      counts: [100, 800],
      networks: 10,
      cues: 20,
      seed: 14,
    })
    expect([...hits.mean]).toEqual([1, 1])
    for (const at of [0, 1]) expectPoint(fill as Curve, at, fill?.theory?.[at] as number)
  })

  it('of covariance have few false alarms', async () => {
    const rule = { kind: 'tsodyks-feigelman', activity: 0.05 } as const
    const { hits, falseAlarms, fill } = await codeCurve({
      neurons: 1000,
      active: 50,
      counts: [200],
      rule,
      networks: 3,
      seed: 15,
    })
    expect(hits.mean[0]).toBeGreaterThan(0.99)
    expect(falseAlarms.mean[0]).toBeLessThan(1e-3)
    expect(fill).toBeUndefined()
  })

  it('are completed from a part', async () => {
    const { exact } = await codeCurve({
      neurons: 300,
      active: 6,
      counts: [50],
      shown: 3,
      networks: 3,
      seed: 16,
    })
    expect(exact.mean[0]).toBeGreaterThan(0.95)
  })
})

describe('separation', () => {
  it('leaves of an overlap what the theory says', async () => {
    const { overlap } = await separationCurve({
      neurons: 500,
      outputs: 4000,
      sources: 30,
      winners: 400,
      overlaps: [0.6, 0.8, 0.95, 1],
      pairs: 5,
      networks: 8,
      seed: 17,
    })
    // The two thresholds of a pair scatter about the one of many outputs: by about 1/winners of the overlap.
    for (const at of [0, 1, 2]) expectPoint(overlap, at, overlap.theory?.[at] as number, 0, 1 / 400)
    expect(overlap.mean[3]).toBe(1)
    expect(overlap.mean[1]).toBeLessThan(overlap.x[1] as number)
  })
})
