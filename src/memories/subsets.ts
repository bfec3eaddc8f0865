import { WHOLE, type WholeOptions } from '../async/async-options.js'
import { type Given, optional, Schema, seed } from '../input/options.js'
import { checkInteger } from '../input/validate.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'

const MINIMA = {
  /** Subsets of the patterns to start from, drawn at random; by default all of them up to 12 patterns, and 1024 beyond. */
  samples: optional<number>((name, value) => checkInteger(name, value, 1, 2 ** 31 - 1)),
  /** 64-bit seed of the drawing; 0 by default. */
  seed: seed(),
}
const MINIMA_LATER = { ...MINIMA, ...WHOLE }
export const MINIMA_OPTIONS = new Schema(MINIMA)
export const MINIMA_ASYNC = new Schema(MINIMA_LATER)

/** Options of `minima`. */
export interface MinimaOptions extends Given<typeof MINIMA> {}

/** Options of `minimaAsync`. */
export interface MinimaAsyncOptions extends MinimaOptions, WholeOptions {}

export interface SubsetsWanted {
  readonly samples?: number | undefined
  readonly seed: readonly [low: number, high: number]
}

/** So many patterns have 4095 subsets. */
const FEW = 12
const SAMPLES = 1024
/** Subsets of the patterns: all, or at random some of those nearest to a pattern. */
export class Subsets {
  /** How many there are. */
  readonly size: number
  readonly #all: boolean
  readonly #count: number
  readonly #near: number
  readonly #random: WordStream

  /**
   * @param count the number of patterns.
   * @param near how many patterns the members of one are drawn from, at most 32.
   */
  constructor({ samples, seed: [low, high] }: SubsetsWanted, count: number, near: number) {
    this.#all = samples === undefined && count <= FEW
    this.#count = count
    this.#near = Math.min(near, count)
    this.#random = new WordStream(low, high)
    this.size = this.#all ? 2 ** count - 1 : (samples ?? SAMPLES)
  }

  /** The patterns whose nearest ones subsets from…from + count are drawn from; none where all subsets are taken. */
  centres(from: number, count: number): Uint32Array {
    if (this.#all) return new Uint32Array(0)
    return Uint32Array.from({ length: count }, (_, k) =>
      this.#random.seek(PURPOSE.subsets, from + k).bounded(this.#count),
    )
  }

  /**
   * The members of subsets from…from + count, ascending.
   * @param near the patterns nearest to each centre, the nearest first: that one is a member, the others are by the toss of a coin.
   */
  members(from: number, count: number, near: Uint32Array): number[][] {
    return Array.from({ length: count }, (_, k) => {
      if (this.#all) return bitsOf(from + k + 1)
      const coins = this.#random.seek(PURPOSE.subsets, from + k, 1).word() | 1
      const some = near.subarray(k * this.#near, (k + 1) * this.#near)
      return Array.from(some.filter((_, r) => (coins >>> r) & 1)).sort((a, b) => a - b)
    })
  }
}

function bitsOf(set: number): number[] {
  const bits: number[] = []
  for (let rest = set; rest !== 0; rest &= rest - 1) bits.push(31 - Math.clz32(rest & -rest))
  return bits
}
