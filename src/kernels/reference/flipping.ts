import type { Couplings } from '../contract/kernels.js'
import { paddedStride, spin } from '../contract/layout.js'
import { localFields } from './forms.js'

/** A state that is flipped variable by variable, and what each flip would change. */
export class Flipping {
  readonly neurons: number
  readonly state: Uint32Array
  readonly #memory: Couplings
  readonly #fields: Float64Array | undefined
  readonly #sums: Float64Array

  constructor(memory: Couplings, fields: Float64Array | undefined, state: Uint32Array) {
    this.neurons = memory.neurons
    this.state = state
    this.#memory = memory
    this.#fields = fields
    this.#sums = new Float64Array(memory.neurons)
    localFields(memory, state, this.#sums)
  }

  /** g_i: half of what E changes by if i flips. */
  gain(i: number): number {
    const field = this.#fields === undefined ? this.#sums[i] : this.#sums[i] + this.#fields[i]
    return spin(this.state, i) * field
  }

  energy(): number {
    let [pairs, single] = [0, 0]
    for (let i = 0; i < this.neurons; i++) pairs += spin(this.state, i) * this.#sums[i]
    for (let i = 0; i < this.neurons; i++) single += spin(this.state, i) * (this.#fields?.[i] ?? 0)
    return 0 - pairs / 2 - single
  }

  flip(i: number): void {
    const twice = -2 * spin(this.state, i)
    this.state[i >>> 5] ^= 1 << (i & 31)
    const memory = this.#memory
    if (memory.form === 'sparse') {
      const { starts, sources, weights } = memory
      for (let k = starts[i]; k < starts[i + 1]; k++) this.#sums[sources[k]] += twice * weights[k]
      return
    }
    const from = i * paddedStride(this.neurons)
    for (let j = 0; j < this.neurons; j++) this.#sums[j] += twice * memory.weights[from + j]
  }
}
