import { expect, it } from 'vitest'
import { HopfieldNetwork, perceptronCapacity, randomPatterns } from '../../src/index.js'
import { summary } from '../helpers/statistics.js'

/** κ at which weights can just be found: α_c(κ) = α (Gardner 1988). */
function gardner(alpha: number): number {
  let [low, high] = [0, 10]
  for (let k = 0; k < 60; k++) {
    const middle = (low + high) / 2
    if (perceptronCapacity(middle) > alpha) low = middle
    else high = middle
  }
  return low
}

/** Mean κ reached, and mean bound of what can be: one value a network of n sources, n·α patterns. */
function stabilities(sources: number, alpha: number, trials: number): [reached: number[], limit: number[]] {
  const [neurons, count] = [sources + 1, Math.round(alpha * sources)]
  const [reached, limit]: [number[], number[]] = [[], []]
  for (let seed = 0; seed < trials; seed++) {
    const learning = { kind: 'minimal-overlap', bound: 30 } as const
    const patterns = randomPatterns({ neurons, count, seed: 500 + seed })
    const { learningReport } = new HopfieldNetwork({ neurons, learning }).store(patterns)
    if (learningReport?.kappa === undefined || learningReport.kappaLimit === undefined) continue
    reached.push(learningReport.kappa.reduce((sum, x) => sum + x, 0) / neurons)
    limit.push(learningReport.kappaLimit.reduce((sum, x) => sum + x, 0) / neurons)
  }
  return [reached, limit]
}

// Each network shuts its own optimum in between what it reached and the bound that it proves; both tend to Gardner's with 1/N, which
// two sizes take out: 2x(2n) − x(n), with the error 2·(standard error at 2n) and that at n. What is left is of order 1/n², that is
// about a tenth of what was taken out.
it.each([0.5, 1])('minimal overlap reaches Gardner’s optimal stability at load %d', (alpha) => {
  const [n, trials] = [40, 24]
  const small = stabilities(n, alpha, trials).map(summary)
  const large = stabilities(2 * n, alpha, trials).map(summary)
  const expected = gardner(alpha)
  const [low, high] = large.map(({ mean }, k) => 2 * mean - small[k].mean)
  const [lowError, highError] = large.map(({ error }, k) => Math.hypot(2 * error, small[k].error))
  const rest = Math.abs(large[1].mean - small[1].mean) / 10
  expect(low - 4 * lowError - rest).toBeLessThan(expected)
  expect(high + 4 * highError + rest).toBeGreaterThan(expected)
  // And they are near each other, so that the bracket says something.
  expect(high - low).toBeLessThan(0.05 * expected)
  expect(lowError).toBeLessThan(0.02 * expected)
})
