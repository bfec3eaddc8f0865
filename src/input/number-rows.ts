import { allocate, describe, HopfieldError } from '../errors.js'
import { isDetached, transferred } from './spins.js'
import { element, isArrayLike } from './validate.js'

/** Which numbers are wanted, and in what. */
export interface NumberForm<Numbers extends Float32Array | Float64Array> {
  /** What a row is called. */
  readonly noun: string
  readonly make: new (length: number) => Numbers
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
  if (!isArrayLike(given)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected ${form.noun} of ${width} numbers, got ${describe(given)}`,
    )
  }
  if (ArrayBuffer.isView(given) && isDetached(given.buffer)) throw transferred(name)
  const { length } = given
  if (length > 0 && isArrayLike(given[0])) {
    const data = room(name, length * width, form)
    for (let b = 0; b < length; b++) {
      copy(`${name}[${b}]`, checkRow(`${name}[${b}]`, given[b], width), form, data, b * width)
    }
    return { count: length, data }
  }
  if (length % width !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected a multiple of ${width} numbers, got ${length}`,
    )
  }
  const count = length / width
  if (form.asItIs && given instanceof form.make) {
    for (let k = 0; k < length; k++) if (!form.accepts(given[k])) throw refused(name, k, form, given[k])
    return { count, data: given }
  }
  const data = room(name, length, form)
  copy(name, given, form, data, 0)
  return { count, data }
}

/** Exactly one row. */
export function readNumberRow<Numbers extends Float32Array | Float64Array>(
  name: string,
  given: unknown,
  width: number,
  form: NumberForm<Numbers>,
): Numbers {
  return readNumberRows(name, checkRow(name, given, width), width, form).data
}

function checkRow(name: string, given: unknown, width: number): ArrayLike<unknown> {
  if (!isArrayLike(given) || isArrayLike(given[0])) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected ${width} numbers, got ${describe(given)}`)
  }
  if (ArrayBuffer.isView(given) && isDetached(given.buffer)) throw transferred(name)
  if (given.length !== width) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${width} numbers, got ${given.length}`)
  }
  return given
}

function copy<Numbers extends Float32Array | Float64Array>(
  name: string,
  from: ArrayLike<unknown>,
  form: NumberForm<Numbers>,
  to: Numbers,
  at: number,
): void {
  for (let k = 0; k < from.length; k++) {
    const x = element(from, k)
    if (typeof x !== 'number' || !form.accepts(x)) throw refused(name, k, form, x)
    to[at + k] = x
  }
}

function refused(name: string, index: number, { wanted }: { wanted: string }, x: unknown): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}[${index}]: expected ${wanted}, got ${describe(x)}`)
}

function room<Numbers extends Float32Array | Float64Array>(
  name: string,
  length: number,
  { make }: NumberForm<Numbers>,
): Numbers {
  const bytes = length * (make as unknown as { BYTES_PER_ELEMENT: number }).BYTES_PER_ELEMENT
  return allocate(name, bytes, () => new make(length))
}
