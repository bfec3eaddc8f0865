import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PairMemory } from '../../src/kernels/contract/kernels.js'
import { rowWords, tailMask } from '../../src/kernels/contract/layout.js'
import { typescriptKernels as reference } from '../../src/kernels/reference/index.js'
import { expectSame } from '../helpers/bytes.js'
import { NATIVE_TIERS, EVERY_TIER as tier } from '../helpers/tiers.js'

/** `count` rows of random bits, or of one row and its inverse, which make ties; clean padding. */
function rows(count: number, units: number, seed: number, alike: boolean): Uint32Array {
  const stride = rowWords(units)
  const out = new Uint32Array(count * stride)
  const last = Math.ceil(units / 32) - 1
  for (let mu = 0; mu < count; mu++) {
    const row = out.subarray(mu * stride, mu * stride + last + 1)
    reference.philox(seed, 3, 0, alike ? 0 : mu, 0, row)
    if (alike && mu % 2 === 1) for (let k = 0; k <= last; k++) row[k] = ~row[k]
    row[last] &= tailMask(units)
  }
  return out
}

interface Case {
  inputs: number
  outputs: number
  count: number
  seed: number
  alike: boolean
  maxSteps: number
}

describe.runIf(NATIVE_TIERS.length > 0)('every tier', () => {
  const CUES = 5

  function check({ inputs, outputs, count, seed, alike, maxSteps }: Case): void {
    const xs = rows(count, inputs, seed, alike)
    const ys = rows(count, outputs, seed + 1, alike && seed % 2 === 0)
    const pairs: PairMemory = { count, inputs, outputs, xs, ys }
    const fromY = Uint8Array.of(0, 1, 0, 7, 1)
    const [a, b] = [0, 0].map(() => ({
      x: rows(CUES, inputs, seed + 2, false),
      y: rows(CUES, outputs, seed + 3, false),
      outcomes: new Float64Array(3 * CUES + 1).fill(7),
    }))
    // Padding of states need not be clean.
    for (const { x } of [a, b]) x[rowWords(inputs) - 1] |= inputs === 32 * rowWords(inputs) ? 0 : 1 << 31
    tier.bidirectional(pairs, a.x, a.y, CUES, fromY, maxSteps, a.outcomes)
    reference.bidirectional(pairs, b.x, b.y, CUES, fromY, maxSteps, b.outcomes)
    expectSame(a.x, b.x)
    expectSame(a.y, b.y)
    expectSame(a.outcomes, b.outcomes)
    expect(a.outcomes[3 * CUES]).toBe(7)
  }

  test('lets pairs settle as the reference does, whatever the sizes', () => {
    const sizes = [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 192, 255, 256, 257, 511, 512, 513, 1030]
    for (const [k, inputs] of sizes.entries()) {
      for (const count of [0, 1, 2, 31, 32, 33, 65]) {
        const outputs = sizes[(k * 7 + count) % sizes.length]
        for (const alike of [false, true]) check({ inputs, outputs, count, seed: k + 1, alike, maxSteps: 50 })
      }
    }
  })

  test('lets any pairs settle as the reference does', () => {
    const units = fc.oneof(fc.integer({ min: 1, max: 260 }), fc.integer({ min: 500, max: 530 }))
    const cases = fc.record({
      inputs: units,
      outputs: units,
      count: fc.nat({ max: 40 }),
      seed: fc.nat({ max: 2 ** 20 }),
      alike: fc.boolean(),
      maxSteps: fc.integer({ min: 1, max: 9 }),
    })
    fc.assert(fc.property(cases, check), { seed: 20261125, numRuns: 200 })
  })

  test('counts votes beyond sixteen bits, and beyond the sum of a lane', () => {
    // The same pattern 2000 times: votes of 700 each, all alike.
    const count = 2000
    const one = rows(1, 700, 5, false)
    const xs = new Uint32Array(count * one.length)
    for (let mu = 0; mu < count; mu++) xs.set(one, mu * one.length)
    const pairs: PairMemory = { count, inputs: 700, outputs: 700, xs, ys: xs }
    for (const kernels of [tier, reference]) {
      const [x, y, outcomes] = [one.slice(), rows(1, 700, 6, false), new Float64Array(3)]
      kernels.bidirectional(pairs, x, y, 1, new Uint8Array(1), 100, outcomes)
      expectSame(y, one)
      expect(Array.from(outcomes)).toEqual([3, 1, -count * 700 * 700])
    }
  })
})
