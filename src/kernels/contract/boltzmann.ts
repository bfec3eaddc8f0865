/** What values a unit takes: 0 and 1; −1 and +1; or any number, with variance 1 about its mean. */
export type UnitKind = 'binary' | 'bipolar' | 'gaussian'

/** How arrays name kinds of units. */
export const UNIT_KINDS: readonly UnitKind[] = ['binary', 'bipolar', 'gaussian']

/** The numbers of a machine's shape. */
export const MACHINE = { visible: 0, hidden: 1, visibleKind: 2, hiddenKind: 3, length: 4 } as const

/** The numbers of a walk by Gibbs steps. `stream`: chain b draws under query stream + b. */
export const WALK = { seedLow: 0, seedHigh: 1, firstSweep: 2, steps: 3, stream: 4, length: 5 } as const

/**
 * The numbers of a lesson. `batch`: rows of a step; `steps`: Gibbs steps from data to what is compared with them; `decay`, `momentum`;
 * `slide`: the share of a batch in the running means, 0 for none; `chains`: which of CHAINS.
 */
export const LESSON = {
  seedLow: 0,
  seedHigh: 1,
  firstSweep: 2,
  batch: 3,
  steps: 4,
  rate: 5,
  momentum: 6,
  decay: 7,
  slide: 8,
  chains: 9,
  length: 10,
} as const

/** Where the chains of a lesson start: at the data; where they ended the last time; or they are given, one visible row for each of the data. */
export const CHAINS = { data: 0, kept: 1, given: 2 } as const

/** Units of a hidden row in memory: whole groups of sixteen, zeros behind the last. */
export function hiddenStride(hidden: number): number {
  return Math.ceil(hidden / 16) * 16
}

/**
 * Restricted Boltzmann machines: V visible and H hidden units, E = −a·v − c·h − vᵀWh, plus ½v² for each Gaussian unit.
 *
 * `shape` is MACHINE.length words. `weights` has V rows of S = hiddenStride(H) numbers W_ij, `hiddenBiases` S numbers c_j; zeros
 * behind the H-th. Visible rows have V numbers, hidden rows S. All data are f32.
 *
 * Single: f32 arithmetic, every product and every sum rounded. Double: f64.
 *
 * - y_j = c_j, then + v_i·W_ij in ascending i, for units that are not 0. Single in walks and lessons, double in free energies.
 * - x_i = a_i + Σ_j W_ij·h_j, single; the sum has sixteen accumulators, j mod 16, folded k and k + 8, k + 4, k + 2, k + 1.
 * - A unit at inverse temperature β has z = β·y_j, or β·x_i + (1 − β)·base_i, double; base is 0 if undefined. With p = logistic(z), or of z + z
 *   (bipolar), of z rounded to f32, single (src/numerics/single-logistic.ts), its mean is p (binary); (p + p) − 1 (bipolar); z rounded to f32
 *   (Gaussian). Its draw with word w is 1 where w < p·2^32, else 0 or −1; z + normal((w + ½)·2^-32), rounded to f32 (Gaussian). Unit k
 *   draws word k of (seed, sweep, query).
 */
export interface BoltzmannKernels {
  /** out = means of hidden units, `count` rows. */
  hiddenMeans(
    shape: Uint32Array,
    weights: Float32Array,
    hiddenBiases: Float32Array,
    visible: Float32Array,
    count: number,
    out: Float32Array,
  ): void

  /** out = means of visible units, `count` rows. */
  visibleMeans(
    shape: Uint32Array,
    weights: Float32Array,
    visibleBiases: Float32Array,
    hidden: Float32Array,
    count: number,
    out: Float32Array,
  ): void

  /**
   * Gibbs steps of as many chains as there are `betas`, which start at `visible`. Step t draws hidden units in sweep firstSweep + 2t,
   * then visible ones in the next. What is clamped stays.
   * @param base V numbers, or undefined.
   * @param clamp V flags, or undefined.
   * @param walk WALK.length numbers.
   * @param visible the first rows before, the last ones after.
   * @param hidden what the last step drew.
   * @param means of the visible units at the last draw; clamped ones as they are. Or undefined.
   */
  gibbs(
    shape: Uint32Array,
    weights: Float32Array,
    visibleBiases: Float32Array,
    hiddenBiases: Float32Array,
    base: Float32Array | undefined,
    clamp: Uint8Array | undefined,
    betas: Float64Array,
    walk: Float64Array,
    visible: Float32Array,
    hidden: Float32Array,
    means: Float32Array | undefined,
  ): void

  /**
   * Contrastive divergence (Hinton 2002), persistent or not (Tieleman 2008), batch after batch: the n rows of `data` that the next
   * n = min(batch, rest) of `order` name. Single throughout.
   *
   * h⁺ are the means of hidden units at the data. Chains start at a draw from them (first sweep of the batch), or where they were. k steps
   * draw visible units, then hidden ones, a sweep each, 2k + 1 sweeps a batch, or 2k where chains are kept; v⁻ is the last visible draw
   * and h⁻ the means at it. Given chains are v⁻, take no sweep, and row r belongs to place r of `order`.
   *
   * With dv_i = Σ_b v⁺_bi, then − v⁻_bi, and dh_j likewise of h, D_ij = Σ_b v⁺_bi·h⁺_bj, then − v⁻_bi·h⁻_bj, all in ascending b
   * and units of value 0 left out; r = rate/n and d = rate·decay as f32:
   * if `slide` is s > 0 (Montavon and Müller 2012; Melchior, Fischer and Wiskott 2016): μ_i += s·((Σ_b v⁺_bi)·(1/n) − μ_i), λ_j
   * likewise; D_ij = (D_ij − μ_i·dh_j) − dv_i·λ_j; dv_i −= Σ_j D_ij·λ_j in the order of x_i; dh_j −= μ_i·D_ij in ascending i.
   * A weight's step is r·D, or m·(its last one) + r·D with momentum m ≠ 0, then − d·W if d ≠ 0; biases likewise without d.
   * @param velocities last steps: of W, V × S; of a, V; of c, S. Undefined without momentum.
   * @param means μ, V; λ, S. Undefined where slide is 0.
   * @param chains CHAINS.kept: batch hidden rows, before and after. CHAINS.given: visible rows. Otherwise undefined.
   * @param order rows of data; what is beyond the last counts as that.
   * @param lesson LESSON.length numbers.
   */
  contrast(
    shape: Uint32Array,
    weights: Float32Array,
    visibleBiases: Float32Array,
    hiddenBiases: Float32Array,
    velocities: Float32Array | undefined,
    means: Float32Array | undefined,
    chains: Float32Array | undefined,
    data: Float32Array,
    order: Uint32Array,
    lesson: Float64Array,
  ): void

  /**
   * out = −ln Σ_h e^(−E) at β for `count` visible rows, without the constant ½ ln 2π of each Gaussian hidden unit; double. With
   * b_i = β·a_i + (1 − β)·base_i it is 0 − (dot8(v, b) + Φ), or 0 − ((dot8(v, b) − ½·dot8(v, v)) + Φ) for Gaussian visible units, and Φ is
   * the potential of β·y_j:
   *
   * Σ_j max(z, 0) (binary), |z| (bipolar) or z·z (Gaussian, halved after the sum) by dot8; and for the first two + the logarithms of
   * the products of 1 + e^(−|z|), 1 + e^(−2|z|) with exponents of at least −700, of 512 units each, in eight factors by dot8's order.
   * @param betas β of each row, or undefined for 1.
   */
  freeEnergies(
    shape: Uint32Array,
    weights: Float32Array,
    visibleBiases: Float32Array,
    hiddenBiases: Float32Array,
    base: Float32Array | undefined,
    betas: Float64Array | undefined,
    visible: Float32Array,
    count: number,
    out: Float64Array,
  ): void

  /**
   * Annealed importance sampling (Neal 2001; Salakhutdinov and Murray 2008) of as many chains as `out` has places, along `betas`: out += F
   * at β_k−1 less F at β_k of the visible row, F as freeEnergies gives it; then a Gibbs step at β_k, as `gibbs` makes it, but with y_j
   * double; and so on to the last β, where no step follows.
   * @param walk WALK.length numbers; steps are not read.
   * @param out logarithms of weights, which must be 0 before.
   */
  importance(
    shape: Uint32Array,
    weights: Float32Array,
    visibleBiases: Float32Array,
    hiddenBiases: Float32Array,
    base: Float32Array | undefined,
    betas: Float64Array,
    walk: Float64Array,
    visible: Float32Array,
    out: Float64Array,
  ): void

  /**
   * out[k − from] = ln Σ_s e^(own·s + Φ(fields + Σ_j s_j·couplings_j)) over the states of n units whose first `prefix` units, unit 0 as the
   * lowest bit, are the bits of k; from ≤ k < to. Units are 1, or `low`, which is 0 or −1. Sums begin with `fields` and go in ascending j,
   * units of value 0 left out; Φ is that of freeEnergies, of `others` units of kind `kind` (one of UNIT_KINDS). The sum over states, unit
   * `prefix` as the lowest bit, is e^(t − t_max) by dot8, then t_max + ln of it.
   * @param couplings n × paddedStride(others).
   * @param prefix at least n − 12.
   */
  logPartitions(
    couplings: Float64Array,
    own: Float64Array,
    units: number,
    fields: Float64Array,
    others: number,
    kind: number,
    low: number,
    prefix: number,
    from: number,
    to: number,
    out: Float64Array,
  ): void
}
