import { beforeAll, describe, expect, it } from 'vitest'
import type { HopfieldNetwork } from '../../src/index.js'
import { overNetworks, row, type Summary, summary } from '../helpers/statistics.js'

// Above the critical load retrieval ends, the more abruptly the larger the network: at α = .17 the share of recalls
// from the pattern itself that stay above m = .9 falls with N.

/** The share of the first 20 patterns that stay near themselves. */
function retrieved(net: HopfieldNetwork, patterns: Int8Array, trial: number): number {
  const { states } = net.recallBatch(patterns.subarray(0, 20 * net.neurons), { seed: trial, maxSweeps: 1000 })
  let near = 0
  for (let mu = 0; mu < 20; mu++) if (net.overlaps(row(states, net.neurons, mu))[mu] > 0.9) near++
  return near / 20
}

const PUBLISHED = [
  { neurons: 500, trials: 80, share: 0.559 },
  { neurons: 1000, trials: 60, share: 0.315 },
  { neurons: 2000, trials: 40, share: 0.156 },
]

describe('the share of patterns retrieved with m > .9 at load .17', () => {
  const ours: Summary[] = []

  beforeAll(() => {
    for (const { neurons, trials } of PUBLISHED) {
      const count = Math.round(0.17 * neurons)
      const setting = { neurons, count, trials, seed: 50_000_000 + neurons * 1000 }
      ours.push(summary(overNetworks(setting, retrieved)))
    }
  }, 3_600_000)

  for (const [k, { neurons, share }] of PUBLISHED.entries()) {
    it(`is ${share} with ${neurons} neurons`, () => {
      // The source gives no standard error; it is taken to be as large as ours, so the difference has √2 times it.
      expect(Math.abs(ours[k].mean - share)).toBeLessThan(4 * Math.SQRT2 * ours[k].error)
    })
  }

  it('falls from 500 to 1000 neurons, by more than four standard errors', () => {
    expect(ours[0].mean - ours[1].mean).toBeGreaterThan(4 * Math.hypot(ours[0].error, ours[1].error))
  })

  it('falls from 1000 to 2000 neurons, by more than four standard errors', () => {
    expect(ours[1].mean - ours[2].mean).toBeGreaterThan(4 * Math.hypot(ours[1].error, ours[2].error))
  })
})
