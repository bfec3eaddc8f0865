import { dot8Spins, fold8 } from '../../numerics/dot8.js'
import { Pace } from '../../platform/pace.js'
import type { BitsMemory, MatrixMemory, SparseMemory } from '../contract/kernels.js'
import { paddedStride, popcount32, rowWords, spin } from '../contract/layout.js'
import { fieldQuadratic } from './energy.js'
import type { FieldState } from './field-state.js'

/** Fields that are read off a neuron's own weights at each look, from the state alone: nothing to keep, nothing to drift. */
abstract class RowState implements FieldState {
  readonly #neurons: number
  #state: Uint32Array = new Uint32Array(0)

  constructor(neurons: number) {
    this.#neurons = neurons
  }

  /** The state is held: flips are seen in it. */
  // biome-ignore lint/correctness/useYield: there is nothing to make.
  *begin(state: Uint32Array): Generator<void, void> {
    this.#state = state
  }

  field(i: number): number {
    return this.fieldOf(i, this.#state)
  }

  flipped(): void {}

  *fields(state: Uint32Array, out: Float64Array): Generator<void, void> {
    const pace = new Pace()
    for (let i = 0; i < this.#neurons; i++) {
      out[i] = this.fieldOf(i, state)
      if (pace.due(this.effort)) yield
    }
  }

  *quadratic(state: Uint32Array): Generator<void, number> {
    const fields = new Float64Array(this.#neurons)
    yield* this.fields(state, fields)
    return fieldQuadratic(fields, this.#neurons, state)
  }

  abstract readonly effort: number
  protected abstract fieldOf(i: number, state: Uint32Array): number
}

export class MatrixState extends RowState {
  readonly #memory: MatrixMemory
  readonly #stride: number

  constructor(memory: MatrixMemory) {
    super(memory.neurons)
    this.#memory = memory
    this.#stride = paddedStride(memory.neurons)
  }

  get effort(): number {
    return 2 * this.#memory.neurons
  }

  protected fieldOf(i: number, state: Uint32Array): number {
    const { weights, neurons } = this.#memory
    return dot8Spins(weights.subarray(i * this.#stride, i * this.#stride + neurons), neurons, state)
  }
}

/** A symmetric matrix of integers: fields cannot drift, so they are carried from flip to flip. */
export class CarriedState implements FieldState {
  readonly #memory: MatrixMemory
  readonly #stride: number
  readonly #fields: Float64Array

  constructor(memory: MatrixMemory) {
    this.#memory = memory
    this.#stride = paddedStride(memory.neurons)
    this.#fields = new Float64Array(memory.neurons)
  }

  get effort(): number {
    return this.#memory.neurons
  }

  *begin(state: Uint32Array): Generator<void, void> {
    const { weights, neurons } = this.#memory
    const pace = new Pace()
    for (let i = 0; i < neurons; i++) {
      let field = 0
      for (let j = 0; j < neurons; j++) field += spin(state, j) * weights[i * this.#stride + j]
      this.#fields[i] = field
      if (pace.due(2 * neurons)) yield
    }
  }

  field(i: number): number {
    return this.#fields[i]
  }

  flipped(i: number, value: 1 | -1): void {
    const { weights, neurons } = this.#memory
    for (let j = 0; j < neurons; j++) this.#fields[j] += 2 * value * weights[i * this.#stride + j]
  }

  // biome-ignore lint/correctness/useYield: they are there.
  *fields(_state: Uint32Array, out: Float64Array): Generator<void, void> {
    out.set(this.#fields)
  }

  // biome-ignore lint/correctness/useYield: one number a neuron is one step.
  *quadratic(state: Uint32Array): Generator<void, number> {
    return fieldQuadratic(this.#fields, this.#memory.neurons, state)
  }
}

export class BitsState extends RowState {
  readonly #memory: BitsMemory

  constructor(memory: BitsMemory) {
    super(memory.neurons)
    this.#memory = memory
  }

  get effort(): number {
    return this.#memory.neurons / 4
  }

  protected fieldOf(i: number, state: Uint32Array): number {
    const { weights, neurons } = this.#memory
    const base = i * rowWords(neurons)
    let differing = 0
    for (let k = 0; k < Math.ceil(neurons / 32); k++) differing += popcount32(weights[base + k] ^ state[k])
    return neurons - 2 * differing - spin(weights, i, base) * spin(state, i)
  }
}

export class SparseState extends RowState {
  readonly #memory: SparseMemory
  readonly #sums = new Float64Array(8)

  constructor(memory: SparseMemory) {
    super(memory.neurons)
    this.#memory = memory
  }

  /** Of a neuron that has as many sources as most have. */
  get effort(): number {
    return 8 + (4 * this.#memory.sources.length) / this.#memory.neurons
  }

  protected fieldOf(i: number, state: Uint32Array): number {
    const { starts, sources, weights } = this.#memory
    const sums = this.#sums.fill(0)
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      sums[(k - starts[i]) & 7] += spin(state, sources[k]) * weights[k]
    }
    return fold8(sums)
  }
}
