import { ClusterError } from '../errors.js'

/** Runs of a batch that are under way at the same time: parts work on one while another travels. */
const LANES = 3

/**
 * A batch in runs whose messages fit. Cues do not depend on each other, so any cutting gives the same bits.
 * @param most how many go into a run at first; a run that is too large after all is halved.
 * @returns what the runs gave, in their order.
 */
export async function inRuns<T>(
  count: number,
  most: number,
  run: (from: number, to: number) => Promise<T>,
): Promise<T[]> {
  const length = Math.min(Math.max(Math.floor(most), 1), Math.max(count, 1))
  const out: T[][] = Array.from({ length: Math.max(Math.ceil(count / length), 1) }, () => [])
  let next = 0
  const lane = async (): Promise<void> => {
    while (next < out.length) {
      const k = next++
      out[k] = await halving(k * length, Math.min((k + 1) * length, count), run)
    }
  }
  await Promise.all(Array.from({ length: Math.min(LANES, out.length) }, lane))
  return out.flat()
}

async function halving<T>(
  from: number,
  to: number,
  run: (from: number, to: number) => Promise<T>,
): Promise<T[]> {
  try {
    return [await run(from, to)]
  } catch (error) {
    if (!(error instanceof ClusterError && error.code === 'ERR_CLUSTER_SIZE')) throw error
    if (to - from <= 1)
      throw new ClusterError(
        'ERR_CLUSTER_SIZE',
        `${error.message}; that is one cue's: raise max_payload in nats.conf, or cut the memory into more parts`,
        { cause: error },
      )
    const middle = (from + to) >>> 1
    return [...(await halving(from, middle, run)), ...(await halving(middle, to, run))]
  }
}

/** Rows one after the other. */
export function chained<A extends Int8Array | Uint8Array | Uint32Array | Float32Array | Float64Array>(
  rows: readonly A[],
): A {
  if (rows.length === 1) return rows[0]
  const type = rows[0].constructor as { new (length: number): A }
  const out = new type(rows.reduce((sum, row) => sum + row.length, 0))
  let at = 0
  for (const row of rows) {
    out.set(row, at)
    at += row.length
  }
  return out
}
