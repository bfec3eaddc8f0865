import { Counter, Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { Spreads, Tallies } from '../src/tallies.js'

// Not −1: prom-client counts what is beyond the last bound there.
const buckets = [-1.5, 0, 0.5, 2]
const values = [-1.5, -0.5, 0, 0.25, 0.5, 0.75, 2, 2.5, 1e9]
const spread = { name: 'spread', help: 'Of values', labelNames: ['memory', 'kind'] as const, buckets }
const count = { name: 'count', help: 'Of things', labelNames: ['memory'] as const }

test('Prometheus reads what it reads of prom-client', async () => {
  const [ours, theirs] = [new Registry(), new Registry()]
  const spreads = new Spreads({ ...spread, registers: [ours] })
  const tallies = new Tallies({ ...count, registers: [ours] })
  const histogram = new Histogram({ ...spread, registers: [theirs] })
  const counter = new Counter({ ...count, registers: [theirs] })
  for (const [k, value] of values.entries()) {
    const labels = { memory: 'm', kind: `k${k % 2}` }
    spreads.of(labels).note(value)
    histogram.observe(labels, value)
    tallies.of({ memory: 'm' }).add(k)
    counter.inc({ memory: 'm' }, k)
    // Reading changes nothing.
    expect(lines(await ours.metrics())).toEqual(lines(await theirs.metrics()))
  }
  expect((await ours.metrics()).match(/count\{memory="m"\} 36/)).not.toBeNull()
})

/** In an order that does not matter, and labels in theirs. */
function lines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\{(.*)\}/, (_, labels: string) => `{${labels.split(',').sort().join()}}`))
    .filter((line) => line !== '')
    .sort()
}

test('a value beyond the last bound is in none of them', async () => {
  const registry = new Registry()
  new Spreads({ ...spread, buckets: [-1, 0], registers: [registry] }).of({ memory: 'm', kind: 'k' }).note(5)
  const counts = (await registry.metrics()).matchAll(/le="(.*)"\} (\d)/g)
  expect(Array.from(counts, ([, le, count]) => [le, count])).toEqual([
    ['-1', '0'],
    ['0', '0'],
    ['+Inf', '1'],
  ])
})
