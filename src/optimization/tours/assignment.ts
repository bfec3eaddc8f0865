/**
 * The permutation with the largest Σ values[row·n + column of row]: a shortest augmenting path for each row in turn (Jonker and Volgenant
 * 1987), n³ steps. @returns the row of each column; the first found of equals.
 */
export function largestAssignment(n: number, values: Float64Array): Uint32Array {
  // Columns and rows count from 1: column 0 holds the row that looks for one.
  const [rowPrice, columnPrice] = [new Float64Array(n + 1), new Float64Array(n + 1)]
  const [rowOf, from] = [new Uint32Array(n + 1), new Uint32Array(n + 1)]
  for (let row = 1; row <= n; row++) {
    rowOf[0] = row
    const least = new Float64Array(n + 1).fill(Number.POSITIVE_INFINITY)
    const seen = new Uint8Array(n + 1)
    let at = 0
    do {
      seen[at] = 1
      const own = rowOf[at]
      let [delta, next] = [Number.POSITIVE_INFINITY, 0]
      for (let c = 1; c <= n; c++) {
        if (seen[c] === 1) continue
        const cost = -values[(own - 1) * n + c - 1] - rowPrice[own] - columnPrice[c]
        if (cost < least[c]) {
          least[c] = cost
          from[c] = at
        }
        if (least[c] < delta) [delta, next] = [least[c], c]
      }
      for (let c = 0; c <= n; c++) {
        if (seen[c] === 1) {
          rowPrice[rowOf[c]] += delta
          columnPrice[c] -= delta
        } else least[c] -= delta
      }
      at = next
    } while (rowOf[at] !== 0)
    while (at !== 0) {
      rowOf[at] = rowOf[from[at]]
      at = from[at]
    }
  }
  return Uint32Array.from({ length: n }, (_, c) => rowOf[c + 1] - 1)
}
