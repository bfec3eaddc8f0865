import { HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { rowWords } from '../kernels/contract/layout.js'
import type { GrowingIds } from './growing-ids.js'
import { addToPlanes } from './planes.js'

/** Numbers of the state: how many patterns there are, and whether more will come. */
const COUNT = 0
const CLOSED = 1
/** A cache line, so that readers that look at it are not in the way of anything else. */
export const STATE_LENGTH = 16
/** Words of rows that are put into planes in one step: some tenths of a millisecond. */
const WORDS = 2 ** 17

/**
 * Rows and planes in shared memory with room for more. One thread writes; it puts a pattern where no reader looks, and then raises the
 * count, by an atomic store. A reader takes the count by an atomic load, and with it all patterns below it, as they will stay.
 */
export class GrowingRows {
  readonly rows: Uint32Array
  readonly planes: Uint32Array
  /** Patterns that there is room for. */
  readonly capacity: number
  readonly #state: Int32Array
  readonly #neurons: number
  /** Whether this side is the one that writes. */
  readonly writes: boolean
  readonly ids: GrowingIds

  constructor(
    {
      rows,
      planes,
      state,
      ids,
    }: { rows: Uint32Array; planes: Uint32Array; state: Int32Array; ids: GrowingIds },
    neurons: number,
    writes: boolean,
  ) {
    this.rows = rows
    this.planes = planes
    this.ids = ids
    this.#state = state
    this.#neurons = neurons
    this.capacity = rows.length / rowWords(neurons)
    this.writes = writes
  }

  /** How many patterns there are; whatever is written there, no more than there is room for. */
  get count(): number {
    return Math.min(Math.max(Atomics.load(this.#state, COUNT), 0), this.capacity)
  }

  /** Whether no more will come, because the writer has changed what there was. */
  get closed(): boolean {
    return Atomics.load(this.#state, CLOSED) !== 0
  }

  /** Fills the planes of patterns from…to, whose rows are written, in small steps. No reader looks there yet. */
  *filling(kernels: Kernels, from: number, to: number): Generator<void, void> {
    const some = Math.max(1, Math.floor(WORDS / rowWords(this.#neurons) / 8)) * 8
    for (let at = from; at < to; ) {
      // Planes hold eight patterns side by side: a step that begins with the first of eight takes them whole.
      const end = Math.min(Math.floor(at / 8) * 8 + some, to)
      addToPlanes(kernels, this.#neurons, this.rows, this.planes, at, end)
      at = end
      yield
    }
  }

  /** Lets readers have all patterns before this one. Their rows and planes are filled. */
  publish(to: number): void {
    Atomics.store(this.#state, COUNT, to)
  }

  /** Says that what was published stays, and that no more will come. */
  close(): void {
    Atomics.store(this.#state, CLOSED, 1)
  }
}

/** The error of a memory that was never shared so. */
export function notGrowing(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_OPTION',
    'expected a memory that was shared with room for more patterns',
  )
}

/** The error of a reader whose writer goes on elsewhere. */
export function goneElsewhere(): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_CLOSED',
    'the writer has changed or removed patterns, or had no more room; open the handle that its share() returns now',
  )
}
