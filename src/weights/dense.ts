import { allocate } from '../errors.js'
import type { DenseMemory, Kernels } from '../kernels/kernels.js'
import type { StateSource } from '../patterns/spins.js'
import { PatternRows } from './pattern-rows.js'
import type { Weights } from './weights.js'

/** J as an N×N matrix of 32-bit integers, updated pattern by pattern. */
export class DenseWeights implements Weights {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #patterns: PatternRows
  readonly #matrix: Int32Array

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#patterns = new PatternRows(kernels, neurons)
    const size = neurons * neurons
    const words = allocate('dense weights', size * 4, () => kernels.allocate(size))
    this.#matrix = new Int32Array(words.buffer, words.byteOffset, size)
  }

  get count(): number {
    return this.#patterns.count
  }

  store(patterns: StateSource): void {
    this.#patterns.stage(patterns)
    // Everything that can fail comes before the first weight changes.
    const columns = this.#patterns.columns(this.count, this.count + patterns.count)
    this.#kernels.hebbian(columns, patterns.count, this.#neurons, 1, this.#matrix)
    this.#patterns.commit(patterns)
  }

  forget(index: number): void {
    this.#kernels.hebbian(this.#patterns.columns(index, index + 1), 1, this.#neurons, -1, this.#matrix)
    this.#patterns.forget(index)
  }

  clear(): void {
    this.#patterns.clear()
    this.#matrix.fill(0)
  }

  rows(from: number, to: number): Uint32Array {
    return this.#patterns.view(from, to)
  }

  matrix(): Int32Array {
    return allocate('weights', this.#matrix.byteLength, () => this.#matrix.slice())
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.#patterns.overlaps(state)
  }

  fields(state: Uint32Array, out: Float64Array): void {
    this.#kernels.denseFields(this.#matrix, this.#neurons, state, out)
  }

  quadratic(state: Uint32Array): number {
    const fields = new Float64Array(this.#neurons)
    this.fields(state, fields)
    return this.#kernels.denseQuadratic(fields, this.#neurons, state)
  }

  memory(): DenseMemory {
    return {
      form: 'dense',
      neurons: this.#neurons,
      count: this.count,
      rows: this.rows(0, this.count),
      weights: this.#matrix,
    }
  }
}
