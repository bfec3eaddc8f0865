import type { Found } from '../parts/questions.js'

/** Of B queries, the k most similar: numbers of the whole memory, the most similar first and among equals the lowest. */
export interface Nearest {
  readonly indices: Uint32Array
  readonly scores: Float64Array
}

/**
 * Merges what parts found by (similarity, index). Each part's rows are in that order already, and parts ascend.
 * @param firsts the number of each part's first pattern.
 */
export function mergeNearest(
  found: readonly Found[],
  firsts: readonly number[],
  count: number,
  k: number,
): Nearest {
  const indices = new Uint32Array(count * k)
  const scores = new Float64Array(count * k)
  const widths = found.map((one) => one.indices.length / count)
  for (let b = 0; b < count; b++) {
    const next = widths.map((width) => b * width)
    for (let r = b * k; r < (b + 1) * k; r++) {
      let best = -1
      for (const [part, { scores: own }] of found.entries()) {
        if (next[part] === (b + 1) * widths[part]) continue
        // A later part has higher numbers, so it comes first only if it is more similar.
        if (best < 0 || own[next[part]] > found[best].scores[next[best]]) best = part
      }
      indices[r] = firsts[best] + found[best].indices[next[best]]
      scores[r] = found[best].scores[next[best]++]
    }
  }
  return { indices, scores }
}

/** The same from all overlaps: B rows of P. */
export function nearestOf(overlaps: Float64Array, count: number, k: number): Nearest {
  const patterns = overlaps.length / count
  const indices = new Uint32Array(count * k)
  const scores = new Float64Array(count * k)
  for (let b = 0; b < count; b++) {
    const row = overlaps.subarray(b * patterns, (b + 1) * patterns)
    const order = Uint32Array.from(row, (_, mu) => mu).sort((x, y) => row[y] - row[x] || x - y)
    for (let r = 0; r < k; r++) {
      indices[b * k + r] = order[r]
      scores[b * k + r] = row[order[r]]
    }
  }
  return { indices, scores }
}
