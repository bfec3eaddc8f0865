import type { Flag } from './flag.js'

/** One-bit synapses (Willshaw et al. 1969): inputs × rowWords(outputs) words. */
export interface SynapseMemory {
  readonly form: 'synapses'
  readonly inputs: number
  readonly outputs: number
  /** Whether output units are the input units. */
  readonly auto: boolean
  readonly weights: Uint32Array
}

/** Sparse codes and their covariance (Tsodyks and Feigelman 1988), which is never formed. */
export interface CovarianceMemory {
  readonly form: 'covariance'
  readonly inputs: number
  readonly outputs: number
  readonly auto: boolean
  /** M. */
  readonly count: number
  /** a. */
  readonly activity: number
  /** Of each input unit, the patterns that have it: patterns[starts[j]] … patterns[starts[j + 1] − 1]. */
  readonly starts: Uint32Array
  readonly patterns: Uint32Array
  /** Of each pattern, its output units. */
  readonly outputStarts: Uint32Array
  readonly outputUnits: Uint32Array
  /** Of each output unit, how many patterns have it. */
  readonly shares: Float64Array
}

export type CodeMemory = SynapseMemory | CovarianceMemory

export interface CodePlan {
  /** Active cue units (synapses), or a field (covariance); undefined: all of them, or ½. */
  readonly threshold: number | undefined
  /** So many units in place of a threshold: those with the most, of equal ones those of lowest index. */
  readonly winners: number | undefined
  /** Steps at most, at least 1. */
  readonly steps: number
}

/** Sparse codes. */
export interface CodeKernels {
  /**
   * One-bit synapses (Willshaw et al. 1969): `weights` is neurons × R words with R = rowWords(outputs), `active` the indices
   * of active input units. Sets every synapse from them to the units of `row`, R words with clean padding.
   */
  willshawStore(
    weights: Uint32Array,
    neurons: number,
    outputs: number,
    active: Uint32Array,
    row: Uint32Array,
  ): void

  /**
   * Calls codes up from `count` cues, cue b being the active input units units[starts[b]] … units[starts[b + 1] − 1], ascending.
   * Each step sets all output units at once; a further one goes on from them, auto-associative memories alone, until nothing
   * changes. rows: the units that are 1 at the end, R = rowWords(outputs) words a cue. Two numbers a cue in outcomes: steps
   * made, and 1 if the last of them changed nothing. See reference/codes.ts for the order of operations.
   */
  recallCodes(
    memory: CodeMemory,
    starts: Uint32Array,
    units: Uint32Array,
    count: number,
    plan: CodePlan,
    rows: Uint32Array,
    outcomes: Uint32Array,
  ): void

  /** As recallCodes, on another thread where `parallel` says so; arrays and flag as for recallAsync. */
  recallCodesAsync(...work: [...Parameters<CodeKernels['recallCodes']>, flag?: Flag]): Promise<void>
}
