import { allocate, describe, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { isTransferred, isTyped, plainArray, type Typed, typedLength } from './typed-arrays.js'
import { element, isArrayLike, lengthOf } from './validate.js'

/** N beyond this would overflow the 32-bit overlaps with room to spare. */
export const MAX_NEURONS: number = 2 ** 30

/** States that came from outside, checked for shape. Values of bytes are checked where they are packed. */
export interface StateSource {
  readonly count: number
  /** What a kernel takes: count × N bytes, or count × R words. */
  readonly data: Int8Array | Uint32Array
  /** Into count × R words of `rows` with clean padding. Throws on the first value that is not ±1. */
  packInto(kernels: Kernels, rows: Uint32Array): void
  /** The error for the value at flat index `offender`. */
  invalid(offender: number): HopfieldError
}

export class ByteStates implements StateSource {
  readonly count: number
  readonly data: Int8Array
  readonly #name: string
  readonly #neurons: number
  readonly #nested: boolean

  constructor(
    name: string,
    data: Int8Array,
    neurons: number,
    nested: boolean,
    count = typedLength(data) / neurons,
  ) {
    this.#name = name
    this.data = data
    this.#neurons = neurons
    this.#nested = nested
    this.count = count
  }

  packInto(kernels: Kernels, rows: Uint32Array): void {
    if (typedLength(this.data) !== this.count * this.#neurons) throw transferred(this.#name, this.data)
    const offender = kernels.pack(this.data, this.count, this.#neurons, rows)
    if (offender >= 0) throw this.invalid(offender)
  }

  invalid(offender: number): HopfieldError {
    return notASpin(this.#name, offender, this.#neurons, this.#nested, this.data[offender])
  }
}

/** The error for a value that is no spin. */
export function notASpin(
  name: string,
  index: number,
  neurons: number,
  nested: boolean,
  value: unknown,
): HopfieldError {
  const place = nested ? `[${Math.floor(index / neurons)}][${index % neurons}]` : `[${index}]`
  const hint = value === 0 || typeof value === 'boolean' ? '; bipolar() converts 0/1 and true/false' : ''
  return new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    `${name}${place}: expected +1 or -1, got ${describe(value)}${hint}`,
  )
}

/** The error for an array that is no longer what it was at the first look: its buffer was transferred, or has shrunk. */
export function transferred(name: string, array?: ArrayBufferView): HopfieldError {
  const what = array !== undefined && !isTransferred(array) ? 'resized' : 'transferred'
  return new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: the buffer of this array was ${what}; pass a copy`)
}

/** Refuses an array that is no longer as long as it was at the first look. Reading it may have run the caller's code, or turns of the event loop. */
export function checkLasting(name: string, array: ArrayLike<unknown>, length: number): void {
  const now = lengthOf(array)
  if (now === length) return
  if (typedLength(array) !== undefined) throw transferred(name, array as unknown as ArrayBufferView)
  throw new HopfieldError(
    'ERR_HOPFIELD_SHAPE',
    `${name}: expected an array that does not change during the call; its length was ${length} and is now ${now}`,
  )
}

/**
 * A part of a caller's array. Compiled code was seen to take an array whose buffer had been transferred for as long as it was, so the view
 * itself is asked too.
 */
export function partOf<T extends Typed>(name: string, array: T, from: number, to: number): T {
  try {
    return array.subarray(from, to) as T
  } catch {
    throw transferred(name, array)
  }
}

/** Arrays of ±1, flat or nested, whose shape is right as far as one look tells. */
export interface Spins {
  readonly input: ArrayLike<unknown>
  readonly nested: boolean
  /** States. */
  readonly count: number
}

/** One look at what should be states. Throws HopfieldError naming `name` where the shape is wrong. */
export function lookAtSpins(name: string, input: unknown, neurons: number): Spins {
  if (isTransferred(input)) throw transferred(name)
  const bytes = plainArray(input, Int8Array)
  const length = bytes === undefined ? lengthOf(input) : bytes.length
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected states of ${neurons} values, each +1 or -1, got ${describe(input)}`,
    )
  }
  const values = bytes ?? (input as ArrayLike<unknown>)
  if (bytes === undefined && length > 0 && isArrayLike(values[0])) {
    return { input: values, nested: true, count: length }
  }
  if (length % neurons !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected a multiple of ${neurons} values, got ${length}`,
    )
  }
  return { input: values, nested: false, count: length / neurons }
}

/** States as arrays of ±1, flat or nested. Throws HopfieldError naming `name` where the shape is wrong. */
export function readSpins(name: string, given: unknown, neurons: number): ByteStates {
  const { input, nested, count } = lookAtSpins(name, given, neurons)
  if (isTyped(input, Int8Array) && !nested) return new ByteStates(name, input, neurons, false)
  const size = count * neurons
  const bytes = allocate(name, size, () => new Int8Array(size))
  if (!nested) copySpins(name, input, size, neurons, false, 0, bytes)
  else {
    for (let b = 0; b < count; b++) {
      copySpins(name, checkState(name, input[b], b, neurons), neurons, neurons, true, b * neurons, bytes)
    }
  }
  return new ByteStates(name, bytes, neurons, nested)
}

/** State b of an array of states, if it is one. */
export function checkState(name: string, state: unknown, b: number, neurons: number): ArrayLike<unknown> {
  if (isTransferred(state)) throw transferred(`${name}[${b}]`)
  const length = lengthOf(state)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}[${b}]: expected ${neurons} values, got ${describe(state)}`,
    )
  }
  if (length !== neurons) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}[${b}]: expected ${neurons} values, got ${length}`)
  }
  return state as ArrayLike<unknown>
}

/** Checked before it is narrowed to a byte: 257 would become 1. */
function copySpins(
  name: string,
  from: ArrayLike<unknown>,
  length: number,
  neurons: number,
  nested: boolean,
  at: number,
  bytes: Int8Array,
): void {
  for (let i = 0; i < length; i++) {
    const value = element(from, i)
    if (value !== 1 && value !== -1) throw notASpin(name, at + i, neurons, nested, value)
    bytes[at + i] = value
  }
}
