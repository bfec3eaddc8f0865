import type { ConstantField } from '../contract/kernels.js'
import { spin } from '../contract/layout.js'
import type { FieldState } from './field-state.js'

/** Fields with a constant part beside that of the weights; see {@link ConstantField}. */
export class ConstantState implements FieldState {
  readonly #weights: FieldState
  readonly #constant: ConstantField

  constructor(weights: FieldState, constant: ConstantField) {
    this.#weights = weights
    this.#constant = constant
  }

  get effort(): number {
    return this.#weights.effort
  }

  begin(state: Uint32Array): Generator<void, void> {
    return this.#weights.begin(state)
  }

  field(i: number, value: 1 | -1): number {
    const { unit, values } = this.#constant
    return unit * this.#weights.field(i, value) + values[i]
  }

  flipped(i: number, value: 1 | -1): void {
    this.#weights.flipped(i, value)
  }

  *fields(state: Uint32Array, out: Float64Array): Generator<void, void> {
    const { unit, values } = this.#constant
    yield* this.#weights.fields(state, out)
    for (let i = 0; i < values.length; i++) out[i] = unit * out[i] + values[i]
  }

  *quadratic(state: Uint32Array): Generator<void, number> {
    const { unit, values } = this.#constant
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += spin(state, i) * values[i]
    return unit * (yield* this.#weights.quadratic(state)) + 2 * sum
  }
}
