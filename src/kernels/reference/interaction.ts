import { fold8 } from '../../numerics/dot8.js'
import { log } from '../../numerics/log.js'
import { Pace } from '../../platform/pace.js'
import type { InteractionMemory } from '../contract/kernels.js'
import { columnWords, spin } from '../contract/layout.js'
import type { FieldState } from './field-state.js'
import { overlapSteps } from './overlap.js'

/** Votes by a function of the overlap; see {@link InteractionMemory}. */
export class InteractionState implements FieldState {
  readonly #memory: InteractionMemory
  /** j^μ of the current state, less than the tables are read at by `#shift`. */
  readonly #agreeing: Int32Array
  readonly #sums = new Float64Array(8)
  /** N − max j^μ where tables are relative, else 0. */
  #shift = 0
  /** Whether fields are differences of energies where tables are relative. */
  readonly #energetic: boolean
  /** Σ F of the current state, for these. */
  #sum = 0

  /** @param energetic whether fields are compared with anything but zero. */
  constructor(memory: InteractionMemory, energetic: boolean) {
    this.#memory = memory
    this.#energetic = energetic && memory.beta > 0 && memory.count > 0
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
    const gain = this.#energetic ? this.#gained(fold8(sums)) : fold8(sums)
    return value === 1 ? gain : 0 - gain
  }

  /** (ln Σ F − ln Σ' F)/β, where Σ' is the sum after a flip: by how much E would rise. No less than 2^-64 of a sum is left. */
  #gained(votes: number): number {
    const { fields, neurons, beta } = this.#memory
    const next = fields[neurons - 1]
    const left = this.#sum - votes * (1 - next)
    const least = this.#sum * (next > 2 ** -64 ? next : 2 ** -64)
    return (log(this.#sum) - log(left > least ? left : least)) / beta
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

  /** −4·E: then energies are made of it as of any other Q, with scale 2. */
  // biome-ignore lint/correctness/useYield: one number a pattern is one step.
  *quadratic(): Generator<void, number> {
    const { count, neurons, beta } = this.#memory
    const sum = this.#sumOfAll()
    if (beta === 0) return 4 * sum
    return count === 0 ? 0 : 4 * (neurons - 2 * this.#shift + log(sum) / beta)
  }

  #sumOfAll(): number {
    const { count, energies } = this.#memory
    const sums = this.#sums.fill(0)
    for (let mu = 0; mu < count; mu++) sums[mu & 7] += energies[this.#agreeing[mu] + this.#shift]
    return fold8(sums)
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
    if (this.#energetic) this.#sum = this.#sumOfAll()
  }
}
