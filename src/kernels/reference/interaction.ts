import { fold8 } from '../../numerics/dot8.js'
import { log } from '../../numerics/log.js'
import type { InteractionMemory } from '../contract/kernels.js'
import { columnWords, spin } from '../contract/layout.js'
import type { FieldState } from './field-state.js'
import { overlapSteps } from './overlap.js'
import { Pace } from './steps.js'

/** Votes by a function of the overlap; see {@link InteractionMemory}. */
export class InteractionState implements FieldState {
  readonly #memory: InteractionMemory
  /** j^μ of the current state, less than the tables are read at by `#shift`. */
  readonly #agreeing: Int32Array
  readonly #sums = new Float64Array(8)
  /** N − max j^μ where tables are relative, else 0. */
  #shift = 0

  constructor(memory: InteractionMemory) {
    this.#memory = memory
    this.#agreeing = new Int32Array(memory.count)
  }

  get effort(): number {
    return 4 * this.#memory.count
  }

  *begin(state: Uint32Array): Generator<void, void> {
    const { rows, count, neurons } = this.#memory
    yield* overlapSteps(rows, count, neurons, state, 1, this.#agreeing)
    for (let mu = 0; mu < count; mu++) this.#agreeing[mu] = (this.#agreeing[mu] + neurons) / 2
    this.#measure()
  }

  field(i: number, value: 1 | -1): number {
    const { columns, count, fields } = this.#memory
    const base = i * columnWords(count)
    const sums = this.#sums.fill(0)
    for (let mu = 0; mu < count; mu++) {
      const at = this.#agreeing[mu] + this.#shift
      sums[mu & 7] += spin(columns, mu, base) === value ? fields[at] : -fields[at + 1]
    }
    return value === 1 ? fold8(sums) : 0 - fold8(sums)
  }

  flipped(i: number, value: 1 | -1): void {
    const { columns, count } = this.#memory
    const base = i * columnWords(count)
    for (let mu = 0; mu < count; mu++) this.#agreeing[mu] += value * spin(columns, mu, base)
    this.#measure()
  }

  *fields(state: Uint32Array, out: Float64Array): Generator<void, void> {
    const pace = new Pace()
    for (let i = 0; i < this.#memory.neurons; i++) {
      out[i] = this.field(i, spin(state, i))
      if (pace.due(this.effort)) yield
    }
  }

  /** −2·E: then energies are made of it as of any other Q, with scale 1. */
  // biome-ignore lint/correctness/useYield: one number a pattern is one step.
  *quadratic(): Generator<void, number> {
    const { count, energies, neurons, beta } = this.#memory
    const sums = this.#sums.fill(0)
    for (let mu = 0; mu < count; mu++) sums[mu & 7] += energies[this.#agreeing[mu] + this.#shift]
    const sum = fold8(sums)
    if (beta === 0) return 2 * sum
    return count === 0 ? 0 : 2 * (neurons - 2 * this.#shift + log(sum) / beta)
  }

  active(): number {
    const { count, energies } = this.#memory
    let active = 0
    for (let mu = 0; mu < count; mu++) if (energies[this.#agreeing[mu] + this.#shift] !== 0) active++
    return active
  }

  #measure(): void {
    const { count, neurons, beta } = this.#memory
    if (beta === 0 || count === 0) return
    let most = 0
    for (let mu = 0; mu < count; mu++) if (this.#agreeing[mu] > most) most = this.#agreeing[mu]
    this.#shift = neurons - most
  }
}
