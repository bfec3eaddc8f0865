import type { DenseMemory, ImplicitMemory, Memory } from '../contract/kernels.js'
import { columnWords, rowWords, spin } from '../contract/layout.js'
import { CoupledState } from './coupled.js'
import { denseQuadratic, implicitQuadratic } from './energy.js'
import { columnField, denseFields, implicitFields } from './field.js'
import type { FieldState } from './field-state.js'
import { InteractionState } from './interaction.js'
import { overlaps } from './overlap.js'
import { BitsState, MatrixState, SparseState } from './row-forms.js'

class ImplicitState implements FieldState {
  readonly #memory: ImplicitMemory
  readonly #overlaps: Int32Array
  #total = 0

  constructor(memory: ImplicitMemory) {
    this.#memory = memory
    this.#overlaps = new Int32Array(memory.count)
  }

  begin(state: Uint32Array): void {
    const { rows, count, neurons } = this.#memory
    overlaps(rows, count, neurons, state, 1, this.#overlaps)
    this.#total = this.#overlaps.reduce((sum, v) => sum + v, 0)
  }

  field(i: number, value: 1 | -1): number {
    const { columns, count } = this.#memory
    return columnField(columns, count, i, this.#overlaps, this.#total, value)
  }

  flipped(i: number, value: 1 | -1): void {
    const { columns, count } = this.#memory
    const base = i * columnWords(count)
    this.#total = 0
    for (let mu = 0; mu < count; mu++) {
      this.#overlaps[mu] += 2 * value * spin(columns, mu, base)
      this.#total += this.#overlaps[mu]
    }
  }

  fields(state: Uint32Array, out: Float64Array): void {
    const { rows, count, neurons } = this.#memory
    implicitFields(rows, count, neurons, this.#overlaps, state, out)
  }

  quadratic(): number {
    return implicitQuadratic(this.#overlaps, this.#memory.count, this.#memory.neurons)
  }
}

class DenseState implements FieldState {
  readonly #memory: DenseMemory
  readonly #fields: Float64Array

  constructor(memory: DenseMemory) {
    this.#memory = memory
    this.#fields = new Float64Array(memory.neurons)
  }

  begin(state: Uint32Array): void {
    denseFields(this.#memory.weights, this.#memory.neurons, state, this.#fields)
  }

  field(i: number): number {
    return this.#fields[i]
  }

  flipped(i: number, value: 1 | -1): void {
    const { weights, neurons } = this.#memory
    for (let j = 0; j < neurons; j++) this.#fields[j] += 2 * value * weights[i * neurons + j]
  }

  fields(_state: Uint32Array, out: Float64Array): void {
    out.set(this.#fields)
  }

  quadratic(state: Uint32Array): number {
    return denseQuadratic(this.#fields, this.#memory.neurons, state)
  }
}

export function fieldState(memory: Memory): FieldState {
  switch (memory.form) {
    case 'implicit':
      return new ImplicitState(memory)
    case 'dense':
      return new DenseState(memory)
    case 'interaction':
      return new InteractionState(memory)
    case 'coupled':
      return new CoupledState(memory)
    case 'matrix':
      return new MatrixState(memory)
    case 'bits':
      return new BitsState(memory)
    case 'sparse':
      return new SparseState(memory)
  }
}

/** Whether Q may be carried from flip to flip: the older forms' integers, below 2^53. */
export function carriesQuadratic({ form, neurons, count }: Memory): boolean {
  return (form === 'implicit' || form === 'dense') && neurons * neurons * count < 2 ** 53
}

/** Whether weights may be asymmetric, so that cycles of any length are looked for. */
export function mayCycle({ form }: Memory): boolean {
  return form !== 'implicit' && form !== 'dense' && form !== 'interaction'
}

export function localFields(memory: Memory, state: Uint32Array, out: Float64Array): void {
  const form = fieldState(memory)
  form.begin(state)
  form.fields(state, out)
}

export function quadratics(memory: Memory, states: Uint32Array, count: number, out: Float64Array): void {
  const form = fieldState(memory)
  const stride = rowWords(memory.neurons)
  for (let b = 0; b < count; b++) {
    const state = states.subarray(b * stride, (b + 1) * stride)
    form.begin(state)
    out[b] = form.quadratic(state)
  }
}
