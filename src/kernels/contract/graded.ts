import type { Flag } from './flag.js'

export type Activation = 'tanh' | 'logistic'

/** Graded neurons (Hopfield 1984): du_i/dt = Σ_j J_ij V_j + b_i − u_i/τ with V = g(γ·u). */
export interface GradedNetwork {
  readonly neurons: number
  /** N rows of paddedStride(N) numbers J_ij, zeros behind the N-th; with `connections` one number for each of those. */
  readonly weights: Float64Array
  /**
   * Where most J_ij are 0: neuron i hears starts[i + 1] − starts[i] others, sources[starts[i]] and so on. Its k-th product goes to
   * accumulator k mod 8 of dot8.
   */
  readonly connections: { readonly starts: Uint32Array; readonly sources: Uint32Array } | undefined
  /** N numbers b_i, or undefined. */
  readonly externalField: Float64Array | undefined
  readonly activation: Activation
  /** γ > 0. */
  readonly gain: number
  /** 1/τ. */
  readonly rate: number
}

/** How an integration goes. */
export interface IntegrationPlan {
  readonly method: 'euler' | 'rk4'
  /** Length of a step, of the first one if `adaptive`. */
  readonly step: number
  /**
   * Whether each step is compared with two halves of it, which is then where it leads. With d the largest difference of a
   * potential (rk4: a 15th of it) and m the longest way of one, a step h with d > a = min(accuracy, max(m, h·tolerance)/4) is
   * tried again with half the length, and after one with d ≤ a/8 (rk4: /64) the next is twice as long; never beyond 2^±20
   * times the first. That d is small beside m keeps steps short enough to come to rest, however coarse the accuracy.
   */
  readonly adaptive: boolean
  readonly accuracy: number
  /** At rest where no |du_i/dt| is larger. */
  readonly tolerance: number
  /** Steps at most, those tried in vain included. */
  readonly maxSteps: number
}

/** A step that would carry a potential beyond this is not taken, and ends an integration. */
export const LARGEST_POTENTIAL = 1e150

/** Columns of an outcome row: how an integration ended. `end`: 1 at rest, 2 diverged, 0 when maxSteps came first. */
export const INTEGRATION = { end: 0, steps: 1, time: 2, energy: 3, length: 4 } as const

export interface IntegrationTrace {
  /** t at the start and after each step taken: T numbers. */
  readonly times: Float64Array
  /** E there. */
  readonly energies: Float64Array
  /** V there, T × N; empty if not asked for. */
  readonly states: Float64Array
}

/** Graded neurons. */
export interface GradedKernels {
  /** outputs = V, slopes = du/dt at `count` potentials u (count × N each): (Σ_j J_ij V_j + b_i) − u_i·rate, sums by dot8. */
  gradedSlopes(
    network: GradedNetwork,
    potentials: Float64Array,
    count: number,
    outputs: Float64Array,
    slopes: Float64Array,
  ): void

  /**
   * E of `count` outputs V (count × N): Σ_i G(V_i)·(rate/γ) − ½·dot8(V, J V) − dot8(b, V), where G is the integral of g⁻¹ from
   * the output at u = 0, at gain 1: ½((1+V)·ln(1+V) + (1−V)·ln(1−V)) for tanh, V·ln V + (1−V)·ln(1−V) + ln 2 for logistic;
   * ΣG goes by dot8's order.
   */
  gradedEnergies(network: GradedNetwork, outputs: Float64Array, count: number, out: Float64Array): void

  /**
   * Whole integrations of `count` initial potentials (count × N), which become the last ones; outputs likewise; outcomes is
   * count × INTEGRATION.length. euler: u + h·k₁. rk4: u + (h/6)·(((k₁ + 2k₂) + 2k₃) + k₄).
   */
  integrate(
    network: GradedNetwork,
    potentials: Float64Array,
    count: number,
    plan: IntegrationPlan,
    outputs: Float64Array,
    outcomes: Float64Array,
  ): void

  /** As integrate, on another thread where `parallel` says so; arrays and flag as for recallAsync. */
  integrateAsync(
    network: GradedNetwork,
    potentials: Float64Array,
    count: number,
    plan: IntegrationPlan,
    outputs: Float64Array,
    outcomes: Float64Array,
    flag?: Flag,
  ): Promise<void>

  /** As integrate, for one, with what it passed on the way. */
  integrateTraced(
    network: GradedNetwork,
    potentials: Float64Array,
    plan: IntegrationPlan,
    outputs: Float64Array,
    outcome: Float64Array,
    withStates: boolean,
  ): IntegrationTrace
}
