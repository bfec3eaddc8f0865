import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { Coupling, VotesRule } from '../storage/coupled-weights.js'
import { type Dependence, GrowingInverse } from './pseudoinverse.js'
import type { LearningReport } from './report.js'
import { finestUnit } from './votes-rules.js'

/** J = ΞᵀC⁻¹Ξ: A = C⁻¹, counted in the finest unit whose sums stay exact. */
export class InverseRule implements VotesRule {
  readonly symmetric = true
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #dependent: 'error' | 'skip'
  #inverse: GrowingInverse
  #skipped: readonly Dependence[] = []

  constructor(kernels: Kernels, neurons: number, dependent: 'error' | 'skip') {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#dependent = dependent
    this.#inverse = new GrowingInverse(kernels, neurons)
  }

  store(rows: Uint32Array, count: number): readonly number[] {
    const { added, skipped } = this.#inverse.addMany(rows, count, this.#dependent)
    this.#skipped = skipped
    return added
  }

  forget(index: number): void {
    this.#inverse.remove(index)
    this.#skipped = []
  }

  clear(): void {
    this.#inverse = new GrowingInverse(this.#kernels, this.#neurons)
    this.#skipped = []
  }

  report(): LearningReport {
    return { skipped: this.#skipped }
  }

  coupling(): Coupling {
    const { count, stride, matrix } = this.#inverse
    let total = 0
    for (let k = 0; k < matrix.length; k++) total += Math.abs(matrix[k])
    const unit = finestUnit(this.#neurons * total)
    const width = paddedStride(count)
    const couplings = allocate('couplings', count * width * 8, () => new Float64Array(count * width))
    for (let mu = 0; mu < count; mu++) {
      const [from, to] = [mu * stride, mu * width]
      for (let nu = 0; nu < count; nu++) couplings[to + nu] = Math.round(matrix[from + nu] * unit)
    }
    return { coupling: 'matrix', couplings, lag: 0, cyclic: false, divisor: unit }
  }
}
