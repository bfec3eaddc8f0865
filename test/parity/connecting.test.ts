import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { WordStream } from '../../src/numerics/philox.js'
import { expectSame } from '../helpers/bytes.js'
import { FIXED } from '../helpers/property.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'

const word = fc.nat({ max: 2 ** 32 - 1 })
const leads = fc.record({
  seedLow: word,
  seedHigh: word,
  sweep: word,
  query: fc.oneof(fc.nat({ max: 1000 }), fc.integer({ min: 2 ** 32 - 20, max: 2 ** 52 })),
  chance: fc.oneof(fc.constantFrom(0, 1, -1, Number.NaN), fc.double({ min: 0, max: 1, noNaN: true })),
  // Of a large bound half of all words are drawn again.
  bound: fc.constantFrom(1, 2, 3, 1000, 2 ** 31 + 1, 2 ** 32 - 2),
  count: fc.integer({ min: 0, max: 70 }),
})

/** Lists around every length that is sorted in its own way, of numbers that are close or far apart. */
const lists = fc.record({
  lengths: fc.array(fc.constantFrom(0, 1, 2, 8, 9, 60, 100, 511, 512, 513, 700), { maxLength: 12 }),
  span: fc.constantFrom(1, 3, 128, 129, 10_000, 2 ** 32),
  from: fc.constantFrom(0, 5),
  order: fc.constantFrom('any', 'rising', 'falling'),
  seed: word,
})

function unsorted({ lengths, span, from, order, seed }: Parameters<Parameters<typeof lists.map>[0]>[0]): {
  starts: Uint32Array
  items: Uint32Array
} {
  const starts = new Uint32Array(lengths.length + 1)
  for (const [k, length] of lengths.entries()) starts[k + 1] = starts[k] + length
  const items = new Uint32Array(Math.max(1, starts[lengths.length]))
  reference.philox(seed, 0, 1, 0, 0, items)
  for (let k = 0; k < items.length; k++) items[k] = Math.min(2 ** 32 - 1, (items[k] % span) + from)
  for (let k = 0; k < lengths.length && order !== 'any'; k++) {
    const list = items.subarray(starts[k], starts[k + 1]).sort()
    if (order === 'falling') list.reverse()
  }
  return { starts, items }
}

test('connections are led by chance, to one of so many', () => {
  const out = new Uint32Array(2000)
  reference.rewired(3, 4, 5, 100, 0.25, 7, out)
  const words = new WordStream(3, 4).seek(5, 102)
  expect(out[2]).toBe(words.uniform() < 0.25 ? 1 + words.bounded(7) : 0)
  // 500 of them, by four standard errors of √(2000·¼·¾) = 19.4.
  const led = out.filter((to) => to > 0)
  expect(Math.abs(led.length - 500)).toBeLessThan(78)
  expect(new Set(led)).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]))
})

test('lists are put into order each by itself', () => {
  const items = Uint32Array.of(5, 2, 2 ** 32 - 1, 9, 1, 1, 7)
  const repeated = Uint32Array.of(7)
  reference.ascend(Uint32Array.of(0, 3, 3, 6), 3, items, repeated)
  expect([...items]).toEqual([2, 5, 2 ** 32 - 1, 1, 1, 9, 7])
  expect([...repeated]).toEqual([0b100])
})

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  test('leads connections as the reference does', () => {
    const property = fc.property(leads, ({ seedLow, seedHigh, sweep, query, chance, bound, count }) => {
      const [a, b] = [new Uint32Array(count + 1).subarray(1), new Uint32Array(count + 1).subarray(1)]
      tier.rewired(seedLow, seedHigh, sweep, query, chance, bound, a)
      reference.rewired(seedLow, seedHigh, sweep, query, chance, bound, b)
      expectSame(a, b)
    })
    fc.assert(property, FIXED)
  })

  test('puts lists into order as the reference does', () => {
    const property = fc.property(lists, (given) => {
      const { starts, items } = unsorted(given)
      const [a, b] = [items.slice(), items.slice()]
      const [x, y] = [new Uint32Array(1).fill(9), new Uint32Array(1).fill(9)]
      tier.ascend(starts, given.lengths.length, a, x)
      reference.ascend(starts, given.lengths.length, b, y)
      expectSame(a, b)
      if (given.lengths.length > 0) expectSame(x, y)
    })
    fc.assert(property, FIXED)
  })
})
