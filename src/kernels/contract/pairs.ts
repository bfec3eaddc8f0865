import type { Flag } from './flag.js'

/** Pairs of patterns, packed rows each. */
export interface PairMemory {
  readonly count: number
  readonly inputs: number
  readonly outputs: number
  /** count × rowWords(inputs) words. */
  readonly xs: Uint32Array
  /** count × rowWords(outputs) words. */
  readonly ys: Uint32Array
}

/** Pairs of patterns. */
export interface PairKernels {
  /**
   * Lets `count` pairs of states settle in place (Kosko 1988): in turn, the other side first where fromY is not 0, each side
   * becomes sgn Σ_μ (its pattern μ)·(overlap of the other side with its own), a unit at zero keeping its value, until both have
   * stayed as they are, or for maxSteps. Three numbers a pair: steps, 1 if both stayed, E = −Σ_μ (ξ^μ·x)(η^μ·y).
   */
  bidirectional(
    pairs: PairMemory,
    xs: Uint32Array,
    ys: Uint32Array,
    count: number,
    fromY: Uint8Array,
    maxSteps: number,
    outcomes: Float64Array,
  ): void

  /** As bidirectional, on another thread where `parallel` says so; arrays and flag as for recallAsync. */
  bidirectionalAsync(...work: [...Parameters<PairKernels['bidirectional']>, flag?: Flag]): Promise<void>
}
