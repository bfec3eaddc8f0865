import { FEW_VISITS } from '../contract/kernels.js'

/** Positions in the block, as in ControlBlock of native/addon/binding.h; calls' own numbers come first. */
export const OUTCOME = 16
const CUE = 24
const STATE = 152
const VISITS = 280
const LENGTH = 408

/** Bytes of the whole block. */
export const BLOCK = 8 * LENGTH

/** Bytes of the largest cue that fits. */
export const SMALL = 8 * (STATE - CUE)

const { set } = Int8Array.prototype

/**
 * The numbers that calls of one set of kernels begin with: how and how many, at positions that a family's file names; a recall of
 * one small cue finds cue, state and outcome there too. The addon reads the block before a call does anything else, so one block
 * serves all calls. A short order of visits has a place there as well. Asking Node
 * for a typed array's bytes takes longer than reading all of them: nothing can move the block's memory, so the addon asks once.
 */
export class ControlBlock {
  readonly numbers: Float64Array
  readonly #cue: Int8Array
  readonly #visits: Uint32Array
  /** As long as the last state that was read: making a view takes longer than copying from it. */
  #state: Int8Array

  /** @param buffer the memory, of at least BLOCK bytes: one that stays where it is, if who reads it does so in place. */
  constructor(buffer: ArrayBufferLike = new ArrayBuffer(BLOCK)) {
    this.numbers = new Float64Array(buffer, 0, LENGTH)
    this.#cue = new Int8Array(buffer, 8 * CUE, SMALL)
    this.#visits = new Uint32Array(buffer, 8 * VISITS, FEW_VISITS)
    this.#state = new Int8Array(buffer, 8 * STATE, SMALL)
  }

  putCue(cue: Int8Array): void {
    this.#cue.set(cue)
  }

  putVisits(visits: Uint32Array): void {
    this.#visits.set(visits)
  }

  /** @param state `length` values, maybe of a caller's array, which may have a `set` of its own. */
  takeState(state: Int8Array, length: number): void {
    if (this.#state.length !== length) {
      this.#state = new Int8Array(this.numbers.buffer, 8 * STATE, length)
    }
    set.call(state, this.#state)
  }

  takeOutcome(outcome: Float64Array): void {
    for (let k = 0; k < 5; k++) outcome[k] = this.numbers[OUTCOME + k]
  }
}
