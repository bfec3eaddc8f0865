import type { Portion } from '../../async/chunk-size.js'
import { call, type Steps } from '../../async/steps.js'
import { allocate } from '../../errors.js'
import type { Nearest } from '../../input/nearest-patterns.js'
import type { StateReader } from '../../input/state-reader.js'
import type { Int32s, Uint32s } from '../../input/typed-arrays.js'
import type { Kernels } from '../../kernels/contract/kernels.js'
import { planeWords, rowWords } from '../../kernels/contract/layout.js'
import type { Job } from '../runner.js'

/** Patterns as searches read them. */
export interface Planes {
  readonly planes: Uint32Array
  readonly count: number
}

/** Words compared in one kernel call: some tens of milliseconds, or a few where kernels are slow. */
const WORDS = { native: 2 ** 28, typescript: 2 ** 19 }
/** States that share a pass over the patterns. */
const TOGETHER = 16

/** The k nearest stored patterns of each of many states. */
export class NearestJob implements Job<Planes, Nearest, Uint32Array> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #states: StateReader
  readonly #most: number
  readonly #indices: Uint32s
  readonly #overlaps: Int32s

  readonly #k: number

  /** @param k at most as many as are stored. */
  constructor(kernels: Kernels, neurons: number, states: StateReader, k: number) {
    this.count = states.count
    this.#kernels = kernels
    this.#neurons = neurons
    this.#states = states
    this.#most = kernels.parallel ? WORDS.native : WORDS.typescript
    this.#k = k
    const size = states.count * k
    this.#indices = allocate('indices', size * 4, () => new Uint32Array(size))
    this.#overlaps = allocate('overlaps', size * 4, () => new Int32Array(size))
  }

  portion({ count }: Planes): Portion {
    const each = count * this.#words
    const room = Math.max(1, Math.floor(2 ** 22 / rowWords(this.#neurons)))
    return { most: Math.min(Math.max(Math.floor(this.#most / each), TOGETHER), 4096, room), multiple: 1 }
  }

  *read(from: number, to: number): Generator<void, Uint32Array> {
    const size = (to - from) * rowWords(this.#neurons)
    const rows = allocate('states', size * 4, () => this.#kernels.allocate(size))
    yield* this.#states.read(this.#kernels, from, to, rows)
    return rows
  }

  /** The patterns one part after the other: what came before is in the results. */
  *compute({ planes, count }: Planes, from: number, to: number, rows: Uint32Array): Steps<void> {
    const kernels = this.#kernels
    const neurons = this.#neurons
    const k = this.#k
    const found = [
      this.#indices.subarray(from * k, to * k),
      this.#overlaps.subarray(from * k, to * k),
    ] as const
    const each = Math.max((to - from) * this.#words, 1)
    const part = Math.max(1, Math.floor(this.#most / (8 * each))) * 8
    for (let first = 0; first < count; first += part) {
      const some = Math.min(part, count - first)
      const those = planes.subarray(planeWords(first, neurons), planeWords(first + some, neurons))
      yield* call(kernels, some * each, 'nearest', those, some, neurons, rows, to - from, first, k, ...found)
    }
  }

  result(): Nearest {
    return { indices: this.#indices, overlaps: this.#overlaps }
  }

  /** 64-bit words of a pattern. */
  get #words(): number {
    return Math.ceil(this.#neurons / 64)
  }
}
