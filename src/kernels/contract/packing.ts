/** Bits in and out, and patterns side by side. */
export interface PackingKernels {
  /** count × N values ±1 into count × R words. Returns the index of the first value that is not ±1 (then rows are unspecified), or −1. */
  pack(states: Int8Array, count: number, neurons: number, rows: Uint32Array): number

  /** count × R words into count × N values ±1. */
  unpack(rows: Uint32Array, count: number, neurons: number, states: Int8Array): void

  /** P × R words into N × C words: bit μ of column i is bit i of row μ. */
  transpose(rows: Uint32Array, count: number, neurons: number, columns: Uint32Array): void

  /** out[b·P + μ] = ξ^μ·s^b = N − 2·popcount(ξ^μ xor s^b), for `stateCount` packed states. */
  overlaps(
    rows: Uint32Array,
    count: number,
    neurons: number,
    states: Uint32Array,
    stateCount: number,
    out: Int32Array,
  ): void

  /** P × R words into planeWords(P, N) words, zeros where there is no pattern. Padding bits of rows count as zero. */
  interleave(rows: Uint32Array, count: number, neurons: number, planes: Uint32Array): void

  /**
   * The k patterns nearest to each of `stateCount` packed states, P and k ≥ 1: overlaps[b·k + r] = ξ^μ·s^b with μ = indices[b·k + r],
   * the largest overlap first, and among equals the lowest μ. These patterns are μ = first … first + P − 1; where first > 0,
   * indices and overlaps come in as those before left them. Where there are fewer than k, the last places are left alone.
   */
  nearest(
    planes: Uint32Array,
    count: number,
    neurons: number,
    states: Uint32Array,
    stateCount: number,
    first: number,
    k: number,
    indices: Uint32Array,
    overlaps: Int32Array,
  ): void

  /**
   * Words draw·4 … of Philox4x32-10 with counter (draw, sweep, query low, query high), ascending draws from 0. `out` has as many
   * words of each of so many queries that follow each other, 1 by default.
   */
  philox(
    seedLow: number,
    seedHigh: number,
    sweep: number,
    queryLow: number,
    queryHigh: number,
    out: Uint32Array,
    queries?: number,
  ): void
}
