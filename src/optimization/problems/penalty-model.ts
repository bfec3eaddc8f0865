import { allocate } from '../../errors.js'
import { type CouplingTable, gathered, opposite } from './coupling-table.js'
import type { Model } from './ising-model.js'

/** Energies of 0/1 variables that are written down term by term, in the least that they can be kept in. */
export class PenaltyModel {
  readonly #variables: number
  #from = new Uint32Array(1024)
  #to = new Uint32Array(1024)
  #values = new Float64Array(1024)
  #count = 0
  #offset = 0

  constructor(variables: number) {
    this.#variables = variables
  }

  /** Adds q x_i x_j; with i = j, q x_i. */
  pair(i: number, j: number, q: number): void {
    if (this.#count === this.#from.length) this.#grow()
    this.#from[this.#count] = i
    this.#to[this.#count] = j
    this.#values[this.#count++] = q
  }

  /** Adds cost·(1 − Σ x)²: of these variables exactly one should be 1. */
  oneOf(variables: readonly number[], cost: number): void {
    this.#offset += cost
    for (const [k, i] of variables.entries()) {
      this.pair(i, i, -cost)
      for (let l = 0; l < k; l++) this.pair(variables[l], i, 2 * cost)
    }
  }

  /** As a model of ±1, s = 2x − 1, in quarters of the unit: whole numbers stay whole. */
  model(): Model {
    const pairs = {
      variables: this.#variables,
      from: this.#from.subarray(0, this.#count),
      to: this.#to.subarray(0, this.#count),
      values: this.#values.subarray(0, this.#count),
    }
    const { table, own } = gathered('terms', pairs)
    return spinModel(table, own, this.#offset)
  }

  #grow(): void {
    const length = this.#from.length * 2
    allocate('terms', length * 16, () => {
      const [from, to, values] = [new Uint32Array(length), new Uint32Array(length), new Float64Array(length)]
      from.set(this.#from)
      to.set(this.#to)
      values.set(this.#values)
      this.#from = from
      this.#to = to
      this.#values = values
    })
  }
}

/**
 * The energies of 0/1 variables as those of ±1. x = (1 + s)/2 makes q x_i x_j of a pair q/4·(1 + s_i + s_j + s_i s_j), and q x_i of a
 * single one q/2·(1 + s_i). Everything is kept times four, so that whole numbers stay whole.
 */
export function spinModel(table: CouplingTable, linear: Float64Array, offset: number): Model {
  const { starts, weights } = table
  const fields = new Float64Array(linear.length)
  let constant = 0
  for (let i = 0; i < linear.length; i++) {
    let sum = 0
    for (let k = starts[i]; k < starts[i + 1]; k++) sum += weights[k]
    fields[i] = 0 - sum - 2 * linear[i]
    constant += sum / 2 + 2 * linear[i]
  }
  return { table: opposite(table), fields, scale: 4, offset: constant / 4 + offset }
}
