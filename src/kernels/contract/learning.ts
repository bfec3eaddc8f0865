/** Epochs or steps of a neuron that did not get where its rule ends. */
export const NEVER_LEARNED = 0xffffffff

/** Weights of patterns, rule by rule. */
export interface LearningKernels {
  /**
   * J_ij += sign·Σ_μ ξ_i^μ ξ_j^μ for i ≠ j (Hopfield 1982, eq. 2); the diagonal stays as it is. Or, `fresh`, whatever J was:
   * J_ij = that, J_ii = 0, and zeros behind the N-th of each row.
   * @param weights N × paddedStride(N).
   */
  hebbian(
    columns: Uint32Array,
    count: number,
    neurons: number,
    sign: 1 | -1,
    weights: Int32Array,
    fresh: boolean,
  ): void

  /** out[k] = integers[k] / divisor for k < count: Hebb's integers as the reals of a rule. */
  quotients(integers: Int32Array, count: number, divisor: number, out: Float64Array): void

  /**
   * Learns `count` packed patterns one after the other (Storkey 1997): with H_i = Σ_k J_ik ξ_k by dot8,
   * J_ij += ((ξ_iξ_j + 2·J_ij) − (ξ_iH_j + H_iξ_j))·(1/N) for i ≠ j, where 1/N is rounded once, and J_ii = 0. That is the
   * rule with h_ij = H_i − J_ij ξ_j.
   * @param weights N × paddedStride(N), exactly symmetric with a zero diagonal, which they stay.
   */
  storkey(rows: Uint32Array, count: number, neurons: number, weights: Float64Array): void

  /** J_ij += factor·(s_i s_j) for i ≠ j. @param weights N × paddedStride(N). */
  rankOne(state: Uint32Array, neurons: number, factor: number, weights: Float64Array): void

  /**
   * Lets the inverse A of the overlaps of `known` patterns, C = ΞΞᵀ, grow by `count` more, one after the other; `rows` are all
   * of them. With p patterns in, c_μ = ξ^μ·ξ^p, u = A c (each by dot8) and rest = N − dot8(u, c), A gets a row and a
   * column of zeros, u_p = −1, and A_μν += (u_μ·u_ν)·(1/rest), where 1/rest is rounded once. But if not
   * rest > tolerance·N, pattern p depends on those before it: ξ^p ≈ Σ_μ u_μ ξ^μ, coefficients[μ] = u_μ, and here it ends.
   *
   * Returns how many of `count` went in.
   * @param inverse (known + count) × stride, exactly symmetric, zeros beyond known × known; so they are left too.
   * @param stride a multiple of 8, at least known + count.
   * @param coefficients known + count numbers; written to where a pattern depends on others, and only there.
   */
  border(
    rows: Uint32Array,
    known: number,
    count: number,
    neurons: number,
    tolerance: number,
    inverse: Float64Array,
    stride: number,
    coefficients: Float64Array,
  ): number

  /**
   * The inverse A of the overlaps of `count` patterns without one of them, q: A_μν − (A_qμ·A_qν)·(1/A_qq), where 1/A_qq is
   * rounded once; later patterns move up by one, and row and column count − 1 become zero.
   * @param inverse count × stride, exactly symmetric, which it stays.
   */
  retire(inverse: Float64Array, stride: number, count: number, index: number): void

  /**
   * out[i·P' + μ] = B_iμ = Σ_ν A_μν ξ_i^ν with P' = paddedStride(P), zeros behind the P-th, and diagonal[i] = Σ_μ ξ_i^μ B_iμ:
   * for A of whole numbers, of which no sum may reach 2^53, so that any order gives them; never −0.
   * @param matrix P × stride.
   * @param out N × P', or undefined.
   * @param diagonal N numbers, or undefined.
   */
  responses(
    matrix: Float64Array,
    stride: number,
    columns: Uint32Array,
    count: number,
    neurons: number,
    out: Float64Array | undefined,
    diagonal: Float64Array | undefined,
  ): void

  /**
   * Each neuron i for itself goes through the patterns in order, epoch after epoch (Gardner 1988; Krauth and Mézard 1987):
   * where ξ_i h_i ≤ κ·√(Σ_j J_ij²), J_ij += ξ_i ξ_j for all j ≠ i. Integers are exact, then one f64 square root and one
   * product. epochs[i] is the first epoch, counted from 1, that changed nothing; or NEVER_LEARNED, if none of maxEpochs
   * was one, or Σ_j J_ij² would have reached 2^53, which bounds |J_ij| far within 32 bits.
   * @param weights N × paddedStride(N), any to begin with; J_ii counts as 0 and stays as it is. Not symmetric.
   * @param kappa at least 0.
   * @param maxEpochs at most 2^31 − 1.
   */
  perceptron(
    rows: Uint32Array,
    count: number,
    neurons: number,
    kappa: number,
    maxEpochs: number,
    weights: Int32Array,
    epochs: Uint32Array,
  ): void

  /**
   * Each neuron i for itself, from J_i = 0: while the least of its ξ_i^μ h_i^μ is at most `bound`, the first pattern that has it is learned,
   * J_ij += ξ_i ξ_j for all j ≠ i (Krauth and Mézard 1987). Integers are exact. steps[i] is how many were learned; NEVER_LEARNED where
   * maxSteps were not enough, or Σ_j J_ij² would have reached 2^53. stabilities[2i] = min_μ ξ_i^μ h_i^μ/‖J_i‖ and
   * stabilities[2i + 1] = ‖J_i‖ over the number of steps, square roots and quotients rounded once each; 0 where that is 0/0.
   * Without patterns everything is 0.
   * @param bound at least 0.
   * @param maxSteps at most 2^31 − 1.
   * @param weights N × paddedStride(N). Not symmetric.
   */
  minimalOverlap(
    rows: Uint32Array,
    count: number,
    neurons: number,
    bound: number,
    maxSteps: number,
    weights: Int32Array,
    steps: Uint32Array,
    stabilities: Float64Array,
  ): void

  /**
   * J_ij = min(max(J_ij + ξ_i ξ_j, −L), L) for i ≠ j, pattern after pattern (Parisi 1986); J_ii stays as it is.
   * @param limit L, 1 to 2^31 − 3; |J_ij| may be larger to begin with.
   * @param weights N × paddedStride(N).
   */
  bounded(rows: Uint32Array, count: number, neurons: number, limit: number, weights: Int32Array): void

  /**
   * The signs of Hebb's weights (Sompolinsky 1987), N rows of R words: bit j of row i is 1 where Σ_μ ξ_i^μ ξ_j^μ ≥ 0; 0 where
   * i = j, and in the padding.
   */
  clipped(columns: Uint32Array, count: number, neurons: number, signs: Uint32Array): void
}
