import { describe, expect, it } from 'vitest'
import { PURPOSE, philoxBlock, WordStream } from '../../src/numerics/philox.js'
import { chiSquare, chiSquareLimit, summary } from '../helpers/statistics.js'

function block(key: [number, number], counter: [number, number, number, number]): string[] {
  const out = new Uint32Array(4)
  philoxBlock(...key, ...counter, out, 0)
  return Array.from(out, (word) => word.toString(16).padStart(8, '0'))
}

const ONES = 0xffffffff

describe('philoxBlock', () => {
  // The three philox4x32-10 lines of Random123's kat_vectors.
  it('gives the published words for key 0, counter 0', () => {
    expect(block([0, 0], [0, 0, 0, 0])).toEqual(['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8'])
  })

  it('gives the published words for key and counter of all ones', () => {
    expect(block([ONES, ONES], [ONES, ONES, ONES, ONES])).toEqual([
      '408f276d',
      '41c83b0e',
      'a20bc7c6',
      '6d5451fd',
    ])
  })

  it('gives the published words for the digits of pi', () => {
    expect(block([0xa4093822, 0x299f31d0], [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])).toEqual([
      'd16cfe09',
      '94fdcceb',
      '5001e420',
      '24126ea1',
    ])
  })

  it('writes four words at the offset and nothing else', () => {
    const out = new Uint32Array(8)
    philoxBlock(0, 0, 0, 0, 0, 0, out, 3)
    expect(Array.from(out)).toEqual([0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8, 0])
  })

  it('agrees with the same rounds in big integers at arbitrary counters', () => {
    const mask = 0xffffffffn
    const reference = (key: readonly bigint[], counter: readonly bigint[]): bigint[] => {
      let [k0, k1] = key
      let [c0, c1, c2, c3] = counter
      for (let round = 0; round < 10; round++) {
        const left = 0xd2511f53n * c0
        const right = 0xcd9e8d57n * c2
        ;[c0, c1, c2, c3] = [(right >> 32n) ^ c1 ^ k0, right & mask, (left >> 32n) ^ c3 ^ k1, left & mask]
        k0 = (k0 + 0x9e3779b9n) & mask
        k1 = (k1 + 0xbb67ae85n) & mask
      }
      return [c0, c1, c2, c3]
    }
    const words = new WordStream(7, 8)
    for (let trial = 0; trial < 500; trial++) {
      const [k0, k1, a, b, c, d] = Array.from({ length: 6 }, () => words.word())
      const expected = reference([k0, k1].map(BigInt), [a, b, c, d].map(BigInt))
      expect(block([k0, k1], [a, b, c, d])).toEqual(expected.map((w) => w.toString(16).padStart(8, '0')))
    }
  })
})

describe('WordStream', () => {
  it('hands out the blocks of ascending draws', () => {
    const stream = new WordStream(1, 2).seek(3, 4 + 5 * 2 ** 32)
    const words = Array.from({ length: 8 }, () => stream.word().toString(16).padStart(8, '0'))
    expect(words).toEqual([...block([1, 2], [0, 3, 4, 5]), ...block([1, 2], [1, 3, 4, 5])])
  })

  it('starts over at the first word when it seeks, even in the middle of a block', () => {
    const stream = new WordStream(1, 2).seek(3, 4)
    const first = stream.word()
    stream.word()
    expect(stream.seek(3, 4).word()).toBe(first)
  })

  it('keeps every purpose clear of the sweep numbers of a recall', () => {
    for (const purpose of Object.values(PURPOSE)) expect(purpose).toBeGreaterThanOrEqual(2 ** 31)
  })

  it('gives every purpose its own words', () => {
    expect(new Set(Object.values(PURPOSE)).size).toBe(Object.values(PURPOSE).length)
  })
})

describe('bounded', () => {
  it('stays below its bound', () => {
    const stream = new WordStream(11, 0)
    for (const bound of [1, 2, 3, 7, 2 ** 16, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1]) {
      for (let k = 0; k < 200; k++) expect(stream.bounded(bound)).toBeLessThan(bound)
    }
  })

  it('reaches both ends of its range', () => {
    const stream = new WordStream(12, 0)
    const seen = new Set(Array.from({ length: 200 }, () => stream.bounded(5)))
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('is uniform over ten values', () => {
    const stream = new WordStream(13, 0)
    const counts = new Uint32Array(10)
    for (let k = 0; k < 50_000; k++) counts[stream.bounded(10)]++
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(10))
  })

  it('rejects what would favour some values', () => {
    // Without rejection, multiply-shift onto 3·2^30 values gives remainder 0 (mod 3) half of the time, χ² ≈ 3750.
    const stream = new WordStream(14, 0)
    const counts = new Uint32Array(3)
    for (let k = 0; k < 30_000; k++) counts[stream.bounded(3 * 2 ** 30) % 3]++
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(3))
  })

  it('is the high word of word times bound where nothing is rejected', () => {
    const [words, stream] = [new WordStream(15, 0), new WordStream(15, 0)]
    for (let k = 0; k < 100; k++) {
      expect(stream.bounded(2 ** 20)).toBe(Number((BigInt(words.word()) << 20n) >> 32n))
    }
  })
})

describe('uniform', () => {
  it('is the top 53 bits of two words, first word high', () => {
    const expected = Number(((0x6627e8d5n << 32n) | 0xe169c58dn) >> 11n) * 2 ** -53
    expect(new WordStream(0, 0).uniform()).toBe(expected)
  })

  it('stays in [0, 1)', () => {
    const stream = new WordStream(16, 0)
    const values = Array.from({ length: 20_000 }, () => stream.uniform())
    expect(values.every((u) => u >= 0 && u < 1)).toBe(true)
  })

  it('has mean one half', () => {
    // Four standard errors: 4·√(1/12/20000) = .0082.
    const stream = new WordStream(17, 0)
    const { mean } = summary(Array.from({ length: 20_000 }, () => stream.uniform()))
    expect(Math.abs(mean - 0.5)).toBeLessThan(4 * Math.sqrt(1 / 12 / 20_000))
  })

  it('fills twenty equal bins equally', () => {
    const stream = new WordStream(18, 0)
    const counts = new Uint32Array(20)
    for (let k = 0; k < 40_000; k++) counts[Math.floor(stream.uniform() * 20)]++
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(20))
  })
})

describe('permutation', () => {
  it('holds every number once, at sizes from 1 to 513', () => {
    const stream = new WordStream(19, 0)
    for (const n of [1, 2, 3, 31, 32, 33, 64, 513]) {
      const order = new Uint32Array(n)
      stream.permutation(order, n)
      expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i))
    }
  })

  it('is uniform over the 24 orders of four', () => {
    const stream = new WordStream(20, 0)
    const counts = new Map<string, number>()
    const order = new Uint32Array(4)
    for (let query = 0; query < 24_000; query++) {
      stream.seek(0, query).permutation(order, 4)
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chiSquare([...counts.values()])).toBeLessThan(chiSquareLimit(24))
  })

  it('is uniform over sweeps of one query too', () => {
    const stream = new WordStream(21, 0)
    const counts = new Map<string, number>()
    const order = new Uint32Array(4)
    for (let sweep = 0; sweep < 24_000; sweep++) {
      stream.seek(sweep, 0).permutation(order, 4)
      counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1)
    }
    expect(counts.size).toBe(24)
    expect(chiSquare([...counts.values()])).toBeLessThan(chiSquareLimit(24))
  })

  it('shuffles from the last element down', () => {
    const [words, stream] = [new WordStream(22, 0), new WordStream(22, 0)]
    const expected = [0, 1, 2, 3, 4, 5, 6]
    for (let i = 6; i > 0; i--) {
      const j = words.bounded(i + 1)
      ;[expected[i], expected[j]] = [expected[j], expected[i]]
    }
    const order = new Uint32Array(7)
    stream.permutation(order, 7)
    expect(Array.from(order)).toEqual(expected)
  })
})
