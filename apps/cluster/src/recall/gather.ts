import type { Answered, Ask, Asked, Operation } from '../parts/questions.js'
import type { ShardMap } from '../parts/shard-map.js'

/** Asks all parts at once, and returns their answers in the order of the parts. */
export function scatter<O extends Operation>(
  map: ShardMap,
  ask: Ask,
  operation: O,
  asked: Asked<O> | ((part: number) => Asked<O>),
): Promise<Answered<O>[]> {
  const of = typeof asked === 'function' ? asked : () => asked
  return Promise.all(map.shards.map((_, part) => ask(part, operation, of(part))))
}

/** The sums of whole numbers, which any order gives. */
export function added(rows: readonly Float64Array[]): Float64Array {
  const sum = rows[0].slice()
  for (const row of rows.slice(1)) for (let i = 0; i < sum.length; i++) sum[i] += row[i]
  return sum
}

/** Rows of B states over runs of what is cut, side by side. */
export function joined(rows: readonly Float64Array[], count: number): Float64Array {
  const widths = rows.map((row) => row.length / count)
  const width = widths.reduce((a, b) => a + b, 0)
  const out = new Float64Array(count * width)
  for (let b = 0; b < count; b++) {
    let at = b * width
    for (const [k, row] of rows.entries()) {
      out.set(row.subarray(b * widths[k], (b + 1) * widths[k]), at)
      at += widths[k]
    }
  }
  return out
}
