import { describe, expect, it } from 'vitest'
import { fused } from '../../src/numerics/fused.js'
import { WordStream } from '../../src/numerics/philox.js'
import { singleExp } from '../../src/numerics/single-exp.js'

/** An f32 number in units of 2^-298, in which its products with others are whole. */
function units(x: number, power: number): bigint {
  const [word] = new Uint32Array(new Float32Array([x]).buffer)
  const exponent = (word >>> 23) & 255
  const mantissa = BigInt((word & 0x7fffff) | (exponent === 0 ? 0 : 0x800000))
  const size = mantissa << BigInt(Math.max(exponent, 1) - 150 + power)
  return x < 0 ? -size : size
}

/** The nearest f32, of two as near the even one. */
function nearest(exact: bigint): number {
  const size = exact < 0n ? -exact : exact
  const drop = BigInt(Math.max(size.toString(2).length - 24, 298 - 149))
  const kept = size >> drop
  const rest = size - (kept << drop)
  const half = 1n << (drop - 1n)
  const up = rest > half || (rest === half && kept % 2n === 1n)
  return Number(up ? kept + 1n : kept) * 2 ** (Number(drop) - 298) * (exact < 0n ? -1 : 1)
}

function* triples(count: number): Generator<[number, number, number]> {
  const random = new WordStream(7, 0).seek(1, 0)
  const single = (most: number): number => {
    const bits = random.uniform() < 0.5 ? 24 : random.bounded(24) + 1
    const mantissa = Math.round((2 * random.uniform() - 1) * 2 ** bits) * 2 ** -bits
    return Math.fround(mantissa * 2 ** Math.round((2 * random.uniform() - 1) * most))
  }
  for (let k = 0; k < count; k++) {
    const [a, b] = [single(40), single(40)]
    // c from like the product to far from it: halfway cases and sums that lose bits.
    const c = k % 3 === 0 ? single(100) : Math.fround(a * b * single(30))
    yield [a, b, c]
  }
  // Products of denormal numbers, and sums next to them.
  for (let k = 0; k < count / 8; k++) {
    yield [single(4) * 2 ** -70, single(4) * 2 ** -75, single(8) * 2 ** -140].map(Math.fround) as [
      number,
      number,
      number,
    ]
  }
}

describe('fused', () => {
  it('rounds the exact sum once', () => {
    let halfway = 0
    for (const [a, b, c] of triples(8_000)) {
      const exact = units(a, 149) * units(b, 149) + units(c, 298)
      const expected = nearest(exact)
      // Zeros of either sign are equal here: sums never show which.
      expect(Math.abs(fused(a, b, c) - expected)).toBe(0)
      if (Math.fround(a * b + c) !== expected) halfway++
    }
    expect(halfway).toBeGreaterThan(2)
  })

  it('rounds once where f64 rounds to a number halfway between two of f32', () => {
    // 1 + 2^-24 is halfway; the product is a little more or less than that.
    const above = 1 + 2 ** -23
    expect(fused(2 ** -24 * above, 1 - 2 ** -24, 1)).toBe(above)
    expect(fused(2 ** -12 * (1 - 2 ** -24), 2 ** -12 * (1 + 2 ** -23), 1)).toBe(above)
    expect(fused(2 ** -12 * (1 - 2 ** -24), 2 ** -12, 1)).toBe(1)
  })
})

describe('singleExp', () => {
  it('is within 1.1 units in the last place of f32', () => {
    const random = new WordStream(8, 0).seek(1, 0)
    let worst = 0
    for (let k = 0; k < 20_000; k++) {
      const x = Math.fround(-87 + 89 * random.uniform())
      const exact = Math.exp(x)
      const place = 2 ** (Math.floor(Math.log2(exact)) - 23)
      worst = Math.max(worst, Math.abs(singleExp(x) - exact) / place)
    }
    expect(worst).toBeLessThan(1.1)
    expect(worst).toBeGreaterThan(0.5)
  })

  it('is exactly 1 at 0', () => {
    expect(singleExp(0)).toBe(1)
    expect(singleExp(-0)).toBe(1)
  })
})
