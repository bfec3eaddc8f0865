/**
 * Philox4x32-10, a counter-based generator (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy
 * as 1, 2, 3"). The key is the 64-bit seed, the counter is (draw, sweep, query low,
 * query high). Every random number has an address, so what a query draws does not depend on batch, thread or machine.
 */
const ROUNDS = 10
const M0 = 0xd2511f53
const M1 = 0xcd9e8d57
const W0 = 0x9e3779b9
const W1 = 0xbb67ae85

/** High 32 bits of the 64-bit product of two unsigned words. No sum here exceeds 2^32 − 1, so 32-bit integers hold them all. */
function mulHigh(a: number, b: number): number {
  const al = a & 0xffff
  const ah = a >>> 16
  const bl = b & 0xffff
  const bh = b >>> 16
  const mid = (Math.imul(ah, bl) + (Math.imul(al, bl) >>> 16)) | 0
  const carry = ((mid & 0xffff) + Math.imul(al, bh)) | 0
  return (Math.imul(ah, bh) + (mid >>> 16) + (carry >>> 16)) >>> 0
}

/**
 * One block: four words for one counter, written to out[at…at+3]. All of it in 32-bit integers: `| 0` where the sign does not
 * matter.
 */
export function philoxBlock(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  out: Uint32Array,
  at: number,
): void {
  k0 |= 0
  k1 |= 0
  c0 |= 0
  c1 |= 0
  c2 |= 0
  c3 |= 0
  for (let round = 0; round < ROUNDS; round++) {
    const hi0 = mulHigh(M0, c0)
    const lo0 = Math.imul(M0, c0)
    const hi1 = mulHigh(M1, c2)
    const lo1 = Math.imul(M1, c2)
    c0 = hi1 ^ c1 ^ k0
    c1 = lo1
    c2 = hi0 ^ c3 ^ k1
    c3 = lo0
    k0 = (k0 + W0) | 0
    k1 = (k1 + W1) | 0
  }
  out[at] = c0
  out[at + 1] = c1
  out[at + 2] = c2
  out[at + 3] = c3
}

/**
 * The purpose of a word stream, used in place of a sweep number. Recall uses sweep numbers (below 2^31); every other purpose has
 * a value of its own, so that noise and update order drawn from one seed are independent.
 */
export const PURPOSE = {
  noise: 0x80000000,
  patterns: 0x80000001,
  mask: 0x80000002,
  connections: 0x80000010,
  dreams: 0x80000011,
  daydreams: 0x80000012,
  codes: 0x80000020,
  starts: 0x80000030,
  tabu: 0x80000031,
  tours: 0x80000032,
  exchanges: 0x80000040,
  clusters: 0x80000041,
  bounds: 0x80000038,
  tanks: 0x80000039,
  weights: 0x80000050,
  lessons: 0x80000051,
  swaps: 0x80000052,
  flips: 0x80000053,
  bifurcations: 0x80000042,
  recombinations: 0x80000043,
  subsets: 0x80000060,
  features: 0x80000061,
  experiments: 0x80000070,
} as const

/** Draw of a sweep's first uniform number, far beyond the draws of its visiting order. */
export const UNIFORM_DRAW: number = 2 ** 31

/** Elements of a permutation that are drawn in one step: some tenths of a millisecond. */
const STEP = 2 ** 13

/** The words of one (seed, sweep, query), in ascending draws. */
export class WordStream {
  readonly #block = new Uint32Array(4)
  readonly #seedLow: number
  readonly #seedHigh: number
  #sweep = 0
  #queryLow = 0
  #queryHigh = 0
  /** The next block to be drawn. */
  #draw = 0
  /** The words that come before it. */
  #words: Uint32Array = this.#block
  #at = 4
  #end = 4

  constructor(seedLow: number, seedHigh: number) {
    this.#seedLow = seedLow
    this.#seedHigh = seedHigh
  }

  /** Restarts at the first word of (sweep, query), or of a later draw. */
  seek(sweep: number, query: number, draw = 0): this {
    this.#sweep = sweep
    this.#queryLow = query >>> 0
    this.#queryHigh = Math.floor(query / 2 ** 32) >>> 0
    this.#draw = draw
    this.#at = this.#end
    return this
  }

  /** Restarts at the first word of (sweep, query), of which `words` has the first blocks, from `from` to before `end`. */
  seekDrawn(sweep: number, query: number, words: Uint32Array, from: number, end: number): this {
    this.seek(sweep, query, (end - from) / 4)
    this.#words = words
    this.#at = from
    this.#end = end
    return this
  }

  word(): number {
    if (this.#at === this.#end) this.#next()
    return this.#words[this.#at++]
  }

  #next(): void {
    const [low, high] = [this.#queryLow, this.#queryHigh]
    philoxBlock(this.#seedLow, this.#seedHigh, this.#draw++, this.#sweep, low, high, this.#block, 0)
    this.#words = this.#block
    this.#at = 0
    this.#end = 4
  }

  /** Uniform integer in [0, bound), 1 ≤ bound < 2^32: multiply-shift with rejection (Lemire 2019). */
  bounded(bound: number): number {
    let word = this.word()
    let low = Math.imul(word, bound) >>> 0
    if (low < bound) {
      const threshold = (2 ** 32 - bound) % bound
      while (low < threshold) {
        word = this.word()
        low = Math.imul(word, bound) >>> 0
      }
    }
    return mulHigh(word, bound)
  }

  /** Uniform f64 in [0, 1): the top 53 bits of two words, first word high. */
  uniform(): number {
    const high = this.word()
    const low = this.word()
    return (high * 2 ** 21 + (low >>> 11)) * 2 ** -53
  }

  /** A uniformly random permutation of 0…n−1 into `order`: Fisher–Yates from the last element down. */
  permutation(order: Uint32Array, n: number): void {
    for (let i = 0; i < n; i++) order[i] = i
    this.#exchange(order, n - 1, 0)
  }

  /** The same in small steps. */
  *permuting(order: Uint32Array, n: number): Generator<void, void> {
    for (let from = 0; from < n; from += STEP) {
      const to = Math.min(from + STEP, n)
      for (let i = from; i < to; i++) order[i] = i
      yield
    }
    for (let from = n - 1; from > 0; from -= STEP) {
      this.#exchange(order, from, Math.max(from - STEP, 0))
      yield
    }
  }

  /** Elements from `from` down to the one above `to` find their places. */
  #exchange(order: Uint32Array, from: number, to: number): void {
    for (let i = from; i > to; i--) {
      const j = this.bounded(i + 1)
      const held = order[i]
      order[i] = order[j]
      order[j] = held
    }
  }
}
