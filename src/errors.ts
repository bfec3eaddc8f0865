import { allocateUnsafe } from './platform/node.js'

/** Every code a {@link HopfieldError} can carry. Codes are stable; messages are for people. */
export type HopfieldErrorCode =
  | 'ERR_HOPFIELD_TYPE'
  | 'ERR_HOPFIELD_SHAPE'
  | 'ERR_HOPFIELD_VALUE'
  | 'ERR_HOPFIELD_RANGE'
  | 'ERR_HOPFIELD_OPTION'
  | 'ERR_HOPFIELD_DEPENDENT'
  | 'ERR_HOPFIELD_FORMAT'
  | 'ERR_HOPFIELD_BACKEND'
  | 'ERR_HOPFIELD_MEMORY'
  | 'ERR_HOPFIELD_OVERLOADED'
  | 'ERR_HOPFIELD_CLOSED'

/** The one error class of the package: a stable `code`, and a message that names the argument and what was wrong. */
export class HopfieldError extends Error {
  readonly code: HopfieldErrorCode

  constructor(code: HopfieldErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HopfieldError'
    this.code = code
  }
}

/** A short rendering of whatever came, for the end of a message. */
export function describe(value: unknown): string {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'string':
      return value.length > 40 ? `${JSON.stringify(value.slice(0, 37))}…` : JSON.stringify(value)
    case 'bigint':
      return `${value}n`
    case 'function':
      return 'a function'
    case 'symbol':
      return 'a symbol'
    case 'object': {
      const name = (value as object).constructor?.name ?? 'object'
      const length = (value as { length?: unknown }).length
      return typeof length === 'number' ? `${name}(${length})` : `an object of class ${name}`
    }
    default:
      return String(value)
  }
}

/** Node and browsers report a failed allocation as a RangeError; users get a code and the size instead. */
export function allocate<T>(what: string, bytes: number, make: () => T): T {
  try {
    return make()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new HopfieldError('ERR_HOPFIELD_MEMORY', `${what}: could not allocate ${bytes} bytes`, { cause })
  }
}

/** Bytes that whoever asks overwrites to the last one before anybody sees them: zeroing them first would cost as much again. */
export function uninitialised(what: string, bytes: number): ArrayBuffer {
  // Large ones come from the system as zeros for nothing, and a Buffer may not be as large as an array.
  if (bytes > 2 ** 30) return allocate(what, bytes, () => new ArrayBuffer(bytes))
  return allocate(what, bytes, () => allocateUnsafe(bytes))
}
