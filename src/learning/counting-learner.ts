import { Mark, oneStep, type Steps } from '../async/steps.js'
import type { Coupling, CouplingLearner } from '../storage/learner.js'
import type { RecordReader } from '../storage/record.js'

/** Learner of rules whose matrix A depends only on the number of patterns. */
export class CountingLearner implements CouplingLearner {
  readonly symmetric: boolean
  readonly #coupling: (count: number) => Coupling
  #count = 0

  constructor(symmetric: boolean, coupling: (count: number) => Coupling) {
    this.symmetric = symmetric
    this.#coupling = coupling
  }

  *store(_rows: Uint32Array, count: number): Steps<undefined> {
    yield new Mark(count, count)
    this.#count += count
  }

  forget(): void {
    this.#count--
  }

  clear(): void {
    this.#count = 0
  }

  checkpoint(): () => void {
    const count = this.#count
    return () => {
      this.#count = count
    }
  }

  record(): void {}

  restore(_from: RecordReader, _rows: Uint32Array, count: number): void {
    this.#count = count
  }

  coupling(): Steps<Coupling> {
    const count = this.#count
    return oneStep(() => this.#coupling(count))
  }
}

/** Couplings for the kinds that need none. */
export const NO_COUPLINGS: Float64Array = new Float64Array(0)
