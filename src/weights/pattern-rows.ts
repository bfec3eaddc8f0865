import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/kernels.js'
import { columnWords, rowWords } from '../kernels/layout.js'
import type { StateSource } from '../patterns/spins.js'

/** Packed patterns in a buffer that grows by half as it fills. */
export class PatternRows {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #stride: number
  #words: Uint32Array = new Uint32Array(0)
  #count = 0

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#stride = rowWords(neurons)
  }

  get count(): number {
    return this.#count
  }

  /** Patterns from…to, a view. */
  view(from: number, to: number): Uint32Array {
    return this.#words.subarray(from * this.#stride, to * this.#stride)
  }

  /** Writes patterns behind the stored ones without counting them in; `commit` does. */
  stage(patterns: StateSource): Uint32Array {
    const needed = (this.#count + patterns.count) * this.#stride
    if (needed > this.#words.length) {
      const size = this.#count === 0 ? needed : Math.max(needed, Math.ceil(this.#words.length * 1.5))
      const grown = allocate('patterns', size * 4, () => this.#kernels.allocate(size))
      grown.set(this.view(0, this.#count))
      this.#words = grown
    }
    const rows = this.view(this.#count, this.#count + patterns.count)
    patterns.packInto(this.#kernels, rows)
    return rows
  }

  commit(patterns: StateSource): void {
    this.#count += patterns.count
  }

  forget(index: number): void {
    this.#words.copyWithin(index * this.#stride, (index + 1) * this.#stride, this.#count * this.#stride)
    this.#count--
  }

  clear(): void {
    this.#words = new Uint32Array(0)
    this.#count = 0
  }

  /** Patterns from…to by neuron: N × columnWords(to − from) words, freshly made. */
  columns(from: number, to: number): Uint32Array {
    const size = this.#neurons * columnWords(to - from)
    const columns = allocate('columns', size * 4, () => this.#kernels.allocate(size))
    this.#kernels.transpose(this.view(from, to), to - from, this.#neurons, columns)
    return columns
  }

  /** Integer overlaps of one state with every pattern. */
  overlaps(state: Uint32Array): Int32Array {
    const out = new Int32Array(this.#count)
    this.#kernels.overlaps(this.view(0, this.#count), this.#count, this.#neurons, state, 1, out)
    return out
  }
}
