import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../kernels/contract/layout.js'
import type { Arrivals } from './arrivals.js'
import { dirty, ROWS, readRows } from './clean-rows.js'
import { copy } from './copying.js'
import type { Name, Names } from './growing-ids.js'
import { type GrowingRows, goneElsewhere, notGrowing } from './growing-rows.js'
import { roomFor } from './growth.js'
import { KeptColumns } from './kept-columns.js'
import { KeptPlanes } from './kept-planes.js'
import { Leased } from './lease.js'
import { misfit, type RecordReader, type RecordWriter } from './record.js'

/** Words compared in one step: some tenths of a millisecond. */
const WORDS = 2 ** 18

/** Patterns that another side has stored. */
export interface Arrived {
  /** Undefined if none of them has one. */
  readonly ids: readonly Name[] | undefined
}

/** Patterns that lie behind the stored ones and do not count yet. */
export interface Staged {
  readonly buffer: Leased<Uint32Array>
  /** The rows of all patterns, and those of the new ones alone. */
  readonly all: Uint32Array
  readonly fresh: Uint32Array
  /** How many are new. */
  readonly count: number
}

/** Packed patterns in a buffer that grows by half as it fills, and that readers may hold while it changes. */
export class PatternRows {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #stride: number
  #buffer: Leased<Uint32Array> = new Leased(new Uint32Array(0))
  #count = 0
  readonly #planes: KeptPlanes
  readonly #columns: KeptColumns
  /** The shared memory that the rows lie in, if more may come there. */
  #growing: GrowingRows | undefined
  /** Whether they lay there once. */
  #left = false
  /** Those that kernels were told of. */
  #settled: { readonly buffer: ArrayBufferLike; readonly length: number } | undefined
  /** Whether the ids of what comes next have no room there. */
  #crowded = false

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#stride = rowWords(neurons)
    this.#planes = new KeptPlanes(kernels, neurons)
    this.#columns = new KeptColumns(kernels, neurons)
  }

  get count(): number {
    return this.#count
  }

  /** Patterns from…to, a view. */
  view(from: number, to: number): Uint32Array {
    return this.#buffer.values.subarray(from * this.#stride, to * this.#stride)
  }

  /** Keeps the stored rows as they are, whatever is done here, until the function that comes back is called. */
  hold(): () => void {
    return this.#buffer.hold()
  }

  /** Whether the rows lie where this side adds patterns and others find them. */
  get publishes(): boolean {
    return this.#growing?.writes === true
  }

  /** Writes the ids of patterns that will come next where others will find them; without room for them, those patterns go elsewhere. */
  *announcing(count: number, ids: Names | undefined): Steps<void> {
    const growing = this.publishes ? this.#growing : undefined
    this.#crowded = growing !== undefined && !(yield* growing.ids.putting(this.#count, count, ids))
  }

  /** Goes on in shared memory that holds the stored rows, and room for more. */
  grow(growing: GrowingRows): void {
    this.#buffer = new Leased(growing.rows, true)
    this.#growing = growing
    this.#left = false
    this.#came()
  }

  /** Takes the patterns that the writer has added. Returns their ids if there are any. */
  refresh(): Arrived | undefined {
    const growing = this.#growing
    if (growing === undefined) throw this.#left ? goneElsewhere() : notGrowing()
    // In this order: nothing is published after the end.
    const { closed } = growing
    const { count } = growing
    if (count > this.#count) {
      const ids = growing.ids.take(this.#count, count)
      this.#count = count
      this.#came()
      return { ids }
    }
    if (closed || count < this.#count) throw goneElsewhere()
    return undefined
  }

  /** @param columns of the stored rows, if whoever opens the record shall not have to make them. */
  record(to: RecordWriter, name: string, columns?: Uint32Array): void {
    to.array(name, this.view(0, this.#count), [this.#count, this.#stride])
    to.hold(this.#buffer)
    if (columns === undefined) return
    to.array(`${name}.columns`, columns, [this.#neurons, columnWords(this.#count)])
    const held = this.#columns.holding(columns)
    if (held !== undefined) to.hold(held)
  }

  restore(from: RecordReader, name: string): void {
    const beside = `${name}.columns`
    // Columns that agree with rows say the same of them.
    const rows = readRows(from, name, undefined, this.#neurons, !from.has(beside))
    this.#leave()
    this.#buffer = rows
    this.#count = rows.values.length / this.#stride
    this.#changed()
    if (!from.has(beside)) return
    const columns = from.array(beside, Uint32Array, [this.#neurons, columnWords(this.#count)])
    this.#columns.take(columns, this.#count)
    // Kernels size their room by what overlaps can be; columns of other patterns would carry them beyond it.
    const patterns = this
    from.check(function* () {
      if (!(yield* patterns.#agree(columns))) throw misfit(beside, `expected the columns of ${name}`)
    })
  }

  /** Writes patterns behind the stored ones without counting them in; `commit` does. Until then readers see what there was. */
  *stage(patterns: Arrivals): Steps<Staged> {
    const before = this.#count * this.#stride
    const needed = before + patterns.count * this.#stride
    let buffer = this.#buffer
    const { values, shared } = buffer
    // Readers never look behind the rows, but two openers of one shared buffer would both write there.
    const elsewhere = shared && (this.#crowded || !this.publishes) && patterns.count > 0
    if (needed > values.length || elsewhere) {
      const size = this.#count === 0 ? needed : roomFor(needed, values.length)
      const moved = allocate('patterns', size * 4, () => this.#kernels.allocate(size))
      yield* copy(this.view(0, this.#count), moved)
      buffer = new Leased(moved)
    }
    const all = buffer.values.subarray(0, needed)
    const fresh = all.subarray(before)
    yield* patterns.into(fresh)
    if (buffer === this.#buffer && this.publishes) {
      yield* this.#growing?.filling(this.#kernels, this.#count, this.#count + patterns.count) ?? []
    }
    return { buffer, all, fresh, count: patterns.count }
  }

  /** Counts in the first `count` of the rows that were staged. */
  commit({ buffer }: Staged, count: number): void {
    if (buffer !== this.#buffer) this.#leave()
    this.#buffer = buffer
    this.#count += count
    if (this.publishes) this.#growing?.publish(this.#count)
    this.#came()
  }

  /** Makes the rows ours alone to change. All that can fail in `forget`. */
  own(): void {
    if (!this.#buffer.writable) this.#move(this.#count * this.#stride)
  }

  /** One pattern as a row of its own. */
  packed(pattern: StateSource): Uint32Array {
    const row = new Uint32Array(this.#stride)
    pattern.packInto(this.#kernels, row)
    return row
  }

  replace(index: number, row: Uint32Array): void {
    this.own()
    this.view(index, index + 1).set(row)
    this.#resettle()
    this.#changed()
  }

  /** @param swap whether the last pattern takes the free place, where otherwise all later ones move up. */
  forget(index: number, swap = false): void {
    this.own()
    const { values } = this.#buffer
    const from = swap ? this.#count - 1 : index + 1
    values.copyWithin(index * this.#stride, from * this.#stride, this.#count * this.#stride)
    this.#count--
    this.#resettle()
    if (!swap) {
      this.#changed()
      return
    }
    // Nobody else reads what belongs to rows that are ours to change.
    this.#columns.moved(index, this.#count + 1)
    this.#planes.moved(values, index, this.#count)
  }

  clear(): void {
    this.#leave()
    this.#buffer = new Leased(new Uint32Array(0))
    this.#count = 0
    this.#changed()
  }

  /** All patterns in planes, as KeptPlanes says. */
  planes(): Uint32Array {
    return this.#planes.of(this.view(0, this.#count), this.#count)
  }

  /** The same as the patterns are now, made beside other work, after `before`. */
  planesLater(before: Steps<void>): Promise<Uint32Array> {
    return this.#planes.later(this.view(0, this.#count), this.#count, () => this.hold(), before)
  }

  /** Patterns from…to by neuron: N × columnWords(to − from) words, freshly made. */
  columns(from: number, to: number): Uint32Array {
    const columns = this.#columns.room(to - from)
    this.#kernels.transpose(this.view(from, to), to - from, this.#neurons, columns)
    return columns
  }

  /** The columns of `count` held rows: of the first that are stored, or of any. */
  columnsOf(rows: Uint32Array, count: number): Steps<Uint32Array> {
    const { buffer, byteOffset } = this.#buffer.values
    const stored = rows.buffer === buffer && rows.byteOffset === byteOffset && count <= this.#count
    return stored ? this.#columns.of(rows, count) : this.#columns.transposed(rows, count)
  }

  /** Announces a reader of columns in later turns, as KeptColumns says. */
  waitForColumns(): (columns: Uint32Array | undefined) => () => void {
    return this.#columns.wait()
  }

  /** Leaves these columns as they are for ever. */
  pinColumns(columns: Uint32Array): void {
    this.#columns.pin(columns)
  }

  /** Whether these are the columns of the stored rows, and the rows have nothing beyond their neurons. */
  *#agree(columns: Uint32Array): Steps<boolean> {
    const [rows, count] = [this.view(0, this.#count), this.#count]
    const own = yield* this.#columns.transposed(rows, count)
    for (let from = 0; from < own.length; from += WORDS) {
      const to = Math.min(from + WORDS, own.length)
      for (let k = from; k < to; k++) if (own[k] !== columns[k]) return false
      yield
    }
    for (let from = 0; from < count; from += ROWS) {
      if (dirty(rows, this.#neurons, from, Math.min(from + ROWS, count)) >= 0) return false
      yield
    }
    return true
  }

  /** Integer overlaps of one state with every pattern. */
  overlaps(state: Uint32Array): Int32Array {
    const out = new Int32Array(this.#count)
    this.#kernels.overlaps(this.settled(), this.#count, this.#neurons, state, 1, out)
    return out
  }

  /** All rows, for kernels that will be asked of them again: they stay as they are until a method here changes them in place. */
  settled(): Uint32Array {
    const rows = this.view(0, this.#count)
    const { buffer, length } = rows
    if (this.#settled?.buffer !== buffer || this.#settled.length !== length) {
      this.#kernels.settled?.(rows)
      this.#settled = { buffer, length }
    }
    return rows
  }

  /** Rows were changed in place: whoever has a copy of them, as they were, is told. */
  #resettle(): void {
    if (this.#settled === undefined) return
    this.#settled = undefined
    this.settled()
  }

  #changed(): void {
    this.#planes.gone(this.#growing?.planes)
    this.#columns.gone()
  }

  /** Patterns have come behind the stored ones. */
  #came(): void {
    this.#planes.came(this.#count, this.#growing?.planes)
    this.#columns.came()
  }

  /** The stored rows into a new buffer of `size` words. */
  #move(size: number): void {
    const moved = allocate('patterns', size * 4, () => this.#kernels.allocate(size))
    moved.set(this.view(0, this.#count))
    this.#leave()
    // Others may read what was made of the rows.
    this.#changed()
    this.#buffer = new Leased(moved)
  }

  /** From now on changes are this side's alone. */
  #leave(): void {
    if (this.publishes) this.#growing?.close()
    if (this.#growing !== undefined) this.#left = true
    this.#growing = undefined
    this.#crowded = false
  }
}
