import { describe, expect, it } from 'vitest'
import { DenseAssociativeMemory, type Interaction, randomPatterns } from '../../src/index.js'
import { proportionError, type Summary, summary } from '../helpers/statistics.js'

/** The share of patterns that are fixed points, one value a network: patterns of one network are correlated. */
function fixedShares(neurons: number, count: number, interaction: Interaction, trials: number): Summary {
  const shares = Array.from({ length: trials }, (_, trial) => {
    const patterns = randomPatterns({ count, neurons, seed: 90_000_000 + 1000 * count + trial })
    const net = new DenseAssociativeMemory({ neurons, interaction }).store(patterns)
    // One neuron at a time from a pattern: a fixed point is a sweep without a flip.
    const { flips } = net.recallBatch(patterns, { maxSweeps: 1, order: 'cyclic', packed: true })
    return flips.filter((n) => n === 0).length / count
  })
  return summary(shares)
}

// Measured by an independent program, which gave neither standard errors nor how many networks it took: it is granted the
// error of a yes or no from each of as many networks as ours. That is .07 at .89, and needed: with N = 50 and degree 4
// one network differs from the next by .02, and 100 of ours give .9957 ± .0003 and .860 ± .002 for its 1 and .890.
const agrees = ({ mean, error }: Summary, published: number, trials: number): void =>
  expect(Math.abs(mean - published)).toBeLessThan(4 * Math.hypot(error, proportionError(mean, trials)))

/** K_max = N^(n−1)/(2·(2n−3)!!·ln N) (Krotov and Hopfield 2016). */
function capacity(neurons: number, degree: number): number {
  let odd = 1
  for (let k = 2 * degree - 3; k > 1; k -= 2) odd *= k
  return neurons ** (degree - 1) / (2 * odd * Math.log(neurons))
}

describe('the share of patterns of a dense memory that are fixed points', () => {
  for (const { degree, neurons, trials, shares } of [
    { degree: 3, neurons: 100, trials: 24, shares: [0.998, 0.878] },
    { degree: 4, neurons: 50, trials: 24, shares: [1, 0.89] },
  ]) {
    for (const [k, part] of [0.5, 1].entries()) {
      it(`is ${shares[k]} at ${part} of the capacity, degree ${degree}, N = ${neurons}`, () => {
        const count = Math.round(part * capacity(neurons, degree))
        agrees(fixedShares(neurons, count, { kind: 'polynomial', degree }, trials), shares[k], trials)
      })
    }
  }

  it('is .992 with 1,024 = 2^(N/2) patterns of 20 neurons and the exponential (Demircigil et al. 2017)', () => {
    agrees(fixedShares(20, 1024, { kind: 'exponential' }, 40), 0.992, 40)
  })
})
