import { unwatch, watch } from './aborts.js'

/** The progress of a long call. */
export interface Progress {
  /** Cues that are done. */
  done: number
  /** All cues. */
  total: number
}

/** The work on each chunk of a long list. */
export interface ChunkWork<Read> {
  /** Reads a chunk on this thread; chunks in order, at most one ahead of the running ones. */
  read(from: number, to: number): Promise<Read>
  /** Computes a chunk; several run at the same time, in any order. */
  compute(chunk: Read, from: number, to: number): Promise<void>
}

export interface ChunkLimits {
  /** Items per chunk, at least 1. */
  readonly chunk: number
  /** Most chunks that run at the same time, at least 1. */
  readonly threads: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/**
 * Does `count` items chunk by chunk. It rejects with the first error, or with the signal's reason, after all running chunks have ended
 * and the listener on the signal has been removed.
 */
export async function inChunks<Read>(
  count: number,
  limits: ChunkLimits,
  work: ChunkWork<Read>,
): Promise<void> {
  const { chunk, threads, signal, onProgress } = limits
  signal?.throwIfAborted()
  let done = 0
  let failure: { error: unknown } | undefined
  const fail = (error: unknown): void => {
    failure ??= { error }
  }
  const watcher = { aborted: () => fail(signal?.reason) }
  const flights = new Set<Promise<void>>()
  const fly = async (read: Read, from: number, to: number): Promise<void> => {
    try {
      await work.compute(read, from, to)
      done += to - from
      if (failure !== undefined) return
      const answer: unknown = onProgress?.({ done, total: count })
      // An asynchronous onProgress may reject.
      if (answer instanceof Promise) answer.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
  if (signal !== undefined) watch(signal, watcher)
  try {
    for (let from = 0; from < count && failure === undefined; from += chunk) {
      const to = Math.min(from + chunk, count)
      const read = await work.read(from, to)
      while (flights.size >= threads) await Promise.race(flights)
      if (failure !== undefined) break
      const flight = fly(read, from, to).then(() => {
        flights.delete(flight)
      })
      flights.add(flight)
    }
  } catch (error) {
    fail(error)
  }
  await Promise.all(flights)
  if (signal !== undefined) unwatch(signal, watcher)
  if (failure !== undefined) throw failure.error
}
