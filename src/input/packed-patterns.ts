import { allocate, describe, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { kernelsFor } from '../kernels/select.js'
import { NEAREST_OPTIONS, type Nearest, type NearestOptions, nearestRow } from './nearest-patterns.js'
import { required, Schema } from './options.js'
import { MAX_NEURONS, readSpins, transferred } from './spins.js'
import {
  bytesOf,
  type Int8s,
  isTransferred,
  isTyped,
  type NumbersLike,
  plainArray,
  type Uint8s,
} from './typed-arrays.js'
import { checkIndex, checkInteger } from './validate.js'

/** Marks words made by this package, whose padding is zero: checking a million rows would take a while. */
export const CLEAN: unique symbol = Symbol('clean')

const NEURONS = {
  /** N, 1 to 2^30. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
}
const SIZE = new Schema(NEURONS)
const PACKED = new Schema({
  ...NEURONS,
  words: required<Uint32Array>((name, value) => {
    if (isTransferred(value)) throw transferred(name)
    if (isTyped(value, Uint32Array)) return value
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `${name}: expected a Uint32Array, got ${describe(value)}`)
  }),
})

let own: (value: object) => boolean

/** Whether a value is PackedPatterns. Unlike `instanceof`, this runs no code of a Proxy's and takes no lookalike. */
export function isPacked(value: unknown): value is PackedPatterns {
  return typeof value === 'object' && value !== null && own(value)
}

/**
 * P patterns of N neurons with one bit per neuron. Every method that takes patterns or cues takes PackedPatterns too.
 *
 * Layout: neuron i of a pattern is bit (i mod 32) of its word ⌊i/32⌋; bit 1 is +1. Each pattern is padded with
 * zero bits, as kernels read it: up to 256 neurons to whole words of 64 bits, 8·⌈N/64⌉ bytes, and from 257 on to whole blocks of 512,
 * 64·⌈N/512⌉ bytes. `toBytes` leaves the padding out.
 */
export class PackedPatterns implements Iterable<Int8s> {
  readonly neurons: number
  readonly count: number
  /** The packed words, count × words per pattern: the array itself, not a copy. */
  readonly words: Uint32Array
  /** What {@link isPacked} looks for. */
  readonly #own = true

  /**
   * @param options.neurons N, 1 to 2^30.
   * @param options.words packed words of whole patterns. The array is not copied; its padding bits are set to zero.
   * @throws HopfieldError ERR_HOPFIELD_SHAPE if `words` is not a whole number of patterns.
   */
  constructor(options: { neurons: number; words: Uint32Array }) {
    const { neurons, words } = PACKED.read('PackedPatterns', options)
    this.neurons = neurons
    const stride = rowWords(neurons)
    if (words.length % stride !== 0) {
      throw new HopfieldError(
        'ERR_HOPFIELD_SHAPE',
        `PackedPatterns: words: expected a multiple of ${stride} words for ${neurons} neurons, got ${words.length}`,
      )
    }
    this.words = words
    this.count = words.length / stride
    if (CLEAN in options) return
    for (let mu = 0; mu < this.count; mu++) clearPadding(this.words, this.neurons, mu * stride)
  }

  /**
   * Packs ±1 patterns: one flat array of P·N values, an array of P arrays, or one pattern.
   * @throws HopfieldError ERR_HOPFIELD_VALUE naming the first value that is not +1 or −1; ERR_HOPFIELD_SHAPE for a wrong length.
   */
  static from(
    patterns: NumbersLike | ArrayLike<NumbersLike> | PackedPatterns,
    options: { neurons: number },
  ): PackedPatterns {
    const { neurons } = SIZE.read('PackedPatterns.from', options)
    const words = packed('PackedPatterns.from: patterns', patterns, neurons, kernelsFor('auto'))
    return new PackedPatterns(Object.assign({ neurons, words }, { [CLEAN]: true }))
  }

  static {
    own = (value) => #own in value
  }

  /** Pattern `index` as N values ±1, a copy. */
  pattern(index: number): Int8s {
    checkIndex('pattern: index', index, this.count)
    const stride = rowWords(this.neurons)
    const out = new Int8Array(this.neurons)
    kernelsFor('auto').unpack(
      this.#present().subarray(index * stride, (index + 1) * stride),
      1,
      this.neurons,
      out,
    )
    return out
  }

  /**
   * Reads what `toBytes` or `numpy.packbits(patterns > 0, axis=1, bitorder='little')` made.
   * @param bytes P × ⌈N/8⌉ bytes; they are copied.
   * @throws HopfieldError ERR_HOPFIELD_SHAPE if they are not whole patterns; ERR_HOPFIELD_VALUE naming the first byte in which a bit
   * behind the last neuron is set; ERR_HOPFIELD_TYPE; ERR_HOPFIELD_MEMORY.
   */
  static fromBytes(bytes: Uint8Array, options: { neurons: number }): PackedPatterns {
    const { neurons } = SIZE.read('PackedPatterns.fromBytes', options)
    return new PackedPatterns(
      Object.assign(
        { neurons, words: wordsOf('PackedPatterns.fromBytes', bytes, neurons) },
        { [CLEAN]: true },
      ),
    )
  }

  /**
   * The patterns without padding between them, to be kept or sent: a copy of P × ⌈N/8⌉ bytes. Neuron i is bit (i mod 8) of byte ⌊i/8⌋
   * of its pattern, as in `numpy.packbits(…, bitorder='little')`; bits behind the last neuron are 0.
   */
  toBytes(): Uint8s {
    const padded = bytesOf(this.#present()) as Uint8Array
    const stride = rowWords(this.neurons)
    const size = Math.ceil(this.neurons / 8)
    const out = allocate('toBytes', this.count * size, () => new Uint8Array(this.count * size))
    copyRows(padded, stride * 4, out, size, this.count)
    // The user may have written into the words.
    const beyond = bitsBeyond(this.neurons)
    if (beyond > 0) for (let end = size; end <= out.length; end += size) out[end - 1] &= ~beyond
    return out
  }

  /** All patterns as P·N values ±1, a copy. */
  unpack(): Int8s {
    const out = new Int8Array(this.count * this.neurons)
    kernelsFor('auto').unpack(this.#present(), this.count, this.neurons, out)
    return out
  }

  /**
   * The pattern nearest to each of many states, as `HopfieldNetwork.nearest` finds it. Because `words` may change, each call copies
   * the patterns into the search layout: pass many states per call, or store the patterns in a network.
   * @param states B states of N values ±1, flat or nested, or packed.
   * @param options.k how many patterns a state, 1 by default: the nearest first.
   * @throws HopfieldError ERR_HOPFIELD_RANGE if there is no pattern, or for k; ERR_HOPFIELD_VALUE, _SHAPE or _TYPE naming `states`.
   */
  nearest(states: NumbersLike | ArrayLike<NumbersLike> | PackedPatterns, options?: NearestOptions): Nearest {
    const { k } = NEAREST_OPTIONS.read('nearest', options)
    const { neurons } = this
    const kernels = kernelsFor('auto')
    const rows = packed('nearest: states', states, neurons, kernels)
    return nearestRow(kernels, this.#present(), this.count, neurons, rows, k)
  }

  /** The words. Throws if their buffer was transferred. */
  #present(): Uint32Array {
    if (this.words.length === this.count * rowWords(this.neurons)) return this.words
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      'words: the buffer of these PackedPatterns was transferred; pack the patterns again',
    )
  }

  *[Symbol.iterator](): Iterator<Int8s> {
    for (let mu = 0; mu < this.count; mu++) yield this.pattern(mu)
  }
}

/** Rows of whole bytes as rows of words. */
function wordsOf(method: string, bytes: Uint8Array, neurons: number): Uint32Array {
  if (isTransferred(bytes)) throw transferred(`${method}: bytes`)
  const given = plainArray(bytes, Uint8Array)
  if (given === undefined) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${method}: bytes: expected a Uint8Array, got ${describe(bytes)}`,
    )
  }
  const size = Math.ceil(neurons / 8)
  if (given.length % size !== 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${method}: bytes: expected a multiple of ${size} bytes for ${neurons} neurons, got ${given.length}`,
    )
  }
  const count = given.length / size
  const stride = rowWords(neurons)
  const words = allocate(method, count * stride * 4, () => kernelsFor('auto').allocate(count * stride))
  const inside = new Uint8Array(words.buffer, words.byteOffset, words.byteLength)
  copyRows(given, size, inside, stride * 4, count)
  const beyond = bitsBeyond(neurons)
  for (let mu = 0; beyond > 0 && mu < count; mu++) {
    const last = inside[mu * stride * 4 + size - 1]
    if ((last & beyond) === 0) continue
    throw new HopfieldError(
      'ERR_HOPFIELD_VALUE',
      `${method}: bytes[${(mu + 1) * size - 1}]: expected 0 in the bits behind the last of ${neurons} neurons, got ${last}`,
    )
  }
  return words
}

/** Copies as many bytes of each row as both have room for. */
function copyRows(from: Uint8Array, fromSize: number, to: Uint8Array, toSize: number, count: number): void {
  const together = fromSize === toSize ? count : 1
  const size = Math.min(fromSize, toSize) * together
  for (let mu = 0; mu < count; mu += together) {
    to.set(from.subarray(mu * fromSize, mu * fromSize + size), mu * toSize)
  }
}

/** The bits of the last byte of a row that belong to no neuron. */
function bitsBeyond(neurons: number): number {
  return neurons % 8 === 0 ? 0 : 256 - 2 ** (neurons % 8)
}

/** States as new packed words with zero padding. */
function packed(name: string, given: unknown, neurons: number, kernels: Kernels): Uint32Array {
  if (isPacked(given)) {
    const words = checkPacked(name, given, neurons).words.slice()
    for (let base = 0; base < words.length; base += rowWords(neurons)) clearPadding(words, neurons, base)
    return words
  }
  const source = readSpins(name, given, neurons)
  const size = source.count * rowWords(neurons)
  const words = allocate('PackedPatterns', size * 4, () => kernels.allocate(size))
  source.packInto(kernels, words)
  return words
}

/** What is read of packed states, once. */
export interface PackedRows {
  readonly count: number
  readonly neurons: number
  readonly words: Uint32Array
}

/** Checks packed states: their number of neurons, and that their buffer was not transferred. */
export function checkPacked(name: string, input: PackedPatterns, neurons: number): PackedRows {
  const { neurons: own, count, words: given } = input
  if (own !== neurons) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected ${neurons} neurons, got PackedPatterns of ${describe(own)}`,
    )
  }
  const words = plainArray(given, Uint32Array)
  if (words === undefined || words.length !== count * rowWords(neurons)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: the buffer of these PackedPatterns was transferred; pack the patterns again`,
    )
  }
  return { count, neurons, words }
}
