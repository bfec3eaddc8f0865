import { call, Mark, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels, MatrixMemory } from '../kernels/contract/kernels.js'
import { columnWords, paddedStride } from '../kernels/contract/layout.js'
import { copy } from './copying.js'
import { Leased } from './lease.js'
import { checkMatrix, hasZeroDiagonal, symmetric, withoutPadding } from './matrix-arrays.js'
import type { Staged } from './packed-rows.js'
import { misfit, type RecordReader, type RecordWriter } from './record.js'
import type { Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'

type IntegerMatrix = MatrixMemory & { readonly weights: Int32Array }

/** J as N padded rows of 32-bit integers, updated pattern by pattern. */
export class DenseWeights extends RowWeights<IntegerMatrix> {
  readonly form = 'matrix'
  readonly symmetric = true
  #matrix: Leased<Int32Array>

  constructor(kernels: Kernels, neurons: number) {
    super(kernels, neurons)
    this.#matrix = new Leased(this.#zeros())
  }

  /** J is Hebb's integer, the textbook's has 1/N. */
  get divisor(): number {
    return this.neurons
  }

  matrix(): Int32Array {
    return withoutPadding(this.#matrix.values, this.neurons)
  }

  protected override hold(): () => void {
    return this.#matrix.hold()
  }

  protected override recordOwn(to: RecordWriter): void {
    to.array('weights', this.#matrix.values, [this.neurons, paddedStride(this.neurons)])
    to.hold(this.#matrix)
  }

  protected override restoreOwn(from: RecordReader): void {
    const { neurons: n } = this
    const weights = from.array('weights', Int32Array, [n, paddedStride(n)])
    checkMatrix(from, 'weights', weights, n)
    from.check(function* () {
      if (hasZeroDiagonal(weights, n) && (yield* symmetric(weights, n))) return
      throw misfit('weights', "expected Hebb's weights, symmetric and with a diagonal of zeros")
    })
    this.#matrix = from.lease(weights)
  }

  protected override *learn({ fresh, count }: Staged, aside: boolean): Steps<undefined> {
    const { neurons } = this
    // Everything that can fail comes before the first weight changes.
    const columns = yield* this.patterns.columnsOf(fresh, count)
    const first = this.count === 0
    const { values, writable } = this.#matrix
    const matrix = writable && !aside ? values : this.#zeros()
    if (matrix !== values && !first) yield* copy(values, matrix)
    const operations = neurons * neurons * (1 + count / 64)
    yield* call(this.kernels, operations, 'hebbian', columns, count, neurons, 1, matrix, first)
    yield new Mark(count, count)
    if (matrix !== values) this.#matrix = new Leased(matrix)
  }

  protected override unlearn(index: number): void {
    const columns = this.patterns.columns(index, index + 1)
    this.kernels.hebbian(columns, 1, this.neurons, -1, this.#own(), false)
  }

  protected override relearn({ index, row }: Replacement): void {
    const before = this.patterns.columns(index, index + 1)
    const after = new Uint32Array(this.neurons * columnWords(1))
    this.kernels.transpose(row, 1, this.neurons, after)
    const matrix = this.#own()
    this.kernels.hebbian(before, 1, this.neurons, -1, matrix, false)
    this.kernels.hebbian(after, 1, this.neurons, 1, matrix, false)
  }

  protected override unlearnAll(): void {
    if (this.#matrix.writable) this.#matrix.values.fill(0)
    else this.#matrix = new Leased(this.#zeros())
  }

  protected override get alike(): boolean {
    return true
  }

  protected prepare(): IntegerMatrix {
    const { neurons, count } = this
    const rows = this.rows(0, count)
    return { form: 'matrix', neurons, count, rows, weights: this.#matrix.values, symmetric: true }
  }

  /** The matrix to change: a copy of it while others read the old one. */
  #own(): Int32Array {
    if (!this.#matrix.writable) {
      const own = this.#zeros()
      own.set(this.#matrix.values)
      this.#matrix = new Leased(own)
    }
    return this.#matrix.values
  }

  #zeros(): Int32Array {
    const size = this.neurons * paddedStride(this.neurons)
    return asIntegers(allocate('dense weights', size * 4, () => this.kernels.allocate(size)))
  }
}

function asIntegers(words: Uint32Array): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length)
}
