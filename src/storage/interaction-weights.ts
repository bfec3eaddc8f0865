import type { Steps } from '../async/steps.js'
import type { InteractionMemory, Kernels } from '../kernels/contract/kernels.js'
import { type Preparation, RowMemory } from './row-memory.js'

/** An interaction function as kernels take it. */
export type InteractionTables = Pick<InteractionMemory, 'fields' | 'energies' | 'beta'>

/** Patterns whose overlaps vote by a table. They lie as those of implicit weights do: rows, and columns once asked for. */
export class InteractionWeights extends RowMemory<InteractionMemory> {
  readonly #tables: InteractionTables

  constructor(kernels: Kernels, neurons: number, tables: InteractionTables) {
    super(kernels, neurons)
    this.#tables = tables
  }

  /** Fields are sums over columns in either dynamics. */
  override memory(): InteractionMemory {
    return super.memory(true)
  }

  override lease(): ReturnType<RowMemory<InteractionMemory>['lease']> {
    return super.lease(true)
  }

  get divisor(): number {
    return 1
  }

  override get growable(): boolean {
    return true
  }

  protected override get keepsColumns(): boolean {
    return true
  }

  protected override get columns(): Uint32Array {
    return this.memory().columns
  }

  protected prepare(): Preparation<InteractionMemory> {
    return this.#steps(this.rows(0, this.count), this.count)
  }

  *#steps(rows: Uint32Array, count: number): Steps<InteractionMemory> {
    const columns = yield* this.patterns.columnsOf(rows, count)
    return { form: 'interaction', neurons: this.neurons, count, rows, columns, ...this.#tables }
  }
}
