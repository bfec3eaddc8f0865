import type { MatrixMemory, SparseMemory } from './memory.js'

/** Replicas of one group, a bit each. */
export const GROUP = 512

/** Below this, what a neuron feels is counted rather than computed. */
export const MOST_COUNTED: number = 2 ** 11

/** Weights that can be annealed: symmetric, with J_ii = 0, and without a constant field. */
export type AnnealingMemory = MatrixMemory | SparseMemory

/** With which probability a neuron flips: Metropolis et al. 1953, Glauber 1963. In the order of Acceptance in native/core/annealing.h. */
export const ACCEPTANCES = ['metropolis', 'glauber', 'mixed'] as const
export type Acceptance = (typeof ACCEPTANCES)[number]

/** How replicas of one group are annealed. Already validated: kernels do not check it again. */
export interface AnnealingPlan {
  /** β of each sweep: ≥ 0, or Infinity, at which no update raises the energy. */
  readonly betas: Float64Array
  /** Number of the first sweep: which words it draws. */
  readonly firstSweep: number
  /** 64-bit seed as two words. */
  readonly seedLow: number
  readonly seedHigh: number
  /** Which group it is, below 2^43: under which query index it draws. */
  readonly group: number
  readonly acceptance: Acceptance
  /** N values b_i, or undefined. */
  readonly externalField: Float64Array | undefined
}

/**
 * Many copies of one state, annealed side by side: multi-spin coding (Zorn, Herrmann and Rebbi 1981; Isakov, Zintchenko, Rønnow and
 * Troyer 2015).
 *
 * `replicas` has N rows of 2·⌈count/64⌉ words, 1 ≤ count ≤ GROUP: bit r of row i is neuron i of replica r, 1 = +1. Bits past the
 * last replica are left as they are.
 */
export interface AnnealingKernels {
  /**
   * A sweep for each β. It visits all neurons in ascending order, and each replica decides for itself, with a random word w: word i of
   * the words of (seed, firstSweep + sweep, query). With x = s_i·(h_i + b_i), half of what a flip costs, 2·(β·x) being 0 where x is, and
   * e = exp(−2·(β·|x|)), 'metropolis' has the probability p = 1 where x ≤ 0 and e elsewhere, and 'glauber' 1/(1 + e) where x ≤ 0 and e/(1 + e)
   * elsewhere; 'mixed' is 'glauber' in sweeps whose number is 3 modulo 4, and 'metropolis' in the others. Neuron i flips
   *
   * - if weights are integers, all b_i are whole, and every Σ_j|J_ij| + |b_i| is below MOST_COUNTED: where w < ⌊p·2^32⌋, or w < 2^32 − 1 where
   *   that is 2^32, and with 'metropolis' always where x ≤ 0. The query is `group`, so that all replicas share w;
   * - otherwise, with u = (w + ½)·2^-32, h_i as localFields gives it, plus b_i: where 2·(β·x) ≤ −ln u or, with 'metropolis', x ≤ 0; with
   *   'glauber' where 2·(β·x) ≤ ln(1 − u) − ln u. The query is group·GROUP + r.
   */
  anneal(memory: AnnealingMemory, plan: AnnealingPlan, replicas: Uint32Array, count: number): void

  /**
   * out[r] = Σ_i s_i·(h_i + 2·b_i) of each replica: −2E. Whole numbers are exact and stay below 2^53; other sums go in
   * ascending order of i.
   */
  replicaQuadratics(
    memory: AnnealingMemory,
    externalField: Float64Array | undefined,
    replicas: Uint32Array,
    count: number,
    out: Float64Array,
  ): void

  /**
   * Isoenergetic cluster moves (Houdayer 2001; Zhu, Ochoa and Katzgraber 2015). Replicas 2p and 2p + 1 are pair p. They exchange the
   * values of one cluster: of the neurons in which they differ, the first one at or after starts[p], where neuron 0 follows neuron
   * N − 1, and all those that are connected with it through such neurons, by J ≠ 0. The sum of their energies stays. Equal pairs, and
   * a last replica without a partner, stay as they are. `starts` has ⌊count/2⌋ neurons at least.
   */
  exchangeClusters(memory: AnnealingMemory, starts: Uint32Array, replicas: Uint32Array, count: number): void
}
