import { allocate, uninitialised } from '../../errors.js'
import type { StateSource } from '../../input/spins.js'
import { type Kernels, type Memory, OUTCOME, type RecallPlan } from '../../kernels/contract/kernels.js'
import { rowWords } from '../../kernels/contract/layout.js'
import { PackedPatterns } from '../../patterns/packed-patterns.js'
import type { PatternMemory } from '../../storage/weights.js'
import type { RecallRequest } from './recall-options.js'
import type { BatchResult, RecallResult, RecallTrace } from './recall-results.js'

/** States as kernels write them: bytes if the cues were bytes, packed rows otherwise. */
type States = Int8Array | Uint32Array

/** The one division of an integer quantity by N; a loop, because Float64Array.from with a function takes ten times as long. */
export function divided(values: Int32Array | Float64Array, by: number): Float64Array {
  const out = allocate('result', values.length * 8, () => new Float64Array(values.length))
  for (let i = 0; i < out.length; i++) out[i] = values[i] / by
  return out
}

/** From checked cues and a checked request to results: what every ±1 network does alike. */
export class Recaller {
  readonly #kernels: Kernels
  readonly #weights: PatternMemory
  readonly #neurons: number
  readonly #stride: number
  /** How the last lone recall ended; read before anything else can run. */
  readonly #outcome = new Float64Array(OUTCOME.length)

  constructor(kernels: Kernels, weights: PatternMemory, neurons: number) {
    this.#kernels = kernels
    this.#weights = weights
    this.#neurons = neurons
    this.#stride = rowWords(neurons)
  }

  one(cue: StateSource, { plan, trace }: RecallRequest): RecallResult {
    if (trace) {
      const [states, outcomes, traces] = this.#traced(cue, plan)
      return { ...this.#result(this.#asBytes(states, 1), outcomes, plan), trace: traces[0] }
    }
    const states = this.#run(cue, plan, this.#outcome)
    return this.#result(this.#asBytes(states, 1), this.#outcome, plan)
  }

  batch(cues: StateSource, { plan, trace }: RecallRequest, packed: boolean): BatchResult {
    const { count } = cues
    let states: States
    let outcomes: Float64Array
    let traces: RecallTrace[] | undefined
    if (trace) [states, outcomes, traces] = this.#traced(cues, plan)
    else {
      outcomes = new Float64Array(count * OUTCOME.length)
      states = this.#run(cues, plan, outcomes)
    }
    const column = (index: number): Float64Array => {
      const values = new Float64Array(count)
      for (let b = 0; b < count; b++) values[b] = outcomes[b * OUTCOME.length + index]
      return values
    }
    const asked = (result: States): Int8Array | PackedPatterns =>
      packed ? this.#asPacked(result, count) : this.#asBytes(result, count)
    const cycles = Uint32Array.from(column(OUTCOME.cycle))
    const alternates = cycles.includes(2) ? this.#alternates(states, cycles, plan) : undefined
    return {
      states: asked(states),
      converged: Uint8Array.from(cycles, (cycle) => (cycle === 1 ? 1 : 0)),
      sweeps: Uint32Array.from(column(OUTCOME.sweeps)),
      flips: Uint32Array.from(column(OUTCOME.flips)),
      energies: column(OUTCOME.energy),
      cycles,
      ...(alternates === undefined ? {} : { alternates: asked(alternates) }),
      ...(traces === undefined ? {} : { traces }),
    }
  }

  #memory(plan: RecallPlan): Memory {
    return this.#weights.memory(plan.dynamics === 'asynchronous')
  }

  #run(cues: StateSource, plan: RecallPlan, outcomes: Float64Array): States {
    const { length } = cues.data
    const states =
      cues.data instanceof Int8Array
        ? new Int8Array(uninitialised('states', length))
        : new Uint32Array(uninitialised('states', length * 4))
    const offender = this.#kernels.recall(this.#memory(plan), cues.data, cues.count, plan, states, outcomes)
    if (offender >= 0) throw cues.invalid(offender)
    return states
  }

  /** One cue after the other, since each leaves a trace of its own length. */
  #traced(
    cues: StateSource,
    plan: RecallPlan,
  ): [states: Uint32Array, outcomes: Float64Array, traces: RecallTrace[]] {
    const memory = this.#memory(plan)
    const states = new Uint32Array(cues.count * this.#stride)
    const outcomes = new Float64Array(cues.count * OUTCOME.length)
    cues.packInto(this.#kernels, states)
    const traces = Array.from({ length: cues.count }, (_, b) => {
      const state = states.subarray(b * this.#stride, (b + 1) * this.#stride)
      const outcome = outcomes.subarray(b * OUTCOME.length, (b + 1) * OUTCOME.length)
      const own = { ...plan, stream: plan.streams?.[b] ?? plan.stream + b, streams: undefined }
      const trace = this.#kernels.recallTraced(memory, state.slice(), own, state, outcome)
      return { ...trace, overlaps: divided(trace.overlaps, this.#neurons) }
    })
    return [states, outcomes, traces]
  }

  #result(state: Int8Array, outcome: Float64Array, plan: RecallPlan): RecallResult {
    const cycle = outcome[OUTCOME.cycle]
    const result: RecallResult = {
      state,
      converged: cycle === 1,
      sweeps: outcome[OUTCOME.sweeps],
      flips: outcome[OUTCOME.flips],
      energy: outcome[OUTCOME.energy],
      cycle,
    }
    if (cycle === 2) result.alternate = this.#alternates(state, Uint32Array.of(2), plan)
    return result
  }

  /** The other state of a two-cycle is one synchronous sweep away. */
  #alternates<Same extends States>(states: Same, cycles: Uint32Array, plan: RecallPlan): Same {
    const width = states.length / cycles.length
    const out = states.slice() as Same
    const which = Array.from(cycles.keys()).filter((b) => cycles[b] === 2)
    const cues = out.slice(0, which.length * width) as Same
    for (const [k, b] of which.entries()) cues.set(states.subarray(b * width, (b + 1) * width), k * width)
    const others = cues.slice() as Same
    const outcomes = new Float64Array(which.length * OUTCOME.length)
    const step = { ...plan, maxSweeps: 1, streams: undefined, temperatures: undefined }
    this.#kernels.recall(this.#memory(plan), cues, which.length, step, others, outcomes)
    for (const [k, b] of which.entries()) out.set(others.subarray(k * width, (k + 1) * width), b * width)
    return out
  }

  #asBytes(states: States, count: number): Int8Array {
    if (states instanceof Int8Array) return states
    const size = count * this.#neurons
    const out = allocate('states', size, () => new Int8Array(size))
    this.#kernels.unpack(states, count, this.#neurons, out)
    return out
  }

  #asPacked(states: States, count: number): PackedPatterns {
    let words = states
    if (words instanceof Int8Array) {
      words = new Uint32Array(count * this.#stride)
      this.#kernels.pack(states as Int8Array, count, this.#neurons, words)
    }
    return new PackedPatterns({ neurons: this.#neurons, words })
  }
}
