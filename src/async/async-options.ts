import { describe, HopfieldError } from '../errors.js'
import { type Given, optional, type Read, Schema, without } from '../input/options.js'
import { checkFunction, checkInteger } from '../input/validate.js'
import type { Progress } from './progress.js'

const MOST_THREADS = 1024

export const ASYNC = {
  /**
   * Chunks computed at the same time, 1 to 1024; by default the number of processors. WebAssembly has one thread for all. TypeScript computes on this one,
   * a few milliseconds per turn of the event loop.
   */
  threads: optional<number>((name, value) => checkInteger(name, value, 1, MOST_THREADS)),
  /** After an abort, running chunks stop within milliseconds, and the promise rejects with `signal.reason`. */
  signal: optional<AbortSignal>(readSignal),
  /** Called on this thread after each chunk, and ten times a second. If it throws, the promise rejects with its error. */
  onProgress: optional<(progress: Progress) => void>(checkFunction),
  /** Cues per chunk, at least 1; see docs/serving.md for the default. */
  chunk: optional<number>((name, value) => checkInteger(name, value, 1, Number.MAX_SAFE_INTEGER)),
}

/** The same for calls that are not cut into chunks by their caller. */
export const WHOLE: Pick<typeof ASYNC, 'threads' | 'signal' | 'onProgress'> = without(ASYNC, 'chunk')

/**
 * Options of every method that computes off the event loop. None of them changes a bit of the result.
 *
 * The method uses the memory as it is at the call; later calls see what is stored or forgotten meanwhile. It never throws. Its promise
 * rejects with the error that the method without `Async` would throw, with `signal.reason`, or with the error that `onProgress` threw,
 * after all running work has ended.
 */
export interface AsyncOptions extends Given<typeof ASYNC> {}

/** Async options, checked. */
export type AsyncLimits = Read<typeof ASYNC>

/** Options of a call off the event loop that is not cut into chunks by its caller. */
export interface WholeOptions extends Given<typeof WHOLE> {}

/** Async options without `chunk`, checked. */
export type WholeLimits = Read<typeof WHOLE>

/** The options of a call that has no others. */
export const LATER: Schema<typeof ASYNC> = new Schema(ASYNC)
export const WHOLE_LATER: Schema<typeof WHOLE> = new Schema(WHOLE)

const aborted = Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'aborted')?.get

/** Accepts an AbortSignal of any realm and nothing else: a lookalike might never fire. */
function readSignal(name: string, value: unknown): AbortSignal {
  try {
    aborted?.call(value)
    return value as AbortSignal
  } catch {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected an AbortSignal, got ${describe(value)}`)
  }
}
