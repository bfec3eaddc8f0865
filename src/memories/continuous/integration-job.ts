import type { Portion } from '../../async/chunk-size.js'
import { type Into, type Room, roomFor } from '../../input/out.js'
import type { Float64s, Uint8s, Uint32s } from '../../input/typed-arrays.js'
import {
  type GradedNetwork,
  INTEGRATION,
  type IntegrationPlan,
  type Kernels,
} from '../../kernels/contract/kernels.js'
import { column, part, StateBatch } from '../batch.js'
import type { Job, KernelCall } from '../runner.js'

/** The course of a recall. Every series begins with the cue. */
export interface ContinuousTrace {
  /** t at the start and after every accepted step: T numbers. */
  times: Float64s
  /** E at those times. */
  energies: Float64s
  /** V at those times: T × N, row-major; present with trace: 'states'. */
  states?: Float64s
}

/** The result of one recall. */
export interface ContinuousResult {
  /** The final outputs V: N numbers; a new array, or the option `out`. */
  state: Float64s
  /** The final potentials u: N numbers. */
  potentials: Float64s
  /** Whether the network rests: no |du_i/dt| is above the tolerance. */
  converged: boolean
  /** Whether the next step would have moved a potential beyond 1e150, because steps are too long. `state` is the last state before. */
  diverged: boolean
  /** Number of steps, including rejected ones. */
  steps: number
  /** Time that passed, in the unit of τ. */
  time: number
  /** E of `state`. */
  energy: number
  /** Present with the option `trace`. */
  trace?: ContinuousTrace
}

/** The results of B recalls, row b for cue b. Iterable: one {@link ContinuousResult} per cue. */
export class ContinuousBatchResult extends StateBatch<ContinuousResult, Float64s> {
  /** B × N outputs, row-major. */
  readonly states: Float64s
  /** B × N potentials. */
  readonly potentials: Float64s
  readonly converged: Uint8s
  readonly diverged: Uint8s
  readonly steps: Uint32s
  readonly times: Float64s
  readonly energies: Float64s
  /** Present with the option `trace`: one per cue. */
  declare readonly traces?: ContinuousTrace[]

  constructor(
    states: Float64s,
    potentials: Float64s,
    outcomes: Float64Array,
    traces: ContinuousTrace[] | undefined,
  ) {
    super()
    const width = INTEGRATION.length
    const count = outcomes.length / width
    const ends = column(new Uint8Array(count), outcomes, width, INTEGRATION.end)
    this.states = states
    this.potentials = potentials
    this.converged = ends.map((end) => (end === 1 ? 1 : 0))
    this.diverged = ends.map((end) => (end === 2 ? 1 : 0))
    this.steps = column(new Uint32Array(count), outcomes, width, INTEGRATION.steps)
    this.times = column(new Float64Array(count), outcomes, width, INTEGRATION.time)
    this.energies = column(new Float64Array(count), outcomes, width, INTEGRATION.energy)
    if (traces !== undefined) this.traces = traces
  }

  override at(b: number): ContinuousResult {
    this.check('at', b)
    const one: ContinuousResult = {
      state: this.state(b),
      potentials: this.row(this.potentials, b),
      converged: this.converged[b] === 1,
      diverged: this.diverged[b] === 1,
      steps: this.steps[b],
      time: this.times[b],
      energy: this.energies[b],
    }
    if (this.traces !== undefined) one.trace = this.traces[b]
    return one
  }
}

/** The recall of many cues. Their initial potentials are overwritten by the final ones. */
export class IntegrationJob implements Job<GradedNetwork, ContinuousBatchResult> {
  readonly count: number
  readonly #kernels: Kernels
  readonly #neurons: number
  readonly #plan: IntegrationPlan
  readonly #potentials: Float64s
  readonly #room: Room<Float64s, Float64Array>
  readonly #states: Float64Array
  readonly #outcomes: Float64Array
  readonly #trace: boolean | 'states'
  readonly #traces: ContinuousTrace[] | undefined

  constructor(
    kernels: Kernels,
    neurons: number,
    plan: IntegrationPlan,
    potentials: Float64s,
    trace: boolean | 'states',
    into: Into | undefined,
  ) {
    this.count = potentials.length / neurons
    this.#kernels = kernels
    this.#neurons = neurons
    this.#plan = plan
    this.#potentials = potentials
    this.#room = roomFor(into, Float64Array, potentials.length) as Room<Float64s, Float64Array>
    this.#states = this.#room.plain
    this.#outcomes = new Float64Array(this.count * INTEGRATION.length)
    this.#trace = trace
    this.#traces = trace === false ? undefined : new Array(this.count)
  }

  /** Twice the number of cues that a kernel integrates side by side. */
  portion(): Portion {
    return { most: 24, multiple: 12 }
  }

  checkRoom(): void {
    this.#room.check()
  }

  *compute(network: GradedNetwork, from: number, to: number): Generator<KernelCall, void> {
    const potentials = part(this.#potentials, from, to, this.#neurons)
    const states = part(this.#states, from, to, this.#neurons)
    const outcomes = part(this.#outcomes, from, to, INTEGRATION.length)
    const plan = this.#plan
    if (this.#traces !== undefined) {
      for (let b = from; b < to; b++) this.#traces[b] = this.#traced(network, b)
      return
    }
    yield {
      here: () => this.#kernels.integrate(network, potentials, to - from, plan, states, outcomes),
      beside: (flag) =>
        this.#kernels.integrateAsync(network, potentials, to - from, plan, states, outcomes, flag),
    }
  }

  result(): ContinuousBatchResult {
    return new ContinuousBatchResult(this.#room.given, this.#potentials, this.#outcomes, this.#traces)
  }

  #traced(network: GradedNetwork, b: number): ContinuousTrace {
    const potentials = part(this.#potentials, b, b + 1, this.#neurons)
    const states = part(this.#states, b, b + 1, this.#neurons)
    const outcome = part(this.#outcomes, b, b + 1, INTEGRATION.length)
    const withStates = this.#trace === 'states'
    const trace = this.#kernels.integrateTraced(
      network,
      potentials,
      this.#plan,
      states,
      outcome,
      withStates,
    ) as Required<ContinuousTrace>
    return withStates ? trace : { times: trace.times, energies: trace.energies }
  }
}
