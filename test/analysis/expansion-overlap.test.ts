import { describe, expect, it } from 'vitest'
import { expansionOverlap, expansionOverlapLimit } from '../../src/index.js'

/** The same by looking at every choice of sources: ties go to the units of lowest index, for both inputs the same ones. */
function enumerated(neurons: number, a: number[], b: number[], sources: number, activity: number): number {
  const counts: [number, number][] = []
  for (let set = 0; set < 2 ** neurons; set++) {
    const chosen = Array.from({ length: neurons }, (_, i) => i).filter((i) => (set >> i) & 1)
    if (chosen.length !== sources) continue
    const of = (input: number[]): number => chosen.filter((i) => input.includes(i)).length
    counts.push([of(a), of(b)])
  }
  let [least, above] = [sources, 0]
  const share = (c: number): number => counts.filter(([x]) => x === c).length / counts.length
  for (; above + share(least) < activity; least--) above += share(least)
  const tied = (activity - above) / share(least)
  let both = 0
  for (const [x, y] of counts) {
    if (Math.min(x, y) > least) both += 1 / counts.length
    else if (Math.min(x, y) === least) both += tied / counts.length
  }
  return both / activity
}

describe('what an expansion leaves of an overlap', () => {
  it('is what all choices of sources give', () => {
    const first = [0, 1, 2, 3]
    for (const [second, shared] of [
      [[0, 1, 2, 3], 4],
      [[1, 2, 3, 4], 3],
      [[2, 3, 4, 5], 2],
      [[4, 5, 6, 7], 0],
    ] as [number[], number][]) {
      for (const activity of [0.02, 0.1, 0.3, 0.9, 1]) {
        const known = expansionOverlap({ neurons: 9, active: 4, shared, sources: 3, activity })
        expect(Math.abs(known - enumerated(9, first, second, 3, activity))).toBeLessThan(1e-12)
      }
    }
  })

  it('is all of it where the inputs are one', () => {
    expect(
      expansionOverlap({ neurons: 1000, active: 300, shared: 300, sources: 40, activity: 0.01 }),
    ).toBeCloseTo(1, 11)
    expect(expansionOverlapLimit({ correlation: 1, activity: 0.01 })).toBeCloseTo(1, 9)
  })

  it('tends to its limit, which knows the arcsine law', () => {
    for (const correlation of [0, 0.3, 0.8]) {
      const law = 0.5 + Math.asin(correlation) / Math.PI
      expect(Math.abs(expansionOverlapLimit({ correlation, activity: 0.5 }) - law)).toBeLessThan(1e-12)
      expect(expansionOverlapLimit({ correlation: 0, activity: 0.03 })).toBeCloseTo(0.03, 12)
    }
    // Half the inputs active: ρ = 2·shared/active − 1. Counts of 256 are whole, and the limit knows no ties.
    const [neurons, active, sources, activity] = [2 ** 20, 2 ** 19, 256, 0.1]
    const exact = expansionOverlap({ neurons, active, shared: (0.8 * active) | 0, sources, activity })
    expect(Math.abs(exact - expansionOverlapLimit({ correlation: 0.6, activity }))).toBeLessThan(0.01)
  })
})
