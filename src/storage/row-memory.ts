import { allBeside, allHere, Mark, NOBODY, type Steps } from '../async/steps.js'
import { HopfieldError } from '../errors.js'
import type { StateSource } from '../input/spins.js'
import type { Kernels, Memory } from '../kernels/contract/kernels.js'
import { type Arrivals, inOnePiece } from './arrivals.js'
import type { Names } from './growing-ids.js'
import type { GrowingRows } from './growing-rows.js'
import { lookedThrough } from './looked-through.js'
import { type Arrived, PatternRows, type Staged } from './packed-rows.js'
import type { RecordReader, RecordWriter } from './record.js'
import { Unsettled } from './unsettled.js'
import type { Lease, PatternMemory } from './weights.js'

/** A memory, or the steps that make it. What they read of patterns and weights they have taken before the first of them. */
export type Preparation<Made extends Memory> = Made | Steps<Made>

/** A packed pattern that takes the place of a stored one. */
export interface Replacement {
  readonly index: number
  readonly row: Uint32Array
  /** Makes the rows of all patterns with it among them: for rules that learn them from the beginning. */
  all(): Uint32Array
}

/** Patterns in rows, and what kernels read of them: made at the first recall after a change, and leased to readers of later turns. */
export abstract class RowMemory<Made extends Memory = Memory> implements PatternMemory {
  protected readonly kernels: Kernels
  protected readonly neurons: number
  protected readonly patterns: PatternRows
  /** Memories for synchronous dynamics, and for both. */
  #ready: [Made | undefined, Made | undefined] = [undefined, undefined]
  /** The same under way, shared by all that wait for them. */
  #underWay: [Promise<Made> | undefined, Promise<Made> | undefined] = [undefined, undefined]

  readonly #unsettled = new Unsettled()

  constructor(kernels: Kernels, neurons: number) {
    this.kernels = kernels
    this.neurons = neurons
    this.patterns = new PatternRows(kernels, neurons)
  }

  protected abstract prepare(asynchronous: boolean): Preparation<Made>

  /**
   * Takes in staged patterns behind the stored ones. Abandoned, or on any error, it has changed nothing.
   * @param aside whether others read this memory between the steps: then nothing that they see changes before the last step is done.
   * @returns which of the new ones it has kept, ascending, after moving them to the front; undefined: all.
   */
  protected *learn({ count }: Staged, _aside: boolean): Steps<readonly number[] | undefined> {
    yield new Mark(count, count)
    return undefined
  }

  /** Called when patterns have come or gone. */
  protected changed(): void {}

  /** Takes out one pattern, which is still among the rows. On any error nothing has changed. */
  protected unlearn(_index: number): void {}

  /** Takes out all of them. On any error nothing has changed. */
  protected unlearnAll(): void {}

  /** Learns another pattern in place of a stored one. On any error nothing has changed. */
  protected relearn(_replacement: Replacement): void {}

  /** Whether both dynamics read the same. */
  protected get alike(): boolean {
    return false
  }

  /** Whether weights were given, so that no pattern can come or go. */
  protected get fixed(): boolean {
    return false
  }

  /** Writes what this form knows beside the patterns. */
  protected recordOwn(_to: RecordWriter): void {}

  /** Takes what `recordOwn` has written. The patterns are there already. */
  protected restoreOwn(_from: RecordReader): void {}

  /** Whether recalls read columns. */
  protected get keepsColumns(): boolean {
    return false
  }

  /** Columns, where recalls read them: for readers that shall not have to make them. */
  protected get columns(): Uint32Array | undefined {
    return undefined
  }

  /** Whether there is nothing but patterns, so that a pattern that comes is all there is to say. */
  get growable(): boolean {
    return false
  }

  /** Keeps arrays that are changed in place, beside the patterns, as they are. */
  protected hold(): () => void {
    return () => {}
  }

  get count(): number {
    return this.patterns.count
  }

  abstract get divisor(): number

  /** The divisor of fields of a memory that was prepared here. */
  protected divisorOf(_memory: Made): number {
    return this.divisor
  }

  /** Writes everything down. Arrays are not copied. */
  record(to: RecordWriter): void {
    this.patterns.record(to, 'patterns', to.derived ? this.columns : undefined)
    this.recordOwn(to)
  }

  /** Takes everything from a record, whose arrays become those of this memory. */
  restore(from: RecordReader): void {
    this.patterns.restore(from, 'patterns')
    this.restoreOwn(from)
    this.#forgetReady()
    this.#unsettled.opened(from)
  }

  /** Whether patterns that are stored here are published to others. */
  get publishes(): boolean {
    return this.patterns.publishes
  }

  /** Goes on in shared memory that holds the stored patterns, and room for more. */
  grow(growing: GrowingRows): void {
    this.patterns.grow(growing)
    this.#forgetReady()
  }

  /** Says which ids the patterns have that are stored next, before they are. */
  announcing(count: number, ids: Names | undefined): Steps<void> {
    return this.patterns.announcing(count, ids)
  }

  /** Takes what the writer of shared patterns has added. Returns the ids, if there is anything. */
  refresh(): Arrived | undefined {
    this.#unsettled.settle()
    const more = this.patterns.refresh()
    if (more !== undefined) this.#forgetReady()
    return more
  }

  /** The columns of the patterns as they are in the turn of the call, made in small steps; undefined where recalls read none. */
  async columnsLater(): Promise<Uint32Array | undefined> {
    if (!this.keepsColumns) return undefined
    const { memory, release } = await this.lease(true)
    const { columns } = memory as { columns?: Uint32Array }
    if (columns !== undefined) this.patterns.pinColumns(columns)
    release()
    return columns
  }

  store(patterns: StateSource): readonly number[] | undefined {
    return allHere(this.storing(inOnePiece(this.kernels, patterns), false))
  }

  *storing(patterns: Arrivals, aside: boolean): Steps<readonly number[] | undefined> {
    if (this.fixed) throw fixedWeights('store')
    yield* this.settling()
    const staged = yield* this.patterns.stage(patterns)
    const kept = yield* this.learn(staged, aside)
    // From here on there are no more steps: all that follows is one with the last one of learning.
    return this.#change('store', () => {
      this.patterns.commit(staged, kept?.length ?? staged.count)
      return kept
    })
  }

  replace(index: number, pattern: StateSource): void {
    this.#change('replace', () => {
      const row = this.patterns.packed(pattern)
      this.patterns.own()
      const all = (): Uint32Array => {
        const rows = this.rows(0, this.count).slice()
        rows.set(row, index * row.length)
        return rows
      }
      this.relearn({ index, row, all })
      this.patterns.replace(index, row)
    })
  }

  forget(index: number, swap = false): void {
    this.#change('forget', () => {
      this.patterns.own()
      this.unlearn(index)
      this.patterns.forget(index, swap)
    })
  }

  get swaps(): boolean {
    return this.growable
  }

  clear(): void {
    this.#change('clear', () => {
      this.unlearnAll()
      this.patterns.clear()
    })
  }

  rows(from: number, to: number): Uint32Array {
    return this.patterns.view(from, to)
  }

  held(): { readonly rows: Uint32Array; readonly count: number; release(): void } {
    const { count } = this
    return { rows: this.patterns.settled(), count, release: this.patterns.hold() }
  }

  planes(): Uint32Array {
    this.#unsettled.settle()
    return this.patterns.planes()
  }

  planesLater(): Promise<Uint32Array> {
    return this.patterns.planesLater(this.settling())
  }

  overlaps(state: Uint32Array): Int32Array {
    this.#unsettled.settle()
    return this.patterns.overlaps(state)
  }

  memory(asynchronous: boolean): Made {
    const ready = this.#known(asynchronous)
    if (ready !== undefined) return ready
    this.#unsettled.settle()
    const made = this.prepare(asynchronous)
    const memory = isSteps(made) ? allHere(made) : made
    this.adopt(memory, asynchronous)
    return memory
  }

  async lease(asynchronous: boolean): Promise<Lease<Made>> {
    const releases = [this.patterns.hold(), this.hold()]
    const release = (): void => {
      for (const each of releases) each()
    }
    const hold = this.patterns.waitForColumns()
    try {
      const memory = await this.#prepared(asynchronous)
      releases.push(hold((memory as { columns?: Uint32Array }).columns))
      return { memory, divisor: this.divisorOf(memory), release }
    } catch (error) {
      hold(undefined)
      release()
      throw error
    }
  }

  /** Takes a memory for what recalls read until the next change. */
  protected adopt(memory: Made, asynchronous: boolean): void {
    this.#ready[asynchronous ? 1 : 0] = memory
  }

  /** The stored rows but one, a copy. */
  protected others(index: number): Uint32Array {
    const [before, after] = [this.rows(0, index), this.rows(index + 1, this.count)]
    const rows = new Uint32Array(before.length + after.length)
    rows.set(before)
    rows.set(after, before.length)
    return rows
  }

  #change<T>(method: string, work: () => T): T {
    if (this.fixed) throw fixedWeights(method)
    this.#unsettled.settle()
    const result = work()
    this.changed()
    this.#forgetReady()
    return result
  }

  #forgetReady(): void {
    this.#ready = [undefined, undefined]
    this.#underWay = [undefined, undefined]
  }

  settling(): Steps<void> {
    return this.#unsettled.settling()
  }

  /** A memory for both dynamics serves either. */
  #known(asynchronous: boolean): Made | undefined {
    return this.#ready[1] ?? (asynchronous && !this.alike ? undefined : this.#ready[0])
  }

  #prepared(asynchronous: boolean): Made | Promise<Made> {
    const ready = this.#known(asynchronous)
    if (ready !== undefined) return ready
    const which = asynchronous || this.alike ? 1 : 0
    const underWay = this.#underWay[which]
    if (underWay !== undefined) return underWay
    const whole = this.#finish(this.settling(), this.prepare(asynchronous), which)
    this.#underWay[which] = whole
    return whole
  }

  async #finish(settling: Steps<void>, made: Preparation<Made>, which: 0 | 1): Promise<Made> {
    const [ready, underWay] = [this.#ready, this.#underWay]
    const { kernels } = this
    function* all(): Steps<Made> {
      yield* settling
      const memory = isSteps(made) ? yield* made : made
      yield* lookedThrough(kernels, memory)
      return memory
    }
    try {
      const memory = await allBeside(all(), NOBODY)
      // Goes nowhere if patterns have come or gone meanwhile: both are replaced then.
      ready[which] = memory
      return memory
    } finally {
      underWay[which] = undefined
    }
  }
}

function isSteps<Made extends Memory>(made: Preparation<Made>): made is Steps<Made> {
  return 'next' in made
}

/** The error of a method that would change weights that were given. */
export function fixedWeights(method: string): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    `${method}: this network has fixed weights; patterns cannot be stored or forgotten`,
  )
}
