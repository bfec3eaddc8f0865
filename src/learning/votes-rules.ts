import type { Coupling, VotesRule } from '../storage/coupled-weights.js'

const NONE = new Float64Array(0)

/** Rules whose A depends on how many patterns there are alone. */
abstract class CountingRule implements VotesRule {
  readonly symmetric: boolean = true
  protected count = 0

  store(_rows: Uint32Array, count: number): undefined {
    this.count += count
  }

  forget(): void {
    this.count--
  }

  clear(): void {
    this.count = 0
  }

  abstract coupling(): Coupling
}

/** Hebb's rule, A = 1: where neurons are to hear themselves. */
export class IdentityRule extends CountingRule {
  readonly #neurons: number

  constructor(neurons: number) {
    super()
    this.#neurons = neurons
  }

  coupling(): Coupling {
    const couplings = new Float64Array(this.count).fill(1)
    return { coupling: 'diagonal', couplings, lag: 0, cyclic: false, divisor: this.#neurons }
  }
}

/** J_ij = (1/N) Σ_μ (ξ_i^μ − ξ̄_i)(ξ_j^μ − ξ̄_j), ξ̄ the mean of the stored patterns: A = 1 − 11ᵀ/P, counted in 1/P. */
export class CovarianceRule extends CountingRule {
  readonly #neurons: number

  constructor(neurons: number) {
    super()
    this.#neurons = neurons
  }

  coupling(): Coupling {
    const divisor = this.#neurons * Math.max(this.count, 1)
    return { coupling: 'centred', couplings: NONE, lag: 0, cyclic: false, divisor }
  }
}

/** J_ij = (1/N) Σ_μ ξ_i^(μ+lag) ξ_j^μ: each pattern calls up the one that was stored `lag` places later. */
export class SequenceRule extends CountingRule {
  override readonly symmetric: boolean = false
  readonly #neurons: number
  readonly #lag: number
  readonly #cyclic: boolean

  constructor(neurons: number, lag: number, cyclic: boolean) {
    super()
    this.#neurons = neurons
    this.#lag = lag
    this.#cyclic = cyclic
  }

  coupling(): Coupling {
    const { count } = this
    const lag = this.#cyclic && count > 0 ? this.#lag % count : Math.min(this.#lag, count)
    return { coupling: 'shift', couplings: NONE, lag, cyclic: this.#cyclic, divisor: this.#neurons }
  }
}

/** J ← λJ + ξξᵀ/N: A = diag(λ^age), counted in 2^−k. */
export class DecayRule implements VotesRule {
  readonly symmetric = true
  readonly #neurons: number
  readonly #decay: number
  /** λ^age, oldest first. */
  #strengths: number[] = []

  constructor(neurons: number, decay: number) {
    this.#neurons = neurons
    this.#decay = decay
  }

  store(_rows: Uint32Array, count: number): undefined {
    for (let k = 0; k < count; k++) {
      for (let mu = 0; mu < this.#strengths.length; mu++) this.#strengths[mu] *= this.#decay
      this.#strengths.push(1)
    }
  }

  forget(index: number): void {
    this.#strengths.splice(index, 1)
  }

  clear(): void {
    this.#strengths = []
  }

  coupling(): Coupling {
    const total = this.#strengths.reduce((sum, x) => sum + x, 0)
    const unit = finestUnit(this.#neurons * Math.max(total, 1))
    const couplings = Float64Array.from(this.#strengths, (x) => Math.round(x * unit))
    return { coupling: 'diagonal', couplings, lag: 0, cyclic: false, divisor: this.#neurons * unit }
  }
}

/** The largest 2^k, k ≤ 48, by which sums of at most `most` may be multiplied and stay below 2^52. */
export function finestUnit(most: number): number {
  let unit = 2 ** 48
  while (unit > 1 && most * unit >= 2 ** 52) unit /= 2
  return unit
}
