import { allocate, describe, HopfieldError } from '../errors.js'
import { type Apart, apartOf, apart as apartOption } from './options.js'
import { checkPacked, isPacked, type PackedPatterns } from './packed-patterns.js'
import { transferred } from './spins.js'
import {
  type Float32s,
  type Float64s,
  type Int8s,
  isFixed,
  isPristine,
  isTransferred,
  isTyped,
  plainArray,
  type Typed,
  type TypedClass,
  typedLength,
  type Uint8s,
} from './typed-arrays.js'

/** What it takes; an interface each, because types of results have no name in TypeScript 5.6. */
export interface IntoSpins extends Apart<Int8s> {}
export interface IntoPacked extends Apart<Int8s | PackedPatterns> {}
export interface IntoSingles extends Apart<Float32s> {}
export interface IntoDoubles extends Apart<Float64s> {}
export interface IntoBits extends Apart<Uint8s> {}
export interface IntoPackedBits extends Apart<Uint8s | PackedPatterns> {}
export interface IntoPair extends Apart<{ x?: Int8s; y?: Int8s }> {}
export interface IntoPairs extends Apart<{ xs?: Int8s | PackedPatterns; ys?: Int8s | PackedPatterns }> {}

/** The option `out`. */
export const into = <States extends Apart<unknown>>() => ({
  /**
   * An array that the final states are written into, in place of a new one: it is `state`, or `states`, of the result. It has their type and
   * length, and may be the cue or overlap it. If the call throws, nothing was written. Of recalls that compute here and now.
   */
  out: apartOption<States>(),
})

/** What a call was given for the option `out`. */
export interface Into {
  /** The argument, for errors. */
  readonly name: string
  readonly out: unknown
}

/** Where final states go: a new array, or the caller's. */
export interface Room<Given, Plain> {
  /** What the result has. */
  readonly given: Given
  /** The same memory as an array whose class is ours. */
  readonly plain: Plain
  /** Refuses memory that is no longer there: reading other arguments may have run the caller's code. */
  check(): void
}

/** What is given for `out` in options that a schema has read. */
export function outOf(options: unknown): unknown {
  return apartOf(options, 'out')
}

/** The same with the name of the argument. */
export function intoOf(method: string, options: unknown): Into | undefined {
  const out = outOf(options)
  return out === undefined ? undefined : { name: `${method}: out`, out }
}

/** The end of an error where a method takes no `out`: its results are nobody else's until they are there. */
export const NO_OUT = {
  out: 'only recalls that compute here and now write into arrays of the caller; leave it out, or use recallBatch',
}

/** Room for `length` numbers of a class. Throws HopfieldError ERR_HOPFIELD_TYPE or _SHAPE naming `out`. */
export function roomFor<T extends Typed>(
  into: Into | undefined,
  Class: TypedClass<T>,
  length: number,
): Room<T, T> {
  if (into === undefined) {
    return fresh(allocate('states', length * Class.BYTES_PER_ELEMENT, () => new Class(length)))
  }
  const { name, out } = into
  const plain = checkOut(name, out, Class, length)
  return { given: out as T, plain, check: () => void checkOut(name, out, Class, length) }
}

/** Room for packed states. */
export function packedRoomFor(
  { name, out }: Into,
  neurons: number,
  count: number,
): Room<PackedPatterns, Uint32Array> {
  const check = (): Uint32Array => checkPackedOut(name, out, neurons, count)
  return { given: out as PackedPatterns, plain: check(), check: () => void check() }
}

/** Room that is nobody else's. */
export function fresh<Given, Plain = Given>(
  plain: Plain,
  given = plain as unknown as Given,
): Room<Given, Plain> {
  return { given, plain, check() {} }
}

/** Room for one state at a time. In a loop it is the same each time, unless its buffer was transferred. */
export class LoneRoom {
  readonly #name: string
  readonly #length: number
  #given: unknown
  #plain = new Int8Array(0)

  constructor(name: string, length: number) {
    this.#name = name
    this.#length = length
  }

  /** What the caller gave, as an array whose class is ours. */
  of(out: unknown): Int8Array {
    if (out === this.#given && typedLength(this.#plain) === this.#length) return this.#plain
    const plain = checkOut(this.#name, out, Int8Array, this.#length)
    if (plain.buffer.byteLength <= 4096) {
      this.#given = out
      this.#plain = plain as Int8Array<ArrayBuffer>
    }
    return plain
  }
}

/** An array that results may be written into, as an array of exactly this class. Throws HopfieldError naming `name`. */
export function checkOut<T extends Typed>(
  name: string,
  out: unknown,
  Class: TypedClass<T>,
  length: number,
): T {
  if (!isTyped(out, Class)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected ${Class.name.startsWith('I') ? 'an' : 'a'} ${Class.name} of ${length} values to write into, got ${describe(out)}`,
    )
  }
  if (typedLength(out as Typed) !== length || (length === 0 && isTransferred(out))) {
    if (isTransferred(out)) throw transferred(name)
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected ${length} values, got ${typedLength(out as Typed)}`,
    )
  }
  if (!isFixed(out)) throw resizable(name)
  return isPristine(out, Class) ? out : (plainArray(out, Class) as T)
}

function checkPackedOut(name: string, out: unknown, neurons: number, count: number): Uint32Array {
  if (!isPacked(out)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected PackedPatterns of ${count} states to write into, got ${describe(out)}`,
    )
  }
  const { words, count: own } = checkPacked(name, out, neurons)
  if (own !== count) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${count} states, got ${own}`)
  }
  if (!isFixed(words)) throw resizable(name)
  return words
}

/** Refuses memory for two results that is partly the same. */
export function apart(name: string, a: Typed, other: string, b: Typed): void {
  const same = a.buffer === b.buffer
  if (!same || a.byteOffset + a.byteLength <= b.byteOffset || b.byteOffset + b.byteLength <= a.byteOffset)
    return
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected memory that ${other} has no part of`)
}

function resizable(name: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_TYPE',
    `${name}: expected an array whose buffer keeps its length, got one of a buffer that may be resized`,
  )
}
