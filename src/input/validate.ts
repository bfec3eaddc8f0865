import { describe, HopfieldError } from '../errors.js'

/** Refuses anything but an options object, and unknown names, so that a misspelt option is an error. */
export function checkOptions(where: string, options: unknown, known: readonly string[]): void {
  if (options === undefined) return
  if (options === null || typeof options !== 'object' || Array.isArray(options)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${where}: expected an options object, got ${describe(options)}`,
    )
  }
  for (const key in options) {
    if (!known.includes(key)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_OPTION',
        `${where}: unknown option ${JSON.stringify(key)}; known: ${known.join(', ')}`,
      )
    }
  }
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
  return (
    value !== null &&
    typeof value === 'object' &&
    Number.isInteger((value as { length?: unknown }).length) &&
    (value as { length: number }).length >= 0
  )
}

export function checkLength(name: string, value: unknown, length: number): ArrayLike<unknown> {
  if (!isArrayLike(value)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of ${length} values, got ${describe(value)}`,
    )
  }
  if (value.length !== length) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${length} values, got ${value.length}`)
  }
  return value
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
