import { uninitialised } from '../../errors.js'
import { LoneRoom } from '../../input/out.js'
import type { StateSource } from '../../input/spins.js'
import type { Int8s } from '../../input/typed-arrays.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import { noNeuron, orderGone } from './recall-options.js'
import type { RecallResult } from './recall-result.js'

/** Bytes of memory that is kept from call to call. */
const KEPT = 8192

/** Recalls one cue on this thread, by the shortest path from bytes to a result: a small network takes a microsecond. */
export class LoneRecall {
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #active: boolean
  /** Outcome of the last recall; read before anything else can run. */
  readonly #outcome = new Float64Array(OUTCOME.length)
  readonly #room: LoneRoom
  /** The last order and state in memory of their own. A view has the same buffer as long as it lives; asking for two takes a tenth of a small recall. */
  #apart: { readonly order: Uint32Array; readonly state: Int8Array } | undefined

  /** @param active whether results say how many patterns are active. */
  constructor(kernels: Kernels, neurons: number, active: boolean) {
    this.#kernels = kernels
    this.#neurons = neurons
    this.#active = active
    this.#room = new LoneRoom('recall: out', neurons)
  }

  /** @param out what the caller gave to write into, if anything. */
  run(cue: StateSource, memory: Memory, given: RecallPlan, out?: unknown): RecallResult {
    const outcome = this.#outcome
    // Nothing but the kernel runs from here on, and it reads cue and order.
    const state = out === undefined ? this.#fresh() : this.#room.of(out)
    const plan = out === undefined ? given : this.#withOrder(given, state)
    let offender: number
    try {
      offender = this.#kernels.recall(memory, cue.data, 1, plan, state, outcome)
    } catch (error) {
      throw orderGone(plan.order) ?? error
    }
    if (offender >= 0) throw cue.invalid(offender)
    if (offender < -1) {
      const u = -2 - offender
      throw noNeuron('recall: order', u, plan.order[u], this.#neurons)
    }
    const cycle = outcome[OUTCOME.cycle]
    const result: RecallResult = {
      state: out === undefined ? (state as Int8s) : (out as Int8s),
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

  /** The plan, with an order of its own where the caller's lies in the memory of the state: the other state of a two-cycle needs it too. */
  #withOrder(plan: RecallPlan, state: Int8Array): RecallPlan {
    const { order } = plan
    if (typeof order === 'string' || (order === this.#apart?.order && state === this.#apart.state))
      return plan
    if (order.buffer === state.buffer) return { ...plan, order: order.slice() }
    const bytes = order.buffer.byteLength + state.buffer.byteLength
    this.#apart = bytes <= KEPT ? { order, state } : undefined
    return plan
  }

  #fresh(): Int8s {
    const n = this.#neurons
    // Zeros cost less than a Buffer as long as they are few.
    return n < 4096 ? new Int8Array(n) : new Int8Array(uninitialised('state', n))
  }

  /** The other state of a two-cycle is one synchronous sweep away. */
  #other(state: Int8Array, memory: Memory, plan: RecallPlan): Int8Array<ArrayBuffer> {
    const other = new Int8Array(this.#neurons)
    const step = { ...plan, maxSweeps: 1, temperatures: undefined }
    this.#kernels.recall(memory, state, 1, step, other, this.#outcome)
    return other
  }
}
