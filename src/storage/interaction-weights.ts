import type { StateSource } from '../input/spins.js'
import type { InteractionMemory, Kernels } from '../kernels/contract/kernels.js'
import { ImplicitWeights } from './implicit-weights.js'
import type { Lease, PatternMemory } from './weights.js'

/** An interaction function as kernels take it. */
export type InteractionTables = Pick<InteractionMemory, 'fields' | 'energies' | 'beta'>

/** Patterns whose overlaps vote by a table. They lie as those of implicit weights do: rows, and columns once asked for. */
export class InteractionWeights implements PatternMemory {
  readonly #patterns: ImplicitWeights
  readonly #tables: InteractionTables

  constructor(kernels: Kernels, neurons: number, tables: InteractionTables) {
    this.#patterns = new ImplicitWeights(kernels, neurons)
    this.#tables = tables
  }

  get count(): number {
    return this.#patterns.count
  }

  store(patterns: StateSource): undefined {
    this.#patterns.store(patterns)
  }

  replace(index: number, pattern: StateSource): void {
    this.#patterns.replace(index, pattern)
  }

  forget(index: number): void {
    this.#patterns.forget(index)
  }

  clear(): void {
    this.#patterns.clear()
  }

  rows(from: number, to: number): Uint32Array {
    return this.#patterns.rows(from, to)
  }

  planes(): Uint32Array {
    return this.#patterns.planes()
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.#patterns.overlaps(state)
  }

  /** Fields are sums over columns in either dynamics. */
  memory(): InteractionMemory {
    return { ...this.#patterns.memory(true), form: 'interaction', ...this.#tables }
  }

  async lease(): Promise<Lease<InteractionMemory>> {
    const { memory, release } = await this.#patterns.lease(true)
    return { memory: { ...memory, form: 'interaction', ...this.#tables }, release }
  }
}
