import { allocate, describe, HopfieldError } from '../errors.js'
import { checkLasting, partOf, transferred } from './spins.js'
import { isTransferred, plainArray, type TypedClass } from './typed-arrays.js'
import { element, isArrayLike, lengthOf } from './validate.js'

/** Numbers looked at in one step; an array-like of someone's making may take 100 ns for each. */
const STEP = 2 ** 14

/** So many numbers are copied one by one before views of them pay. */
const FEW = 512

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
  const own = form.asItIs ? plainArray(given, form.make) : undefined
  if (own !== undefined) {
    if (own.length % width !== 0) throw noMultiple(name, width, own.length)
    checkNumbers(name, own, 0, own.length, form)
    return { count: own.length / width, data: own }
  }
  const { values, nested, count } = look(name, given, width, form)
  const data = room(name, count * width, form)
  if (!nested) copy(name, values, 0, data.length, form, data, 0)
  for (let b = 0; nested && b < count; b++) {
    const row = `${name}[${b}]`
    copy(row, checkRow(row, values[b], width), 0, width, form, data, b * width)
  }
  return { count, data }
}

/**
 * The same in small steps; always a copy, of which each number is checked. Few rows take one step. What one look tells of the shape is
 * refused at the call; steps throw HopfieldError ERR_HOPFIELD_SHAPE if an array is no longer as long as it was then.
 */
export function readingNumberRows<Numbers extends Float32Array | Float64Array>(
  name: string,
  given: unknown,
  width: number,
  form: NumberForm<Numbers>,
): Generator<void, NumberRows<Numbers>> {
  return reading(name, look(name, given, width, form), width, form)
}

/** What one look tells of rows. */
interface Look {
  readonly values: ArrayLike<unknown>
  /** Whether each row is an array. */
  readonly nested: boolean
  readonly count: number
}

function look(name: string, given: unknown, width: number, form: { readonly noun: string }): Look {
  if (isTransferred(given)) throw transferred(name)
  const length = lengthOf(given)
  if (length < 0) throw noRows(name, given, width, form)
  const values = given as ArrayLike<unknown>
  const nested = length > 0 && isArrayLike(values[0])
  if (!nested && length % width !== 0) throw noMultiple(name, width, length)
  return { values, nested, count: nested ? length : length / width }
}

function* reading<Numbers extends Float32Array | Float64Array>(
  name: string,
  { values, nested, count }: Look,
  width: number,
  form: NumberForm<Numbers>,
): Generator<void, NumberRows<Numbers>> {
  const length = nested ? count : count * width
  checkLasting(name, values, length)
  const data = room(name, count * width, form)
  // Flat numbers are one long row.
  const size = nested ? width : length
  let left = STEP
  for (let b = 0; b * size < data.length; b++) {
    const own = nested ? `${name}[${b}]` : name
    const row = nested ? checkRow(own, values[b], width) : values
    for (let from = 0; from < size; ) {
      if (left === 0) {
        yield
        left = STEP
        checkLasting(name, values, length)
        if (nested) checkLasting(own, row, width)
      }
      const to = Math.min(from + left, size)
      copy(own, row, from, to, form, data, b * size)
      left -= to - from
      from = to
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
  const own = form.asItIs ? plainArray(values, form.make) : undefined
  if (own?.length === width) {
    checkNumbers(name, own, 0, width, form)
    return own
  }
  const data = room(name, width, form)
  copy(name, values, 0, width, form, data, 0)
  return data
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

/** Numbers from…to of a row, behind place `at` of the copy. */
function copy<Numbers extends Float32Array | Float64Array>(
  name: string,
  row: ArrayLike<unknown>,
  from: number,
  to: number,
  form: NumberForm<Numbers>,
  data: Numbers,
  at: number,
): void {
  const own = to - from > FEW ? plainArray(row, form.make) : undefined
  if (own !== undefined) {
    data.set(partOf(name, own, from, to), at + from)
    // The copy is looked at: other threads may write to the original.
    checkNumbers(name, data, from, to, form, at)
    return
  }
  for (let k = from; k < to; k++) {
    const x = element(row, k)
    if (typeof x !== 'number' || !form.accepts(x)) throw refused(name, k, form, x)
    data[at + k] = x
  }
}

/** Numbers from…to behind place `at`. */
function checkNumbers<Numbers extends Float32Array | Float64Array>(
  name: string,
  numbers: Numbers,
  from: number,
  to: number,
  form: NumberForm<Numbers>,
  at = 0,
): void {
  for (let k = from; k < to; k++) {
    if (!form.accepts(numbers[at + k])) throw refused(name, k, form, numbers[at + k])
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
