import type { Kernels } from '../kernels/contract/kernels.js'
import { sampleDistinct } from '../numerics/distinct.js'
import { log } from '../numerics/log.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { AscendingRow } from './ascending-row.js'
import { type ConnectionTable, countsFor, indices, startsOf } from './connection-table.js'
import { roomFor } from './growth.js'

/** Connections by a rule: everything of their size is a typed array, as large networks have more of them than objects can be. */

/** Words that are drawn ahead: as many as fit the first-level cache beside what is made of them. */
const AHEAD = 4096

/** The random words of one query after the other, drawn for many of them at once. */
export class Draws {
  readonly #kernels: Kernels
  readonly seed: readonly [low: number, high: number]
  readonly #stream: WordStream
  readonly #words = new Uint32Array(AHEAD)
  #first = 0
  #queries = 0
  /** Words of each query. */
  #each = 0

  constructor(kernels: Kernels, seed: readonly [low: number, high: number]) {
    this.#kernels = kernels
    this.seed = seed
    this.#stream = new WordStream(...seed)
  }

  /** The words of `query`, which is likely to take so many of them; queries up to `end` follow. */
  of(query: number, likely: number, end: number): WordStream {
    let place = query - this.#first
    if (place < 0 || place >= this.#queries) {
      this.#draw(query, likely, end)
      place = 0
    }
    const from = place * this.#each
    return this.#stream.seekDrawn(PURPOSE.connections, query, this.#words, from, from + this.#each)
  }

  #draw(query: number, likely: number, end: number): void {
    this.#each = Math.min(4 * Math.ceil(likely / 4), AHEAD)
    this.#first = query
    this.#queries = Math.min(Math.floor(AHEAD / this.#each), end - query)
    const [low, high] = [query >>> 0, Math.floor(query / 2 ** 32)]
    const out = this.#words.subarray(0, this.#each * this.#queries)
    this.#kernels.philox(...this.seed, PURPOSE.connections, low, high, out, this.#queries)
  }
}

/** For each neuron `degree` different others. */
export function randomSources(
  kernels: Kernels,
  neurons: number,
  degree: number,
  draws: Draws,
): ConnectionTable {
  const starts = countsFor(neurons + 1)
  const sources = indices(kernels, neurons * degree)
  const row = new AscendingRow(degree, degree, neurons - 1)
  const add = (j: number): boolean => row.add(j)
  for (let i = 0; i < neurons; i++) {
    sampleDistinct(draws.of(i, degree, neurons), degree, neurons - 1, add)
    starts[i + 1] = starts[i] + degree
    row.moveTo(sources, starts[i], starts[i + 1], i)
  }
  return { starts, sources }
}

/** Every pair with the same probability: how many are left out before the next is geometrically distributed. */
export function randomPairs(
  kernels: Kernels,
  neurons: number,
  degree: number,
  draws: Draws,
): ConnectionTable {
  const probability = degree / (neurons - 1)
  const perStep = probability < 1 ? 1 / log(1 - probability) : 0
  const skip = (words: WordStream): number =>
    probability < 1 ? Math.min(Math.floor(log(1 - words.uniform()) * perStep), neurons) : 0
  const expected = (neurons * degree) / 2
  /** Of every neuron the partners before it, ascending. */
  const lower = new Numbers(kernels, Math.ceil(expected + 6 * Math.sqrt(expected)) + 16)
  const ends = countsFor(neurons + 1)
  const degrees = countsFor(neurons)
  for (let i = 1; i < neurons; i++) {
    // Two words a partner, and two that lead beyond the last one.
    const words = draws.of(i, 2 * Math.ceil(i * probability + Math.sqrt(i * probability) + 1), neurons)
    for (let j = skip(words); j < i; j += 1 + skip(words)) {
      lower.push(j)
      degrees[i]++
      degrees[j]++
    }
    ends[i + 1] = lower.length
  }
  const starts = startsOf(degrees)
  const sources = indices(kernels, 2 * lower.length)
  const next = countsFor(starts.length, starts)
  for (let i = 0; i < neurons; i++) {
    // Those before a neuron come first; those behind it follow as their own turn comes.
    for (let k = ends[i]; k < ends[i + 1]; k++) sources[next[i]++] = lower.values[k]
    for (let k = ends[i]; k < ends[i + 1]; k++) sources[next[lower.values[k]]++] = i
  }
  return { starts, sources }
}

/** Whole numbers in an array that grows by half. */
class Numbers {
  readonly #kernels: Kernels
  values: Uint32Array
  length = 0

  constructor(kernels: Kernels, room: number) {
    this.#kernels = kernels
    this.values = indices(kernels, room)
  }

  push(x: number): void {
    if (this.length === this.values.length) {
      const larger = indices(this.#kernels, roomFor(this.length + 16, this.length))
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = x
  }
}
