type Points = readonly (readonly [x: number, y: number])[]

export function distanceBetween([x, y]: Points[number], [u, v]: Points[number]): number {
  return Math.hypot(x - u, y - v)
}

export function lengthOf(points: Points, tour: ArrayLike<number>): number {
  let length = 0
  for (let k = 0; k < tour.length; k++)
    length += distanceBetween(points[tour[k]], points[tour[(k + 1) % tour.length]])
  return length
}

/**
 * The best exchange of two ways for two others (Croes 1958): turns a part of the tour round, in place. False where none makes it shorter.
 * One move at a time, to be watched; `tourSearch` of the package is the fast one.
 */
export function bestExchange(points: Points, tour: Uint32Array): boolean {
  const n = tour.length
  const way = (a: number, b: number): number => distanceBetween(points[tour[a % n]], points[tour[b % n]])
  let [most, from, to] = [1e-12, -1, -1]
  for (let a = 0; a < n - 1; a++) {
    for (let b = a + 2; b < n; b++) {
      if (a === 0 && b === n - 1) continue
      const gain = way(a, a + 1) + way(b, b + 1) - way(a, b) - way(a + 1, b + 1)
      if (gain > most) [most, from, to] = [gain, a + 1, b]
    }
  }
  if (from < 0) return false
  tour.subarray(from, to + 1).reverse()
  return true
}
