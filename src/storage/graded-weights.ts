import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { DenseWeights } from './dense-weights.js'
import { checkMatrix, isSymmetric, paddedRows, withoutPadding } from './matrix-arrays.js'
import type { RecordReader, RecordWriter } from './record.js'
import { fixedWeights } from './row-memory.js'

/** Real weights of graded neurons in padded rows: given, or Hebb's integers divided by N, computed again after a change. */
export class GradedWeights {
  readonly #neurons: number
  /** Patterns and their integers; undefined where weights were given. */
  readonly #learned: DenseWeights | undefined
  /** Never changed once made: integrations in other threads may hold it. */
  #rows: Float64Array | undefined
  #symmetric: boolean | undefined
  /** Looks through what was opened and never used; throws if it is not what it should be. */
  #settle: (() => void) | undefined

  /** @param given N × N finite numbers, row-major, copied; 'opened' if they come from a record; undefined to learn them. */
  constructor(kernels: Kernels, neurons: number, given: Float64Array | 'opened' | undefined) {
    this.#neurons = neurons
    this.#learned = given === undefined ? new DenseWeights(kernels, neurons) : undefined
    this.#rows = ArrayBuffer.isView(given) ? paddedRows(given, neurons, this.#zeros()) : undefined
  }

  /** Whether they were given, so that no pattern can come or go. */
  get fixed(): boolean {
    return this.#learned === undefined
  }

  get symmetric(): boolean {
    this.#symmetric ??= this.#learned !== undefined || isSymmetric(this.rows(), this.#neurons)
    return this.#symmetric
  }

  /** Writes everything down. Arrays are not copied. */
  record(to: RecordWriter): void {
    if (this.#learned === undefined) {
      to.array('weights', this.rows(), [this.#neurons, paddedStride(this.#neurons)])
    } else this.#learned.record(to)
  }

  restore(from: RecordReader): void {
    this.#symmetric = undefined
    this.#rows = undefined
    if (this.#learned !== undefined) {
      this.#learned.restore(from)
      return
    }
    const rows = from.array('weights', Float64Array, [this.#neurons, paddedStride(this.#neurons)])
    checkMatrix(from, 'weights', rows, this.#neurons)
    this.#settle = () => from.settle()
    this.#rows = rows
  }

  get count(): number {
    return this.#learned?.count ?? 0
  }

  store(patterns: StateSource): undefined {
    this.#own('store').store(patterns)
    this.#rows = undefined
  }

  replace(index: number, pattern: StateSource): void {
    this.#own('replace').replace(index, pattern)
    this.#rows = undefined
  }

  forget(index: number): void {
    this.#own('forget').forget(index)
    this.#rows = undefined
  }

  clear(): void {
    this.#own('clear').clear()
    this.#rows = undefined
  }

  /** Packed patterns from…to, a view. */
  packed(from: number, to: number): Uint32Array {
    return this.#learned?.rows(from, to) ?? new Uint32Array(0)
  }

  /** N rows of paddedStride(N) numbers, zeros behind the N-th. */
  rows(): Float64Array {
    this.#settle?.()
    this.#settle = undefined
    this.#rows ??= this.#overNeurons(this.#own('weights').memory(false).weights)
    return this.#rows
  }

  /** N × N numbers, a copy. */
  matrix(): Float64Array {
    const n = this.#neurons
    return withoutPadding(this.rows(), n)
  }

  #own(method: string): DenseWeights {
    if (this.#learned !== undefined) return this.#learned
    throw fixedWeights(method)
  }

  #overNeurons(integers: Int32Array): Float64Array {
    const out = this.#zeros()
    for (let k = 0; k < out.length; k++) out[k] = integers[k] / this.#neurons
    return out
  }

  #zeros(): Float64Array {
    const size = this.#neurons * paddedStride(this.#neurons)
    return allocate('weights', size * 8, () => new Float64Array(size))
  }
}
