import type { Flag } from '../kernels/contract/flag.js'
import { type Onlookers, stoppable } from './tally.js'

/** The work on each chunk of a long list. */
export interface ChunkWork<Read> {
  /**
   * Reads a chunk on this thread; chunks in order, at most one ahead of the running ones. It ends soon after the work is `over`; what it
   * returns then is not looked at.
   */
  read(from: number, to: number, over: () => boolean): Promise<Read | undefined>
  /** Computes a chunk; several run at the same time, in any order. It ends soon after the flag is raised. */
  compute(chunk: Read, from: number, to: number, flag: Flag): Promise<void>
}

export interface ChunkLimits extends Onlookers {
  /** Items per chunk, at least 1. */
  readonly chunk: number
  /** Most chunks that run at the same time, at least 1. */
  readonly threads: number
}

/** Does `count` items chunk by chunk; it rejects as `stoppable` does, after all running chunks have ended. */
export async function inChunks<Read>(
  count: number,
  limits: ChunkLimits,
  work: ChunkWork<Read>,
): Promise<void> {
  const { chunk, threads } = limits
  await stoppable(count, limits, async (tally) => {
    const flights = new Set<Promise<void>>()
    const fly = async (read: Read, from: number, to: number): Promise<void> => {
      const flag = tally.begin(to - from)
      try {
        await work.compute(read, from, to, flag)
      } catch (error) {
        tally.fail(error)
      }
      tally.end(flag, to - from)
    }
    try {
      for (let from = 0; from < count && !tally.stopped; from += chunk) {
        const to = Math.min(from + chunk, count)
        const read = await work.read(from, to, () => tally.stopped)
        while (flights.size >= threads) await Promise.race(flights)
        if (tally.stopped) break
        const flight = fly(read as Read, from, to).then(() => {
          flights.delete(flight)
        })
        flights.add(flight)
      }
    } catch (error) {
      tally.fail(error)
    }
    await Promise.all(flights)
  })
}
