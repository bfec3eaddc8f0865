import { allocate, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { sampleDistinct } from '../numerics/distinct.js'
import { log } from '../numerics/log.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import type { ConnectionTable } from './connections.js'
import { roomFor } from './growth.js'

/** Connections by a rule: everything of their size is a typed array, as large networks have more of them than objects can be. */

/** Words that are drawn ahead: as many as fit the first-level cache beside what is made of them. */
const AHEAD = 4096

/** The random words of one query after the other, drawn for many of them at once. */
export class Draws {
  readonly #kernels: Kernels
  readonly #seed: readonly [low: number, high: number]
  readonly #stream: WordStream
  readonly #words = new Uint32Array(AHEAD)
  #first = 0
  #queries = 0
  /** Words of each query. */
  #each = 0

  constructor(kernels: Kernels, seed: readonly [low: number, high: number]) {
    this.#kernels = kernels
    this.#seed = seed
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
    this.#kernels.philox(...this.#seed, PURPOSE.connections, low, high, out, this.#queries)
  }
}

/** For each neuron `degree` different others. */
export function randomSources(
  kernels: Kernels,
  neurons: number,
  degree: number,
  draws: Draws,
): ConnectionTable {
  const starts = new Uint32Array(neurons + 1)
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

/** What no number in a row is: they lie below 2^31. */
const FREE = 2 ** 32 - 1

/**
 * Different numbers below a bound, spread evenly, in a hash table that keeps their order (Amble and Knuth 1974): a number is at the
 * place where it belongs on average, or behind smaller ones that took it.
 */
class AscendingRow {
  readonly #places: Uint32Array
  readonly #share: number

  /**
   * @param usual how many there are at a time, or are expected.
   * @param most no more than that at a time.
   */
  constructor(usual: number, most: number, below: number) {
    // Three of four places stay free. The last numbers may be pushed beyond, and one place more ends every search.
    this.#places = new Uint32Array(4 * usual + most + 1).fill(FREE)
    this.#share = (4 * usual) / below
  }

  /** False if it is there already. */
  add(x: number): boolean {
    const places = this.#places
    let at = Math.floor(x * this.#share)
    while (places[at] < x) at++
    if (places[at] === x) return false
    for (let held = x; held !== FREE; at++) {
      const next = places[at]
      places[at] = held
      held = next
    }
    return true
  }

  /** Writes them to from…end in ascending order, numbers from `gap` on one higher, and forgets them. */
  moveTo(out: Uint32Array, from: number, end: number, gap: number): void {
    const places = this.#places
    for (let at = 0, to = from; to < end; at++) {
      const x = places[at]
      places[at] = FREE
      // What is written for a free place is written over by the next: nobody can foretell which places are free.
      out[to] = x < gap ? x : x + 1
      to += 1 + ((x | 0) >> 31)
    }
  }
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
  const ends = new Uint32Array(neurons + 1)
  const degrees = new Uint32Array(neurons)
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
  const next = starts.slice()
  for (let i = 0; i < neurons; i++) {
    // Those before a neuron come first; those behind it follow as their own turn comes.
    for (let k = ends[i]; k < ends[i + 1]; k++) sources[next[i]++] = lower.values[k]
    for (let k = ends[i]; k < ends[i + 1]; k++) sources[next[lower.values[k]]++] = i
  }
  return { starts, sources }
}

/** A ring, each of whose connections is led elsewhere with probability `rewire`; symmetric. */
export function smallWorld(
  kernels: Kernels,
  neurons: number,
  neighbours: number,
  rewire: number,
  draws: Draws,
): ConnectionTable {
  const reach = neighbours / 2
  const world = new Ring(kernels, neurons, reach, rewire)
  const end = (reach + 1) * neurons
  for (let step = 1; step <= reach && rewire > 0; step++) {
    for (let i = 0; i < neurons; i++) {
      const words = draws.of(step * neurons + i, 4, end)
      if (words.uniform() >= rewire || world.degrees[i] >= neurons - 1) continue
      let target = words.bounded(neurons)
      while (target === i || world.connects(i, target)) target = words.bounded(neurons)
      world.lead(step, i, target)
    }
  }
  return world.table()
}

/** A ring of neurons some of whose connections are led elsewhere. Each is led elsewhere once at most, and stays there. */
class Ring {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #reach: number
  readonly degrees: Uint32Array
  /** Place i·reach + step − 1: 1 + where the connection from i to i + step was led; 0: nowhere. */
  readonly #led: Uint32Array
  /** How many neurons were led to each, or it to them, on average at the end. */
  readonly #partners: number
  readonly #perhaps: PartnerFilter

  constructor(kernels: Kernels, neurons: number, reach: number, rewire: number) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#reach = reach
    this.#partners = 2 * reach * rewire
    this.degrees = new Uint32Array(neurons).fill(2 * reach)
    this.#led = indices(kernels, rewire > 0 ? neurons * reach : 0)
    this.#perhaps = new PartnerFilter(kernels, neurons, this.#partners)
  }

  connects(i: number, j: number): boolean {
    const ahead = j > i ? j - i : j - i + this.#neurons
    const behind = this.#neurons - ahead
    if (ahead <= this.#reach && !this.#isGone(ahead, i)) return true
    if (behind <= this.#reach && !this.#isGone(behind, j)) return true
    return this.#perhaps.has(i, j) && (this.#leads(i, j) || this.#leads(j, i))
  }

  /** Connects i to `target` in place of i + step. */
  lead(step: number, i: number, target: number): void {
    this.#led[i * this.#reach + step - 1] = target + 1
    const before = i + step < this.#neurons ? i + step : i + step - this.#neurons
    this.degrees[before]--
    this.degrees[target]++
    this.#perhaps.add(i, target)
    this.#perhaps.add(target, i)
  }

  table(): ConnectionTable {
    const [n, reach, led] = [this.#neurons, this.#reach, this.#led]
    const starts = startsOf(this.degrees)
    const sources = indices(this.#kernels, starts[n])
    const ends = this.#putComers(starts, sources)
    const most = this.degrees.reduce((a, b) => Math.max(a, b))
    const row = new AscendingRow(Math.ceil(this.#partners), most, n)
    const [near, far] = [new Uint32Array(2 * reach + 1), new Uint32Array(most + 1)]
    for (let i = 0; i < n; i++) {
      let count = ends[i] - starts[i]
      for (let k = starts[i]; k < ends[i]; k++) row.add(sources[k])
      for (let k = i * reach; k < Math.min((i + 1) * reach, led.length); k++) {
        if (led[k] === 0) continue
        row.add(led[k] - 1)
        count++
      }
      row.moveTo(far, 0, count, n)
      merge(near, this.#nearTo(i, near), far, count, sources, starts[i])
    }
    return { starts, sources }
  }

  /** Puts those who are led to a neuron where its sources begin. Returns where they end. */
  #putComers(starts: Uint32Array, sources: Uint32Array): Uint32Array {
    const ends = starts.slice(0, this.#neurons)
    const [led, reach] = [this.#led, this.#reach]
    for (let i = 0, k = 0; k < led.length; i++) {
      for (const end = k + reach; k < end; k++) {
        if (led[k] !== 0) sources[ends[led[k] - 1]++] = i
      }
    }
    return ends
  }

  /** The neighbours to whom i is still connected, ascending. Returns how many there are. */
  #nearTo(i: number, out: Uint32Array): number {
    const [n, reach, led] = [this.#neurons, this.#reach, this.#led]
    const wraps = i < reach || i + reach >= n
    let count = 0
    for (let j = i - reach; j <= i + reach; j++) {
      const neighbour = j < 0 ? j + n : j < n ? j : j - n
      // Who of the two was before the other, and by how many steps.
      const place = j < i ? neighbour * reach + (i - j) - 1 : i * reach + (j - i) - 1
      out[count] = neighbour
      count += j !== i && (led.length === 0 || led[place] === 0) ? 1 : 0
    }
    // In order already, but for the neurons whose neighbours are at both ends of the numbers.
    if (wraps) out.subarray(0, count).sort()
    return count
  }

  /** Whether a connection from i was led to j. */
  #leads(i: number, j: number): boolean {
    const end = (i + 1) * this.#reach
    for (let k = i * this.#reach; k < end; k++) if (this.#led[k] === j + 1) return true
    return false
  }

  #isGone(step: number, i: number): boolean {
    return this.#led.length > 0 && this.#led[i * this.#reach + step - 1] !== 0
  }
}

/** Says quickly of most neurons that they are no new partners of another (Bloom 1970, with one bit each). */
class PartnerFilter {
  readonly #bits: Uint32Array
  /** Each neuron has so many words, two to this power. */
  readonly #words: number
  readonly #power: number

  /** @param partners how many each will have, on average. */
  constructor(kernels: Kernels, neurons: number, partners: number) {
    this.#power = Math.max(0, Math.ceil(Math.log2((4 * partners) / 32)))
    this.#words = 2 ** this.#power
    this.#bits = indices(kernels, neurons * this.#words)
  }

  add(i: number, partner: number): void {
    const hash = Math.imul(partner, 0x9e3779b1)
    this.#bits[this.#place(i, hash)] |= 1 << (hash & 31)
  }

  /** False: surely not. */
  has(i: number, partner: number): boolean {
    const hash = Math.imul(partner, 0x9e3779b1)
    return ((this.#bits[this.#place(i, hash)] >>> (hash & 31)) & 1) === 1
  }

  /** Upper bits choose the word, lower ones the bit. */
  #place(i: number, hash: number): number {
    return i * this.#words + (this.#power === 0 ? 0 : hash >>> (32 - this.#power))
  }
}

/** Two ascending lists without a common number into one that begins at `from`. */
function merge(
  a: Uint32Array,
  aLength: number,
  b: Uint32Array,
  bLength: number,
  out: Uint32Array,
  from: number,
): void {
  let [i, j, to] = [0, 0, from]
  while (i < aLength && j < bLength) out[to++] = a[i] < b[j] ? a[i++] : b[j++]
  while (i < aLength) out[to++] = a[i++]
  while (j < bLength) out[to++] = b[j++]
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

/** Room for so many connections, whose places are 32-bit numbers. */
function indices(kernels: Kernels, length: number): Uint32Array {
  checkTotal(length)
  return allocate('connections', length * 4, () => kernels.allocate(length))
}

function checkTotal(connections: number): void {
  if (connections < 2 ** 32) return
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `connections: expected fewer than 2^32 of them, got ${connections}`,
  )
}

function startsOf(degrees: Uint32Array): Uint32Array {
  const starts = new Uint32Array(degrees.length + 1)
  let total = 0
  for (let i = 0; i < degrees.length; i++) {
    total += degrees[i]
    starts[i + 1] = total
  }
  checkTotal(total)
  return starts
}
