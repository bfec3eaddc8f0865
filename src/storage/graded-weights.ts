import { allBeside, allHere, call, NOBODY, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import type { Arrivals } from './arrivals.js'
import { DenseWeights } from './dense-weights.js'
import { checkMatrix, isSymmetric, paddedRows, withoutPadding } from './matrix-arrays.js'
import type { RecordReader, RecordWriter } from './record.js'
import { fixedWeights } from './row-memory.js'
import { Unsettled } from './unsettled.js'

/** Real weights of graded neurons in padded rows: given, or Hebb's integers divided by N, computed again after a change. */
export class GradedWeights {
  readonly #kernels: Kernels
  readonly #neurons: number
  /** Patterns and their integers; undefined where weights were given. */
  readonly #learned: DenseWeights | undefined
  /** Never changed once made: integrations in other threads may hold it. */
  #rows: Float64Array | undefined
  /** The same under way, shared by all that wait for them. */
  #underWay: Promise<Float64Array> | undefined
  /** Counts changes of the patterns. */
  #version = 0
  #symmetric: boolean | undefined
  readonly #unsettled = new Unsettled()

  /** @param given N × N finite numbers, row-major, copied; 'opened' if they come from a record; undefined to learn them. */
  constructor(kernels: Kernels, neurons: number, given: Float64Array | 'opened' | undefined) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#learned = given === undefined ? new DenseWeights(kernels, neurons) : undefined
    this.#rows = ArrayBuffer.isView(given) ? paddedRows(given, neurons, this.#zeros()) : undefined
  }

  /** Whether they were given, so that no pattern can come or go. */
  get fixed(): boolean {
    return this.#learned === undefined
  }

  get symmetric(): boolean {
    this.#symmetric ??= this.#learned !== undefined || isSymmetric(this.rows(), this.#neurons)
    return this.#symmetric
  }

  /** Writes everything down. Arrays are not copied. */
  record(to: RecordWriter): void {
    if (this.#learned === undefined) {
      to.array('weights', this.#rows as Float64Array, [this.#neurons, paddedStride(this.#neurons)])
    } else this.#learned.record(to)
  }

  restore(from: RecordReader): void {
    this.#symmetric = undefined
    this.#rows = undefined
    if (this.#learned !== undefined) {
      this.#learned.restore(from)
      return
    }
    const rows = from.array('weights', Float64Array, [this.#neurons, paddedStride(this.#neurons)])
    checkMatrix(from, 'weights', rows, this.#neurons)
    this.#unsettled.opened(from)
    this.#rows = rows
  }

  get count(): number {
    return this.#learned?.count ?? 0
  }

  store(patterns: StateSource): undefined {
    this.#own('store').store(patterns)
    this.#forget()
  }

  /** The same in steps; until the last of them nothing has changed. */
  *storing(patterns: Arrivals): Steps<undefined> {
    yield* this.#own('store').storing(patterns, true)
    this.#forget()
  }

  replace(index: number, pattern: StateSource): void {
    this.#own('replace').replace(index, pattern)
    this.#forget()
  }

  forget(index: number): void {
    this.#own('forget').forget(index)
    this.#forget()
  }

  clear(): void {
    this.#own('clear').clear()
    this.#forget()
  }

  /** Packed patterns from…to, a view. */
  packed(from: number, to: number): Uint32Array {
    return this.#learned?.rows(from, to) ?? new Uint32Array(0)
  }

  /** N rows of paddedStride(N) numbers, zeros behind the N-th. */
  rows(): Float64Array {
    this.#unsettled.settle()
    this.#rows ??= allHere(this.#overNeurons(this.#own('weights').memory(false).weights))
    return this.#rows
  }

  /** The same as the patterns are in the turn of the call; made in small steps. */
  async rowsLater(): Promise<Float64Array> {
    const rows = this.#rows
    if (rows === undefined) {
      this.#underWay ??= this.#later()
      return this.#underWay
    }
    await allBeside(this.settling(), NOBODY)
    return rows
  }

  settling(): Steps<void> {
    return this.#learned?.settling() ?? this.#unsettled.settling()
  }

  async #later(): Promise<Float64Array> {
    const from = this.#version
    const lease = await this.#own('weights').lease(false)
    try {
      const rows = await allBeside(this.#overNeurons(lease.memory.weights), NOBODY)
      if (from === this.#version) this.#rows = rows
      return rows
    } finally {
      lease.release()
    }
  }

  #forget(): void {
    this.#rows = undefined
    this.#underWay = undefined
    this.#version++
  }

  /** N × N numbers, a copy. */
  matrix(): Float64Array {
    const n = this.#neurons
    return withoutPadding(this.rows(), n)
  }

  #own(method: string): DenseWeights {
    if (this.#learned !== undefined) return this.#learned
    throw fixedWeights(method)
  }

  *#overNeurons(integers: Int32Array): Steps<Float64Array> {
    const out = this.#zeros()
    yield* call(this.#kernels, 8 * out.length, 'quotients', integers, out.length, this.#neurons, out)
    return out
  }

  #zeros(): Float64Array {
    const size = this.#neurons * paddedStride(this.#neurons)
    return allocate('weights', size * 8, () => new Float64Array(size))
  }
}
