import { allocateUnsafe } from './platform/node/system.js'

/** The codes of {@link HopfieldError}. Codes are stable across versions; messages are not. */
export type HopfieldErrorCode =
  | 'ERR_HOPFIELD_TYPE'
  | 'ERR_HOPFIELD_SHAPE'
  | 'ERR_HOPFIELD_VALUE'
  | 'ERR_HOPFIELD_RANGE'
  | 'ERR_HOPFIELD_OPTION'
  | 'ERR_HOPFIELD_DEPENDENT'
  | 'ERR_HOPFIELD_FORMAT'
  | 'ERR_HOPFIELD_FILE'
  | 'ERR_HOPFIELD_BACKEND'
  | 'ERR_HOPFIELD_MEMORY'
  | 'ERR_HOPFIELD_OVERLOADED'
  | 'ERR_HOPFIELD_CLOSED'
  | 'ERR_HOPFIELD_BUSY'

/**
 * The error class of this package; docs/errors.md has every code, when it is thrown and what to do. `code` is stable; the message names the argument, what was expected and what was given.
 */
export class HopfieldError extends Error {
  readonly code: HopfieldErrorCode

  constructor(code: HopfieldErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HopfieldError'
    this.code = code
  }
}

/**
 * An error of this package with the method that was called before its message. A failed allocation becomes one; any other error, such as
 * one thrown by the caller's code, stays as it is.
 */
export function within(method: string, error: unknown): unknown {
  if (isOutOfMemory(error)) {
    return new HopfieldError(
      'ERR_HOPFIELD_MEMORY',
      `${method}: could not allocate memory: ${error.message}`,
      {
        cause: error,
      },
    )
  }
  if (!(error instanceof HopfieldError) || error.message.startsWith(`${method}: `)) return error
  const options = error.cause === undefined ? undefined : { cause: error.cause }
  return new HopfieldError(error.code, `${method}: ${error.message}`, options)
}

/** Errors of what runs, with the method before them. */
export function under<T>(method: string, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw within(method, error)
  }
}

/** V8's errors where an array does not fit. */
function isOutOfMemory(error: unknown): error is RangeError {
  return (
    error instanceof RangeError &&
    /allocation failed|Invalid typed array length|Invalid array (buffer )?length/.test(error.message)
  )
}

/** A short description of a value, for the end of an error message. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `${JSON.stringify(value.slice(0, 37))}…` : JSON.stringify(value)
    case 'bigint': {
      const digits = String(value)
      return digits.length > 40 ? `${digits.slice(0, 37)}…n` : `${digits}n`
    }
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object':
      return describeObject(value as object)
    default:
      return String(value)
  }
}

/** Looking at an object may run its code, which may throw; the error that is being made matters more. */
function describeObject(value: object): string {
  if (isRevoked(value)) return 'a revoked Proxy'
  try {
    const given: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name
    const name = typeof given === 'string' ? given.slice(0, 40) : 'object'
    const length = (value as { length?: unknown }).length
    return typeof length === 'number' ? `${name}(${length})` : `an object of class ${name}`
  } catch {
    return 'an object'
  }
}

/** Whether a value is a Proxy that was revoked, at which every look throws. */
export function isRevoked(value: unknown): boolean {
  try {
    Array.isArray(value)
    return false
  } catch {
    return true
  }
}

/** Turns the RangeError of a failed allocation into a HopfieldError that names the size. */
export function allocate<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new HopfieldError('ERR_HOPFIELD_MEMORY', `${what}: could not allocate ${bytes} bytes`, { cause })
  }
}

/** Memory that is not zeroed: the caller must write every byte before any is read. Zeroing would double the cost. */
export function uninitialised(what: string, bytes: number): ArrayBuffer {
  // The system zeroes large blocks at no cost, and a Buffer has a smaller maximum size than an ArrayBuffer.
  if (bytes > 2 ** 30) return allocate(what, bytes, () => new ArrayBuffer(bytes))
  return allocate(what, bytes, () => allocateUnsafe(bytes))
}

/** The error of what the entry `hopfield-native/classic` does not have; files in folders `classic` throw it. */
export function leftOut(what: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    `${what}: hopfield-native/classic is without it; import HopfieldNetwork from 'hopfield-native'`,
  )
}
