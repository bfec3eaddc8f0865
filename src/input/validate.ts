import { describe, HopfieldError, isRevoked } from '../errors.js'
import { inheritsTyped, typedLength } from './typed-arrays.js'

/**
 * Whether a value is an object without a class, of any realm: a literal, or one without prototype. A Map, a Promise or an instance of a
 * class would pass for an object without options.
 */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== 'object' || isRevoked(value) || Array.isArray(value)) return false
  const prototype: object | null = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null
}

/** The properties that an object has itself, each read once: what others have added to Object.prototype is not the caller's. */
export function ownProperties(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const own: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value)) own[key] = value[key]
  return own
}

export function checkInteger(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected an integer, got ${describe(value)}`)
  }
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: expected an integer from ${least} to ${most}, got ${value}`,
    )
  }
  return value
}

/** Checks the index of one of `length` patterns. */
export function checkIndex(name: string, value: unknown, length: number): number {
  if (typeof value === 'number' && length === 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: no patterns are stored, got ${value}; call store() first`,
    )
  }
  return checkInteger(name, value, 0, length - 1)
}

export function checkNumber(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== 'number') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a number, got ${describe(value)}`)
  }
  if (!(value >= least && value <= most)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_RANGE',
      `${name}: expected a number from ${least} to ${most}, got ${value}`,
    )
  }
  return value
}

export function checkFraction(name: string, value: unknown): number {
  return checkNumber(name, value, 0, 1)
}

export function checkFunction<F>(name: string, value: unknown): F {
  if (typeof value === 'function') return value as F
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a function, got ${describe(value)}`)
}

export function checkBoolean(name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected true or false, got ${describe(value)}`)
  }
  return value
}

export function checkChoice<T extends string>(name: string, value: unknown, choices: readonly T[]): T {
  if (!choices.includes(value as T)) {
    const list = choices.map((choice) => `'${choice}'`).join(', ')
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `${name}: expected one of ${list}, got ${describe(value)}`)
  }
  return value as T
}

/** Whether a value has a length and indices: typed arrays, arrays, arguments; not strings. */
export function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return lengthOf(value) >= 0
}

/** The length of what has a length and indices, read once; −1 of anything else. */
export function lengthOf(value: unknown): number {
  if (value === null || typeof value !== 'object' || isRevoked(value)) return -1
  const length: unknown = typedLength(value) ?? ownLength(value)
  return Number.isInteger(length) ? (length as number) : -1
}

function ownLength(value: object): unknown {
  try {
    return (value as { length?: unknown }).length
  } catch (error) {
    // A Proxy of a typed array that hands on everything: the array's own getters refuse it.
    if (inheritsTyped(value)) return undefined
    throw error
  }
}

export function checkLength(name: string, value: unknown, length: number): ArrayLike<unknown> {
  const own = lengthOf(value)
  if (own < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of ${length} values, got ${describe(value)}`,
    )
  }
  if (own !== length) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${length} values, got ${own}`)
  }
  return value as ArrayLike<unknown>
}

/**
 * One value of an array from outside. NumPy's default integers come as bigints, which are numbers here where f64 holds them; any other
 * bigint stays one, and is refused as what it is.
 */
export function element(values: ArrayLike<unknown>, index: number): unknown {
  const value = values[index]
  if (typeof value !== 'bigint') return value
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** N finite numbers as f64; a copy, because the caller's code may run before they are used. */
export function checkReals(name: string, value: unknown, length: number): Float64Array {
  const given = checkLength(name, value, length)
  const reals = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    const x = element(given, i)
    if (typeof x !== 'number' || !Number.isFinite(x)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `${name}[${i}]: expected a finite number, got ${describe(x)}`,
      )
    }
    reals[i] = x
  }
  return reals
}

const TWO_32 = 2 ** 32

/** A 64-bit seed, given as an unsigned safe integer or bigint, as two words [low, high]. */
export function seedWords(seed: unknown, name = 'seed'): readonly [low: number, high: number] {
  if (typeof seed === 'number') {
    checkInteger(name, seed, 0, Number.MAX_SAFE_INTEGER)
    return [seed >>> 0, Math.floor(seed / TWO_32)]
  }
  if (typeof seed === 'bigint') {
    if (seed < 0n || seed >= 1n << 64n) {
      throw new HopfieldError('ERR_HOPFIELD_RANGE', `${name}: expected 0 to 2^64 - 1, got ${seed}n`)
    }
    return [Number(seed & 0xffffffffn), Number(seed >> 32n)]
  }
  throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a number or bigint, got ${describe(seed)}`)
}
