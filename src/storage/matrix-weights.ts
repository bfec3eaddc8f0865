import { allocate, HopfieldError } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, MatrixMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { MatrixLearner, Numbers } from './learner.js'
import { RowWeights } from './row-weights.js'

/** J as a matrix of integers or reals, symmetric or not. */
export class MatrixWeights extends RowWeights {
  readonly form = 'matrix'
  readonly divisor: number
  /** Undefined where weights were given. */
  readonly #learner: MatrixLearner | undefined
  #weights: Numbers
  #symmetric: boolean | undefined

  constructor(kernels: Kernels, neurons: number, from: MatrixLearner | Numbers) {
    super(kernels, neurons)
    const given = ArrayBuffer.isView(from)
    this.#learner = given ? undefined : from
    this.#weights = given ? from : from.learn(new Uint32Array(0), 0)
    this.divisor = given ? 1 : from.divisor
  }

  get symmetric(): boolean {
    this.#symmetric ??= isSymmetric(this.#weights, this.neurons)
    return this.#symmetric
  }

  report(): object | undefined {
    return this.#learner?.report?.()
  }

  store(patterns: StateSource): undefined {
    const learner = this.#own()
    const { count } = patterns
    const rows = this.patterns.stage(patterns)
    if (learner.add === undefined)
      this.#weights = learner.learn(this.rows(0, this.count + count), this.count + count)
    else {
      const weights = this.held ? this.#weights.slice() : this.#weights
      learner.add(weights, rows, count)
      this.#weights = weights
    }
    this.patterns.commit(count)
    this.#renew()
  }

  /** What is left is learned anew. */
  forget(index: number): void {
    const learner = this.#own()
    this.patterns.own()
    this.#weights = learner.learn(this.others(index), this.count - 1)
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

  protected relearn(rows: Uint32Array, count: number): void {
    this.#weights = this.#own().learn(rows, count)
    this.#renew()
  }

  protected make(): MatrixMemory {
    const { neurons, count } = this
    return { form: 'matrix', neurons, count, rows: this.rows(0, count), weights: this.#weights }
  }

  #own(): MatrixLearner {
    if (this.#learner !== undefined) return this.#learner
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
