import { ClusterError } from './errors.js'

/** Until when something is tried. */
export interface Until {
  readonly signal: AbortSignal | undefined
  /** As performance.now() has it. */
  readonly at: number
  /** ms, for messages. */
  readonly deadline: number
}

export function until(deadline: number, signal?: AbortSignal): Until {
  signal?.throwIfAborted()
  return { signal, at: performance.now() + deadline, deadline }
}

/** Pauses between tries, ms: doubled each time up to the second. */
const PAUSES = [5, 200] as const
/** ms by which timers may end before their time: they count whole ones, from a clock that is read once a turn. */
const EARLY = 5

/**
 * Tries a step until it works. A step may be done twice.
 * @param otherwise makes the error at the deadline, of why the last try failed.
 * @param again called before each further try; what it throws ends the tries.
 * @throws what the step throws, if that is a ClusterError; the signal's reason.
 */
export async function tried<T>(
  limit: Until,
  step: (left: number) => Promise<T>,
  otherwise: (cause: unknown) => ClusterError,
  again: () => void = () => {},
): Promise<T> {
  let pause: number = PAUSES[0]
  let last: unknown
  while (true) {
    limit.signal?.throwIfAborted()
    const left = limit.at - performance.now()
    if (left <= 0) throw otherwise(last ?? new Error('no time was left'))
    try {
      return await step(Math.max(left, 1))
    } catch (error) {
      if (error instanceof ClusterError) throw error
      limit.signal?.throwIfAborted()
      // A try that began just before the deadline, which cut it short, says no more than that; the one before it knew why.
      const short = left < PAUSES[1] && performance.now() > limit.at - EARLY
      if (last === undefined || !short) last = error
      await new Promise((resolve) => setTimeout(resolve, Math.min(pause, Math.max(left, 0))))
      pause = Math.min(2 * pause, PAUSES[1])
      again()
    }
  }
}

/** The promise, or the reason of an abort. */
export function aborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

/** The promise, or an error after some time, ms. */
export async function within<T>(promise: Promise<T>, time: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const most = Math.min(time, 2 ** 31 - 1)
    timer = setTimeout(() => reject(new Error(`no answer within ${Math.round(most)} ms`)), most)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
