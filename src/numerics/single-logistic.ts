import { singleExp } from './single-exp.js'

/** Beyond, the value stays: 1 + e^−87 is 1. */
const FAR = 87

/** 1/(1 + e^−x) in f32 for any f32 x except NaN, always above 0; at most 3 ulp from the exact value. */
export function singleLogistic(x: number): number {
  return Math.fround(1 / Math.fround(1 + singleExp(Math.max(Math.min(0 - x, FAR), -FAR))))
}
