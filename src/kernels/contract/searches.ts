import type { MatrixMemory, SparseMemory } from './memory.js'

/** Symmetric couplings without diagonal. */
export type Couplings = SparseMemory | MatrixMemory

/** In `numbers` of a tabu search. */
export const TABU = { energy: 0, best: 1, foundAt: 2, length: 3 } as const

/**
 * States of least energy E = −½ Σ J_ij s_i s_j − Σ b_i s_i. All numbers are f64, and whole numbers are exact below 2^53. `fields` are b, N
 * numbers, or undefined.
 *
 * Descend and tabu keep H_i = Σ_j J_ij s_j: at the start of a call the fields that localFields gives, and then H_j + (2·s_i)·J_ij for all
 * j that i is coupled to, s_i being the new value, one rounding each. g_i = s_i·(H_i + b_i), or s_i·H_i without b: a flip of i changes E by
 * 2·g_i.
 */
export interface SearchKernels {
  /**
   * Least E among states whose last `fixed` variables are given, and how many have it. Bit i of a state's number is variable i, 1 = +1.
   *
   * Variables from N − 1 down to m = min(6, N) come one by one: with d = b_d and d + J_dj·s_j for j = N − 1 … d + 1, and then with l = 0 and
   * l + J_dj·s_j for j = m − 1 … 0, E becomes E − s_d·(d + l). E begins with that of the first m variables: 0, then for i = m − 1 … 0 E −
   * s_i·(b_i + J_ij·s_j, j = m − 1 … i + 1). So E depends on the state alone, and nothing drifts.
   *
   * out[0] is the least E, out[1] the smallest number of a state that has it, out[2] how many have it.
   * @param couplings N × N numbers.
   * @param neurons N, 1 to 32.
   * @param fixed at most N − m.
   * @param prefix the values of the last `fixed` variables, below 2^fixed: its highest bit is variable N − 1.
   */
  lowestStates(
    couplings: Float64Array,
    fields: Float64Array,
    neurons: number,
    fixed: number,
    prefix: number,
    out: Float64Array,
  ): void

  /**
   * Steepest descent of `count` states in place: flips the variable with the least g_i, the first one of equals, as long as it is below 0,
   * but at most maxFlips times. flips[b] is how often.
   * @param maxFlips at most 2^16: where couplings are not symmetric, there may be no end.
   */
  descend(
    memory: Couplings,
    fields: Float64Array | undefined,
    rows: Uint32Array,
    count: number,
    maxFlips: number,
    flips: Uint32Array,
  ): void

  /**
   * One-flip tabu search (Glover 1989; Palubeckis 2004) of one state in place. numbers[energy] begins as −½ Σ s_i H_i − Σ s_i b_i, both
   * sums in ascending order, and each flip adds 2·g_i.
   *
   * Step k flips the i with the least g_i among those with until[i] ≤ first + k, the first one of equals; or the one with the least g_i of
   * all if that leads below numbers[best], or if all are tabu. Then until[i] = first + k + 1 + tenures[k]; and where the energy is below
   * numbers[best], that becomes it, `best` the state and numbers[foundAt] first + k + 1.
   * @param until N step numbers.
   * @param first the number of the first step; with all that it adds up to below 2^32.
   * @param tenures one a step.
   */
  tabu(
    memory: Couplings,
    fields: Float64Array | undefined,
    row: Uint32Array,
    best: Uint32Array,
    until: Uint32Array,
    first: number,
    tenures: Uint32Array,
    numbers: Float64Array,
  ): void
}
