/** The largest 2^k, k ≤ 48, by which sums of at most `most` may be multiplied and stay below 2^52. */
export function finestUnit(most: number): number {
  let unit = 2 ** 48
  while (unit > 1 && most * unit >= 2 ** 52) unit /= 2
  return unit
}
