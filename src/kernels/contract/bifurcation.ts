import type { AnnealingMemory } from './annealing.js'

/** What pulls an oscillator. In the order of Variant in native/core/bifurcation.h. */
export const VARIANTS = ['ballistic', 'discrete', 'generalised'] as const
export type Variant = (typeof VARIANTS)[number]

/** How much an oscillator near a wall keeps of its pump, if each has one of its own. */
export const KEPT_PUMP = 0.8

/** How oscillators move. All numbers are finite. */
export interface BifurcationPlan {
  readonly variant: Variant
  /** c₀: what couplings and fields are multiplied by. */
  readonly strength: number
  /** Δ: the length of a step. */
  readonly step: number
  readonly numSteps: number
  /** Steps that are left at the first one, at least as many as are made here. */
  readonly left: number
  /** N values b_i, or undefined. */
  readonly externalField: Float64Array | undefined
}

/**
 * Simulated bifurcation (Goto, Tatsumura and Dixon 2019; Goto et al. 2021; Goto, Hidaka and Tatsumura 2025): an oscillator for each neuron,
 * between walls at ±1.
 */
export interface BifurcationKernels {
  /**
   * Steps of `count` sets of oscillators, each as it would be alone: positions x, momenta y and pumps p are count × N numbers. With v_i = x_i,
   * or with 'discrete' −1 where x_i < 0 and 1 elsewhere, f_i = Σ_j J_ij v_j, summed by dot8: of connections the k-th product of neuron i goes to
   * accumulator k mod 8. With b and without 'discrete', a = √(dot8(x, x)/N); with 'discrete' a = 1. Then, for each i,
   *
   * - y_i += Δ·(c₀·(f_i + a·b_i) − p_i·x_i), or c₀·f_i without b;
   * - x_i += Δ·y_i; beyond a wall, x_i is at it and y_i = 0;
   * - p_i ·= 1 − (1 − κ·x_i·x_i)/l, l being how many steps are left with this one, and κ KEPT_PUMP with 'generalised' and 0 elsewhere.
   */
  bifurcate(
    memory: AnnealingMemory,
    plan: BifurcationPlan,
    positions: Float64Array,
    momenta: Float64Array,
    pumps: Float64Array,
    count: number,
  ): void
}
