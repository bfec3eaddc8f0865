import type { Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { BLOCK_BITS, columnWords, planeWords, rowWords, tailMask } from '../kernels/contract/layout.js'
import { atOnce, inTurns } from '../platform/turn.js'
import type { Arrivals } from './arrivals.js'
import { copy } from './copying.js'
import { type GrowingRows, goneElsewhere, notGrowing } from './growing-rows.js'
import { roomFor } from './growth.js'
import { Leased } from './lease.js'
import { misfit, type RecordReader, type RecordWriter } from './record.js'

/** Pattern bits that are turned into columns before others may run. */
const COLUMN_STEP = 2 ** 20

/** Words of patterns that are put side by side before others may run. */
const PLANE_STEP = 2 ** 16

/** What searches read, once it is made or while it is. */
interface Search {
  planes?: Uint32Array
  underWay?: Promise<Uint32Array> | undefined
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
  /** What searches read; another object after each change. */
  #search: Search = {}
  /** Columns that came with the rows, until they change. */
  #given: Uint32Array | undefined
  /** The shared memory that the rows lie in, if more may come there. */
  #growing: GrowingRows | undefined
  /** Whether they lay there once. */
  #left = false

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#stride = rowWords(neurons)
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

  /** Goes on in shared memory that holds the stored rows, and room for more. */
  grow(growing: GrowingRows): void {
    this.#buffer = new Leased(growing.rows, true)
    this.#growing = growing
    this.#left = false
    this.#changed()
  }

  /** Takes the patterns that the writer has added. Returns whether there are any. */
  refresh(): boolean {
    const growing = this.#growing
    if (growing === undefined) throw this.#left ? goneElsewhere() : notGrowing()
    // In this order: nothing is published after the end.
    const { closed } = growing
    const { count } = growing
    if (count > this.#count) {
      this.#count = count
      this.#changed()
      return true
    }
    if (closed || count < this.#count) throw goneElsewhere()
    return false
  }

  /** @param columns of the stored rows, if whoever opens the record shall not have to make them. */
  record(to: RecordWriter, name: string, columns?: Uint32Array): void {
    to.array(name, this.view(0, this.#count), [this.#count, this.#stride])
    to.hold(this.#buffer)
    if (columns !== undefined) to.array(`${name}.columns`, columns, [this.#neurons, columnWords(this.#count)])
  }

  restore(from: RecordReader, name: string): void {
    const rows = from.array(name, Uint32Array, [undefined, this.#stride])
    this.#leave()
    this.#buffer = from.lease(rows)
    this.#count = rows.length / this.#stride
    this.#changed()
    const beside = `${name}.columns`
    if (!from.has(beside)) {
      checkClean(from, name, rows, this.#neurons)
      return
    }
    const columns = from.array(beside, Uint32Array, [this.#neurons, columnWords(this.#count)])
    this.#given = columns
    // Kernels size their room by what overlaps can be; columns of other patterns would carry them beyond it.
    const patterns = this
    from.check(function* () {
      if (!patterns.agrees(columns)) throw misfit(beside, `expected the columns of ${name}`)
      yield
    })
  }

  /** Writes patterns behind the stored ones without counting them in; `commit` does. Until then readers see what there was. */
  *stage(patterns: Arrivals): Steps<Staged> {
    const before = this.#count * this.#stride
    const needed = before + patterns.count * this.#stride
    let buffer = this.#buffer
    const { values, shared } = buffer
    // Readers never look behind the rows, but two openers of one shared buffer would both write there.
    if (needed > values.length || (shared && !this.publishes && patterns.count > 0)) {
      const size = this.#count === 0 ? needed : roomFor(needed, values.length)
      const moved = allocate('patterns', size * 4, () => this.#kernels.allocate(size))
      yield* copy(this.view(0, this.#count), moved)
      buffer = new Leased(moved)
    }
    const all = buffer.values.subarray(0, needed)
    const fresh = all.subarray(before)
    yield* patterns.into(fresh)
    return { buffer, all, fresh, count: patterns.count }
  }

  /** Counts in the first `count` of the rows that were staged. */
  commit({ buffer }: Staged, count: number): void {
    if (buffer !== this.#buffer) this.#leave()
    if (this.publishes) this.#growing?.publish(this.#kernels, this.#count, this.#count + count)
    this.#buffer = buffer
    this.#count += count
    this.#changed()
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
    this.#changed()
  }

  forget(index: number): void {
    this.own()
    const { values } = this.#buffer
    values.copyWithin(index * this.#stride, (index + 1) * this.#stride, this.#count * this.#stride)
    this.#count--
    this.#changed()
  }

  clear(): void {
    this.#leave()
    this.#buffer = new Leased(new Uint32Array(0))
    this.#count = 0
    this.#changed()
  }

  /** All patterns in planes, kept until they change: as many bits as they have, rounded up to whole 64-bit words. */
  planes(): Uint32Array {
    const search = this.#search
    search.planes ??= atOnce(this.#interleaved(this.view(0, this.#count), this.#count, false))
    return search.planes
  }

  /** The same as the patterns are now, made in small steps; all that wait for them share the work. */
  async planesLater(): Promise<Uint32Array> {
    const search = this.#search
    if (search.planes !== undefined) return search.planes
    search.underWay ??= this.#interleave(search)
    return search.underWay
  }

  async #interleave(search: Search): Promise<Uint32Array> {
    const release = this.hold()
    try {
      search.planes = await inTurns(this.#interleaved(this.view(0, this.#count), this.#count, true))
      return search.planes
    } finally {
      search.underWay = undefined
      release()
    }
  }

  *#interleaved(rows: Uint32Array, count: number, inSteps: boolean): Generator<void, Uint32Array> {
    const size = planeWords(count, this.#neurons)
    const planes = allocate('planes', size * 4, () => this.#kernels.allocate(size))
    const some = inSteps ? Math.max(1, Math.floor(PLANE_STEP / (8 * this.#stride))) * 8 : count
    for (let from = 0; from < count; from += some) {
      const to = Math.min(from + some, count)
      const part = rows.subarray(from * this.#stride, to * this.#stride)
      const out = planes.subarray(planeWords(from, this.#neurons), planeWords(to, this.#neurons))
      this.#kernels.interleave(part, to - from, this.#neurons, out)
      yield
    }
    return planes
  }

  /** Patterns from…to by neuron: N × columnWords(to − from) words, freshly made. */
  columns(from: number, to: number): Uint32Array {
    const columns = this.#columnsFor(to - from)
    this.#kernels.transpose(this.view(from, to), to - from, this.#neurons, columns)
    return columns
  }

  /**
   * The columns of `count` held rows.
   * @param inSteps true: in small steps, so that this thread can do other work; false: in one piece.
   */
  *columnsOf(rows: Uint32Array, count: number, inSteps: boolean): Generator<void, Uint32Array> {
    const { buffer, byteOffset } = this.#buffer.values
    const same = rows.buffer === buffer && rows.byteOffset === byteOffset && count === this.#count
    if (this.#given !== undefined && same) return this.#given
    const columns = this.#columnsFor(count)
    const height = columnWords(count)
    const width = inSteps ? this.#stepWidth(count) : this.#neurons
    for (let from = 0; from < this.#neurons; from += width) {
      const to = Math.min(from + width, this.#neurons)
      const slice = to - from === this.#neurons ? rows : this.#slice(rows, count, from, to)
      this.#kernels.transpose(slice, count, to - from, columns.subarray(from * height, to * height))
      yield
    }
    return columns
  }

  /** Whether these are the columns of the stored rows, and the rows have nothing beyond their neurons. */
  agrees(columns: Uint32Array): boolean {
    const height = columnWords(this.#count)
    const rows = this.view(0, this.#count)
    const width = this.#stepWidth(this.#count)
    const own = new Uint32Array(Math.min(width, this.#neurons) * height)
    for (let from = 0; from < this.#neurons; from += width) {
      const to = Math.min(from + width, this.#neurons)
      this.#kernels.transpose(this.#slice(rows, this.#count, from, to), this.#count, to - from, own)
      for (let k = 0; k < (to - from) * height; k++) if (own[k] !== columns[from * height + k]) return false
    }
    return this.clean()
  }

  /** Whether the rows have nothing beyond their neurons: kernels count on it. */
  clean(): boolean {
    return dirty(this.view(0, this.#count), this.#neurons, 0, this.#count) < 0
  }

  /** Integer overlaps of one state with every pattern. */
  overlaps(state: Uint32Array): Int32Array {
    const out = new Int32Array(this.#count)
    this.#kernels.overlaps(this.view(0, this.#count), this.#count, this.#neurons, state, 1, out)
    return out
  }

  #changed(): void {
    this.#search = this.#growing === undefined ? {} : { planes: this.#growing.planes }
    this.#given = undefined
  }

  /** Neurons a step, a multiple of a block. */
  #stepWidth(count: number): number {
    return Math.max(1, Math.floor(COLUMN_STEP / (BLOCK_BITS * Math.max(count, 1)))) * BLOCK_BITS
  }

  #columnsFor(count: number): Uint32Array {
    const size = this.#neurons * columnWords(count)
    return allocate('columns', size * 4, () => this.#kernels.allocate(size))
  }

  /** Neurons from…to of every row, as rows of so many neurons; `from` is a multiple of a block. */
  #slice(rows: Uint32Array, count: number, from: number, to: number): Uint32Array {
    const width = rowWords(to - from)
    const slice = new Uint32Array(count * width)
    const first = (from / BLOCK_BITS) * rowWords(BLOCK_BITS)
    for (let mu = 0; mu < count; mu++) {
      const source = mu * this.#stride + first
      for (let w = 0; w < width; w++) slice[mu * width + w] = rows[source + w]
    }
    return slice
  }

  /** The stored rows into a new buffer of `size` words. */
  #move(size: number): void {
    const moved = allocate('patterns', size * 4, () => this.#kernels.allocate(size))
    moved.set(this.view(0, this.#count))
    this.#leave()
    this.#buffer = new Leased(moved)
  }

  /** From now on changes are this side's alone. */
  #leave(): void {
    if (this.publishes) this.#growing?.close()
    if (this.#growing !== undefined) this.#left = true
    this.#growing = undefined
  }
}

/** Refuses packed rows that have something beyond their `neurons` bits. */
export function checkClean(from: RecordReader, name: string, rows: Uint32Array, neurons: number): void {
  const count = rows.length / rowWords(neurons)
  // Rows that fill their blocks have no padding, and need not be read.
  if (neurons % BLOCK_BITS === 0) return
  from.check(function* () {
    for (let at = 0; at < count; at += ROWS) {
      const bad = dirty(rows, neurons, at, Math.min(at + ROWS, count))
      if (bad >= 0) throw misfit(name, `expected zeros behind bit ${neurons} of row ${bad}`)
      yield
    }
  })
}

/** Rows per step of a check. */
const ROWS = 2 ** 14

/** The first of rows from…to that has something beyond its `neurons` bits; −1 if none has. */
function dirty(rows: Uint32Array, neurons: number, from: number, to: number): number {
  const stride = rowWords(neurons)
  const last = Math.ceil(neurons / 32) - 1
  const beyond = ~tailMask(neurons)
  for (let mu = from; mu < to; mu++) {
    const base = mu * stride
    if ((rows[base + last] & beyond) !== 0) return mu
    for (let w = last + 1; w < stride; w++) if (rows[base + w] !== 0) return mu
  }
  return -1
}
