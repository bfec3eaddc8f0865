import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { DenseWeights } from './dense-weights.js'
import { fixedWeights } from './row-memory.js'

/** Real weights of graded neurons in padded rows: given once, or Hebb's integers over N, made anew after a change. */
export class GradedWeights {
  readonly #neurons: number
  /** Patterns and their integers; undefined where weights were given. */
  readonly #learned: DenseWeights | undefined
  /** Never changed once made: integrations in other threads may hold it. */
  #rows: Float64Array | undefined
  readonly symmetric: boolean

  /** @param given N × N finite numbers, row-major, copied; undefined to learn them. */
  constructor(kernels: Kernels, neurons: number, given: Float64Array | undefined) {
    this.#neurons = neurons
    this.#learned = given === undefined ? new DenseWeights(kernels, neurons) : undefined
    this.#rows = given === undefined ? undefined : this.#padded(given, 1)
    this.symmetric = given === undefined || isSymmetric(given, neurons)
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
    this.#rows ??= this.#padded(this.#own('weights').memory().weights, this.#neurons)
    return this.#rows
  }

  /** N × N numbers, a copy. */
  matrix(): Float64Array {
    const n = this.#neurons
    const stride = paddedStride(n)
    const rows = this.rows()
    const out = allocate('weights', n * n * 8, () => new Float64Array(n * n))
    for (let i = 0; i < n; i++) out.set(rows.subarray(i * stride, i * stride + n), i * n)
    return out
  }

  #own(method: string): DenseWeights {
    if (this.#learned !== undefined) return this.#learned
    throw fixedWeights(method)
  }

  #padded(matrix: Float64Array | Int32Array, by: number): Float64Array {
    const n = this.#neurons
    const stride = paddedStride(n)
    const out = allocate('weights', n * stride * 8, () => new Float64Array(n * stride))
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) out[i * stride + j] = matrix[i * n + j] / by
    }
    return out
  }
}

function isSymmetric(matrix: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) if (matrix[i * n + j] !== matrix[j * n + i]) return false
  }
  return true
}
