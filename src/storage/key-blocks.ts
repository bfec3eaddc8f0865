import { allocate, HopfieldError } from '../errors.js'
import type { Kernels, KeyMemory, Salience, Similarity } from '../kernels/contract/kernels.js'
import { copy } from './copying.js'
import type { Saliences } from './saliences.js'

/** Keys whose coarse copies lie together. */
export const TILE = 64

/** Everything kernels read of some keys, with room for more. */
export interface KeyBlock {
  readonly capacity: number
  readonly keys: Float32Array
  readonly values: Float32Array
  norms: Float64Array
  /** 1/‖k‖ or ½‖k‖², as the similarity wants it; empty for dot products. */
  adjustments: Float64Array
  screen: Uint8Array
  /** Undefined until some key counts otherwise than 1. */
  saliences: Saliences | undefined
}

/** Makes blocks of keys of one shape, and what kernels read of them. */
export class KeyBlocks {
  /** Bytes of the coarse copies of a tile. */
  readonly tileBytes: number
  readonly #kernels: Kernels
  readonly #dimension: number
  readonly #width: number | undefined
  readonly #similarity: Similarity

  /** @param width e, or undefined where the keys are read out themselves. */
  constructor(kernels: Kernels, dimension: number, width: number | undefined, similarity: Similarity) {
    this.tileBytes = kernels.quantizedBytes(dimension)
    this.#kernels = kernels
    this.#dimension = dimension
    this.#width = width
    this.#similarity = similarity
  }

  allocate(capacity: number): KeyBlock {
    const reals = (what: string, length: number): Float32Array => {
      if (length > 2 ** 33) {
        throw new HopfieldError(
          'ERR_HOPFIELD_MEMORY',
          `${what}: ${length} numbers do not fit into one array; store fewer patterns`,
        )
      }
      const words = allocate(what, length * 4, () => this.#kernels.allocate(length))
      return new Float32Array(words.buffer, words.byteOffset, length)
    }
    const keys = reals('keys', capacity * this.#dimension)
    const values = this.#width !== undefined ? reals('values', capacity * this.#width) : keys
    return {
      capacity,
      keys,
      values,
      norms: this.normsFor(capacity),
      adjustments: this.adjustmentsFor(capacity),
      screen: this.screenFor(capacity),
      saliences: undefined,
    }
  }

  normsFor(capacity: number): Float64Array {
    return allocate('keys', capacity * 8, () => new Float64Array(capacity))
  }

  adjustmentsFor(capacity: number): Float64Array {
    return this.normsFor(this.#similarity === 'dot' ? 0 : capacity)
  }

  screenFor(capacity: number): Uint8Array {
    const bytes = Math.floor(capacity / TILE) * this.tileBytes
    const screen = allocate('keys', bytes, () => this.#kernels.allocate(bytes / 4))
    return new Uint8Array(screen.buffer, screen.byteOffset, bytes)
  }

  /** The first `count` keys of a block copied to where there is other room, in small steps. */
  *moved(from: KeyBlock, count: number, capacity: number): Generator<void, KeyBlock> {
    const to = this.allocate(capacity)
    yield* copy(from.keys.subarray(0, count * this.#dimension), to.keys)
    if (this.#width !== undefined) yield* copy(from.values.subarray(0, count * this.#width), to.values)
    yield* copy(from.norms.subarray(0, count), to.norms)
    yield* copy(from.adjustments.subarray(0, Math.min(count, to.adjustments.length)), to.adjustments)
    yield* copy(from.screen.subarray(0, Math.floor(count / TILE) * this.tileBytes), to.screen)
    if (from.saliences !== undefined) to.saliences = yield* from.saliences.moved(count, capacity)
    return to
  }

  /** What similarities take of the norms of keys from…to. */
  adjust({ norms, adjustments }: KeyBlock, from: number, to: number): void {
    for (let mu = from; mu < to && adjustments.length > 0; mu++) {
      const norm = norms[mu]
      adjustments[mu] = this.#similarity === 'euclidean' ? norm * norm * 0.5 : norm === 0 ? 0 : 1 / norm
    }
  }

  /** The first `count` keys of a block. */
  memory(
    { keys, values, adjustments, screen }: KeyBlock,
    count: number,
    largestNorm: number,
    salience: Salience | undefined,
  ): KeyMemory {
    return {
      count,
      dimension: this.#dimension,
      width: this.#width ?? this.#dimension,
      keys,
      values,
      scales: this.#similarity === 'cosine' ? adjustments : undefined,
      offsets: this.#similarity === 'euclidean' ? adjustments : undefined,
      largestNorm,
      salience,
      quantizedKeys: screen,
    }
  }
}

/** The largest ‖k‖ of the first `count` keys. */
export function largestOf({ norms }: KeyBlock, count: number): number {
  let largest = 0
  for (let mu = 0; mu < count; mu++) if (norms[mu] > largest) largest = norms[mu]
  return largest
}
