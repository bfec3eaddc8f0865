import { allHere, type Steps } from '../async/steps.js'
import { checkNumber } from '../input/validate.js'
import type { Kernels, MatrixMemory } from '../kernels/contract/kernels.js'
import { paddedStride } from '../kernels/contract/layout.js'
import { copy } from './copying.js'
import type { MatrixLearner, Numbers } from './learner.js'
import { Leased } from './lease.js'
import { checkMatrix, hasZeroDiagonal, isSymmetric, symmetric, withoutPadding } from './matrix-arrays.js'
import type { Staged } from './packed-rows.js'
import type { RecordReader, RecordWriter } from './record.js'
import type { Replacement } from './row-memory.js'
import { RowWeights } from './row-weights.js'

/** The numbers that given weights may be. */
const GIVEN = [Int32Array, Float32Array, Float64Array] as const

/** J as a matrix of integers or reals, symmetric or not. */
export class MatrixWeights extends RowWeights<MatrixMemory> {
  readonly form = 'matrix'
  #divisor: number
  /** Undefined where weights were given. */
  readonly #learner: MatrixLearner | undefined
  #weights: Leased<Numbers>
  #symmetric: boolean | undefined

  /** @param divisor of given weights, which are then whole numbers. */
  constructor(kernels: Kernels, neurons: number, from: MatrixLearner | Numbers, divisor = 1) {
    super(kernels, neurons)
    const given = ArrayBuffer.isView(from)
    this.#learner = given ? undefined : from
    this.#weights = new Leased(given ? from : allHere(from.learn(new Uint32Array(0), 0)))
    this.#divisor = given ? divisor : from.divisor
  }

  get divisor(): number {
    return this.#divisor
  }

  override get whole(): boolean {
    return this.#weights.values instanceof Int32Array || (this.#learner === undefined && this.#divisor !== 1)
  }

  get symmetric(): boolean {
    this.#symmetric ??= isSymmetric(this.#weights.values, this.neurons)
    return this.#symmetric
  }

  report(): object | undefined {
    return this.#learner?.report?.()
  }

  protected override get fixed(): boolean {
    return this.#learner === undefined
  }

  protected override hold(): () => void {
    return this.#weights.hold()
  }

  protected override recordOwn(to: RecordWriter): void {
    to.array('weights', this.#weights.values, [this.neurons, paddedStride(this.neurons)])
    to.hold(this.#weights)
    if (this.#learner === undefined && this.#divisor !== 1) to.fact('divisor', this.#divisor)
    this.#learner?.record?.(to)
  }

  protected override restoreOwn(from: RecordReader): void {
    const { neurons: n } = this
    const kinds = this.#learner === undefined ? GIVEN : this.#learner.numbers
    const weights = from.array<Numbers>('weights', kinds, [n, paddedStride(n)])
    checkMatrix(from, 'weights', weights, n)
    this.#learner?.restore?.(from)
    if (this.#learner === undefined) {
      this.#divisor = from.fact('divisor', (name, value) =>
        value === undefined ? 1 : checkNumber(name, value, 1e-100, 1e100),
      )
    }
    this.#weights = from.lease(weights)
    this.#symmetric = undefined
  }

  protected override *learn({ all, fresh, count }: Staged, aside: boolean): Steps<undefined> {
    const learner = this.#learner as MatrixLearner
    if (learner.add === undefined) {
      this.#renew(yield* learner.learn(all, this.count + count))
    } else {
      const { values, writable } = this.#weights
      const weights = writable && !aside ? values : learner.empty()
      if (weights !== values) yield* copy(values, weights)
      yield* learner.add(weights, fresh, count, aside)
      this.#renew(weights)
    }
  }

  /** What is left is learned again. */
  protected override unlearn(index: number): void {
    this.#renew(this.#learned(this.others(index), this.count - 1))
  }

  protected override relearn({ all }: Replacement): void {
    this.#renew(this.#learned(all(), this.count))
  }

  protected override unlearnAll(): void {
    this.#renew(this.#learned(new Uint32Array(0), 0))
  }

  matrix(unit: number): Int32Array | Float64Array {
    const { neurons: n } = this
    const { values } = this.#weights
    if (values instanceof Float64Array && this.whole) {
      const by = this.#divisor / unit
      return withoutPadding(values, n).map((x) => x / by)
    }
    return withoutPadding(values instanceof Float32Array ? Float64Array.from(values) : values, n)
  }

  protected override get alike(): boolean {
    return true
  }

  protected prepare(): Steps<MatrixMemory> {
    const { neurons, count } = this
    return this.#steps(this.#weights, { form: 'matrix', neurons, count, rows: this.rows(0, count) })
  }

  *#steps(of: Leased<Numbers>, plain: Omit<MatrixMemory, 'weights' | 'symmetric'>): Steps<MatrixMemory> {
    const { values: weights } = of
    const { neurons } = this
    if (!(weights instanceof Int32Array && hasZeroDiagonal(weights, neurons))) {
      return { ...plain, weights, symmetric: false }
    }
    const known = of === this.#weights ? this.#symmetric : undefined
    const found = known ?? (yield* symmetric(weights, neurons))
    if (of === this.#weights) this.#symmetric = found
    return { ...plain, weights, symmetric: found }
  }

  #learned(rows: Uint32Array, count: number): Numbers {
    return allHere((this.#learner as MatrixLearner).learn(rows, count))
  }

  #renew(weights: Numbers): void {
    if (weights !== this.#weights.values) this.#weights = new Leased(weights)
    this.#symmetric = undefined
  }
}
