import { allBeside, allHere, call, NOBODY, type Steps } from '../async/steps.js'
import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../kernels/contract/layout.js'
import { roomFor } from './growth.js'
import { addToPlanes, placeInPlanes } from './planes.js'

/** Words of patterns that are added at the next use: some tenths of a millisecond. Where more have come, all planes are made anew. */
const FEW = 2 ** 18

/** Planes, once they are made or while they are. */
interface Search {
  planes?: Uint32Array
  /** How many patterns are in them; more may be stored. Undefined where the writer of shared memory fills them. */
  count?: number
  /** Whether they are to have room for patterns that come. */
  grows?: boolean | undefined
  underWay?: Promise<Uint32Array> | undefined
}

/** The planes of patterns in rows, which searches read: as many bits as the patterns have, rounded up to whole 64-bit words. */
export class KeptPlanes {
  readonly #kernels: Kernels
  readonly #neurons: number
  /** Another object after each change that does not leave what is there. */
  #search: Search = {}

  constructor(kernels: Kernels, neurons: number) {
    this.#kernels = kernels
    this.#neurons = neurons
  }

  /** Patterns have gone, or others have taken their places. @param shared planes that their writer fills. */
  gone(shared?: Uint32Array): void {
    this.#search = shared === undefined ? {} : { planes: shared }
  }

  /** Patterns have come behind those that were there; `total` are there now. A few are added at the next use, where there is room. */
  came(total: number, shared?: Uint32Array): void {
    const { planes, count, underWay, grows = planes !== undefined || underWay !== undefined } = this.#search
    const few = count !== undefined && (total - count) * rowWords(this.#neurons) <= FEW
    const room = planes !== undefined && planes.length >= planeWords(total, this.#neurons)
    if (shared !== undefined) this.gone(shared)
    else if (!few || !room) this.#search = { grows }
  }

  /** The last of the patterns has come to `index`, where a pattern is gone; `left` are there now. Nobody else reads the planes. */
  moved(rows: Uint32Array, index: number, left: number): void {
    const { planes, count } = this.#search
    if (planes === undefined || count !== left + 1 || index === left) {
      this.gone()
      return
    }
    placeInPlanes(this.#neurons, rows, planes, index)
    this.#kernels.settled?.(planes)
    this.#search.count = left
  }

  /** The planes of `count` rows. */
  of(rows: Uint32Array, count: number): Uint32Array {
    const search = this.#search
    this.#add(search, rows, count)
    search.planes ??= allHere(this.#interleaved(search, rows, count))
    return search.planes
  }

  /**
   * The same of the patterns as they are now, made beside other work, after `before`; all that wait for them share the work.
   * @param hold keeps the rows as they are until the function that comes back is called.
   */
  async later(
    rows: Uint32Array,
    count: number,
    hold: () => () => void,
    before: Steps<void>,
  ): Promise<Uint32Array> {
    const search = this.#search
    this.#add(search, rows, count)
    if (search.planes !== undefined) return search.planes
    search.underWay ??= this.#interleave(search, rows, count, hold, before)
    return search.underWay
  }

  async #interleave(
    search: Search,
    rows: Uint32Array,
    count: number,
    hold: () => () => void,
    before: Steps<void>,
  ): Promise<Uint32Array> {
    const release = hold()
    const making = this.#interleaved(search, rows, count)
    function* all(): Steps<Uint32Array> {
      yield* before
      return yield* making
    }
    try {
      search.planes = await allBeside(all(), NOBODY)
      return search.planes
    } finally {
      search.underWay = undefined
      release()
    }
  }

  *#interleaved(search: Search, rows: Uint32Array, count: number): Steps<Uint32Array> {
    const words = planeWords(count, this.#neurons)
    const size = search.grows === true ? roomFor(words + 1, words) : words
    const planes = allocate('planes', size * 4, () => this.#kernels.allocate(size))
    search.count = count
    yield* call(this.#kernels, 2 * words, 'interleave', rows, count, this.#neurons, planes)
    this.#kernels.settled?.(planes)
    return planes
  }

  /** Adds what was stored since the planes were made. */
  #add(search: Search, rows: Uint32Array, total: number): void {
    const { planes, count } = search
    if (planes === undefined || count === undefined || count === total) return
    addToPlanes(this.#kernels, this.#neurons, rows, planes, count, total)
    this.#kernels.settled?.(planes)
    search.count = total
  }
}
