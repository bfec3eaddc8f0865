import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, Memory } from '../kernels/contract/kernels.js'
import { rowWords, spin } from '../kernels/contract/layout.js'
import type { SignLearner } from './learner.js'
import { RowWeights } from './row-weights.js'

/** J_ij = ±1, one bit a weight, all learned again whenever patterns come or go. */
export class SignWeights extends RowWeights {
  readonly form = 'bits'
  readonly symmetric = true
  readonly #learner: SignLearner
  #signs: Uint32Array = new Uint32Array(0)

  constructor(kernels: Kernels, neurons: number, learner: SignLearner) {
    super(kernels, neurons)
    this.#learner = learner
  }

  get divisor(): number {
    return this.neurons
  }

  store(patterns: StateSource): undefined {
    this.patterns.stage(patterns)
    const count = this.count + patterns.count
    this.#signs = this.#made(this.rows(0, count), count)
    this.patterns.commit(patterns.count)
    this.changed()
  }

  forget(index: number): void {
    this.patterns.own()
    this.#signs = this.#made(this.others(index), this.count - 1)
    this.patterns.forget(index)
    this.changed()
  }

  clear(): void {
    this.#signs = new Uint32Array(0)
    this.patterns.clear()
    this.changed()
  }

  matrix(): Int32Array {
    const n = this.neurons
    const stride = rowWords(n)
    const out = allocate('weights', n * n * 4, () => new Int32Array(n * n))
    for (let i = 0; i < n && this.count > 0; i++) {
      for (let j = 0; j < n; j++) if (i !== j) out[i * n + j] = spin(this.#signs, j, i * stride)
    }
    return out
  }

  protected relearn(rows: Uint32Array, count: number): void {
    this.#signs = this.#made(rows, count)
  }

  protected make(): Memory {
    const { neurons, count } = this
    const plain = { neurons, count, rows: this.rows(0, count) }
    // Nothing has no sign: no patterns vote for nothing.
    if (count === 0) return { form: 'implicit', ...plain, columns: new Uint32Array(0) }
    return { form: 'bits', ...plain, weights: this.#signs }
  }

  #made(rows: Uint32Array, count: number): Uint32Array {
    return count === 0 ? new Uint32Array(0) : this.#learner.learn(rows, count)
  }
}
