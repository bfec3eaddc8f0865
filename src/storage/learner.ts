import { allHere, type Steps } from '../async/steps.js'
import { HopfieldError } from '../errors.js'
import type { CoupledMemory } from '../kernels/contract/kernels.js'
import type { RecordReader, RecordWriter } from './record.js'

/** A of J = ΞᵀAΞ in whole numbers, and what they are divided by to be the textbook's. */
export interface Coupling extends Pick<CoupledMemory, 'coupling' | 'couplings' | 'lag' | 'cyclic'> {
  readonly divisor: number
}

/** Whether fields are those of s − m, with the constant of constant-field.ts. */
export function isAboutMean({ coupling }: Pick<Coupling, 'coupling'>): boolean {
  return coupling === 'centred'
}

/** Makes A of the patterns as they come and go. On any error it has not changed. */
export interface CouplingLearner<Report extends object = object> {
  readonly symmetric: boolean
  /**
   * Takes in `count` patterns behind those it has. Abandoned, it has changed nothing.
   * @param rows all packed patterns: those it has, and the new ones. It may read them only until the last step.
   * @param aside whether others ask it between the steps: then it answers as before until the last one is done.
   * @returns which of the new ones it has kept, ascending, after moving them to the front of the new rows; undefined: all.
   */
  store(rows: Uint32Array, count: number, aside: boolean): Steps<readonly number[] | undefined>
  /** @param rows all packed patterns, the one to forget among them. */
  forget(index: number, rows: Uint32Array): void
  clear(): void
  /** What it knows at the call: the function that comes back takes it again, bit for bit, after `clear` and `store`. */
  checkpoint(): () => void
  /** A as it is at the call: what the steps read they have taken before the first of them, and stays while it is held. */
  coupling(): Steps<Coupling>
  /** Keeps what the steps of `coupling` read as it is, until the function that comes back is called. */
  hold?(): () => void
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
export type NumbersClass = Int32ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor

/** Makes N rows of paddedStride(N) weights, zeros behind the N-th. */
interface Learning<Report extends object> {
  /** What the weights are divided by to be the textbook's. */
  readonly divisor: number
  /** The numbers that weights are, or may be. */
  readonly numbers: readonly NumbersClass[]
  /** The weights that `count` patterns have; freshly made. */
  learn(rows: Uint32Array, count: number): Steps<Numbers>
  report?(): Report
  /** Writes down what follows neither from patterns nor from weights. */
  record?(to: RecordWriter): void
  restore?(from: RecordReader): void
}

/** Makes weights of some patterns alone. Those of others are learned again, all of them. */
export interface WholeLearner<Report extends object = object> extends Learning<Report> {
  readonly add?: undefined
}

/** Takes patterns in one after the other. */
export interface GrowingLearner<Report extends object = object> extends Learning<Report> {
  /** Weights without patterns; freshly made. */
  empty(): Numbers
  /**
   * Takes in `count` more patterns, in place. Fails before it changes anything.
   * @param aside whether other work is done between the steps, so that they had better be small.
   */
  add(weights: Numbers, rows: Uint32Array, count: number, aside: boolean): Steps<void>
}

/** A learner that learns all patterns by adding them to nothing. */
export function growing(learner: Omit<GrowingLearner, 'learn'>): GrowingLearner {
  return {
    ...learner,
    *learn(rows, count) {
      const weights = learner.empty()
      yield* learner.add(weights, rows, count, false)
      return weights
    },
  }
}

export type MatrixLearner<Report extends object = object> = WholeLearner<Report> | GrowingLearner<Report>

/** Makes N rows of rowWords(N) bits, bit j of row i being 1 where J_ij = +1. */
export interface SignLearner {
  learn(rows: Uint32Array, count: number): Steps<Uint32Array>
}

/** Lets a learner begin from nothing with other patterns; on any error it knows what it knew. */
export function learnAgain(learner: CouplingLearner, rows: Uint32Array, count: number): void {
  const undo = learner.checkpoint()
  learner.clear()
  try {
    const kept = allHere(learner.store(rows, count, false))
    if (kept === undefined || kept.length === count) return
    throw new HopfieldError(
      'ERR_HOPFIELD_DEPENDENT',
      'expected a pattern that is linearly independent of the others, got a combination of them',
    )
  } catch (error) {
    undo()
    throw error
  }
}
