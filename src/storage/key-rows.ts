import { allocate, HopfieldError } from '../errors.js'
import type { Kernels, KeyMemory, Similarity } from '../kernels/contract/kernels.js'
import { roomFor } from './growth.js'
import { Leased } from './lease.js'

/** Keys whose coarse copies lie together. */
const TILE = 64

/** Everything kernels read of some keys, with room for more. */
interface Block {
  readonly capacity: number
  readonly keys: Float32Array
  readonly values: Float32Array
  readonly norms: Float64Array
  /** 1/‖k‖ or ½‖k‖², as the similarity wants it; empty for dot products. */
  readonly adjustments: Float64Array
  readonly screen: Uint8Array
}

export interface KeyLease {
  readonly memory: KeyMemory
  release(): void
}

/** The keys of a modern Hopfield network and their values, in arrays of its own that grow by half as they fill. */
export class KeyRows {
  readonly dimension: number
  readonly width: number
  readonly ownValues: boolean
  readonly #kernels: Kernels
  readonly #similarity: Similarity
  readonly #tileBytes: number
  #held: Leased<Block>
  #count = 0
  #largestNorm = 0
  /** What kernels read, until the next change: one object, so that the addon checks it once. */
  #memory: KeyMemory | undefined

  /** @param width e, or undefined where the keys are read out themselves. */
  constructor(
    kernels: Kernels,
    dimension: number,
    width: number | undefined,
    similarity: Similarity,
    capacity: number,
  ) {
    this.#kernels = kernels
    this.dimension = dimension
    this.width = width ?? dimension
    this.ownValues = width !== undefined
    this.#similarity = similarity
    this.#tileBytes = kernels.quantizedBytes(dimension)
    this.#held = new Leased(this.#allocate(capacity))
  }

  get #block(): Block {
    return this.#held.values
  }

  get count(): number {
    return this.#count
  }

  get largestNorm(): number {
    return this.#largestNorm
  }

  /** Key mu, a view. */
  key(mu: number): Float32Array {
    return this.#block.keys.subarray(mu * this.dimension, (mu + 1) * this.dimension)
  }

  /** Value mu, a view. */
  value(mu: number): Float32Array {
    return this.#block.values.subarray(mu * this.width, (mu + 1) * this.width)
  }

  /** Adds as many keys as there are values for; on any error nothing has changed. */
  append(keys: Float32Array, values: Float32Array, count: number): undefined {
    this.#memory = undefined
    const end = this.#count + count
    const { capacity } = this.#block
    // Readers see the keys they began with: what is written behind them is none of theirs.
    if (end > capacity) this.#move(this.#count === 0 ? end : roomFor(end, capacity))
    this.#write(this.#count, keys, values, count)
    const from = this.#count
    this.#count = end
    this.#measure(from, end)
    this.#screen(from)
  }

  replace(mu: number, key: Float32Array, value: Float32Array): void {
    this.#memory = undefined
    this.#own()
    this.#write(mu, key, value, 1)
    this.#measure(mu, mu + 1)
    this.#screen(mu, mu + 1)
  }

  forget(mu: number): void {
    this.#memory = undefined
    this.#own()
    const { keys, values, norms, adjustments } = this.#block
    const end = this.#count
    keys.copyWithin(mu * this.dimension, (mu + 1) * this.dimension, end * this.dimension)
    if (this.ownValues) values.copyWithin(mu * this.width, (mu + 1) * this.width, end * this.width)
    norms.copyWithin(mu, mu + 1, end)
    adjustments.copyWithin(mu, mu + 1, end)
    this.#count--
    this.#measure(0, 0)
    this.#screen(mu)
  }

  clear(): void {
    this.#memory = undefined
    this.#held = new Leased(this.#allocate(0))
    this.#count = 0
    this.#largestNorm = 0
  }

  memory(): KeyMemory {
    this.#memory ??= this.#made()
    return this.#memory
  }

  #made(): KeyMemory {
    const { keys, values, adjustments, screen } = this.#block
    return {
      count: this.#count,
      dimension: this.dimension,
      width: this.width,
      keys,
      values,
      scales: this.#similarity === 'cosine' ? adjustments : undefined,
      offsets: this.#similarity === 'euclidean' ? adjustments : undefined,
      largestNorm: this.#largestNorm,
      quantizedKeys: screen,
    }
  }

  /** The memory as it is now, for readers in later turns and other threads: changes go to a copy until it is released. */
  lease(): KeyLease {
    return { memory: this.memory(), release: this.#held.hold() }
  }

  #write(at: number, keys: Float32Array, values: Float32Array, count: number): void {
    const block = this.#block
    block.keys.set(keys.subarray(0, count * this.dimension), at * this.dimension)
    if (this.ownValues) block.values.set(values.subarray(0, count * this.width), at * this.width)
  }

  /** Norms of keys from…to, and the largest of all. */
  #measure(from: number, to: number): void {
    const { keys, norms, adjustments } = this.#block
    const rows = keys.subarray(from * this.dimension, to * this.dimension)
    this.#kernels.keyNorms(rows, to - from, this.dimension, norms.subarray(from, to))
    for (let mu = from; mu < to && adjustments.length > 0; mu++) {
      const norm = norms[mu]
      adjustments[mu] = this.#similarity === 'euclidean' ? norm * norm * 0.5 : norm === 0 ? 0 : 1 / norm
    }
    this.#largestNorm = 0
    for (let mu = 0; mu < this.#count; mu++) {
      if (norms[mu] > this.#largestNorm) this.#largestNorm = norms[mu]
    }
  }

  /** Coarse copies of the whole tiles that hold keys from…to. */
  #screen(from: number, to: number = this.#count): void {
    if (this.#tileBytes === 0) return
    const end = Math.min(Math.ceil(to / TILE), Math.floor(this.#count / TILE))
    const begin = Math.floor(from / TILE)
    if (begin < end) this.#kernels.quantizeKeys(this.memory(), begin, end)
  }

  /** Makes the arrays ours alone to change. */
  #own(): void {
    if (!this.#held.writable) this.#move(this.#block.capacity)
  }

  #move(capacity: number): void {
    const from = this.#block
    const to = this.#allocate(capacity)
    const count = this.#count
    to.keys.set(from.keys.subarray(0, count * this.dimension))
    if (this.ownValues) to.values.set(from.values.subarray(0, count * this.width))
    to.norms.set(from.norms.subarray(0, count))
    to.adjustments.set(from.adjustments.subarray(0, Math.min(count, to.adjustments.length)))
    to.screen.set(from.screen.subarray(0, Math.floor(count / TILE) * this.#tileBytes))
    this.#held = new Leased(to)
  }

  #allocate(capacity: number): Block {
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
    const keys = reals('keys', capacity * this.dimension)
    const values = this.ownValues ? reals('values', capacity * this.width) : keys
    const bytes = Math.floor(capacity / TILE) * this.#tileBytes
    const screen = allocate('keys', bytes, () => this.#kernels.allocate(bytes / 4))
    return {
      capacity,
      keys,
      values,
      norms: allocate('keys', capacity * 8, () => new Float64Array(capacity)),
      adjustments: allocate('keys', capacity * 8, () => {
        return new Float64Array(this.#similarity === 'dot' ? 0 : capacity)
      }),
      screen: new Uint8Array(screen.buffer, screen.byteOffset, bytes),
    }
  }
}
