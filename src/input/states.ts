import { HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { checkPacked, isPacked, type PackedPatterns, type PackedRows } from './packed-patterns.js'
import { ByteStates, readSpins, type StateSource, transferred } from './spins.js'
import {
  isPristine,
  isTransferred,
  isTyped,
  type NumbersLike,
  plainArray,
  typedLength,
} from './typed-arrays.js'
import { lengthOf } from './validate.js'

/** One state: N values, each +1 or −1. */
export type StateLike = NumbersLike | PackedPatterns
/** Several states: one flat array of B·N values, an array of B states, or PackedPatterns. */
export type StatesLike = NumbersLike | ArrayLike<NumbersLike> | PackedPatterns

class PackedStates implements StateSource {
  readonly count: number
  readonly data: Uint32Array
  readonly #neurons: number

  constructor(patterns: PackedRows) {
    this.count = patterns.count
    this.data = patterns.words
    this.#neurons = patterns.neurons
  }

  packInto(_kernels: Kernels, rows: Uint32Array): void {
    rows.set(this.data)
    const stride = rowWords(this.#neurons)
    for (let b = 0; b < this.count; b++) clearPadding(rows, this.#neurons, b * stride)
  }

  invalid(): HopfieldError {
    return new HopfieldError('ERR_HOPFIELD_VALUE', 'packed states: all bits are valid states')
  }
}

/** Any number of states. Throws HopfieldError naming `name` where the shape is wrong. */
export function readStates(name: string, input: unknown, neurons: number): StateSource {
  if (isPacked(input)) return new PackedStates(checkPacked(name, input, neurons))
  return readSpins(name, input, neurons)
}

/** Exactly one state. */
export function readState(name: string, input: unknown, neurons: number): StateSource {
  if (isTyped(input, Int8Array) && typedLength(input) === neurons) {
    return new ByteStates(
      name,
      isPristine(input, Int8Array) ? input : (plainArray(input, Int8Array) ?? input),
      neurons,
      false,
      1,
    )
  }
  if (!isPacked(input)) {
    if (isTransferred(input)) throw transferred(name)
    const length = lengthOf(input)
    if (length >= 0 && length !== neurons) {
      throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected ${neurons} values, got ${length}`)
    }
  }
  const source = readStates(name, input, neurons)
  if (source.count !== 1) {
    throw new HopfieldError('ERR_HOPFIELD_SHAPE', `${name}: expected one state, got ${source.count}`)
  }
  return source
}
