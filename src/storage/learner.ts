import { HopfieldError } from '../errors.js'
import type { CoupledMemory } from '../kernels/contract/kernels.js'
import type { RecordReader, RecordWriter } from './record.js'

/** A of J = ΞᵀAΞ in whole numbers, and what they are divided by to be the textbook's. */
export interface Coupling extends Pick<CoupledMemory, 'coupling' | 'couplings' | 'lag' | 'cyclic'> {
  readonly divisor: number
}

/** Makes A of the patterns as they come and go. On any error it has not changed. */
export interface CouplingLearner<Report extends object = object> {
  readonly symmetric: boolean
  /**
   * Takes in `count` patterns behind those it has.
   * @param rows all packed patterns: those it has, and the new ones. It may read them only during the call.
   * @returns which of the new ones it has kept, ascending, after moving them to the front of the new rows; undefined: all.
   */
  store(rows: Uint32Array, count: number): readonly number[] | undefined
  /** @param rows all packed patterns, the one to forget among them. */
  forget(index: number, rows: Uint32Array): void
  clear(): void
  coupling(): Coupling
  /** Writes down what does not follow from the patterns. */
  record(to: RecordWriter): void
  /**
   * Takes what `record` has written.
   * @param rows the packed patterns, to be read when contents are checked.
   */
  restore(from: RecordReader, rows: Uint32Array, count: number): void
  /** What the last learning came to, for learners that have more to say than that it is done. */
  report?(): Report
}

export type Numbers = Int32Array | Float32Array | Float64Array

/** Makes N rows of paddedStride(N) weights, zeros behind the N-th. */
export interface MatrixLearner<Report extends object = object> {
  /** What the weights are divided by to be the textbook's. */
  readonly divisor: number
  /** The numbers that weights are. */
  readonly numbers: Int32ArrayConstructor | Float64ArrayConstructor
  /** The weights that `count` patterns have; freshly made. */
  learn(rows: Uint32Array, count: number): Numbers
  /** Takes in `count` more patterns, in place; absent where all have to be learned again. Fails before it changes anything. */
  add?(weights: Numbers, rows: Uint32Array, count: number): void
  report?(): Report
  /** Writes down what follows neither from patterns nor from weights. */
  record?(to: RecordWriter): void
  restore?(from: RecordReader): void
}

/** Makes N rows of rowWords(N) bits, bit j of row i being 1 where J_ij = +1. */
export interface SignLearner {
  learn(rows: Uint32Array, count: number): Uint32Array
}

/** Lets a learner begin from nothing with other patterns; on any error it has those from before. */
export function learnAgain(
  learner: CouplingLearner,
  rows: Uint32Array,
  before: Uint32Array,
  count: number,
): void {
  learner.clear()
  try {
    const kept = learner.store(rows, count)
    if (kept === undefined || kept.length === count) return
    throw new HopfieldError(
      'ERR_HOPFIELD_DEPENDENT',
      'expected a pattern that is linearly independent of the others, got a combination of them',
    )
  } catch (error) {
    learner.clear()
    learner.store(before, count)
    throw error
  }
}
