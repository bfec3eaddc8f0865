import { allocate, describe, HopfieldError, isRevoked } from '../errors.js'
import { sampleDistinct } from '../numerics/distinct.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { atOnce } from '../platform/turn.js'
import { type NumberForm, readingNumberRows, readNumberRow } from './number-rows.js'
import { type Given, required, Schema, seed, unread } from './options.js'
import { checkLasting, transferred } from './spins.js'
import { isTransferred, type NumbersLike, plainArray, type Uint8s } from './typed-arrays.js'
import { checkIndex, checkInteger, element, isArrayLike, lengthOf } from './validate.js'

/** One code: n values, each 0 or 1, or the indices of the active units, in any order. */
export type CodeLike = NumbersLike | { readonly active: NumbersLike }
/** Several codes: one flat array of B·n values, or an array of B codes. A single `{ active }` is one code. */
export type CodesLike = NumbersLike | ArrayLike<CodeLike> | { readonly active: NumbersLike }

const CODE: NumberForm<Float32Array> = {
  noun: 'codes',
  make: Float32Array,
  asItIs: false,
  accepts: (x) => x === 0 || x === 1,
  wanted: '0 or 1',
}

/** The active units of one code, ascending. Throws HopfieldError naming `name` and the first offender. */
export function readCode(name: string, given: unknown, units: number): Uint32Array {
  if (isByIndices(given)) return readIndices(name, given, units)
  return bytesOf(given, units) ?? activeUnits(readNumberRow(name, given, units, CODE))
}

function isByIndices(given: unknown): given is { active: unknown } {
  return !isRevoked(given) && given !== null && typeof given === 'object' && !isArrayLike(given)
}

const INDICES = new Schema({ active: unread<NumbersLike>() })

function readIndices(name: string, given: { active: unknown }, units: number): Uint32Array {
  const { active } = INDICES.readWithin(name, given)
  if (isTransferred(active)) throw transferred(`${name}.active`)
  const length = lengthOf(active)
  if (length < 0) {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}.active: expected an array, got ${describe(active)}`)
  }
  const sorted = allocate(`${name}.active`, length * 4, () => new Uint32Array(length))
  for (let k = 0; k < length; k++) {
    const unit = element(active as ArrayLike<unknown>, k)
    const good = typeof unit === 'number' && Number.isInteger(unit) && unit >= 0 && unit < units
    sorted[k] = good ? unit : checkIndex(`${name}.active[${k}]`, unit, units)
  }
  sorted.sort()
  const twice = sorted.find((unit, k) => k > 0 && unit === sorted[k - 1])
  if (twice === undefined) return sorted
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}.active: expected each unit once, got ${twice} twice`)
}

/** The common case, fast: bytes of 0 and 1. Returns undefined for anything else. */
function bytesOf(given: unknown, units: number): Uint32Array | undefined {
  const bytes = plainArray(given, Uint8Array)
  if (bytes?.length !== units) return undefined
  const active: number[] = []
  const aligned = bytes.byteOffset % 4 === 0
  // Nearly all bytes are 0, so four are read at a time.
  const fours = aligned ? new Uint32Array(bytes.buffer, bytes.byteOffset, units >>> 2) : NO_FOURS
  for (let w = 0; w < fours.length; w++) {
    if (fours[w] !== 0 && !take(bytes, 4 * w, 4 * w + 4, active)) return undefined
  }
  return take(bytes, 4 * fours.length, units, active) ? Uint32Array.from(active) : undefined
}

const NO_FOURS = new Uint32Array(0)

/** Whether bytes from…to are all 0 or 1; appends the indices of 1 to `active`. */
function take(bytes: Uint8Array, from: number, to: number, active: number[]): boolean {
  for (let i = from; i < to; i++) {
    if (bytes[i] > 1) return false
    if (bytes[i] === 1) active.push(i)
  }
  return true
}

/** Codes of a list that are looked at in one step, to see of which kind they are. */
const LOOK = 1024

/** The active units of any number of codes. */
export function readCodes(name: string, given: unknown, units: number): Uint32Array[] {
  return atOnce(readingCodes(name, given, units))
}

/** The same in steps of a code. Steps throw HopfieldError ERR_HOPFIELD_SHAPE if an array is no longer as long as it was at the call. */
export function readingCodes(name: string, given: unknown, units: number): Generator<void, Uint32Array[]> {
  if (isTransferred(given)) throw transferred(name)
  return reading(name, given, units, lengthOf(given))
}

function* reading(
  name: string,
  given: unknown,
  units: number,
  whole: number,
): Generator<void, Uint32Array[]> {
  if (whole >= 0) checkLasting(name, given as ArrayLike<unknown>, whole)
  if (isByIndices(given)) return [readIndices(name, given, units)]
  const length = !isRevoked(given) && Array.isArray(given) ? given.length : 0
  const list = given as ArrayLike<unknown>
  let indices = false
  for (let b = 0; b < length && !indices; b++) {
    indices = isByIndices(list[b])
    if (b % LOOK === LOOK - 1) yield
  }
  if (indices) return yield* each(length, (b) => readCode(`${name}[${b}]`, list[b], units))
  const bytes = plainArray(given, Uint8Array)
  if (bytes !== undefined && bytes.length > 0 && bytes.length % units === 0) {
    const codes = yield* each(bytes.length / units, (b) => {
      checkLasting(name, list, bytes.length)
      return bytesOf(bytes.subarray(b * units, (b + 1) * units), units)
    })
    if (!codes.includes(undefined)) return codes as Uint32Array[]
  }
  if (whole >= 0) checkLasting(name, list, whole)
  const { count, data } = yield* readingNumberRows(name, given, units, CODE)
  return yield* each(count, (b) => activeUnits(data.subarray(b * units, (b + 1) * units)))
}

function* each<T>(count: number, make: (index: number) => T): Generator<void, T[]> {
  const made: T[] = []
  for (let b = 0; b < count; b++) {
    made.push(make(b))
    yield
  }
  return made
}

function activeUnits(code: Float32Array): Uint32Array {
  const active: number[] = []
  for (let i = 0; i < code.length; i++) if (code[i] === 1) active.push(i)
  return Uint32Array.from(active)
}

const RANDOM = {
  /** How many codes. */
  count: required<number>((name, value) => checkInteger(name, value, 0, 2 ** 32)),
  /** n, units per code. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, 2 ** 30)),
  /** k, active units per code. */
  active: required<number, unknown>((name, value) => checkInteger(name, value, 0, 2 ** 30)),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
}
const SCHEMA = new Schema(RANDOM)

export interface RandomCodesOptions extends Given<typeof RANDOM> {}

/**
 * Independent random codes with exactly k of n units active. Code μ depends only on the seed, n, k and μ.
 *
 * @returns Uint8Array of count·n values 0 or 1, row-major.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the option; ERR_HOPFIELD_MEMORY if it does not fit.
 */
export function randomCodes(options: RandomCodesOptions): Uint8s {
  const { count, neurons, active: given, seed } = SCHEMA.read('randomCodes', options)
  const active = checkInteger('randomCodes: active', given, 0, neurons)
  const stream = new WordStream(...seed)
  const codes = allocate('randomCodes', count * neurons, () => new Uint8Array(count * neurons))
  for (let mu = 0; mu < count; mu++) {
    stream.seek(PURPOSE.codes, mu)
    const base = mu * neurons
    sampleDistinct(stream, active, neurons, (i) => {
      if (codes[base + i] === 1) return false
      codes[base + i] = 1
      return true
    })
  }
  return codes
}
