/** Points of the surface along each side. */
export const GRID = 33

/** The overlaps at point k of the surface, whose sides are m1 + m2 and m1 − m2 from −1 to 1. */
export function overlapsAt(k: number): readonly [m1: number, m2: number] {
  const sum = (2 * (k % GRID)) / (GRID - 1) - 1
  const difference = (2 * Math.floor(k / GRID)) / (GRID - 1) - 1
  return [(sum + difference) / 2, (sum - difference) / 2]
}
