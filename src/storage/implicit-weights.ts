import { allocate } from '../errors.js'
import type { ImplicitMemory, Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { withoutPadding } from './matrix-arrays.js'
import type { Preparation } from './row-memory.js'
import { RowWeights } from './row-weights.js'
import { notOfShare, sharedLayout } from './shared-layout.js'

const NO_COLUMNS = new Uint32Array(0)

/** J = ΞᵀΞ − P·1, never formed: N·P/8 bytes, twice that once an asynchronous recall has been asked for. */
export class ImplicitWeights extends RowWeights<ImplicitMemory> {
  readonly form = 'implicit'
  readonly symmetric = true
  /** Words that others have too, if the memory lies in them. */
  #shared: Uint32Array | undefined

  /** @param shared words of sharedLayout that hold `count` patterns; none to begin with nothing. */
  constructor(kernels: Kernels, neurons: number, shared?: Uint32Array, count = 0) {
    super(kernels, neurons)
    if (shared === undefined) return
    this.#open(shared, count)
    // Kernels size their room by what overlaps can be; columns of other patterns would carry them beyond it.
    if (!this.patterns.agrees(shared.subarray(sharedLayout(neurons, count, false).rows))) throw notOfShare()
  }

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

  /** Moves rows and columns into shared memory, laid out as shared-layout.ts says. */
  share(): Uint32Array {
    if (this.#shared !== undefined) return this.#shared
    const { count } = this
    const { rows, end } = sharedLayout(this.neurons, count, false)
    const words = allocate('shared memory', end * 4, () => this.kernels.allocate(end, true))
    words.set(this.rows(0, count))
    this.kernels.transpose(words.subarray(0, rows), count, this.neurons, words.subarray(rows))
    this.#open(words, count)
    return words
  }

  protected override get columns(): Uint32Array {
    return this.memory(true).columns
  }

  protected override restoreOwn(): void {
    this.#shared = undefined
  }

  protected override changed(): void {
    this.#shared = undefined
  }

  protected prepare(asynchronous: boolean, inSteps: boolean): Preparation<ImplicitMemory> {
    const { neurons, count } = this
    const plain = {
      form: 'implicit',
      neurons,
      count,
      rows: this.rows(0, count),
      columns: NO_COLUMNS,
    } as const
    return asynchronous ? this.#withColumns(plain, inSteps) : plain
  }

  *#withColumns(plain: ImplicitMemory, inSteps: boolean): Generator<void, ImplicitMemory> {
    return { ...plain, columns: yield* this.patterns.columnsOf(plain.rows, plain.count, inSteps) }
  }

  #open(words: Uint32Array, count: number): void {
    const { rows, end } = sharedLayout(this.neurons, count, false)
    this.patterns.adopt(words.subarray(0, rows))
    this.#shared = words
    const columns = words.subarray(rows, end)
    this.adopt({ form: 'implicit', neurons: this.neurons, count, rows: this.rows(0, count), columns }, true)
  }
}
