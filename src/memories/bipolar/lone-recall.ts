import { uninitialised } from '../../errors.js'
import type { StateSource } from '../../input/spins.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import type { RecallResult } from './recall-result.js'

/** Recalls one cue on this thread, by the shortest path from bytes to a result: a small network takes a microsecond. */
export class LoneRecall {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #active: boolean
  /** Outcome of the last recall; read before anything else can run. */
  readonly #outcome = new Float64Array(OUTCOME.length)

  /** @param active whether results say how many patterns are active. */
  constructor(kernels: Kernels, neurons: number, active: boolean) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#active = active
  }

  run(cue: StateSource, memory: Memory, plan: RecallPlan): RecallResult {
    const outcome = this.#outcome
    // Zeros cost less than a Buffer as long as they are few.
    const n = this.#neurons
    const state = n < 4096 ? new Int8Array(n) : new Int8Array(uninitialised('state', n))
    const offender = this.#kernels.recall(memory, cue.data, 1, plan, state, outcome)
    if (offender >= 0) throw cue.invalid(offender)
    const cycle = outcome[OUTCOME.cycle]
    const result: RecallResult = {
      state,
      converged: cycle === 1,
      sweeps: outcome[OUTCOME.sweeps],
      flips: outcome[OUTCOME.flips],
      energy: outcome[OUTCOME.energy],
      cycle,
    }
    if (this.#active) result.active = outcome[OUTCOME.active]
    if (cycle === 2) result.alternate = this.#other(state, memory, plan)
    return result
  }

  /** The other state of a two-cycle is one synchronous sweep away. */
  #other(state: Int8Array, memory: Memory, plan: RecallPlan): Int8Array<ArrayBuffer> {
    const other = new Int8Array(this.#neurons)
    const step = { ...plan, maxSweeps: 1, temperatures: undefined }
    this.#kernels.recall(memory, state, 1, step, other, this.#outcome)
    return other
  }
}
