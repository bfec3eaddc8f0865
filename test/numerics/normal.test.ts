import { expect, test } from 'vitest'
import { erfc } from '../../src/numerics/erf.js'
import { normal } from '../../src/numerics/normal.js'

test('the inverse of the normal distribution undoes it', () => {
  for (let k = 1; k < 2000; k++) {
    const p = k < 1000 ? 2 ** (-k / 30) : 1 - k / 2000
    const x = normal(p)
    const back = erfc(-x / Math.SQRT2) / 2
    // The error of ln p is that of x, 1e-15·|x| with |x| < 6.5, times the slope of ln p, below 7; and that of e^(−x²/2) in erfc, some 1e-15·x².
    expect(Math.abs(back / p - 1)).toBeLessThan(2e-13)
    expect(normal(1 - p)).toBeCloseTo(-normal(1 - (1 - p)), 9)
  }
  expect(normal(0.5)).toBe(0)
  expect(normal(0.975)).toBeCloseTo(1.959963984540054, 14)
})
