import type { Steps } from '../async/steps.js'
import type { StateSource } from '../input/spins.js'
import type { Memory } from '../kernels/contract/kernels.js'
import type { Arrivals } from './arrivals.js'
import type { RecordReader, RecordWriter } from './record.js'

/** A memory as it was when it was asked for: changes of the network go to copies until it is released. */
export interface Lease<Read extends Memory = Memory> {
  readonly memory: Read
  /** What fields of this memory are divided by to be the textbook's. */
  readonly divisor: number
  release(): void
}

/** Stored ±1 patterns, and what recalls make of them. Owns its arrays. */
export interface PatternMemory {
  /** P. */
  readonly count: number
  /** What the kernels' fields are divided by to be the textbook's; h = Σ_j J_ij s_j where weights are pairwise. */
  readonly divisor: number
  /**
   * Adds patterns; on any error nothing has changed.
   * @returns which of them were kept, ascending; undefined: all.
   */
  store(patterns: StateSource): readonly number[] | undefined
  /**
   * The same in steps; abandoned, it has changed nothing.
   * @param aside whether others read this memory between the steps: they see it as it was.
   */
  storing(patterns: Arrivals, aside: boolean): Steps<readonly number[] | undefined>
  /** Puts another pattern in the place of one, as if it had been stored there; on any error nothing has changed. */
  replace(index: number, pattern: StateSource): void
  /** Takes one pattern out; on any error nothing has changed. */
  forget(index: number): void
  /** On any error nothing has changed. */
  clear(): void
  /** Packed patterns from…to, a view. */
  rows(from: number, to: number): Uint32Array
  /** Looks through what was opened and never used, in steps; they throw if it is not what it should be. */
  settling(): Steps<void>
  /** All packed patterns as they are now, until they are released; `settling` may not have looked them through. */
  held(): { readonly rows: Uint32Array; readonly count: number; release(): void }
  /** The patterns as searches read them (layout.ts), kept until they change. */
  planes(): Uint32Array
  /** The same as the patterns are in the turn of the call; made in small steps. */
  planesLater(): Promise<Uint32Array>
  /** Integer overlaps v^μ. */
  overlaps(state: Uint32Array): Int32Array
  /** What a recall kernel reads; with columns where updates go neuron by neuron. */
  memory(asynchronous: boolean): Memory
  /** Writes everything down. Arrays are not copied. */
  record(to: RecordWriter): void
  /** Takes everything from a record, whose arrays become those of this memory. */
  restore(from: RecordReader): void
  /** The same for readers in later turns and other threads, as it is in the turn of the call; made in small steps. */
  lease(asynchronous: boolean): Promise<Lease>
}

/** Pairwise weights in one of their forms, with the patterns they came from. */
export interface Weights extends PatternMemory {
  /** How they are kept. */
  readonly form: Memory['form']
  /** Whether J_ij = J_ji throughout. */
  readonly symmetric: boolean
  /** Mean number of sources of a neuron; undefined if all other neurons are sources. */
  readonly meanSources: number | undefined
  /** Report of the last learning, for rules that produce one. */
  report?(): object | undefined
  /** What the whole numbers of which weights are made are divided by; it is `divisor` where fields have no unit of their own. */
  readonly weightDivisor: number
  /** Whether weights are made of whole numbers. */
  readonly whole: boolean
  /** J as a fresh N×N matrix: integers, still to be divided by `weightDivisor`, or reals, `unit` times the textbook's where they are whole. */
  matrix(unit: number): Int32Array | Float64Array
  /** The kernels' fields into out. */
  fields(state: Uint32Array, out: Float64Array): void
  /** Q = Σ_i≠j J_ij s_i s_j in the kernels' unit. */
  quadratic(state: Uint32Array): number
}
