import { allocate } from '../errors.js'
import type { ImplicitMemory, Kernels } from '../kernels/kernels.js'
import type { StateSource } from '../patterns/spins.js'
import { PatternRows } from './pattern-rows.js'
import type { Weights } from './weights.js'

const NO_COLUMNS = new Uint32Array(0)

/** J = ΞᵀΞ − P·1, never formed: N·P/8 bytes, twice that once an asynchronous recall has been asked for. */
export class ImplicitWeights implements Weights {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #patterns: PatternRows
  /** What recalls read; made at the first of them after a change. */
  #memory: ImplicitMemory | undefined

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#patterns = new PatternRows(kernels, neurons)
  }

  get count(): number {
    return this.#patterns.count
  }

  store(patterns: StateSource): void {
    this.#patterns.stage(patterns)
    this.#patterns.commit(patterns)
    this.#memory = undefined
  }

  forget(index: number): void {
    this.#patterns.forget(index)
    this.#memory = undefined
  }

  clear(): void {
    this.#patterns.clear()
    this.#memory = undefined
  }

  rows(from: number, to: number): Uint32Array {
    return this.#patterns.view(from, to)
  }

  matrix(): Int32Array {
    const n = this.#neurons
    const out = allocate('weights', n * n * 4, () => new Int32Array(n * n))
    this.#kernels.hebbian(this.#patterns.columns(0, this.count), this.count, n, 1, out)
    return out
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.#patterns.overlaps(state)
  }

  fields(state: Uint32Array, out: Float64Array): void {
    const rows = this.rows(0, this.count)
    this.#kernels.implicitFields(rows, this.count, this.#neurons, this.overlaps(state), state, out)
  }

  quadratic(state: Uint32Array): number {
    return this.#kernels.implicitQuadratic(this.overlaps(state), this.count, this.#neurons)
  }

  memory(asynchronous: boolean): ImplicitMemory {
    if (this.#memory !== undefined && (!asynchronous || this.#memory.columns !== NO_COLUMNS)) {
      return this.#memory
    }
    this.#memory = {
      form: 'implicit',
      neurons: this.#neurons,
      count: this.count,
      rows: this.rows(0, this.count),
      columns: asynchronous ? this.#patterns.columns(0, this.count) : NO_COLUMNS,
    }
    return this.#memory
  }
}
