/** Connections by a rule, of which there are millions. */
export interface ConnectingKernels {
  /**
   * Where a connection is rewired to by chance, for as many queries from `query` on as `out` has places: of the words of (seed, sweep, query),
   * in ascending draws, 1 + bounded(`bound`) if uniform() < `chance`, and 0 otherwise (numerics/philox.ts). 1 ≤ bound < 2^32 − 1.
   */
  rewired(
    seedLow: number,
    seedHigh: number,
    sweep: number,
    query: number,
    chance: number,
    bound: number,
    out: Uint32Array,
  ): void

  /**
   * Puts each of `count` lists into ascending order: list k is items[starts[k]] … items[starts[k + 1] − 1]. `starts` begins with 0 and
   * never falls. Bit k of `repeated`, ⌈count/32⌉ words, says whether list k has a number twice.
   */
  ascend(starts: Uint32Array, count: number, items: Uint32Array, repeated: Uint32Array): void
}
