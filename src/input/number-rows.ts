import { allocate, describe, HopfieldError } from '../errors.js'
import { transferred } from './spins.js'
import { isTransferred, plainArray, type TypedClass } from './typed-arrays.js'
import { element, isArrayLike, lengthOf } from './validate.js'

/** Numbers looked at in one step; an array-like of someone's making may take 100 ns for each. */
const STEP = 2 ** 14

/** Which numbers are wanted, and in what. */
export interface NumberForm<Numbers extends Float32Array | Float64Array> {
  /** What a row is called. */
  readonly noun: string
  readonly make: TypedClass<Numbers>
  /** Whether an array of that kind is taken as it is; otherwise it is copied. */
  readonly asItIs: boolean
  accepts(x: number): boolean
  /** What is accepted, for the end of 'expected …'. */
  readonly wanted: string
}

/** Rows of numbers from outside. */
export interface NumberRows<Numbers> {
  readonly count: number
  /** count × width, row-major. */
  readonly data: Numbers
}

/**
 * Any number of rows, flat or nested.
 * Throws HopfieldError ERR_HOPFIELD_TYPE, _SHAPE or _VALUE naming `name` and the first offender.
 */
export function readNumberRows<Numbers extends Float32Array | Float64Array>(
  name: string,
  given: unknown,
  width: number,
  form: NumberForm<Numbers>,
): NumberRows<Numbers> {
  if (isTransferred(given)) throw transferred(name)
  const asItIs = form.asItIs ? plainArray(given, form.make) : undefined
  const length = asItIs === undefined ? lengthOf(given) : asItIs.length
  if (length < 0) throw noRows(name, given, width, form)
  const values = asItIs ?? (given as ArrayLike<unknown>)
  if (asItIs === undefined && length > 0 && isArrayLike(values[0])) {
    const data = room(name, length * width, form)
    for (let b = 0; b < length; b++) {
      const row = `${name}[${b}]`
      copy(row, checkRow(row, values[b], width), width, form, data, b * width)
    }
    return { count: length, data }
  }
  if (length % width !== 0) throw noMultiple(name, width, length)
  return { count: length / width, data: numbers(name, values, asItIs, length, form) }
}

/** The same in small steps; always a copy. */
export function* readingNumberRows<Numbers extends Float32Array | Float64Array>(
  name: string,
  given: unknown,
  width: number,
  form: NumberForm<Numbers>,
): Generator<void, NumberRows<Numbers>> {
  if (isTransferred(given)) throw transferred(name)
  const length = lengthOf(given)
  if (length < 0) throw noRows(name, given, width, form)
  const values = given as ArrayLike<unknown>
  const nested = length > 0 && isArrayLike(values[0])
  if (!nested && length % width !== 0) throw noMultiple(name, width, length)
  const count = nested ? length : length / width
  const data = room(name, count * width, form)
  // Flat numbers are one long row.
  const size = nested ? width : length
  for (let b = 0; b * size < data.length; b++) {
    const own = nested ? `${name}[${b}]` : name
    const row = nested ? checkRow(own, values[b], width) : values
    for (let begin = 0; begin < size; begin += STEP) {
      copy(own, row, Math.min(begin + STEP, size), form, data, b * size, begin)
      yield
    }
  }
  return { count, data }
}

/** Exactly one row. */
export function readNumberRow<Numbers extends Float32Array | Float64Array>(
  name: string,
  given: unknown,
  width: number,
  form: NumberForm<Numbers>,
): Numbers {
  const values = checkRow(name, given, width)
  return numbers(name, values, form.asItIs ? plainArray(values, form.make) : undefined, width, form)
}

/** Rows of which there is at least one: there is no mean of none. */
export function someRows<Rows extends NumberRows<unknown>>(name: string, rows: Rows): Rows {
  if (rows.count > 0) return rows
  throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected at least one row, got 0`)
}

/** The numbers of rows of which there is one. */
export function onlyRow<Numbers>(name: string, { data, count }: NumberRows<Numbers>, width: number): Numbers {
  if (count === 1) return data
  throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected one row of ${width} numbers, got ${count}`)
}

/** Flat numbers: the array itself where there is one that is taken as it is, otherwise a copy. */
function numbers<Numbers extends Float32Array | Float64Array>(
  name: string,
  values: ArrayLike<unknown>,
  asItIs: Numbers | undefined,
  length: number,
  form: NumberForm<Numbers>,
): Numbers {
  if (asItIs !== undefined && asItIs.length === length) {
    for (let k = 0; k < length; k++) if (!form.accepts(asItIs[k])) throw refused(name, k, form, asItIs[k])
    return asItIs
  }
  const data = room(name, length, form)
  copy(name, values, length, form, data, 0)
  return data
}

function checkRow(name: string, given: unknown, width: number): ArrayLike<unknown> {
  if (isTransferred(given)) throw transferred(name)
  const length = lengthOf(given)
  if (length < 0 || isArrayLike((given as ArrayLike<unknown>)[0])) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected ${width} numbers, got ${describe(given)}`)
  }
  if (length !== width) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${width} numbers, got ${length}`)
  }
  return given as ArrayLike<unknown>
}

function copy<Numbers extends Float32Array | Float64Array>(
  name: string,
  from: ArrayLike<unknown>,
  length: number,
  form: NumberForm<Numbers>,
  to: Numbers,
  at: number,
  begin = 0,
): void {
  for (let k = begin; k < length; k++) {
    const x = element(from, k)
    if (typeof x !== 'number' || !form.accepts(x)) throw refused(name, k, form, x)
    to[at + k] = x
  }
}

function noRows(
  name: string,
  given: unknown,
  width: number,
  { noun }: { readonly noun: string },
): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${name}: expected ${noun} of ${width} numbers, got ${describe(given)}`,
  )
}

function noMultiple(name: string, width: number, length: number): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_SHAPE',
    `${name}: expected a multiple of ${width} numbers, got ${length}`,
  )
}

function refused(name: string, index: number, { wanted }: { wanted: string }, x: unknown): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${index}]: expected ${wanted}, got ${describe(x)}`)
}

function room<Numbers extends Float32Array | Float64Array>(
  name: string,
  length: number,
  { make }: NumberForm<Numbers>,
): Numbers {
  const bytes = length * make.BYTES_PER_ELEMENT
  return allocate(name, bytes, () => new make(length))
}
