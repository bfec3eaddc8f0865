import { allBeside, allHere, Mark, NOBODY, type Steps } from '../async/steps.js'
import type { Kernels, KeyMemory, Salience, Similarity } from '../kernels/contract/kernels.js'
import { atOnce } from '../platform/turn.js'
import { copy } from './copying.js'
import { roomFor } from './growth.js'
import { type KeyBlock, KeyBlocks, largestOf, TILE } from './key-blocks.js'
import { Leased } from './lease.js'
import { type RecordReader, type RecordWriter, within } from './record.js'
import { Saliences } from './saliences.js'
import { Unsettled } from './unsettled.js'

/** Numbers that are measured in one step: some tenths of a millisecond. */
const STEP = 2 ** 17

/** Numbers of keys per step: some tenths of a millisecond. */
const NUMBERS = 2 ** 19
/** The largest f32. */
const LARGEST = (2 - 2 ** -23) * 2 ** 127

export interface KeyLease {
  readonly memory: KeyMemory
  release(): void
}

/** The keys of a modern Hopfield network and their values, in arrays of its own that grow by half as they fill. */
export class KeyRows {
  readonly dimension: number
  readonly width: number
  readonly ownValues: boolean
  readonly #kernels: Kernels
  readonly #blocks: KeyBlocks
  #held: Leased<KeyBlock>
  #count = 0
  #largestNorm = 0
  #salience: Salience | undefined
  /** What kernels read, until the next change: one object, so that the addon checks it once. */
  #memory: KeyMemory | undefined
  /** What was opened and never used: what follows from the keys is still to be made. */
  readonly #unsettled = new Unsettled()

  /** @param width e, or undefined where the keys are read out themselves. */
  constructor(
    kernels: Kernels,
    dimension: number,
    width: number | undefined,
    similarity: Similarity,
    capacity: number,
  ) {
    this.#kernels = kernels
    this.dimension = dimension
    this.width = width ?? dimension
    this.ownValues = width !== undefined
    this.#blocks = new KeyBlocks(kernels, dimension, width, similarity)
    this.#held = new Leased(this.#blocks.allocate(capacity))
  }

  get #block(): KeyBlock {
    return this.#held.values
  }

  get count(): number {
    return this.#count
  }

  get largestNorm(): number {
    this.#unsettled.settle()
    return this.#largestNorm
  }

  /** Key mu, a view. */
  key(mu: number): Float32Array {
    return this.#block.keys.subarray(mu * this.dimension, (mu + 1) * this.dimension)
  }

  /** Value mu, a view. */
  value(mu: number): Float32Array {
    return this.#block.values.subarray(mu * this.width, (mu + 1) * this.width)
  }

  /** How much key mu counts beside the others. */
  salience(mu: number): number {
    return this.#block.saliences?.values[mu] ?? 1
  }

  /**
   * Adds as many keys as there are values for; on any error nothing has changed.
   * @param saliences of each; 1 where there are none.
   */
  append(keys: Float32Array, values: Float32Array, count: number, saliences?: Float64Array): undefined {
    return allHere(this.appending(keys, values, count, saliences))
  }

  /** The same in small steps; until the last of them readers see what there was, and nothing has changed. */
  *appending(
    keys: Float32Array,
    values: Float32Array,
    count: number,
    given?: Float64Array,
  ): Steps<undefined> {
    yield* this.settling()
    const [from, end] = [this.#count, this.#count + count]
    const { capacity } = this.#block
    // Readers see the keys they began with: what is written behind them is none of theirs.
    const held = end > capacity ? yield* this.#moved(from === 0 ? end : roomFor(end, capacity)) : this.#held
    const block = held.values
    yield* copy(keys.subarray(0, count * this.dimension), block.keys.subarray(from * this.dimension))
    if (this.ownValues) {
      yield* copy(values.subarray(0, count * this.width), block.values.subarray(from * this.width))
    }
    let largest = this.#largestNorm
    for (const [a, b] of this.#portions(from, end)) {
      const rows = block.keys.subarray(a * this.dimension, b * this.dimension)
      this.#kernels.keyNorms(rows, b - a, this.dimension, block.norms.subarray(a, b))
      this.#blocks.adjust(block, a, b)
      for (let mu = a; mu < b; mu++) if (block.norms[mu] > largest) largest = block.norms[mu]
      yield
    }
    const saliences = block.saliences ?? (given && Saliences.alike(block.capacity))
    saliences?.write(given, from, end)
    const salience = saliences?.of(end, this.#salience, from)
    const memory = this.#blocks.memory(block, end, largest, salience)
    const tiles = this.#blocks.tileBytes === 0 ? 0 : Math.floor(end / TILE)
    for (const [a, b] of this.#portions(Math.floor(from / TILE), tiles, TILE)) {
      this.#kernels.quantizeKeys(memory, a, b)
      yield
    }
    yield new Mark(count, count)
    block.saliences = saliences
    this.#held = held
    this.#count = end
    this.#largestNorm = largest
    this.#salience = salience
    this.#memory = memory
  }

  replace(mu: number, key: Float32Array, value: Float32Array): void {
    this.#unsettled.settle()
    this.#memory = undefined
    this.#own()
    this.#write(mu, key, value, 1)
    this.#measure(mu, mu + 1)
    this.#screen(mu, mu + 1)
  }

  readonly swaps = true

  /** @param swap whether the last key takes the free place, where otherwise all later ones move up. */
  forget(mu: number, swap = false): void {
    this.#unsettled.settle()
    this.#memory = undefined
    this.#own()
    const { keys, values, norms, adjustments, saliences } = this.#block
    const end = this.#count
    const from = swap ? end - 1 : mu + 1
    keys.copyWithin(mu * this.dimension, from * this.dimension, end * this.dimension)
    if (this.ownValues) values.copyWithin(mu * this.width, from * this.width, end * this.width)
    norms.copyWithin(mu, from, end)
    adjustments.copyWithin(mu, from, end)
    saliences?.shift(mu, from, end)
    this.#count--
    this.#salience = saliences?.of(this.#count)
    this.#measure(0, 0)
    this.#screen(mu, swap ? Math.min(mu + 1, this.#count) : this.#count)
  }

  clear(): void {
    this.#memory = undefined
    this.#held = new Leased(this.#blocks.allocate(0))
    this.#count = 0
    this.#largestNorm = 0
    this.#salience = undefined
    this.#unsettled.replaced()
  }

  /** Writes everything down. Norms and coarse copies follow from the keys. */
  record(to: RecordWriter): void {
    const [count, tiles] = [this.#count, Math.floor(this.#count / TILE)]
    const { keys, values, norms, screen, saliences } = this.#block
    to.array('keys', keys.subarray(0, count * this.dimension), [count, this.dimension])
    if (this.ownValues) to.array('values', values.subarray(0, count * this.width), [count, this.width])
    if (saliences !== undefined) to.array('keys.saliences', saliences.values.subarray(0, count), [count])
    to.hold(this.#held)
    // What is not made yet is made by whoever opens the record.
    if (!to.derived || this.#unsettled.waits) return
    to.array('keys.norms', norms.subarray(0, count), [count])
    to.array('keys.screen', screen.subarray(0, tiles * this.#blocks.tileBytes), [
      tiles,
      this.#blocks.tileBytes,
    ])
  }

  restore(from: RecordReader): void {
    const keys = from.array('keys', Float32Array, [undefined, this.dimension])
    const count = from.extent('keys', 0)
    const values = this.ownValues ? from.array('values', Float32Array, [count, this.width]) : keys
    within(from, 'keys', keys, LARGEST)
    if (this.ownValues) within(from, 'values', values, LARGEST)
    const known = from.has('keys.norms') ? from.array('keys.norms', Float64Array, [count]) : undefined
    if (known !== undefined) within(from, 'keys.norms', known, Number.MAX_VALUE)
    const screen = from.has('keys.screen')
      ? from.array('keys.screen', Uint8Array, [Math.floor(count / TILE), undefined])
      : undefined
    // Coarse copies are the backend's own affair.
    const fits = screen !== undefined && from.extent('keys.screen', 1) === this.#blocks.tileBytes
    const none = new Float64Array(0)
    const block: KeyBlock = {
      capacity: count,
      keys,
      values,
      norms: known ?? none,
      adjustments: none,
      screen: fits ? screen : new Uint8Array(0),
      saliences: from.has('keys.saliences') ? Saliences.opened(from, count) : undefined,
    }
    this.#held = from.lease(block)
    this.#count = count
    this.#memory = undefined
    this.#unsettled.opened(from)
    from.complete(() => this.#completing(block, count, known === undefined, !fits))
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  /** Makes what follows from the keys of a record, in small steps. */
  *#completing(block: KeyBlock, count: number, norms: boolean, screen: boolean): Generator<void, void> {
    const some = Math.ceil(NUMBERS / this.dimension / TILE) * TILE
    if (norms) block.norms = this.#blocks.normsFor(count)
    block.adjustments = this.#blocks.adjustmentsFor(count)
    for (let from = 0; from < count && norms; from += some) {
      const to = Math.min(from + some, count)
      const rows = block.keys.subarray(from * this.dimension, to * this.dimension)
      this.#kernels.keyNorms(rows, to - from, this.dimension, block.norms.subarray(from, to))
      yield
    }
    for (let from = 0; from < count; from += STEP) {
      this.#blocks.adjust(block, from, Math.min(from + STEP, count))
      yield
    }
    yield* block.saliences?.measuring(count) ?? []
    const [largest, salience] = [largestOf(block, count), block.saliences?.of(count)]
    const coarse = screen ? this.#blocks.screenFor(count) : block.screen
    const memory = this.#blocks.memory({ ...block, screen: coarse }, count, largest, salience)
    const tiles = this.#blocks.tileBytes === 0 || !screen ? 0 : Math.floor(count / TILE)
    for (const [a, b] of this.#portions(0, tiles, TILE)) {
      this.#kernels.quantizeKeys(memory, a, b)
      yield
    }
    block.screen = coarse
    if (block !== this.#block) return
    this.#largestNorm = largest
    this.#salience = salience
    this.#memory = memory
  }

  memory(): KeyMemory {
    this.#unsettled.settle()
    this.#memory ??= this.#made()
    return this.#memory
  }

  #made(): KeyMemory {
    return this.#blocks.memory(this.#block, this.#count, this.#largestNorm, this.#salience)
  }

  /** Items from…to for one step each, an item being some keys. */
  *#portions(from: number, to: number, keys = 1): Generator<[from: number, to: number], void> {
    const some = Math.max(1, Math.floor(STEP / (keys * this.dimension)))
    for (let at = from; at < to; at += some) yield [at, Math.min(at + some, to)]
  }

  /** The memory as it is now, for readers in later turns and other threads: changes go to a copy until it is released. */
  lease(): KeyLease | Promise<KeyLease> {
    const release = this.#held.hold()
    return this.#unsettled.waits ? this.#settledLease(release) : { memory: this.memory(), release }
  }

  async #settledLease(release: () => void): Promise<KeyLease> {
    const [block, count] = [this.#block, this.#count]
    try {
      await allBeside(this.settling(), NOBODY)
    } catch (error) {
      release()
      throw error
    }
    const same = block === this.#block && count === this.#count
    if (same) return { memory: this.memory(), release }
    const memory = this.#blocks.memory(block, count, largestOf(block, count), block.saliences?.of(count))
    return { memory, release }
  }

  #write(at: number, keys: Float32Array, values: Float32Array, count: number): void {
    const block = this.#block
    block.keys.set(keys.subarray(0, count * this.dimension), at * this.dimension)
    if (this.ownValues) block.values.set(values.subarray(0, count * this.width), at * this.width)
  }

  /** Norms of keys from…to, and the largest of all. */
  #measure(from: number, to: number): void {
    const { keys, norms } = this.#block
    const rows = keys.subarray(from * this.dimension, to * this.dimension)
    this.#kernels.keyNorms(rows, to - from, this.dimension, norms.subarray(from, to))
    this.#blocks.adjust(this.#block, from, to)
    this.#findLargest()
  }

  #findLargest(): void {
    this.#largestNorm = largestOf(this.#block, this.#count)
  }

  /** Coarse copies of the whole tiles that hold keys from…to. */
  #screen(from: number, to: number = this.#count): void {
    if (this.#blocks.tileBytes === 0) return
    const end = Math.min(Math.ceil(to / TILE), Math.floor(this.#count / TILE))
    const begin = Math.floor(from / TILE)
    if (begin < end) this.#kernels.quantizeKeys(this.memory(), begin, end)
  }

  /** Makes the arrays ours alone to change. */
  #own(): void {
    if (!this.#held.writable) this.#move(this.#block.capacity)
  }

  #move(capacity: number): void {
    this.#held = atOnce(this.#moved(capacity))
    this.#salience = this.#block.saliences?.of(this.#count, this.#salience, this.#count)
  }

  /** The block copied into a larger one, in small steps. */
  *#moved(capacity: number): Generator<void, Leased<KeyBlock>> {
    return new Leased(yield* this.#blocks.moved(this.#block, this.#count, capacity))
  }
}
