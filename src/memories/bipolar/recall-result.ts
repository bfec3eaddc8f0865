import type { PackedPatterns } from '../../input/packed-patterns.js'
import type { Float64s, Int8s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import { type Batch, StateBatch } from '../batch.js'

/** The course of a recall; see {@link RecallOptions.trace}. Every series begins with the cue. */
export interface RecallTrace {
  /** E of the cue, then after every flip (asynchronous) or every sweep (synchronous). */
  energies: Float64s
  /** Overlaps m^μ with the P stored patterns, of the cue and then after each sweep: (sweeps + 1) × P, row-major. */
  overlaps: Float64s
  /** The neurons that flipped, in order. */
  flips: Uint32s
}

/** The result of one recall. */
export interface RecallResult<State = Int8s> {
  /** The final state: N values ±1, or PackedPatterns of one if asked; a new array, or the option `out`. */
  state: State
  /** true if a whole sweep changed nothing: `state` is a fixed point of the dynamics that ran. */
  converged: boolean
  /** Sweeps run, including the last one, which changed nothing. */
  sweeps: number
  /** Sign changes of single neurons in all sweeps together. */
  flips: number
  /** E of `state`, including the external field. */
  energy: number
  /**
   * 1 at a fixed point; λ ≥ 2 if states repeat every λ sweeps; 0 if maxSweeps came first. In the synchronous
   * dynamics only 2 occurs with symmetric weights, and any λ with asymmetric ones and in a DenseAssociativeMemory; with asymmetric
   * weights also in a fixed visiting order.
   */
  cycle: number
  /** The other state of a two-cycle; present if `cycle` is 2. */
  alternate?: State
  /**
   * How many patterns have a part in the energy of `state`, F(v^μ) ≠ 0; present in results of a DenseAssociativeMemory. 0: no pattern is
   * within reach.
   */
  active?: number
  /** Present if the option `trace` is true. */
  trace?: RecallTrace
}

/** The result with `trace: true`. */
export type Traced<Result> = Result &
  (Result extends Batch<unknown, unknown> ? { traces: RecallTrace[] } : { trace: RecallTrace })

/** Rows of states; in types, any Int8Array stands for the rows of a result. */
type States = Int8Array | PackedPatterns

interface More<S extends States> {
  readonly alternates: S | undefined
  readonly active: Uint32s | undefined
  readonly traces: RecallTrace[] | undefined
}

/** The results of B recalls, row b for cue b. Iterable: one {@link RecallResult} per cue. */
export class BatchResult<S extends States = Int8s | PackedPatterns> extends StateBatch<RecallResult<S>, S> {
  /** B × N values ±1, row-major, or PackedPatterns if asked; the option `out` where it was given. */
  readonly states: S
  /** 1 if a whole sweep changed nothing, otherwise 0. */
  readonly converged: Uint8s
  readonly sweeps: Uint32s
  readonly flips: Uint32s
  readonly energies: Float64s
  /** As {@link RecallResult.cycle}. */
  readonly cycles: Uint32s
  /** Present if any cue ended in a two-cycle: B × N; row b is the other state of cue b's two-cycle, or its final state. */
  declare readonly alternates?: S
  /** As {@link RecallResult.active}; present in results of a DenseAssociativeMemory. */
  declare readonly active?: Uint32s
  /** Present if the option `trace` is true: one trace per cue. */
  declare readonly traces?: RecallTrace[]
  /** These once more, all of them own: what is missing above may be on Object.prototype. */
  readonly #more: More<S>

  constructor(
    ends: Pick<BatchResult<S>, 'states' | 'converged' | 'sweeps' | 'flips' | 'energies' | 'cycles'>,
    more: More<S>,
  ) {
    super()
    this.#more = more
    this.states = ends.states
    this.converged = ends.converged
    this.sweeps = ends.sweeps
    this.flips = ends.flips
    this.energies = ends.energies
    this.cycles = ends.cycles
    if (more.alternates !== undefined) this.alternates = more.alternates
    if (more.active !== undefined) this.active = more.active
    if (more.traces !== undefined) this.traces = more.traces
  }

  override at(b: number): RecallResult<S> {
    this.check('at', b)
    const one: RecallResult<S> = {
      state: this.state(b),
      converged: this.converged[b] === 1,
      sweeps: this.sweeps[b],
      flips: this.flips[b],
      energy: this.energies[b],
      cycle: this.cycles[b],
    }
    const { alternates, active, traces } = this.#more
    if (one.cycle === 2 && alternates !== undefined) one.alternate = this.row(alternates, b)
    if (active !== undefined) one.active = active[b]
    if (traces !== undefined) one.trace = traces[b]
    return one
  }
}
