import { call, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../kernels/contract/layout.js'
import { Leased } from './lease.js'

/** Patterns that share a word of a column. */
const TOGETHER = 64
/** Columns copied in one step: about a tenth of a millisecond. */
const SOME = 2 ** 9

/** Somebody who has asked for the columns of the patterns as they were after so many changes, and does not hold them yet. */
interface Waiter {
  readonly changes: number
}

/**
 * The columns of patterns in rows. Patterns that come add their bits to the columns that are there: in place where nobody else reads those,
 * or else in a copy. Both take less than to make all of them again.
 */
export class KeptColumns {
  readonly #kernels: Kernels
  readonly #neurons: number
  #kept: Leased<Uint32Array> | undefined
  /** Of how many patterns they are. */
  #count = 0
  /** Changes of the patterns so far, and those of them after which the first patterns were others. */
  #changes = 0
  #eras = 0
  readonly #waiters = new Set<Waiter>()

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
  }

  /** Patterns have come behind those that were there. */
  came(): void {
    this.#changes++
  }

  /** Patterns have gone, or others have taken their places. */
  gone(): void {
    this.#changes++
    this.#eras++
    this.#kept = undefined
  }

  /** The last of `count` patterns takes the place of another, which is gone. */
  moved(index: number, count: number): void {
    const [last, height] = [count - 1, columnWords(count)]
    const columns = this.#kept?.values
    const alone = this.#kept?.writable === true && this.#waiters.size === 0 && this.#count === count
    if (columns === undefined || !alone || columnWords(last) !== height) {
      this.gone()
      return
    }
    this.#changes++
    this.#eras++
    this.#count = last
    for (let i = 0; i < this.#neurons; i++) {
      const own = i * height
      const bit = (columns[own + (last >>> 5)] >>> (last & 31)) & 1
      columns[own + (last >>> 5)] &= ~(1 << (last & 31))
      if (index === last) continue
      const at = own + (index >>> 5)
      columns[at] = (columns[at] & ~(1 << (index & 31))) | (bit << (index & 31))
    }
  }

  /** Takes columns that others have too. */
  take(columns: Uint32Array, count: number): void {
    this.#kept = new Leased(columns, true)
    this.#count = count
  }

  /** The arrays that hold these columns, if they are the kept ones. */
  holding(columns: Uint32Array | undefined): Leased<Uint32Array> | undefined {
    return columns !== undefined && this.#kept?.values === columns ? this.#kept : undefined
  }

  /** Leaves these columns as they are for ever. */
  pin(columns: Uint32Array): void {
    if (this.#kept?.values === columns) this.#kept = new Leased(columns, true)
  }

  /**
   * Announces a reader of later turns, who is going to ask for columns of the patterns as they are now.
   * @returns what takes those columns, if the reader has got any, and keeps them as they are until the function that comes back is called.
   */
  wait(): (columns: Uint32Array | undefined) => () => void {
    const waiter = { changes: this.#changes }
    this.#waiters.add(waiter)
    return (columns) => {
      this.#waiters.delete(waiter)
      return this.holding(columns)?.hold() ?? (() => {})
    }
  }

  /** The columns of the first `count` rows. */
  *of(rows: Uint32Array, count: number): Steps<Uint32Array> {
    const [kept, known, era] = [this.#kept, this.#count, this.#eras]
    if (kept !== undefined && known === count) return kept.values
    // To copy is not worth it where most are new.
    const few = kept !== undefined && known < count && count < 2 * known
    if (few && this.#added(kept, rows, count)) return kept.values
    const columns = few
      ? yield* this.#copied(kept.values, known, rows, count)
      : yield* this.transposed(rows, count)
    if (era === this.#eras && (this.#kept === undefined || this.#count < count)) {
      this.#kept = new Leased(columns)
      this.#count = count
    }
    return columns
  }

  /** Columns of any rows, freshly made. */
  *transposed(rows: Uint32Array, count: number): Steps<Uint32Array> {
    const columns = this.room(count)
    yield* call(this.#kernels, (this.#neurons * count) / 8, 'transpose', rows, count, this.#neurons, columns)
    return columns
  }

  room(count: number): Uint32Array {
    const size = this.#neurons * columnWords(count)
    return allocate('columns', size * 4, () => this.#kernels.allocate(size))
  }

  /** Adds bits in place, in one step. False if there is no room for them, or somebody reads these columns. */
  #added(kept: Leased<Uint32Array>, rows: Uint32Array, count: number): boolean {
    const height = columnWords(count)
    const read = !kept.writable || [...this.#waiters].some((waiter) => waiter.changes < this.#changes)
    if (read || height !== columnWords(this.#count)) return false
    const from = height / 2 - 1
    const last = this.room(count - from * TOGETHER)
    const some = rows.subarray(from * TOGETHER * rowWords(this.#neurons))
    this.#kernels.transpose(some, count - from * TOGETHER, this.#neurons, last)
    for (let i = 0; i < this.#neurons; i++) {
      kept.values[i * height + 2 * from] = last[2 * i]
      kept.values[i * height + 2 * from + 1] = last[2 * i + 1]
    }
    this.#count = count
    return true
  }

  /** Columns of `known` patterns, and of those that have come behind them. */
  *#copied(columns: Uint32Array, known: number, rows: Uint32Array, count: number): Steps<Uint32Array> {
    const [before, height] = [columnWords(known), columnWords(count)]
    // The last word of those that are there may get more bits meanwhile.
    const whole = Math.floor(known / TOGETHER)
    const some = rows.subarray(whole * TOGETHER * rowWords(this.#neurons))
    const fresh = yield* this.transposed(some, count - whole * TOGETHER)
    const behind = height - 2 * whole
    const made = this.room(count)
    for (let i = 0; i < this.#neurons; i++) {
      made.set(columns.subarray(i * before, i * before + 2 * whole), i * height)
      made.set(fresh.subarray(i * behind, (i + 1) * behind), i * height + 2 * whole)
      if (i % SOME === SOME - 1) yield
    }
    return made
  }
}
