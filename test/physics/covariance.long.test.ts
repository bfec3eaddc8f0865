import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { HopfieldNetwork, randomPatterns } from '../../src/index.js'
import { row } from '../helpers/statistics.js'

const neurons = 1000

/** Share of patterns that a recall from themselves leaves within 2.5 % of their bits. */
function kept(net: HopfieldNetwork, patterns: Int8Array, dynamics: 'asynchronous' | 'synchronous'): number {
  const { states } = net.recallBatch(patterns, { dynamics })
  const count = net.patternCount
  let near = 0
  for (let mu = 0; mu < count; mu++) {
    const ended = row(states, neurons, mu)
    const wrong = row(patterns, neurons, mu).reduce((sum, s, i) => sum + (s === ended[i] ? 0 : 1), 0)
    if (wrong <= 0.025 * neurons) near++
  }
  return Number((near / count).toFixed(3))
}

test('the covariance rule holds what the table of its page says', () => {
  const page = readFileSync(new URL('../../docs/covariance.md', import.meta.url), 'utf8')
  const table = [...page.matchAll(/^\| (0\.\d+) \| (.+) \|$/gm)].map(([line]) => line)
  expect(table.length).toBe(6)
  for (const line of table) {
    const load = Number(line.split(' | ')[0].slice(2))
    const count = Math.round(load * neurons)
    const shares = [0.1, 0.25, 0.5].map((activity) => {
      const patterns = randomPatterns({ count, neurons, activity, seed: 3 })
      const net = new HopfieldNetwork({ neurons, learning: 'covariance' }).store(patterns)
      return `${kept(net, patterns, 'asynchronous')} / ${kept(net, patterns, 'synchronous')}`
    })
    expect(line).toBe(`| ${load} | ${shares.join(' | ')} |`)
  }
})
