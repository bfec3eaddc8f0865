import type { Kernels } from '../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { checkPacked, isPacked, type PackedRows } from './packed-patterns.js'
import { checkLasting, checkState, lookAtSpins, notASpin, partOf, type Spins } from './spins.js'
import { isTyped } from './typed-arrays.js'
import { element } from './validate.js'

/** Values packed from bytes in one step, about a tenth of a millisecond. */
const STEP = 2 ** 18
/** Values looked at one by one in one step; an array-like of someone's making may take 100 ns for each. */
const SLOW_STEP = 2 ** 14

/** States from outside that are read when they are needed, part by part. */
export interface StateReader {
  /** B. */
  readonly count: number
  /**
   * Packs states from…to into as many rows, in small steps. Throws HopfieldError for the first value that is not ±1,
   * under the name and index it has in the whole; and if the states are no longer what they were.
   */
  read(kernels: Kernels, from: number, to: number, rows: Uint32Array): Generator<void, void>
}

/** Any number of states. Throws HopfieldError naming `name` where one look tells that the shape is wrong. */
export function stateReader(name: string, input: unknown, neurons: number): StateReader {
  if (isPacked(input)) {
    return new PackedReader(name, checkPacked(name, input, neurons))
  }
  const spins = lookAtSpins(name, input, neurons)
  if (isTyped(spins.input, Int8Array) && !spins.nested) return new ByteReader(name, spins.input, neurons)
  return new SlowReader(name, spins, neurons)
}

class PackedReader implements StateReader {
  readonly count: number
  readonly #name: string
  readonly #words: Uint32Array
  readonly #neurons: number

  constructor(name: string, { count, words, neurons }: PackedRows) {
    this.count = count
    this.#name = name
    this.#words = words
    this.#neurons = neurons
  }

  *read(_kernels: Kernels, from: number, to: number, rows: Uint32Array): Generator<void, void> {
    const stride = rowWords(this.#neurons)
    const step = Math.max(1, Math.min(STEP / 64, Math.floor((STEP * 8) / this.#neurons)))
    for (let a = from; a < to; a += step) {
      const b = Math.min(a + step, to)
      checkLasting(this.#name, this.#words, this.count * stride)
      rows.set(partOf(this.#name, this.#words, a * stride, b * stride), (a - from) * stride)
      for (let row = a; row < b; row++) clearPadding(rows, this.#neurons, (row - from) * stride)
      if (b < to) yield
    }
  }
}

class ByteReader implements StateReader {
  readonly count: number
  readonly #name: string
  readonly #bytes: Int8Array
  readonly #length: number
  readonly #neurons: number

  constructor(name: string, bytes: Int8Array, neurons: number) {
    this.#name = name
    this.#bytes = bytes
    this.#length = bytes.length
    this.#neurons = neurons
    this.count = bytes.length / neurons
  }

  *read(kernels: Kernels, from: number, to: number, rows: Uint32Array): Generator<void, void> {
    const n = this.#neurons
    const stride = rowWords(n)
    const step = Math.max(1, Math.floor(STEP / n))
    for (let a = from; a < to; a += step) {
      const b = Math.min(a + step, to)
      checkLasting(this.#name, this.#bytes, this.#length)
      const bytes = partOf(this.#name, this.#bytes, a * n, b * n)
      const offender = kernels.pack(bytes, b - a, n, rows.subarray((a - from) * stride, (b - from) * stride))
      if (offender >= 0) throw notASpin(this.#name, a * n + offender, n, false, bytes[offender])
      if (b < to) yield
    }
  }
}

/** Whatever has a length and indices: each value is looked at by itself. */
class SlowReader implements StateReader {
  readonly count: number
  readonly #name: string
  readonly #input: ArrayLike<unknown>
  readonly #length: number
  readonly #nested: boolean
  readonly #neurons: number

  constructor(name: string, { input, nested, count }: Spins, neurons: number) {
    this.count = count
    this.#name = name
    this.#input = input
    this.#length = nested ? count : count * neurons
    this.#nested = nested
    this.#neurons = neurons
  }

  *read(kernels: Kernels, from: number, to: number, rows: Uint32Array): Generator<void, void> {
    const n = this.#neurons
    const stride = rowWords(n)
    const step = Math.max(1, Math.floor(SLOW_STEP / n))
    const bytes = new Int8Array(Math.min(step, to - from) * n)
    for (let a = from; a < to; a += step) {
      const b = Math.min(a + step, to)
      for (let row = a; row < b; row++)
        yield* this.#copy(row, bytes.subarray((row - a) * n, (row - a + 1) * n))
      kernels.pack(bytes, b - a, n, rows.subarray((a - from) * stride, (b - from) * stride))
      if (b < to) yield
    }
  }

  *#copy(row: number, bytes: Int8Array): Generator<void, void> {
    const n = this.#neurons
    checkLasting(this.#name, this.#input, this.#length)
    const state = this.#nested ? checkState(this.#name, this.#input[row], row, n) : this.#input
    const first = this.#nested ? 0 : row * n
    for (let a = 0; a < n; a += SLOW_STEP) {
      const b = Math.min(a + SLOW_STEP, n)
      for (let i = a; i < b; i++) {
        const value = element(state, first + i)
        // Checked before it is narrowed to a byte: 257 would become 1.
        if (value !== 1 && value !== -1) throw notASpin(this.#name, row * n + i, n, this.#nested, value)
        bytes[i] = value
      }
      if (b < n) yield
    }
  }
}
