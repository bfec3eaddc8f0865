import { allocate, describe, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { element, isArrayLike } from './validate.js'

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

  constructor(name: string, data: Int8Array, neurons: number, nested: boolean) {
    this.#name = name
    this.data = data
    this.#neurons = neurons
    this.#nested = nested
    this.count = data.length / neurons
  }

  packInto(kernels: Kernels, rows: Uint32Array): void {
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
  return new HopfieldError('ERR_HOPFIELD_VALUE', `${name}${place}: expected +1 or -1, got ${describe(value)}`)
}

/** The error for an array whose buffer was transferred. */
export function transferred(name: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_SHAPE',
    `${name}: the buffer of this array was transferred; pass a copy`,
  )
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
  if (!isArrayLike(input)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected states of ${neurons} values, each +1 or -1, got ${describe(input)}`,
    )
  }
  if (ArrayBuffer.isView(input) && isDetached(input.buffer)) throw transferred(name)
  const { length } = input
  if (length > 0 && isArrayLike(input[0])) return { input, nested: true, count: length }
  if (length % neurons !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected a multiple of ${neurons} values, got ${length}`,
    )
  }
  return { input, nested: false, count: length / neurons }
}

/** States as arrays of ±1, flat or nested. Throws HopfieldError naming `name` where the shape is wrong. */
export function readSpins(name: string, given: unknown, neurons: number): ByteStates {
  const { input, nested, count } = lookAtSpins(name, given, neurons)
  if (input instanceof Int8Array && !nested) return new ByteStates(name, input, neurons, false)
  const size = count * neurons
  const bytes = allocate(name, size, () => new Int8Array(size))
  if (!nested) copySpins(name, input, neurons, false, 0, bytes)
  else {
    for (let b = 0; b < count; b++) {
      copySpins(name, checkState(name, input[b], b, neurons), neurons, true, b * neurons, bytes)
    }
  }
  return new ByteStates(name, bytes, neurons, nested)
}

/** A transferred buffer looks empty; only making a view of it tells (ArrayBuffer.detached came with Node 21). */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength !== 0) return false
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/** State b of an array of states, if it is one. */
export function checkState(name: string, state: unknown, b: number, neurons: number): ArrayLike<unknown> {
  if (!isArrayLike(state)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}[${b}]: expected ${neurons} values, got ${describe(state)}`,
    )
  }
  if (state.length !== neurons) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}[${b}]: expected ${neurons} values, got ${state.length}`,
    )
  }
  return state
}

/** Checked before it is narrowed to a byte: 257 would become 1. */
function copySpins(
  name: string,
  from: ArrayLike<unknown>,
  neurons: number,
  nested: boolean,
  at: number,
  bytes: Int8Array,
): void {
  for (let i = 0; i < from.length; i++) {
    const value = element(from, i)
    if (value !== 1 && value !== -1) throw notASpin(name, at + i, neurons, nested, value)
    bytes[at + i] = value
  }
}
