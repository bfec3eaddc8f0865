import { describe, expect, it } from 'vitest'
import { exp } from '../../src/numerics/exp.js'
import { log } from '../../src/numerics/log.js'
import { WordStream } from '../../src/numerics/philox.js'
import { sineCosine } from '../../src/numerics/sine-cosine.js'
import { singleLogistic } from '../../src/numerics/single-logistic.js'
import { logistic, tanh } from '../../src/numerics/tanh.js'

/** Fixed-point numbers of so many bits behind the point. */
const BITS = 192n
const ONE = 1n << BITS

/** A double as a fixed-point number; what lies below the last bit is dropped. */
function fixed(x: number): bigint {
  const words = new BigUint64Array(new Float64Array([x]).buffer)
  const exponent = Number((words[0] >> 52n) & 2047n)
  const mantissa = (words[0] & ((1n << 52n) - 1n)) | (exponent === 0 ? 0n : 1n << 52n)
  const shift = BigInt(Math.max(exponent, 1) - 1075) + BITS
  const size = shift >= 0n ? mantissa << shift : mantissa >> -shift
  return x < 0 ? -size : size
}

/** ln 2 = Σ 1/(k·2^k). */
const LN2 = (() => {
  let sum = 0n
  for (let k = 1n; k <= BITS; k++) sum += (ONE >> k) / k
  return sum
})()

/** e^x, |x| < 45, as a fixed-point number of 64 bits more: the result may be as small as 2^-65. */
function exactExp(x: number): { value: bigint; power: bigint } {
  const power = fixed(x) / LN2
  const r = fixed(x) - power * LN2
  let sum = ONE
  let term = ONE
  for (let k = 1n; term !== 0n; k++) {
    term = (term * r) / ONE / k
    sum += term
  }
  return { value: sum, power }
}

/** Distance of y from value·2^power in units of y's last place. */
function ulps(y: number, value: bigint, power: bigint): number {
  const words = new BigUint64Array(new Float64Array([y]).buffer)
  const exponent = (words[0] >> 52n) & 2047n
  // y and its last place as they are when 2^power is divided out.
  const place = BITS + exponent - 1075n - power
  const mantissa = ((words[0] & ((1n << 52n) - 1n)) | (1n << 52n)) << place
  return Math.abs(Number(((mantissa - value) * 1000000n) >> place)) / 1e6
}

function* samples(count: number, low: number, high: number): Generator<number> {
  const stream = new WordStream(7, 0).seek(0, 0)
  for (let k = 0; k < count; k++) yield low + (high - low) * stream.uniform()
}

describe('exp', () => {
  it('is within 1 ulp of the exact value over the whole range of a softmax', () => {
    let worst = 0
    for (const x of samples(20_000, -44.4, 1)) {
      const { value, power } = exactExp(x)
      worst = Math.max(worst, ulps(exp(x), value, power))
    }
    expect(worst).toBeLessThan(1)
    expect(worst).toBeGreaterThan(0.5)
  })

  it('is within 1 ulp everywhere else in the normal range', () => {
    let worst = 0
    for (const x of samples(5_000, -708, 709)) {
      const { value, power } = exactExp(x)
      worst = Math.max(worst, ulps(exp(x), value, power))
    }
    expect(worst).toBeLessThan(1)
  })

  it('is exact where the answer is a number anyone knows', () => {
    expect(exp(0)).toBe(1)
    expect(exp(-0)).toBe(1)
    expect(exp(710)).toBe(Number.POSITIVE_INFINITY)
    expect(exp(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
    expect(exp(-746)).toBe(0)
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0)
    expect(exp(1e-300)).toBe(1)
  })

  it('passes through the denormals down to the smallest number', () => {
    expect(exp(-745)).toBe(5e-324)
    expect(Math.abs(exp(-720) / Math.exp(-720) - 1)).toBeLessThan(1e-10)
    expect(exp(709.782)).toBeLessThan(Number.POSITIVE_INFINITY)
    expect(exp(709.782)).toBeGreaterThan(1.79e308)
  })

  it('never falls where its argument rises', () => {
    for (const x of samples(5_000, -44, 44))
      expect(exp(x + Math.abs(x) * 2 ** -50)).toBeGreaterThanOrEqual(exp(x))
  })
})

describe('log', () => {
  it('is within 1 ulp of the exact value', () => {
    // ln y is exact where e^(ln y) is y: one Newton step from the double nearest to it, in fixed point.
    let worst = 0
    for (const x of samples(10_000, -30, 30)) {
      const y = Math.exp(x)
      const z = log(y)
      if (Math.abs(z) < 0.01) continue
      const { value, power } = exactExp(z)
      const target = power >= 0n ? fixed(y) >> power : fixed(y) << -power
      const difference = ((target - value) * ONE) / value
      const exact = fixed(z) + difference - (difference * difference) / ONE / 2n
      worst = Math.max(worst, ulps(Math.abs(z), exact < 0n ? -exact : exact, 0n))
    }
    expect(worst).toBeLessThan(1)
    expect(worst).toBeGreaterThan(0.49)
  })

  it('is exact where the answer is a number anyone knows', () => {
    expect(log(1)).toBe(0)
    expect(log(0)).toBe(Number.NEGATIVE_INFINITY)
    expect(log(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY)
    expect(log(2)).toBe(Math.LN2)
    expect(log(5e-324)).toBe(-744.4400719213812)
  })

  it('keeps its accuracy next to 1, where it is small', () => {
    for (const d of [2 ** -52, 2 ** -40, 2 ** -20]) {
      expect(Math.abs(log(1 + d) - (d - (d * d) / 2 + d ** 3 / 3)) / d).toBeLessThan(2 ** -52)
    }
  })
})

/** e^x as one fixed-point number. */
function exactPower(x: number): bigint {
  const { value, power } = exactExp(x)
  return power >= 0n ? value << power : value >> -power
}

describe('tanh', () => {
  const exact = (x: number): bigint => {
    const e = exactPower(2 * x)
    return ((e - ONE) << BITS) / (e + ONE)
  }

  it('is within 1 ulp of the exact value', () => {
    let worst = 0
    for (const [low, high] of [
      [0.001, 20],
      [0.001, 1.2],
      [0.001, 0.4],
    ] as const) {
      for (const x of samples(8_000, low, high)) worst = Math.max(worst, ulps(tanh(x), exact(x), 0n))
    }
    for (let k = 1; k < 60; k++) worst = Math.max(worst, ulps(tanh(1.1 * 2 ** -k), exact(1.1 * 2 ** -k), 0n))
    expect(worst).toBeLessThan(0.9)
    expect(worst).toBeGreaterThan(0.5)
  })

  it('is odd to the bit', () => {
    for (const x of samples(5_000, 0, 20)) expect(tanh(-x)).toBe(-tanh(x))
  })

  it('is exact where the answer is a number anyone knows', () => {
    expect(tanh(0)).toBe(0)
    expect(Object.is(tanh(-0), -0)).toBe(true)
    expect(tanh(5e-324)).toBe(5e-324)
    expect(tanh(1e-300)).toBe(1e-300)
    expect(tanh(19.1)).toBe(1)
    expect(tanh(19)).toBeLessThan(1)
    expect(tanh(1e300)).toBe(1)
    expect(tanh(Number.NEGATIVE_INFINITY)).toBe(-1)
  })

  it('never falls where its argument rises', () => {
    for (const x of samples(5_000, -19, 19))
      expect(tanh(x + Math.abs(x) * 2 ** -49)).toBeGreaterThanOrEqual(tanh(x))
  })
})

describe('logistic', () => {
  it('is within 2 ulp of the exact value', () => {
    let worst = 0
    for (const x of samples(10_000, -40, 40)) {
      const e = exactPower(x)
      worst = Math.max(worst, ulps(logistic(x), (e << BITS) / (e + ONE), 0n))
    }
    expect(worst).toBeLessThan(2)
  })

  it('is within 3 ulp in f32', () => {
    let worst = 0
    for (const x of Array.from(samples(10_000, -86, 86), Math.fround)) {
      // The exact value in f64 is as good as exact here.
      const exact = 1 / (1 + Math.exp(-x))
      const ulp = 2 ** (Math.floor(Math.log2(exact)) - 23)
      worst = Math.max(worst, Math.abs(singleLogistic(x) - exact) / ulp)
      expect(Math.fround(singleLogistic(x))).toBe(singleLogistic(x))
    }
    expect(worst).toBeLessThan(3)
    expect([singleLogistic(0), singleLogistic(200), singleLogistic(Number.POSITIVE_INFINITY)]).toEqual([
      0.5, 1, 1,
    ])
    expect(singleLogistic(Number.NEGATIVE_INFINITY)).toBe(singleLogistic(-87))
    expect(singleLogistic(-87)).toBeGreaterThan(2 ** -126)
  })

  it('stays above 0, and reaches 1', () => {
    expect(logistic(0)).toBe(0.5)
    expect(logistic(Number.NEGATIVE_INFINITY)).toBeGreaterThan(0)
    expect(logistic(Number.POSITIVE_INFINITY)).toBe(1)
  })
})

describe('sineCosine', () => {
  /** sin 2πt and cos 2πt of a fixed-point t, by their series. */
  const exact = (t: number): [sine: bigint, cosine: bigint] => {
    const x = (fixed(t) * TWO_PI) >> BITS
    const sums: [bigint, bigint] = [0n, 0n]
    let term = ONE
    for (let k = 1n; term !== 0n; k++) {
      sums[Number(k & 1n)] += (k - 1n) & 2n ? -term : term
      term = ((term * x) >> BITS) / k
    }
    return [sums[0], sums[1]]
  }
  // Machin 1706: π/4 = 4·arctan(1/5) − arctan(1/239).
  const arctan = (inverse: bigint): bigint => {
    let sum = 0n
    let power = ONE / inverse
    for (let k = 1n; power !== 0n; k += 2n) {
      sum += (k & 2n ? -power : power) / k
      power /= inverse * inverse
    }
    return sum
  }
  const TWO_PI = 8n * (4n * arctan(5n) - arctan(239n))

  it('is right to 2^-49', () => {
    let worst = 0
    for (const t of [0, 0.25, -0.25, 0.5, 0.125, ...samples(2000, -0.5, 0.5)]) {
      for (const [k, value] of exact(t).entries())
        worst = Math.max(worst, Math.abs(Number(fixed(sineCosine(t)[k]) - value)) / Number(ONE))
    }
    expect(worst).toBeLessThan(2 ** -49)
    expect(worst).toBeGreaterThan(0)
  })

  it('leaves whole turns out', () => {
    for (const t of [0.1875, -0.4375]) {
      for (const turns of [1, -7, 2 ** 40]) expect(sineCosine(t + turns)).toEqual(sineCosine(t))
    }
  })
})
