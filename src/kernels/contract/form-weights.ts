import type { CoupledMemory } from './memory.js'

/** Weights that a coupled memory never forms, and correlations. */
export interface FormWeightsKernels {
  /**
   * The weights that a coupled memory never forms, of neurons i = from … to − 1 and all j: (ξ_iᵀAξ_j − d_i·δ_ij)/divisor, exact but for
   * the division. Reads `rows` and `columns`, in whatever dynamics.
   * @param out (to − from) × N; integers, with divisor 1, where all weights fit into 32 bits.
   */
  formWeights(
    memory: CoupledMemory,
    from: number,
    to: number,
    divisor: number,
    out: Int32Array | Float64Array,
  ): void

  /**
   * The same of few pairs and without d: out[k] = ξ_iᵀAξ_j for the k-th of `sources`, j, whose state enters the field of neuron i = first + r, where
   * starts[r] − starts[0] ≤ k < starts[r + 1] − starts[0]. Reads `columns` alone.
   * @param starts one number more than there are neurons, ascending.
   * @param out as many as sources; what does not fit into 32 bits wraps around in integers.
   * @returns the largest |ξ_iᵀAξ_j|, or 0.
   */
  connectionWeights(
    memory: CoupledMemory,
    first: number,
    starts: Uint32Array,
    sources: Uint32Array,
    out: Int32Array | Float64Array,
  ): number

  /** out[i − from] = ξ_iᵀAξ_i, what a neuron i = from … to − 1 tells itself. Reads `columns` alone. */
  selfWeights(memory: CoupledMemory, from: number, to: number, out: Float64Array): void

  /**
   * out[r] = Σ_k x_rk·values[k] over k < count, x_rk = ±1 being bit k of row r: all sums are whole numbers below 2^53. Bits behind the
   * count-th change nothing.
   * @param bits `rows` rows of `stride` words.
   */
  signedSums(
    bits: Uint32Array,
    stride: number,
    count: number,
    values: Float64Array,
    rows: number,
    out: Float64Array,
  ): void

  /** out[i·m + j] = Σ_μ ξ_i^μ η_j^μ for n units of `left` and m of `right`, columns of P patterns each (Kosko 1988). */
  correlations(
    left: Uint32Array,
    right: Uint32Array,
    count: number,
    n: number,
    m: number,
    out: Int32Array,
  ): void
}
