import { describe, HopfieldError } from '../errors.js'
import { type Given, optional, type Read } from '../input/options.js'
import { checkInteger } from '../input/validate.js'
import { environment, processors } from '../platform/node.js'
import type { Progress } from './chunks.js'

/** Beyond this libuv has no threads. */
const MOST_THREADS = 1024

export const ASYNC = {
  /**
   * Chunks in flight at once, 1 to 1024. By default as many as there are processors, but no more than libuv's pool has
   * threads (UV_THREADPOOL_SIZE, 4 where unset). The TypeScript backend computes on this thread, one chunk a turn.
   */
  threads: optional<number>((name, value) => checkInteger(name, value, 1, MOST_THREADS)),
  /** Gives up when it is aborted: chunks in flight are finished, then the promise rejects with `signal.reason`. */
  signal: optional<AbortSignal>(readSignal),
  /** Called on this thread after each chunk; what it throws ends the call. */
  onProgress: optional<(progress: Progress) => void>(readProgress),
  /** Cues per chunk, at least 1; see docs/serving.md for the default. */
  chunk: optional<number>((name, value) => checkInteger(name, value, 1, Number.MAX_SAFE_INTEGER)),
}

/**
 * Options of every call that computes off the event loop. None of them changes a bit of the result.
 *
 * Such a call works on the memory as it is at the call: what is stored or forgotten meanwhile is seen by later calls. It never
 * throws. Its promise rejects with the error that the call without `Async` would throw, with `signal.reason`, or with what
 * `onProgress` threw; by then nothing is in flight any more.
 */
export interface AsyncOptions extends Given<typeof ASYNC> {}

/** Async options, checked. */
export type AsyncLimits = Read<typeof ASYNC>

/** Threads of libuv's pool, as it reads its variable. */
function poolSize(): number {
  const set = environment('UV_THREADPOOL_SIZE')
  if (set === undefined) return 4
  return Math.min(Math.max(Number.parseInt(set, 10) || 1, 1), MOST_THREADS)
}

/** How many chunks to have in flight where the caller does not say. */
export function usualThreads(): number {
  return Math.min(processors(), poolSize())
}

const aborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get

/** Signals alone, of any realm: what only looks like one may strand a caller. */
function readSignal(name: string, value: unknown): AbortSignal {
  try {
    aborted?.call(value)
    return value as AbortSignal
  } catch {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected an AbortSignal, got ${describe(value)}`)
  }
}

function readProgress(name: string, value: unknown): (progress: Progress) => void {
  if (typeof value === 'function') return value as (progress: Progress) => void
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a function, got ${describe(value)}`)
}
