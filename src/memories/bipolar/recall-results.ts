import type { PackedPatterns } from '../../patterns/packed-patterns.js'

/** What happened on the way; see {@link RecallOptions.trace}. */
export interface RecallTrace {
  /** E before the first update, then after every flip (asynchronous) or every sweep (synchronous). */
  energies: Float64Array
  /** Overlaps m^μ with the P stored patterns after each sweep: sweeps × P, row-major. */
  overlaps: Float64Array
  /** The neurons that flipped, in order. */
  flips: Uint32Array
}

/** How one recall ended. */
export interface RecallResult<State = Int8Array> {
  /** N values ±1, or PackedPatterns of one if asked; a fresh array. */
  state: State
  /** true if a whole sweep changed nothing: `state` is a fixed point of the dynamics that ran. */
  converged: boolean
  /** Sweeps run, the quiet one at the end included. */
  sweeps: number
  /** Sign changes of single neurons, all sweeps together. */
  flips: number
  /** E of `state`, external field included. */
  energy: number
  /**
   * 1 at a fixed point; λ ≥ 2 where states repeat every λ sweeps: 2 in the synchronous dynamics, more (and in a fixed visiting
   * order) only where weights are asymmetric. 0 if maxSweeps came first.
   */
  cycle: number
  /** The other state of a two-cycle. */
  alternate?: State
  trace?: RecallTrace
}

/** How the recalls of B cues ended, row b for cue b. */
export interface BatchResult<States = Int8Array | PackedPatterns> {
  /** B × N values ±1, row-major, or PackedPatterns if asked. */
  states: States
  /** 1 where a whole sweep changed nothing. */
  converged: Uint8Array
  sweeps: Uint32Array
  flips: Uint32Array
  energies: Float64Array
  /** As {@link RecallResult.cycle}. */
  cycles: Uint32Array
  /** Present if any cue ended in a two-cycle: B × N, row b the other state of cue b's cycle, or its only state. */
  alternates?: States
  /** Present if asked: one trace a cue. */
  traces?: RecallTrace[]
}
