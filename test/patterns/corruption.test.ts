import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addNoise, mask, randomPatterns } from '../../src/index.js'
import { FIXED, state } from '../helpers/property.js'
import { chiSquare, chiSquareLimit } from '../helpers/statistics.js'

/** The neurons in which two states differ. */
function differing(a: Int8Array, b: Int8Array): number[] {
  return Array.from(a.keys()).filter((i) => a[i] !== b[i])
}

describe('addNoise', () => {
  const s = randomPatterns({ count: 1, neurons: 100, seed: 1 })

  it('changes exactly as many signs as it is told', () => {
    const property = fc.property(
      fc
        .integer({ min: 1, max: 70 })
        .chain((n) => fc.record({ s: state(n), flips: fc.nat(n), seed: fc.nat() })),
      ({ s, flips, seed }) => {
        expect(differing(s, addNoise(s, { count: flips, seed }))).toHaveLength(flips)
      },
    )
    fc.assert(property, FIXED)
  })

  for (const [fraction, flips] of [
    [0, 0],
    [0.004, 0],
    [0.006, 1],
    [0.1, 10],
    [0.29, 29],
    [0.5, 50],
    [1, 100],
  ]) {
    it(`changes ${flips} of 100 signs for the fraction ${fraction}`, () => {
      expect(differing(s, addNoise(s, { noise: fraction }))).toHaveLength(flips)
    })
  }

  it('with as many flips as neurons gives the negative', () => {
    expect(addNoise(s, { count: 100 })).toEqual(s.map((value) => -value))
  })

  it('without flips gives a copy', () => {
    const copy = addNoise(s, { count: 0 })
    expect(copy).toEqual(s)
    expect(copy).not.toBe(s)
  })

  it("leaves the caller's state as it is", () => {
    const before = s.slice()
    addNoise(s, { count: 50 })
    expect(s).toEqual(before)
  })

  it('is a function of state, amount, seed and stream', () => {
    expect(addNoise(s, { count: 9, seed: 4, stream: 5 })).toEqual(
      addNoise(s, { count: 9, seed: 4, stream: 5 }),
    )
  })

  it('takes a seed as number or bigint', () => {
    expect(addNoise(s, { count: 9, seed: 2 ** 40 })).toEqual(addNoise(s, { count: 9, seed: 2n ** 40n }))
  })

  it('has seed 0 and stream 0 for its default', () => {
    expect(addNoise(s, { count: 9 })).toEqual(addNoise(s, { count: 9, seed: 0, stream: 0 }))
  })

  it('differs between seeds and between streams', () => {
    const noisy = [
      { seed: 0 },
      { seed: 1 },
      { seed: 2 ** 32 },
      { stream: 1 },
      { stream: 2 ** 32 },
      { seed: 1, stream: 1 },
    ].map((options) => addNoise(s, { count: 20, ...options }).join())
    expect(new Set(noisy).size).toBe(6)
  })

  it('flips the same neurons whatever the state', () => {
    const other = randomPatterns({ count: 1, neurons: 100, seed: 2 })
    const places = [s, other].map((state) => differing(state, addNoise(state, { count: 20, seed: 3 })))
    expect(places[1]).toEqual(places[0])
  })

  it('with more flips under one seed includes the fewer', () => {
    const few = differing(s, addNoise(s, { count: 20, seed: 3 }))
    const many = differing(s, addNoise(s, { count: 60, seed: 3 }))
    expect(few.filter((i) => !many.includes(i))).toEqual([])
  })

  it('flips every neuron equally often', () => {
    // 3 of 10 distinct neurons each time: counts are negatively correlated, which only lowers χ².
    const counts = new Uint32Array(10)
    const up = new Int8Array(10).fill(1)
    for (let seed = 0; seed < 5000; seed++) {
      for (const i of differing(up, addNoise(up, { count: 3, seed }))) counts[i]++
    }
    expect(chiSquare(counts)).toBeLessThan(chiSquareLimit(10))
  })

  it('flips every pair of neurons equally often', () => {
    const up = new Int8Array(6).fill(1)
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 15_000; seed++) {
      const pair = differing(up, addNoise(up, { count: 2, seed })).join()
      counts.set(pair, (counts.get(pair) ?? 0) + 1)
    }
    expect(counts.size).toBe(15)
    expect(chiSquare([...counts.values()])).toBeLessThan(chiSquareLimit(15))
  })

  it('takes plain arrays and gives Int8Array', () => {
    expect(addNoise([1, 1, 1], { count: 3 })).toEqual(Int8Array.of(-1, -1, -1))
  })
})

describe('mask', () => {
  const s = Int8Array.of(1, -1, 1, 1, -1, 1, 1, 1)

  it('keeps the first share of the neurons and turns the others off', () => {
    expect(mask(s, { keep: 0.5 })).toEqual(Int8Array.of(1, -1, 1, 1, -1, -1, -1, -1))
  })

  it('rounds the share to whole neurons', () => {
    expect(mask(s, { keep: 0.49 })).toEqual(Int8Array.of(...s.subarray(0, 4), -1, -1, -1, -1))
    expect(mask(s, { keep: 0.43 })).toEqual(Int8Array.of(...s.subarray(0, 3), -1, -1, -1, -1, -1))
  })

  it('keeps everything at 1', () => {
    expect(mask(s, { keep: 1 })).toEqual(s)
  })

  it('keeps nothing at 0', () => {
    expect(mask(s, { keep: 0, fill: 1 })).toEqual(new Int8Array(8).fill(1))
  })

  it('keeps the flagged neurons', () => {
    expect(mask(s, { keep: [0, 0, 1, 0, 0, 0, 0, true] })).toEqual(Int8Array.of(-1, -1, 1, -1, -1, -1, -1, 1))
  })

  it('fills with +1 if asked', () => {
    expect(mask(s, { keep: 0.25, fill: 1 })).toEqual(Int8Array.of(1, -1, 1, 1, 1, 1, 1, 1))
  })

  it('fills with fair coins if asked', () => {
    // 20,000 coins: 4 standard errors of their mean are 4/√20000 = .028.
    const coins = mask(new Int8Array(20_000).fill(1), { keep: 0, fill: 'random', seed: 1 })
    const mean = coins.reduce((sum, coin) => sum + coin, 0) / 20_000
    expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(20_000))
  })

  it('keeps what it keeps when it fills with coins', () => {
    const up = new Int8Array(64).fill(1)
    expect(mask(up, { keep: 0.5, fill: 'random' }).subarray(0, 32)).toEqual(up.subarray(0, 32))
  })

  it('tosses other coins for other seeds', () => {
    const up = new Int8Array(64).fill(1)
    const tosses = [0, 1, 2 ** 32].map((seed) => mask(up, { keep: 0, fill: 'random', seed }).join())
    expect(new Set(tosses).size).toBe(3)
  })

  it('tosses the same coins for the same seed, number or bigint', () => {
    const up = new Int8Array(64).fill(1)
    expect(mask(up, { keep: 0, fill: 'random', seed: 7n })).toEqual(
      mask(up, { keep: 0, fill: 'random', seed: 7 }),
    )
  })

  it("leaves the caller's state as it is", () => {
    const before = s.slice()
    mask(s, { keep: 0 })
    expect(s).toEqual(before)
  })
})

describe('the random numbers of noise, coins and patterns', () => {
  it('have nothing in common under one seed', () => {
    // 64 fair bits of each: independent ones agree in 32 ± 4 places; 4 standard deviations are 16.
    const up = new Int8Array(64).fill(1)
    for (let seed = 0; seed < 20; seed++) {
      const coins = mask(up, { keep: 0, fill: 'random', seed })
      const pattern = randomPatterns({ count: 1, neurons: 64, seed })
      const noise = addNoise(up, { count: 32, seed })
      for (const [a, b] of [
        [coins, pattern],
        [coins, noise],
        [pattern, noise],
      ]) {
        expect(Math.abs(differing(a, b).length - 32)).toBeLessThan(16)
      }
    }
  })
})
