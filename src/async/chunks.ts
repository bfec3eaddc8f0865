/** How far a long call has come. */
export interface Progress {
  /** Cues whose results are there. */
  done: number
  /** Cues in all. */
  total: number
}

/** What is to be done with each chunk of a long list. */
export interface ChunkWork<Read> {
  /** On this thread, one chunk after the other, in order, at most one ahead of those being computed. */
  read(from: number, to: number): Promise<Read>
  /** Several at once, in any order. */
  compute(chunk: Read, from: number, to: number): Promise<void>
}

export interface ChunkLimits {
  /** Items a chunk, at least 1. */
  readonly chunk: number
  /** Chunks in flight at once, at least 1. */
  readonly threads: number
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: Progress) => void) | undefined
}

/**
 * Does `count` items chunk by chunk. Rejects with the first failure, or with the signal's reason; by then nothing is
 * in flight any more and nothing listens to the signal.
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
  const aborted = (): void => fail(signal?.reason)
  const flights = new Set<Promise<void>>()
  const fly = async (read: Read, from: number, to: number): Promise<void> => {
    try {
      await work.compute(read, from, to)
      done += to - from
      if (failure !== undefined) return
      const answer: unknown = onProgress?.({ done, total: count })
      // Who reports asynchronously may fail so too.
      if (answer instanceof Promise) answer.catch(fail)
    } catch (error) {
      fail(error)
    }
  }
  signal?.addEventListener('abort', aborted)
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
  signal?.removeEventListener('abort', aborted)
  if (failure !== undefined) throw failure.error
}
