import { describe, HopfieldError } from '../errors.js'
import { checkInteger } from '../input/validate.js'
import { environment, processors } from '../platform/node.js'
import type { ChunkLimits, Progress } from './chunks.js'

/** Options of every call that computes off the event loop. None of them changes a bit of the result. */
export interface AsyncOptions {
  /**
   * Chunks in flight at once, 1 to 1024. By default as many as there are processors, but no more than libuv's pool has
   * threads (UV_THREADPOOL_SIZE, 4 where unset). The TypeScript backend computes on this thread, one chunk a turn.
   */
  threads?: number
  /** Gives up when it is aborted: chunks in flight are finished, then the promise rejects with `signal.reason`. */
  signal?: AbortSignal
  /** Called on this thread after each chunk; what it throws ends the call. */
  onProgress?: (progress: Progress) => void
  /** Cues a chunk, at least 1; see docs/serving.md for the default. */
  chunk?: number
}

export const ASYNC_KEYS: readonly (keyof AsyncOptions)[] = ['threads', 'signal', 'onProgress', 'chunk']

/** Beyond this libuv has no threads. */
const MOST_THREADS = 1024

/** Threads of libuv's pool, as it reads its variable. */
function poolSize(): number {
  const set = environment('UV_THREADPOOL_SIZE')
  if (set === undefined) return 4
  return Math.min(Math.max(Number.parseInt(set, 10) || 1, 1), MOST_THREADS)
}

export function checkThreads(value: unknown): number {
  return value === undefined
    ? Math.min(processors(), poolSize())
    : checkInteger('threads', value, 1, MOST_THREADS)
}

export function checkSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined) return undefined
  const signal = value as AbortSignal | null
  const methods = ['addEventListener', 'removeEventListener', 'throwIfAborted'] as const
  if (typeof signal?.aborted === 'boolean' && methods.every((name) => typeof signal[name] === 'function')) {
    return signal
  }
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `signal: expected an AbortSignal, got ${describe(value)}`)
}

function checkProgress(value: unknown): ((progress: Progress) => void) | undefined {
  if (value === undefined || typeof value === 'function') return value as (progress: Progress) => void
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `onProgress: expected a function, got ${describe(value)}`)
}

/** Checks async options; whoever calls has refused unknown ones. `chunk` is undefined where the default is wanted. */
export function readAsyncOptions(
  options: AsyncOptions | undefined,
): Omit<ChunkLimits, 'chunk'> & { chunk: number | undefined } {
  const { threads, signal, onProgress, chunk } = options ?? {}
  return {
    threads: checkThreads(threads),
    signal: checkSignal(signal),
    onProgress: checkProgress(onProgress),
    chunk: chunk === undefined ? undefined : checkInteger('chunk', chunk, 1, Number.MAX_SAFE_INTEGER),
  }
}
