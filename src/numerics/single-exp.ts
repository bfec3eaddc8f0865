import { fused } from './fused.js'

/** 1/ln 2, and ln 2 in two parts; the first part ends in enough zero bits that its products are exact. All as f32 has them. */
const PER_LN2 = Math.fround(Math.LOG2E)
const LN2_HIGH = Math.fround(0.693145752)
const LN2_LOW = Math.fround(1.42860677e-6)
/** 1.5·2^23: adding and then subtracting it rounds to an integer. */
const ROUND = 12582912

/** 1/k! for k = 7…2. */
const TAYLOR: readonly number[] = [1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 1 / 2].map(Math.fround)

/** e^x in f32 for an f32 x from −87 to 88, at most 1.1 ulp from the exact value: every step is rounded to f32, products that are added fused. */
export function singleExp(x: number): number {
  const k = fused(x, PER_LN2, ROUND) - ROUND
  const r = fused(k, -LN2_LOW, fused(k, -LN2_HIGH, x))
  let q = TAYLOR[0]
  for (let n = 1; n < TAYLOR.length; n++) q = fused(q, r, TAYLOR[n])
  const tail = fused(Math.fround(r * r), q, r)
  return Math.fround(1 + tail) * 2 ** k
}
