import { call, type Steps } from '../../async/steps.js'
import {
  type Acceptance,
  type AnnealingMemory,
  GROUP,
  type Kernels,
  MOST_COUNTED,
} from '../../kernels/contract/kernels.js'
import { columnWords, rowWords } from '../../kernels/contract/layout.js'
import type { Ising } from '../problems/ising-model.js'
import { beginReads, type Search } from './search.js'

/** Operations of a sweep of so many replicas, about. */
export function costOf(kernels: Kernels, { neurons, weights }: AnnealingMemory, count: number): number {
  if (!kernels.parallel) return neurons * count * 6
  // Few replicas go one by one, and most visits flip nothing.
  return Math.min(neurons * 16 + weights.length, neurons * count * 8)
}

/** Replicas of a group where they go one by one. */
const APART = 8

/** Replicas of a group: as many as bits go side by side, or few where they go one by one. */
export function groupOf({ facts }: Ising): number {
  return facts.exact && facts.most < MOST_COUNTED ? GROUP : APART
}

/** A chain of more variables than that has too many boundaries to lose them at its end, one in a sweep. */
const SHORT_CHAIN = 64

/**
 * How flips are accepted where nobody says it. Metropolis finds more in as many sweeps, but not on a ring: visited in its order, with every
 * flip that costs nothing accepted, a flipped pair goes on as far as the next boundary and takes its place, so that a read keeps
 * the number of boundaries that it began with, at any temperature; and a chain loses no more than the last one. Where they lie beside
 * other parts, one sweep of four that is Glauber's is enough to break this.
 */
export function acceptanceFor({ model: { table, fields }, variables }: Ising): Acceptance {
  const { starts, sources } = table
  const degree = (i: number): number => starts[i + 1] - starts[i]
  const isLoose = (i: number): boolean => degree(i) <= 2 && (fields?.[i] ?? 0) === 0
  const seen = new Uint8Array(variables)
  /** Whether a ring or a long chain hangs together with nothing else. */
  const isFrozen = (first: number): boolean => {
    let [free, ends, size] = [true, 0, 0]
    const open = [first]
    seen[first] = 1
    for (let i = open.pop(); i !== undefined; i = open.pop()) {
      size++
      ends += 2 - degree(i)
      for (let k = starts[i]; k < starts[i + 1]; k++) {
        const j = sources[k]
        free &&= isLoose(j)
        if (seen[j] || !isLoose(j)) continue
        seen[j] = 1
        open.push(j)
      }
    }
    return free && (ends === 0 || size > SHORT_CHAIN)
  }
  let [frozen, others] = [false, fields !== undefined]
  for (let i = 0; i < variables; i++) {
    if (!isLoose(i)) others = true
    else if (!seen[i] && degree(i) > 0 && isFrozen(i)) frozen = true
  }
  if (!others) return 'glauber'
  return frozen ? 'mixed' : 'metropolis'
}

/** Rows that are looked at in one step. */
const ROWS = 2 ** 14

/** Bits of each row in `mask` from `from`, the others as they are in `to`. In steps. */
function* copyBits(
  to: Uint32Array,
  from: Uint32Array,
  mask: Uint32Array,
  neurons: number,
): Generator<void, void> {
  const words = mask.length
  for (let first = 0; first < neurons; first += ROWS) {
    const end = Math.min(first + ROWS, neurons) * words
    for (let w = 0; w < words; w++) {
      const bits = mask[w]
      if (bits === 0) continue
      for (let at = first * words + w; at < end; at += words) to[at] = (to[at] & ~bits) | (from[at] & bits)
      yield
    }
  }
}

/** The states in which reads begin from number `first` on, as N rows of a bit for each. */
export function* beginReplicas(search: Search, first: number, count: number): Steps<Uint32Array> {
  const { words, ising, kernels } = search
  const rows = new Uint32Array(count * words)
  yield* beginReads(search, first, rows)
  const now = new Uint32Array(ising.variables * columnWords(count))
  yield* call(kernels, count * ising.variables, 'transpose', rows, count, ising.variables, now)
  return now
}

/**
 * Reads that go side by side, with `copies` replicas each and a bit for each replica, and the best state of each replica so far. Read q
 * of them has replicas q·copies to q·copies + copies − 1.
 */
export class Replicas {
  /** Number of replicas. */
  readonly count: number
  /** 32-bit words of N rows of a bit for each replica. */
  readonly words: number
  readonly #search: Search
  readonly #first: number
  readonly #copies: number
  readonly #best: Uint32Array
  /** The largest −2E so far. */
  readonly #largest: Float64Array
  readonly #quadratics: Float64Array
  #largestOfAll = Number.NEGATIVE_INFINITY

  /** @param first number of the first read. */
  constructor(search: Search, first: number, reads: number, copies = 1) {
    this.#search = search
    this.#first = first
    this.#copies = copies
    this.count = reads * copies
    this.words = columnWords(this.count)
    this.#best = new Uint32Array(search.ising.variables * this.words)
    this.#quadratics = new Float64Array(this.count)
    this.#largest = new Float64Array(this.count).fill(Number.NEGATIVE_INFINITY)
  }

  /** N rows of a bit for each replica: where reads begin. */
  begin(): Steps<Uint32Array> {
    return beginReplicas(this.#search, this.#first * this.#copies, this.count)
  }

  /**
   * Keeps the states that are better than any before, and tells the search of the best of them.
   * @returns −2E of each replica, overwritten by the next look.
   */
  *look(now: Uint32Array, cost: number): Steps<Float64Array> {
    const { ising, kernels } = this.#search
    const quadratics = this.#quadratics
    const { fields } = ising.model
    yield* call(kernels, cost, 'replicaQuadratics', ising.memory, fields, now, this.count, quadratics)
    const better = new Uint32Array(this.words)
    let [best, some] = [-1, false]
    for (const [r, quadratic] of quadratics.entries()) {
      if (!(quadratic > this.#largest[r])) continue
      some = true
      this.#largest[r] = quadratic
      better[r >>> 5] |= 1 << (r & 31)
      if (!(quadratic > this.#largestOfAll)) continue
      this.#largestOfAll = quadratic
      best = r
    }
    if (some && this.#search.eachRead) yield* copyBits(this.#best, now, better, ising.variables)
    if (best >= 0) {
      this.#search.offer(this.#readOf(best), this.row(now, best), this.#energies(best, best + 1))
    }
    return quadratics
  }

  /** Tells the search of all reads. */
  *end(): Steps<void> {
    if (this.#largestOfAll === Number.NEGATIVE_INFINITY || !this.#search.eachRead) return
    const { words, ising, kernels } = this.#search
    // As rows, of which those of replicas are turned into states.
    const wide = new Uint32Array(ising.variables * rowWords(this.count))
    for (let i = 0; i < ising.variables; i++) {
      wide.set(this.#best.subarray(i * this.words, (i + 1) * this.words), i * rowWords(this.count))
      if (i % 4096 === 4095) yield
    }
    const height = columnWords(ising.variables)
    const columns = new Uint32Array(this.count * height)
    const bits = this.count * ising.variables
    yield* call(kernels, bits, 'transpose', wide, ising.variables, this.count, columns)
    for (let copy = 0; copy < this.#copies; copy++) {
      const reads = this.count / this.#copies
      const rows = new Uint32Array(reads * words)
      const energies = this.#energies(0, this.count)?.filter((_, r) => r % this.#copies === copy)
      for (let q = 0; q < reads; q++) {
        const r = q * this.#copies + copy
        rows.set(columns.subarray(r * height, (r + 1) * height), q * words)
      }
      this.#search.offer(this.#first, rows, energies)
    }
  }

  #readOf(r: number): number {
    return this.#first + Math.floor(r / this.#copies)
  }

  /** One of the replicas, packed. */
  row(now: Uint32Array, r: number): Uint32Array {
    const { words, ising } = this.#search
    const row = new Uint32Array(words)
    for (let i = 0; i < ising.variables; i++) {
      row[i >>> 5] |= ((now[i * this.words + (r >>> 5)] >>> (r & 31)) & 1) << (i & 31)
    }
    return row
  }

  /** Energies of replicas from…to, where −2E says them exactly. */
  #energies(from: number, to: number): Float64Array | undefined {
    const { ising } = this.#search
    if (!ising.exact) return undefined
    const { scale, offset } = ising.model
    return this.#largest.slice(from, to).map((quadratic) => (0 - quadratic / 2) / scale + offset)
  }
}
