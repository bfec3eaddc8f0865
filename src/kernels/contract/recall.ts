import type { Flag } from './flag.js'
import type { Memory } from './memory.js'

export type Tie = 'positive' | 'negative' | 'keep'
export type Order = 'random' | 'cyclic' | 'random-site'

/** Visits up to which `recall` copies an order before it looks at it. */
export const FEW_VISITS = 256

/**
 * Everything a recall depends on besides memory and cue. Already validated: kernels do not check it again, but for the order of a
 * `recall`, which may be a caller's array: of at most FEW_VISITS, or in memory that no
 * other thread writes to.
 */
export interface RecallPlan {
  readonly dynamics: 'asynchronous' | 'synchronous'
  /** A rule, or the neurons in visiting order: one entry an update, repeated each sweep. */
  readonly order: Order | Uint32Array
  readonly tie: Tie
  readonly maxSweeps: number
  /**
   * T of each sweep, ≥ 0, the last one from there on; undefined: 0. At T > 0 a neuron becomes +1 where u < 1/(1 + e^−x),
   * x = (2·total)/T with `total` what at T = 0 has its sign taken (Glauber 1963), u the uniform number of this update: of the
   * k-th of a sweep (of neuron k, synchronously) it is made of the words 2(k mod 2) and + 1 of draw 2^31 + ⌊k/2⌋. A recall
   * may end only in sweeps from which on T is 0.
   */
  readonly temperatures: Float64Array | undefined
  /** Number of the first sweep: which words it draws. */
  readonly firstSweep: number
  /** 64-bit seed as two words. */
  readonly seedLow: number
  readonly seedHigh: number
  /** Query index of the first cue; cue b of a batch draws from stream + b. An integer below 2^53. */
  readonly stream: number
  /** Query index of each cue by itself, in place of `stream`: integers below 2^53; or undefined. */
  readonly streams: Float64Array | undefined
  /** What integer fields are divided by before the external field is added, and twice energies: N, or 1. */
  readonly scale: number
  /** N values b_i, or undefined. */
  readonly externalField: Float64Array | undefined
  /** R words, bit 1 = this neuron keeps the cue's value; or undefined. */
  readonly clamp: Uint32Array | undefined
}

/**
 * Columns of an outcome row: how the recall of one cue ended. `active` is how many patterns of an interaction memory have F ≠ 0 at the
 * last state, and 0 for other forms.
 */
export const OUTCOME = { sweeps: 0, flips: 1, energy: 2, cycle: 3, active: 4, length: 5 } as const

export interface KernelTrace {
  /** E before the first update, then after every flip (asynchronous) or sweep (synchronous). */
  readonly energies: Float64Array
  /** One row of P integer overlaps after each sweep. */
  readonly overlaps: Int32Array
  /** The neurons that flipped, in order. */
  readonly flips: Uint32Array
}

/** Whole recalls of ±1 networks. */
export interface RecallKernels {
  /**
   * Whole recalls of `count` cues, each as if it were alone. Cues and states are ±1 bytes (count × N) or packed
   * (count × R; padding bits of cues count as zero), independently of each other; `outcomes` is count × OUTCOME.length. cycle is 1 at a fixed point,
   * λ ≥ 2 where the state after a sweep is that of λ sweeps before (of two before, synchronously; of more or in a fixed
   * visiting order for forms whose weights need not be symmetric, found as Brent (1980) does), 0 when maxSweeps came first.
   * Returns −1; or the index of the first cue value that is not ±1, or −2 − u where visit u of the order is the first that is no
   * neuron, and then nothing else is specified.
   */
  recall(
    memory: Memory,
    cues: Int8Array | Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): number

  /**
   * As recall, with packed cues, on another thread where `parallel` says so. Until it settles, every array must stay as it
   * is and where it is: callers hand in their own copies, never a user's arrays. It ends early where `flag` says so.
   */
  recallAsync(
    memory: Memory,
    cues: Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
    flag?: Flag,
  ): Promise<void>

  /**
   * `samples` recalls of each packed cue, one after the other, sample k from sweep `plan.firstSweep` + k·`plan.maxSweeps` on: sample
   * k of cue b has row and outcome b·samples + k of `states` (count × samples × R) and `outcomes`. `rows` has the cues before and
   * the last states after. sums[b·N + i] grows by the s_i of each.
   */
  sample(
    memory: Memory,
    rows: Uint32Array,
    count: number,
    plan: RecallPlan,
    samples: number,
    states: Uint32Array,
    outcomes: Float64Array,
    sums: Int32Array,
  ): void

  /** As sample, and beside this thread as recallAsync is. */
  sampleAsync(
    memory: Memory,
    rows: Uint32Array,
    count: number,
    plan: RecallPlan,
    samples: number,
    states: Uint32Array,
    outcomes: Float64Array,
    sums: Int32Array,
    flag?: Flag,
  ): Promise<void>

  /** As recall, for one packed cue, with everything that happened on the way. */
  recallTraced(
    memory: Memory,
    cue: Uint32Array,
    plan: RecallPlan,
    state: Uint32Array,
    outcome: Float64Array,
  ): KernelTrace
}
