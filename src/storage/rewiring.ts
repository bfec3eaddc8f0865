import type { Kernels } from '../kernels/contract/kernels.js'
import { PURPOSE, type WordStream } from '../numerics/philox.js'
import { countsFor, indices } from './connection-table.js'
import { type Ring, type RingTable, rewires, tableOf } from './ring.js'
import type { Draws } from './wiring.js'

// Where the connections of a ring are rewired. In order each asks whether what it is rewired to is there already. Of a network with few
// connections hardly any has to: all are rewired at once as if nothing were there, those that might be wrong are found, and they alone
// are rewired again, in order. The result is the same.

/** The words by which a connection is rewired, or undefined where it stays. */
function chosen(draws: Draws, rewire: number, query: number, end: number): WordStream | undefined {
  const words = draws.of(query, 4, end)
  return words.uniform() < rewire ? words : undefined
}

/** Every connection after those before it. All that are there are kept as bits, N². */
export function rewireInOrder(kernels: Kernels, ring: Ring, rewire: number, draws: Draws): void {
  const { neurons: n, reach, rewired, arrivals } = ring
  rewired.fill(0)
  arrivals.fill(0)
  const degrees = countsFor(n).fill(2 * reach)
  const words = Math.ceil(n / 32)
  const joined = indices(kernels, n * words)
  const turn = (i: number, j: number): void => {
    joined[i * words + (j >>> 5)] ^= 1 << (j & 31)
    joined[j * words + (i >>> 5)] ^= 1 << (i & 31)
  }
  const after = (i: number, step: number): number => (i + step < n ? i + step : i + step - n)
  for (let i = 0; i < n; i++) for (let step = 1; step <= reach; step++) turn(i, after(i, step))
  for (let step = 1; step <= reach; step++) {
    for (let i = 0; i < n; i++) {
      const drawn = chosen(draws, rewire, step * n + i, (reach + 1) * n)
      // Who is connected to all others has nowhere to lead to.
      if (drawn === undefined || degrees[i] >= n - 1) continue
      let target = drawn.bounded(n)
      while (target === i || ((joined[i * words + (target >>> 5)] >>> (target & 31)) & 1) === 1) {
        target = drawn.bounded(n)
      }
      turn(i, after(i, step))
      turn(i, target)
      degrees[after(i, step)]--
      degrees[target]++
      arrivals[target]++
      rewired[i * reach + step - 1] = target + 1
    }
  }
}

/** A network is dense where one in so many connections might be there already; or it is so small that it does not matter. */
const SHARE = 8
/** Neurons whose connections are rewired together: where they lead stays in the second-level cache. */
const TOGETHER = 1024

/** A connection from one neuron that leads to `to`, and not to `before`. */
export interface Move {
  readonly from: number
  readonly before: number
  readonly to: number
}

/** Where connections were rewired at first, and what has to be changed there. */
export interface Rewired {
  readonly table: RingTable
  readonly moves: readonly Move[]
}

/**
 * The same for networks with few connections.
 * @param sources room for the table.
 * @param most no more connections than that may have to be rewired again.
 * @returns undefined where it has to be done in order.
 */
export function rewireAtOnce(
  kernels: Kernels,
  ring: Ring,
  rewire: number,
  draws: Draws,
  sources: Uint32Array,
  most: number,
): Rewired | undefined {
  const { neurons, reach } = ring
  if (2 * reach * SHARE >= neurons) return undefined
  const doubts = new Doubts(kernels, ring)
  rewireFirst(kernels, ring, rewire, draws, doubts)
  const table = tableOf(kernels, ring, sources)
  doubtTwins(table, doubts)
  const moves: Move[] = []
  const settled = doubts.settle(draws, most, (move) => moves.push(move))
  return settled && !saturated(ring) ? { table, moves } : undefined
}

/** Whether some neuron may have been connected to all others at some time. */
function saturated({ neurons, reach, arrivals }: Ring): boolean {
  return arrivals.some((count) => 2 * reach + count >= neurons - 1)
}

/** Rewires every connection to where it goes if it does not matter what there is. */
function rewireFirst(
  kernels: Kernels,
  { neurons: n, reach, rewired, arrivals }: Ring,
  rewire: number,
  { seed }: Draws,
  doubts: Doubts,
): void {
  const places = new Uint32Array(Math.min(TOGETHER, n))
  for (let first = 0; first < n; first += TOGETHER) {
    const some = places.subarray(0, Math.min(TOGETHER, n - first))
    for (let step = 1; step <= reach; step++) {
      kernels.rewired(...seed, PURPOSE.connections, step * n + first, rewire, n, some)
      for (let k = 0; k < some.length; k++) {
        const to = some[k]
        const i = first + k
        rewired[i * reach + step - 1] = to
        if (to === 0) continue
        const target = to - 1
        arrivals[target]++
        const ahead = target >= i ? target - i : target - i + n
        if (ahead <= reach || n - ahead <= reach) doubts.add(step, i)
      }
    }
  }
}

/** Doubts all pairs between which there is more than one connection. */
function doubtTwins({ starts, sources, repeated }: RingTable, doubts: Doubts): void {
  for (let i = 0; i + 1 < starts.length; i++) {
    if (((repeated[i >>> 5] >>> (i & 31)) & 1) === 0) continue
    for (let k = starts[i] + 1; k < starts[i + 1]; k++) {
      if (sources[k] === sources[k - 1]) doubts.addPair(i, sources[k])
    }
  }
}

/** Connections that may have been rewired to where there is one already. */
class Doubts {
  readonly #ring: Ring
  /** One bit each, by step and then by neuron: in the order in which they are rewired. */
  readonly #bits: Uint32Array

  constructor(kernels: Kernels, ring: Ring) {
    this.#ring = ring
    this.#bits = indices(kernels, Math.ceil((ring.neurons * ring.reach) / 32))
  }

  add(step: number, i: number): void {
    const place = (step - 1) * this.#ring.neurons + i
    this.#bits[place >>> 5] |= 1 << (place & 31)
  }

  /** All that lead from one of the two to the other. */
  addPair(i: number, j: number): void {
    this.#addFrom(i, j, 1)
    this.#addFrom(j, i, 1)
  }

  /** Those from i to j, from one step on. */
  #addFrom(i: number, j: number, from: number): void {
    const { reach, rewired } = this.#ring
    for (let step = from; step <= reach; step++)
      if (rewired[i * reach + step - 1] === j + 1) this.add(step, i)
  }

  /**
   * Rewires them again, in order: all before the one that is rewired are right by then.
   * @returns whether that could be done with no more than `most` of them changed.
   */
  settle(draws: Draws, most: number, moved: (move: Move) => void): boolean {
    const { neurons: n, reach, rewired, arrivals } = this.#ring
    let changed = 0
    for (let w = 0; w < this.#bits.length; w++) {
      let done = 0
      // Whatever is doubted on the way comes later in the order.
      for (let open = this.#bits[w]; open !== 0; open = this.#bits[w] & ~done) {
        const lowest = open & -open
        done |= lowest
        const place = w * 32 + 31 - Math.clz32(lowest)
        const [step, i] = [Math.floor(place / n) + 1, place % n]
        if (2 * reach + arrivals[i] >= n - 1) return false
        const before = rewired[i * reach + step - 1] - 1
        const target = this.#target(draws, step, i)
        if (target === before) continue
        if (++changed > most) return false
        rewired[i * reach + step - 1] = target + 1
        arrivals[before]--
        arrivals[target]++
        moved({ from: i, before, to: target })
        this.#addFrom(i, target, step + 1)
        this.#addFrom(target, i, target > i ? step : step + 1)
      }
    }
    return true
  }

  #target(draws: Draws, step: number, i: number): number {
    const query = step * this.#ring.neurons + i
    const words = draws.of(query, 4, query + 1)
    words.uniform()
    let target = words.bounded(this.#ring.neurons)
    while (target === i || this.#connects(i, target, step)) target = words.bounded(this.#ring.neurons)
    return target
  }

  /** Whether i and j are connected when the connection of this step from i is rewired. */
  #connects(i: number, j: number, step: number): boolean {
    const { neurons, reach, rewired } = this.#ring
    const ahead = j > i ? j - i : j - i + neurons
    const behind = neurons - ahead
    // What is rewired later is there still.
    if (ahead <= reach && !(ahead < step && rewired[i * reach + ahead - 1] !== 0)) return true
    const earlier = j < i ? step : step - 1
    if (behind <= reach && !(behind <= earlier && rewired[j * reach + behind - 1] !== 0)) return true
    return rewires(this.#ring, i, j, step - 1) || rewires(this.#ring, j, i, earlier)
  }
}
