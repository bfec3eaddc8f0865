import { call, inPortions, Mark, oneStep, type Steps } from '../async/steps.js'
import { HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { rowWords } from '../kernels/contract/layout.js'
import { type Coupling, type CouplingLearner, type GrowingLearner, growing } from '../storage/learner.js'
import { paddedIntegers } from '../storage/matrix-arrays.js'
import { each, misfit, type RecordReader, type RecordWriter } from '../storage/record.js'
import type { Rule } from './rule.js'
import { integer, number, optional } from './rule-options.js'
import { finestUnit } from './whole-couplings.js'

/** New patterns overwrite old ones, by a bound on the weights or by decay. */
export interface PalimpsestOptions {
  kind: 'palimpsest'
  /**
   * Hebb's rule with weights bounded by ±`limit` (Parisi 1986), 1 to 2^31 − 3. By default, if `decay` is not given, 0.35·√N rounded,
   * at least 1: the bound that holds most patterns (measured, docs/palimpsest.md).
   */
  limit?: number | undefined
  /** J ← λJ + ξξᵀ/N with λ = `decay` (Nadal, Toulouse, Changeux and Dehaene 1986), in (0, 1), in place of `limit`. */
  decay?: number | undefined
}

export const palimpsest: Rule<PalimpsestOptions> = {
  kind: 'palimpsest',
  title: 'old patterns fade as new ones come (Parisi 1986; Nadal et al. 1986)',
  weights: 'bounded by ±limit',
  holds: 'the last 0.05 N',
  page: 'palimpsest.md',
  options: {
    limit: optional(integer(1, 1, 2 ** 31 - 3), '0.35·√N unless decay is given'),
    decay: optional(number(0.5, 1e-9, 1 - 1e-9), 'none'),
  },
  learners({ kernels, neurons }, { limit, decay }) {
    if (decay === undefined) {
      return {
        matrix: bounded(kernels, neurons, limit ?? Math.max(1, Math.round(0.35 * Math.sqrt(neurons)))),
      }
    }
    if (limit === undefined) return { coupling: new DecayLearner(neurons, decay) }
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'learning: decay cannot be combined with limit')
  },
}

/** J_ij ← min(max(J_ij + ξ_iξ_j, −L), L), pattern after pattern. O(N²) per pattern. */
function bounded(kernels: Kernels, neurons: number, limit: number): GrowingLearner {
  const words = rowWords(neurons)
  return growing({
    divisor: neurons,
    numbers: [Int32Array],
    empty: () => paddedIntegers(neurons),
    *add(weights, rows, count, aside) {
      for (const [from, to] of inPortions(kernels, count, neurons * neurons, aside)) {
        const some = rows.subarray(from * words, to * words)
        const operations = (to - from) * neurons * neurons
        yield* call(kernels, operations, 'bounded', some, to - from, neurons, limit, weights as Int32Array)
        yield new Mark(to, count)
      }
    },
  })
}

/** J ← λJ + ξξᵀ/N: A = diag(λ^age), in integer multiples of 2^−k. */
class DecayLearner implements CouplingLearner {
  readonly symmetric = true
  readonly #neurons: number
  readonly #decay: number
  /** λ^age, oldest first. */
  #strengths: number[] = []

  constructor(neurons: number, decay: number) {
    this.#neurons = neurons
    this.#decay = decay
  }

  *store(_rows: Uint32Array, count: number): Steps<undefined> {
    const strengths = this.#strengths.slice()
    for (let k = 0; k < count; k++) {
      for (let mu = 0; mu < strengths.length; mu++) strengths[mu] *= this.#decay
      strengths.push(1)
      yield new Mark(k + 1, count)
    }
    this.#strengths = strengths
  }

  forget(index: number): void {
    this.#strengths.splice(index, 1)
  }

  clear(): void {
    this.#strengths = []
  }

  checkpoint(): () => void {
    const strengths = this.#strengths
    return () => {
      this.#strengths = strengths
    }
  }

  record(to: RecordWriter): void {
    to.array('learner.strengths', Float64Array.from(this.#strengths), [this.#strengths.length])
  }

  restore(from: RecordReader, _rows: Uint32Array, count: number): void {
    const strengths = from.array('learner.strengths', Float64Array, [count])
    this.#strengths = [...strengths]
    from.check(() =>
      each(count, (mu) => {
        const x = strengths[mu]
        if (x >= 0 && x <= 1) return
        throw misfit(`learner.strengths[${mu}]`, `expected a number from 0 to 1, got ${x}`)
      }),
    )
  }

  coupling(): Steps<Coupling> {
    const strengths = Float64Array.from(this.#strengths)
    return oneStep(() => {
      const total = strengths.reduce((sum, x) => sum + x, 0)
      const unit = finestUnit(this.#neurons * Math.max(total, 1))
      const couplings = strengths.map((x) => Math.round(x * unit))
      return { coupling: 'diagonal', couplings, lag: 0, cyclic: false, divisor: this.#neurons * unit }
    })
  }
}
