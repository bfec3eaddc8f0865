import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { Coupling, CouplingLearner } from '../storage/learner.js'
import { each, misfit, type RecordReader, type RecordWriter } from '../storage/record.js'
import { type Dependence, GrowingInverse } from './growing-inverse.js'
import type { Rule } from './rule.js'
import { choice } from './rule-options.js'
import { finestUnit } from './whole-couplings.js'

/**
 * J = ΞᵀC⁻¹Ξ with C = ΞΞᵀ (Personnaz, Guyon and Dreyfus 1985): up to N linearly independent patterns, however correlated.
 */
export interface PseudoInverseOptions {
  kind: 'pseudoinverse'
  /** What to do with a pattern that is a linear combination of stored ones: throw ('error', default) or leave it out ('skip'). */
  dependent?: 'error' | 'skip'
}

export interface PseudoInverseReport {
  /** Pseudo-inverse: the patterns that the last `store` left out, and the stored patterns each is a combination of. */
  readonly skipped: readonly { readonly index: number; readonly on: readonly number[] }[]
}

export const pseudoInverse: Rule<PseudoInverseOptions, PseudoInverseReport> = {
  kind: 'pseudoinverse',
  title: 'the projection onto the patterns (Personnaz, Guyon and Dreyfus 1985)',
  weights: 'ΞᵀC⁻¹Ξ',
  holds: 'N',
  page: 'pseudo-inverse.md',
  options: { dependent: choice('error', ['error', 'skip']) },
  capacity: () => ({ errorFree: 1 }),
  learners: ({ kernels, neurons }, { dependent }) => ({
    coupling: new InverseLearner(kernels, neurons, dependent),
  }),
}

/** A = C⁻¹, in integer multiples of the finest unit whose sums are exact. */
class InverseLearner implements CouplingLearner<PseudoInverseReport> {
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

  *store(rows: Uint32Array, count: number, aside: boolean): Steps<readonly number[]> {
    const { added, skipped } = yield* this.#inverse.addMany(rows, count, this.#dependent, aside)
    this.#skipped = skipped
    return added
  }

  forget(index: number, rows: Uint32Array): void {
    this.#inverse.remove(index, rows)
    this.#skipped = []
  }

  clear(): void {
    this.#inverse = new GrowingInverse(this.#kernels, this.#neurons)
    this.#skipped = []
  }

  checkpoint(): () => void {
    const [inverse, skipped] = [this.#inverse, this.#skipped]
    return () => {
      this.#inverse = inverse
      this.#skipped = skipped
    }
  }

  record(to: RecordWriter): void {
    this.#inverse.record(to)
    to.fact(
      'learner.skipped',
      this.#skipped.map(({ index, on }) => ({ index, on })),
    )
  }

  restore(from: RecordReader, rows: Uint32Array, count: number): void {
    this.#inverse = new GrowingInverse(this.#kernels, this.#neurons)
    this.#inverse.restore(from, rows, count)
    this.#skipped = from.fact('learner.skipped', readSkipped)
  }

  report(): PseudoInverseReport {
    return { skipped: this.#skipped }
  }

  hold(): () => void {
    return this.#inverse.hold()
  }

  coupling(): Steps<Coupling> {
    const { count, stride, matrix } = this.#inverse
    return rounded(this.#neurons, count, stride, matrix)
  }
}

/** C⁻¹ in whole multiples of a unit, row by row. */
function* rounded(neurons: number, count: number, stride: number, matrix: Float64Array): Steps<Coupling> {
  let total = 0
  yield* each(matrix.length, (k) => {
    total += Math.abs(matrix[k])
  })
  const unit = finestUnit(neurons * total)
  const width = paddedStride(count)
  const couplings = allocate('couplings', count * width * 8, () => new Float64Array(count * width))
  for (let mu = 0; mu < count; mu++) {
    const [from, to] = [mu * stride, mu * width]
    for (let nu = 0; nu < count; nu++) couplings[to + nu] = Math.round(matrix[from + nu] * unit)
    yield
  }
  return { coupling: 'matrix', couplings, lag: 0, cyclic: false, divisor: unit }
}

function readSkipped(name: string, given: unknown): readonly Dependence[] {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
  const isOne = (one: unknown): one is Dependence => {
    if (one === null || typeof one !== 'object') return false
    const { index, on } = one as Partial<Dependence>
    return isCount(index) && Array.isArray(on) && on.every(isCount)
  }
  if (Array.isArray(given) && given.every(isOne)) return given.map(({ index, on }) => ({ index, on }))
  throw misfit(name, 'expected a list of { index, on }')
}
