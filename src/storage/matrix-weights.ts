import { allocate, HopfieldError } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, MatrixMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { LearningReport } from '../learning/report.js'
import { RowWeights } from './row-weights.js'

export type Numbers = Int32Array | Float32Array | Float64Array

/** A rule that makes N rows of paddedStride(N) weights, zeros behind the N-th. */
export interface MatrixRule {
  report?(): LearningReport
  /** As of Weights. */
  readonly divisor: number
  /** The weights that `count` patterns have; freshly made. */
  learn(rows: Uint32Array, count: number): Numbers
  /** Takes in `count` more patterns, in place; absent where all have to be learned anew. Fails before it changes anything. */
  add?(weights: Numbers, rows: Uint32Array, count: number): void
}

/** J as a matrix of integers or reals, symmetric or not. */
export class MatrixWeights extends RowWeights {
  readonly divisor: number
  /** Undefined where weights were given. */
  readonly #rule: MatrixRule | undefined
  #weights: Numbers
  #symmetric: boolean | undefined

  constructor(kernels: Kernels, neurons: number, from: MatrixRule | Numbers) {
    super(kernels, neurons)
    const given = ArrayBuffer.isView(from)
    this.#rule = given ? undefined : from
    this.#weights = given ? from : from.learn(new Uint32Array(0), 0)
    this.divisor = given ? 1 : from.divisor
  }

  get symmetric(): boolean {
    this.#symmetric ??= isSymmetric(this.#weights, this.neurons)
    return this.#symmetric
  }

  report(): LearningReport | undefined {
    return this.#rule?.report?.()
  }

  store(patterns: StateSource): void {
    const rule = this.#own()
    const { count } = patterns
    const rows = this.patterns.stage(patterns)
    if (rule.add === undefined)
      this.#weights = rule.learn(this.rows(0, this.count + count), this.count + count)
    else {
      const weights = this.held ? this.#weights.slice() : this.#weights
      rule.add(weights, rows, count)
      this.#weights = weights
    }
    this.patterns.commit(count)
    this.#renew()
  }

  /** What is left is learned anew. */
  forget(index: number): void {
    const rule = this.#own()
    this.patterns.own()
    this.#weights = rule.learn(this.others(index), this.count - 1)
    this.patterns.forget(index)
    this.#renew()
  }

  clear(): void {
    this.#weights = this.#own().learn(new Uint32Array(0), 0)
    this.patterns.clear()
    this.#renew()
  }

  matrix(): Int32Array | Float64Array {
    const { neurons: n } = this
    const stride = paddedStride(n)
    const out = allocate('weights', n * n * 8, () =>
      this.#weights instanceof Int32Array ? new Int32Array(n * n) : new Float64Array(n * n),
    )
    for (let i = 0; i < n; i++) out.set(this.#weights.subarray(i * stride, i * stride + n), i * n)
    return out
  }

  protected make(): MatrixMemory {
    const { neurons, count } = this
    return { form: 'matrix', neurons, count, rows: this.rows(0, count), weights: this.#weights }
  }

  #own(): MatrixRule {
    if (this.#rule !== undefined) return this.#rule
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'weights: they were given, and take no patterns in or out')
  }

  #renew(): void {
    this.#symmetric = undefined
    this.changed()
  }
}

function isSymmetric(weights: Numbers, n: number): boolean {
  const stride = paddedStride(n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) if (weights[i * stride + j] !== weights[j * stride + i]) return false
  }
  return true
}

/** N × N numbers, row-major, in padded rows. */
export function paddedRows<Kind extends Numbers>(matrix: ArrayLike<number>, n: number, out: Kind): Kind {
  const stride = paddedStride(n)
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) out[i * stride + j] = matrix[i * n + j]
  return out
}
