import { allocate, HopfieldError } from '../errors.js'
import { sampleDistinct } from '../numerics/distinct.js'
import { log } from '../numerics/log.js'
import { PURPOSE, type WordStream } from '../numerics/philox.js'
import type { ConnectionTable } from './connections.js'
import { roomFor } from './growth.js'

/** Connections by a rule: everything of their size is a typed array, as large networks have more of them than objects can be. */

/** For each neuron `degree` different others. */
export function randomSources(neurons: number, degree: number, words: WordStream): ConnectionTable {
  const starts = new Uint32Array(neurons + 1)
  const sources = indices(neurons * degree)
  /** Who has chosen a neuron last, counted from 1. */
  const chosenBy = new Uint32Array(neurons)
  const row = new SpreadRow(degree, neurons)
  let chooser = 0
  const has = (j: number): boolean => chosenBy[j] === chooser
  const take = (j: number): void => {
    chosenBy[j] = chooser
    row.push(j < chooser - 1 ? j : j + 1)
  }
  for (let i = 0; i < neurons; i++) {
    chooser = i + 1
    sampleDistinct(words.seek(PURPOSE.connections, i), degree, neurons - 1, has, take)
    row.sortInto(sources, starts[i])
    starts[i + 1] = starts[i] + degree
  }
  return { starts, sources }
}

/** Different numbers below a bound, spread evenly: each is put where it belongs on average, and a few then change places. */
class SpreadRow {
  readonly #values: Uint32Array
  readonly #ends: Uint32Array
  readonly #share: number
  #length = 0

  constructor(room: number, below: number) {
    this.#values = new Uint32Array(room)
    this.#ends = new Uint32Array(room + 1)
    this.#share = room / below
  }

  push(x: number): void {
    this.#values[this.#length++] = x
  }

  /** Writes them in ascending order, and forgets them. */
  sortInto(out: Uint32Array, from: number): void {
    const [values, ends, share, length] = [this.#values, this.#ends, this.#share, this.#length]
    ends.fill(0)
    for (let k = 0; k < length; k++) ends[Math.floor(values[k] * share) + 1]++
    for (let k = 1; k < length; k++) ends[k] += ends[k - 1]
    for (let k = 0; k < length; k++) out[from + ends[Math.floor(values[k] * share)]++] = values[k]
    insert(out, from, from + 1, from + length)
    this.#length = 0
  }
}

/** Sorts from…to, of which from…sorted are in order already; fast where few are far from their places. */
function insert(values: Uint32Array, from: number, sorted: number, to: number): void {
  for (let k = sorted; k < to; k++) {
    const x = values[k]
    let at = k
    for (; at > from && values[at - 1] > x; at--) values[at] = values[at - 1]
    values[at] = x
  }
}

/** Every pair with the same probability: how many are left out before the next is geometrically distributed. */
export function randomPairs(neurons: number, degree: number, words: WordStream): ConnectionTable {
  const probability = degree / (neurons - 1)
  const perStep = probability < 1 ? 1 / log(1 - probability) : 0
  const skip = (): number =>
    probability < 1 ? Math.min(Math.floor(log(1 - words.uniform()) * perStep), neurons) : 0
  const expected = (neurons * degree) / 2
  /** Of every neuron the partners before it, ascending. */
  const lower = new Numbers(Math.ceil(expected + 6 * Math.sqrt(expected)) + 16)
  const ends = new Uint32Array(neurons + 1)
  const degrees = new Uint32Array(neurons)
  for (let i = 1; i < neurons; i++) {
    words.seek(PURPOSE.connections, i)
    for (let j = skip(); j < i; j += 1 + skip()) {
      lower.push(j)
      degrees[i]++
      degrees[j]++
    }
    ends[i + 1] = lower.length
  }
  const starts = startsOf(degrees)
  const sources = indices(2 * lower.length)
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
  neurons: number,
  neighbours: number,
  rewire: number,
  words: WordStream,
): ConnectionTable {
  const world = new Ring(neurons, neighbours / 2)
  for (let step = 1; step <= neighbours / 2 && rewire > 0; step++) {
    for (let i = 0; i < neurons; i++) {
      words.seek(PURPOSE.connections, step * neurons + i)
      if (words.uniform() >= rewire || world.degrees[i] >= neurons - 1) continue
      let target = words.bounded(neurons)
      while (target === i || world.connects(i, target)) target = words.bounded(neurons)
      world.lead(step, i, target)
    }
  }
  return world.table()
}

/** New partners of a neuron beyond which sorting all of its partners takes less time than inserting them. */
const MANY = 32

/** A ring of neurons some of whose connections are led elsewhere. Each is led elsewhere once at most, and stays there. */
class Ring {
  readonly #neurons: number
  readonly #reach: number
  readonly degrees: Uint32Array
  /** Bit (step − 1)·N + i: i is no longer connected to i + step. */
  readonly #gone: Uint32Array
  /** Of every neuron, its last new partner; 2e and 2e + 1 are the ends of new connection e, from 2 on; 0: none. */
  readonly #last: Uint32Array
  /** The partner at each end, and the one before it. */
  readonly #partners = new Numbers(16)
  readonly #before = new Numbers(16)

  constructor(neurons: number, reach: number) {
    this.#neurons = neurons
    this.#reach = reach
    this.degrees = new Uint32Array(neurons).fill(2 * reach)
    this.#gone = indices(Math.ceil((neurons * reach) / 32))
    this.#last = new Uint32Array(neurons)
    for (const list of [this.#partners, this.#before]) {
      list.push(0)
      list.push(0)
    }
  }

  connects(i: number, j: number): boolean {
    const ahead = (j - i + this.#neurons) % this.#neurons
    const behind = this.#neurons - ahead
    if (ahead <= this.#reach && !this.#isGone(ahead, i)) return true
    if (behind <= this.#reach && !this.#isGone(behind, j)) return true
    for (let end = this.#last[i]; end !== 0; end = this.#before.values[end]) {
      if (this.#partners.values[end] === j) return true
    }
    return false
  }

  /** Connects i to `target` in place of i + step. */
  lead(step: number, i: number, target: number): void {
    const bit = (step - 1) * this.#neurons + i
    this.#gone[Math.floor(bit / 32)] |= 1 << (bit & 31)
    this.degrees[(i + step) % this.#neurons]--
    this.degrees[target]++
    this.#add(i, target)
    this.#add(target, i)
  }

  table(): ConnectionTable {
    const n = this.#neurons
    const starts = startsOf(this.degrees)
    const sources = indices(starts[n])
    for (let i = 0; i < n; i++) {
      let at = starts[i]
      for (let step = this.#reach; step >= 1; step--) {
        const before = (i - step + n) % n
        if (!this.#isGone(step, before)) sources[at++] = before
      }
      for (let step = 1; step <= this.#reach; step++) {
        if (!this.#isGone(step, i)) sources[at++] = (i + step) % n
      }
      // In order already, but for the neurons whose neighbours are at both ends of the numbers.
      const sorted = i < this.#reach || i + this.#reach >= n ? starts[i] : at
      for (let end = this.#last[i]; end !== 0; end = this.#before.values[end]) {
        sources[at++] = this.#partners.values[end]
      }
      if (at - sorted > MANY) sources.subarray(starts[i], at).sort()
      else insert(sources, starts[i], Math.max(sorted, starts[i] + 1), at)
    }
    return { starts, sources }
  }

  #isGone(step: number, i: number): boolean {
    const bit = (step - 1) * this.#neurons + i
    return ((this.#gone[Math.floor(bit / 32)] >>> (bit & 31)) & 1) === 1
  }

  #add(i: number, partner: number): void {
    this.#before.push(this.#last[i])
    this.#last[i] = this.#partners.length
    this.#partners.push(partner)
  }
}

/** Whole numbers in an array that grows by half. */
class Numbers {
  values: Uint32Array
  length = 0

  constructor(room: number) {
    this.values = indices(room)
  }

  push(x: number): void {
    if (this.length === this.values.length) {
      const larger = indices(roomFor(this.length + 16, this.length))
      larger.set(this.values)
      this.values = larger
    }
    this.values[this.length++] = x
  }
}

/** Room for so many connections, whose places are 32-bit numbers. */
function indices(length: number): Uint32Array {
  if (length < 2 ** 32) return allocate('connections', length * 4, () => new Uint32Array(length))
  throw new HopfieldError(
    'ERR_HOPFIELD_RANGE',
    `connections: expected fewer than 2^32 of them, got ${length}`,
  )
}

function startsOf(degrees: Uint32Array): Uint32Array {
  const starts = new Uint32Array(degrees.length + 1)
  let total = 0
  for (const [i, degree] of degrees.entries()) {
    total += degree
    starts[i + 1] = total
  }
  if (total >= 2 ** 32) indices(total)
  return starts
}
