import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, MatrixMemory } from '../kernels/contract/kernels.js'
import { columnWords, paddedStride } from '../kernels/contract/layout.js'
import { Leased } from './lease.js'
import { withoutPadding } from './matrix-arrays.js'
import { PatternRows } from './packed-rows.js'
import { notOfShare, sharedLayout } from './shared-layout.js'
import type { Lease, Weights } from './weights.js'

type IntegerMatrix = MatrixMemory & { readonly weights: Int32Array }

/** J as N padded rows of 32-bit integers, updated pattern by pattern. */
export class DenseWeights implements Weights {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #patterns: PatternRows
  #matrix: Leased<Int32Array>
  /** What recalls read; made at the first of them after a change. */
  #memory: IntegerMatrix | undefined
  /** Words that others have too, if patterns and matrix lie in them. */
  #shared: Uint32Array | undefined

  /** @param shared words of sharedLayout that hold `count` patterns; none to begin with nothing. */
  constructor(kernels: Kernels, neurons: number, shared?: Uint32Array, count = 0) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#patterns = new PatternRows(kernels, neurons)
    this.#matrix = shared === undefined ? new Leased(this.#zeros()) : this.#adopt(shared, count)
    if (!this.#patterns.clean()) throw notOfShare()
  }

  readonly form = 'matrix'
  readonly symmetric = true

  get count(): number {
    return this.#patterns.count
  }

  /** J is Hebb's integer, the textbook's has 1/N. */
  get divisor(): number {
    return this.#neurons
  }

  store(patterns: StateSource): undefined {
    this.#patterns.stage(patterns)
    // Everything that can fail comes before the first weight changes.
    const columns = this.#patterns.columns(this.count, this.count + patterns.count)
    const fresh = this.count === 0
    this.#kernels.hebbian(columns, patterns.count, this.#neurons, 1, this.#ownMatrix(), fresh)
    this.#patterns.commit(patterns.count)
    this.#changed()
  }

  replace(index: number, pattern: StateSource): void {
    const row = this.#patterns.packed(pattern)
    const [before, after] = [
      this.#patterns.columns(index, index + 1),
      new Uint32Array(this.#neurons * columnWords(1)),
    ]
    this.#kernels.transpose(row, 1, this.#neurons, after)
    this.#patterns.own()
    const matrix = this.#ownMatrix()
    this.#kernels.hebbian(before, 1, this.#neurons, -1, matrix, false)
    this.#kernels.hebbian(after, 1, this.#neurons, 1, matrix, false)
    this.#patterns.replace(index, row)
    this.#shared = undefined
  }

  forget(index: number): void {
    const columns = this.#patterns.columns(index, index + 1)
    this.#patterns.own()
    this.#kernels.hebbian(columns, 1, this.#neurons, -1, this.#ownMatrix(), false)
    this.#patterns.forget(index)
    this.#changed()
  }

  clear(): void {
    if (this.#matrix.writable) this.#matrix.values.fill(0)
    else this.#matrix = new Leased(this.#zeros())
    this.#patterns.clear()
    this.#changed()
  }

  rows(from: number, to: number): Uint32Array {
    return this.#patterns.view(from, to)
  }

  planes(): Uint32Array {
    return this.#patterns.planes()
  }

  matrix(): Int32Array {
    const { values } = this.#matrix
    return withoutPadding(values, this.#neurons)
  }

  overlaps(state: Uint32Array): Int32Array {
    return this.#patterns.overlaps(state)
  }

  fields(state: Uint32Array, out: Float64Array): void {
    this.#kernels.localFields(this.memory(), state, out)
  }

  quadratic(state: Uint32Array): number {
    const out = new Float64Array(1)
    this.#kernels.quadratics(this.memory(), state, 1, out)
    return out[0]
  }

  memory(): IntegerMatrix {
    this.#memory ??= {
      form: 'matrix',
      neurons: this.#neurons,
      count: this.count,
      rows: this.rows(0, this.count),
      weights: this.#matrix.values,
      symmetric: true,
    }
    return this.#memory
  }

  async lease(): Promise<Lease> {
    const releases = [this.#patterns.hold(), this.#matrix.hold()]
    return {
      memory: this.memory(),
      release() {
        for (const release of releases) release()
      },
    }
  }

  share(): Uint32Array {
    if (this.#shared !== undefined) return this.#shared
    const { count } = this
    const { rows, end } = sharedLayout(this.#neurons, count, true)
    const words = allocate('shared memory', end * 4, () => this.#kernels.allocate(end, true))
    words.set(this.rows(0, count))
    words.set(asWords(this.#matrix.values), rows)
    this.#matrix = this.#adopt(words, count)
    return words
  }

  #changed(): void {
    this.#memory = undefined
    this.#shared = undefined
  }

  #adopt(words: Uint32Array, count: number): Leased<Int32Array> {
    const { rows, end } = sharedLayout(this.#neurons, count, true)
    this.#patterns.adopt(words.subarray(0, rows))
    this.#memory = undefined
    this.#shared = words
    return new Leased(asIntegers(words.subarray(rows, end)), true)
  }

  /** The matrix to change: a copy of it while others read the old one. */
  #ownMatrix(): Int32Array {
    if (!this.#matrix.writable) {
      const copy = this.#zeros()
      copy.set(this.#matrix.values)
      this.#matrix = new Leased(copy)
    }
    return this.#matrix.values
  }

  #zeros(): Int32Array {
    const size = this.#neurons * paddedStride(this.#neurons)
    return asIntegers(allocate('dense weights', size * 4, () => this.#kernels.allocate(size)))
  }
}

function asIntegers(words: Uint32Array): Int32Array {
  return new Int32Array(words.buffer, words.byteOffset, words.length)
}

function asWords(integers: Int32Array): Uint32Array {
  return new Uint32Array(integers.buffer, integers.byteOffset, integers.length)
}
