/**
 * The memories of ±1 networks, as kernels read them: one form of weights each.
 *
 * A memory is never changed: it and its arrays stay as they are as long as anybody may read them, and a network makes a new
 * one when it changes. The native side checks each once.
 */

/**
 * What does not depend on the state: fields are u·h_i + k_i, h_i being those of the weights, and Q is u times that of the weights plus
 * 2·Σ_i k_i s_i, in ascending order. Whole numbers, and every |u·h_i| + |k_i| is below 2^53.
 */
export interface ConstantField {
  /** u, at least 1. */
  readonly unit: number
  /** k, N numbers. */
  readonly values: Float64Array
}

/** Hebbian weights that are never formed: J = ΞᵀΞ − P·1 lives in the packed patterns. */
export interface ImplicitMemory {
  readonly form: 'implicit'
  readonly neurons: number
  readonly count: number
  /** P × R words, one pattern a row. */
  readonly rows: Uint32Array
  /** N × C words, one neuron a row: the transpose of `rows`. Read by asynchronous dynamics alone; may be empty otherwise. */
  readonly columns: Uint32Array
}

/**
 * Weights J = ΞᵀAΞ that are never formed, A being P × P: votes w = A·v, h_i = Σ_μ ξ_i^μ w^μ − d_i·s_i. Everything is whole numbers
 * and every sum stays below 2^53, so any order gives the same; the unit they are counted in is the plan's scale.
 */
export interface CoupledMemory {
  readonly form: 'coupled'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** As of an implicit memory. */
  readonly columns: Uint32Array
  /**
   * diagonal: w^μ = A_μ·v^μ. matrix: w^μ = Σ_ν A_μν v^ν. centred: w^μ = P·v^μ − Σ_ν v^ν. shift: w^μ = v^(μ−lag), with indices
   * modulo P if `cyclic`, else 0 for μ < lag.
   */
  readonly coupling: 'diagonal' | 'matrix' | 'centred' | 'shift'
  /** diagonal: P whole numbers. matrix: P rows of paddedStride(P), symmetric, zeros behind the P-th. Otherwise empty. */
  readonly couplings: Float64Array
  readonly lag: number
  readonly cyclic: boolean
  /** N whole numbers d_i: ξ_iᵀAξ_i, which takes a neuron's own part out of its field, or zeros. */
  readonly selfWeights: Float64Array
  /** matrix, asynchronous: N rows of paddedStride(P) whole numbers A·ξ_i, by which votes change when neuron i flips. Otherwise empty. */
  readonly responses: Float64Array
  readonly constant?: ConstantField | undefined
}

/** Weights as a matrix, symmetric or not, learned or given: h_i = dot8(J_i, s). */
export interface MatrixMemory {
  readonly form: 'matrix'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** N rows of paddedStride(N) numbers, zeros behind the N-th. Integers have row sums Σ_j |J_ij| below 2^53. */
  readonly weights: Int32Array | Float32Array | Float64Array
  /** Whether J_ij = J_ji and J_ii = 0 throughout. Kernels then carry integer fields from flip to flip; changes no result. */
  readonly symmetric: boolean
}

/** Weights of one bit, J_ij = ±1, bit 1 = +1: h_i = Σ_j J_ij s_j without j = i. */
export interface BitsMemory {
  readonly form: 'bits'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** N × R words, one neuron a row. Symmetric. */
  readonly weights: Uint32Array
}

/** Weights of few connections (compressed rows): h_i = dot8 of neuron i's weights with the states of its sources, in their order. */
export interface SparseMemory {
  readonly form: 'sparse'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** N + 1 ascending numbers: neuron i's connections are starts[i] … starts[i + 1] − 1. */
  readonly starts: Uint32Array
  /** Which neuron each connection comes from, below N. */
  readonly sources: Uint32Array
  /** J_ij of each connection. */
  readonly weights: Int32Array | Float64Array
  /**
   * The same by where connections lead: neuron j is heard by targets[targetStarts[j]] … with targetWeights. Integers alone; empty
   * otherwise. Where weights are symmetric, the arrays above. Changes no result.
   */
  readonly targetStarts: Uint32Array
  readonly targets: Uint32Array
  readonly targetWeights: Int32Array
  /** Beside whole weights alone. */
  readonly constant?: ConstantField | undefined
}

/**
 * Patterns that vote by a function F of their overlap (Krotov and Hopfield 2016). F comes as tables by j^μ = (v^μ + N)/2,
 * the number of neurons on which state and pattern μ agree.
 *
 * s_i·h_i = Σ_μ (ξ_i^μ = s_i ? D[j^μ] : −D[j^μ + 1]) with D[j] = F[j] − F[j − 1], summed in dot8 order, and E = −Σ_μ F[j^μ]
 * in dot8 order. h_i = s_i times that sum, and never −0.
 *
 * β > 0 says that the tables are relative to the largest overlap, F = exp(βv): j^μ is then replaced by j^μ + N − max_ν j^ν,
 * which drops a common positive factor from all fields, and E = −(max_ν v^ν + log(Σ_μ F[…])/β), or 0 without patterns.
 *
 * A recall's plan has scale 1 and no external field.
 */
export interface InteractionMemory {
  readonly form: 'interaction'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** As of an implicit memory, but read by both dynamics. */
  readonly columns: Uint32Array
  /** D: N + 2 finite numbers. If relative, never falling, and exactly 0 from some entry down. */
  readonly fields: Float64Array
  /** F: N + 1 finite numbers or more. If relative, the same as `fields`. */
  readonly energies: Float64Array
  /**
   * 0: the tables are absolute. Recalls from relative ones at a temperature or with an external field have in place of a field h_i the
   * number s_i·(ln Σ F − ln Σ' F)/β, where Σ' F = Σ F − (1 − T[N − 1])·s_i·h_i, but no less than Σ F·max(T[N − 1], 2^-64), is the sum after a flip.
   */
  readonly beta: number
}

export type Memory =
  | ImplicitMemory
  | InteractionMemory
  | CoupledMemory
  | MatrixMemory
  | BitsMemory
  | SparseMemory
