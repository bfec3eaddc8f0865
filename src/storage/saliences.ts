import { allocate } from '../errors.js'
import type { Salience } from '../kernels/contract/kernels.js'
import { log } from '../numerics/log.js'
import { copy } from './copying.js'
import { misfit, type RecordReader } from './record.js'

/** Between which numbers saliences lie: their logarithms are a third of what an exponential can hold. */
export const SALIENCES = { least: 1e-100, most: 1e100 } as const

/** How much each of some keys counts beside the others, and the logarithms that kernels add, with room for more. */
export class Saliences {
  readonly values: Float64Array
  readonly #logs: Float64Array

  private constructor(values: Float64Array) {
    this.values = values
    this.#logs = numbers(values.length)
  }

  /** All of them 1. */
  static alike(capacity: number): Saliences {
    return new Saliences(numbers(capacity).fill(1))
  }

  /** Those of a record; their logarithms are still to be made, by `measuring`. */
  static opened(from: RecordReader, count: number): Saliences {
    const values = from.array('keys.saliences', Float64Array, [count])
    from.check(function* () {
      for (let mu = 0; mu < count; mu++) {
        if (!(values[mu] >= SALIENCES.least && values[mu] <= SALIENCES.most)) {
          throw misfit(`keys.saliences[${mu}]`, `expected a number from 1e-100 to 1e100, got ${values[mu]}`)
        }
        if (mu % STEP === STEP - 1) yield
      }
    })
    return new Saliences(values)
  }

  /** Writes those of keys from…to; without numbers, 1. */
  write(given: Float64Array | undefined, from: number, to: number): void {
    if (given === undefined) this.values.fill(1, from, to)
    else this.values.set(given, from)
    for (let mu = from; mu < to; mu++) this.#logs[mu] = log(this.values[mu])
  }

  /** Logarithms of the first `count`, in small steps. */
  *measuring(count: number): Generator<void, void> {
    for (let mu = 0; mu < count; mu++) {
      this.#logs[mu] = log(this.values[mu])
      if (mu % STEP === STEP - 1) yield
    }
  }

  /** The first `count` copied to where there is more room, in small steps. */
  *moved(count: number, capacity: number): Generator<void, Saliences> {
    const to = Saliences.alike(capacity)
    yield* copy(this.values.subarray(0, count), to.values)
    yield* copy(this.#logs.subarray(0, count), to.#logs)
    return to
  }

  /** Those from…end, from `to` on. */
  shift(to: number, from: number, end: number): void {
    this.values.copyWithin(to, from, end)
    this.#logs.copyWithin(to, from, end)
  }

  /**
   * What kernels read of the first `count` keys.
   * @param known what they read of the first `from` of them.
   */
  of(count: number, known?: Salience, from = 0): Salience {
    let leastLog = known?.leastLog ?? Number.POSITIVE_INFINITY
    let mostLog = known?.mostLog ?? Number.NEGATIVE_INFINITY
    let total = known?.total ?? 0
    for (let mu = known === undefined ? 0 : from; mu < count; mu++) {
      if (this.#logs[mu] < leastLog) leastLog = this.#logs[mu]
      if (this.#logs[mu] > mostLog) mostLog = this.#logs[mu]
      total += this.values[mu]
    }
    return { values: this.values, logs: this.#logs, leastLog, mostLog, total }
  }
}

/** Numbers that are looked at in one step: some tenths of a millisecond. */
const STEP = 2 ** 15

function numbers(length: number): Float64Array {
  return allocate('weights', length * 8, () => new Float64Array(length))
}
