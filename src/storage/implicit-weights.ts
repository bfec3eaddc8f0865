import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { ImplicitMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { withoutPadding } from './matrix-arrays.js'
import type { Preparation } from './row-memory.js'
import { RowWeights } from './row-weights.js'

const NO_COLUMNS = new Uint32Array(0)

/** J = ΞᵀΞ − P·1, never formed: N·P/8 bytes, twice that once an asynchronous recall has been asked for. */
export class ImplicitWeights extends RowWeights<ImplicitMemory> {
  readonly form = 'implicit'
  readonly symmetric = true

  /** J is Hebb's integer, the textbook's has 1/N. */
  get divisor(): number {
    return this.neurons
  }

  matrix(): Int32Array {
    const { kernels, neurons: n, count } = this
    const size = n * paddedStride(n)
    const words = allocate('weights', size * 4, () => kernels.allocate(size))
    const rows = new Int32Array(words.buffer, words.byteOffset, size)
    kernels.hebbian(this.patterns.columns(0, count), count, n, 1, rows, true)
    return size === n * n ? rows : withoutPadding(rows, n)
  }

  override get growable(): boolean {
    return true
  }

  protected override get keepsColumns(): boolean {
    return true
  }

  protected override get columns(): Uint32Array {
    return this.memory(true).columns
  }

  protected prepare(asynchronous: boolean): Preparation<ImplicitMemory> {
    const { neurons, count } = this
    const plain = {
      form: 'implicit',
      neurons,
      count,
      rows: this.rows(0, count),
      columns: NO_COLUMNS,
    } as const
    return asynchronous ? this.#withColumns(plain) : plain
  }

  *#withColumns(plain: ImplicitMemory): Steps<ImplicitMemory> {
    return { ...plain, columns: yield* this.patterns.columnsOf(plain.rows, plain.count) }
  }
}
