/**
 * The compute contract: every kernel, its shapes and its arithmetic. `typescript/` is the reference; the addon
 * implements the same interface in several instruction-set tiers, and test/parity holds them to the same bytes.
 *
 * Notation: N neurons, P patterns, R = rowWords(N), C = columnWords(P), ξ^μ pattern μ, s a state, v^μ = ξ^μ·s its
 * integer overlap, h the integer local field (not yet divided by N). See layout.ts for how bits lie in memory.
 * Integers are exact in any order; reals are f64 in the order docs/numerics.md fixes.
 */

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

/** Integer weights as an N×N matrix, symmetric, zero diagonal; the patterns ride along for overlaps. */
export interface DenseMemory {
  readonly form: 'dense'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** N × N, row-major. */
  readonly weights: Int32Array
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
  /** 0: the tables are absolute. */
  readonly beta: number
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
  /** N whole numbers d_i: ξ_iᵀAξ_i, so that no neuron hears itself, or zeros. */
  readonly selfWeights: Float64Array
  /** matrix, asynchronous: N rows of paddedStride(P) whole numbers A·ξ_i, by which votes change when neuron i flips. Otherwise empty. */
  readonly responses: Float64Array
}

/** Weights as a matrix, symmetric or not, learned or given: h_i = dot8(J_i, s). */
export interface MatrixMemory {
  readonly form: 'matrix'
  readonly neurons: number
  readonly count: number
  readonly rows: Uint32Array
  /** N rows of paddedStride(N) numbers, zeros behind the N-th. Integers have row sums Σ_j |J_ij| below 2^53. */
  readonly weights: Int32Array | Float32Array | Float64Array
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
}

export type Memory =
  | ImplicitMemory
  | DenseMemory
  | InteractionMemory
  | CoupledMemory
  | MatrixMemory
  | BitsMemory
  | SparseMemory

export type Tie = 'positive' | 'negative' | 'keep'
export type Order = 'random' | 'cyclic' | 'random-site'

/** M continuous patterns to compare queries with, and what is read out for each (Ramsauer et al. 2021). */
export interface KeyMemory {
  /** M, at least 1. */
  readonly count: number
  /** d, the length of a key and a query. */
  readonly dimension: number
  /** e, the length of a value. */
  readonly width: number
  /** M × d, row-major. */
  readonly keys: Float32Array
  /** M × e; the keys themselves where there are no values of their own. */
  readonly values: Float32Array
  /** What a dot product is multiplied by: 1/‖k^μ‖, cosine similarity alone. */
  readonly scales: Float64Array | undefined
  /** What is taken from a dot product: ½‖k^μ‖², Euclidean similarity alone. */
  readonly offsets: Float64Array | undefined
  /** The largest ‖k^μ‖. */
  readonly largestNorm: number
  /** Coarse copies of the first ⌊M/64⌋·64 keys, as `screen` made them; empty where there are none. Changes no result. */
  readonly screen: Uint8Array
}

/** One-bit synapses (Willshaw et al. 1969): inputs × rowWords(outputs) words. */
export interface SynapseMemory {
  readonly form: 'synapses'
  readonly inputs: number
  readonly outputs: number
  /** Whether output units are the input units. */
  readonly auto: boolean
  readonly weights: Uint32Array
}

/** Sparse codes and their covariance (Tsodyks and Feigelman 1988), which is never formed. */
export interface CovarianceMemory {
  readonly form: 'covariance'
  readonly inputs: number
  readonly outputs: number
  readonly auto: boolean
  /** M. */
  readonly count: number
  /** a. */
  readonly activity: number
  /** Of each input unit, the patterns that have it: patterns[starts[j]] … patterns[starts[j + 1] − 1]. */
  readonly starts: Uint32Array
  readonly patterns: Uint32Array
  /** Of each pattern, its output units. */
  readonly outputStarts: Uint32Array
  readonly outputUnits: Uint32Array
  /** Of each output unit, how many patterns have it. */
  readonly shares: Float64Array
}

export type CodeMemory = SynapseMemory | CovarianceMemory

export interface CodePlan {
  /** Active cue units (synapses), or a field (covariance); undefined: all of them, or ½. */
  readonly threshold: number | undefined
  /** So many units in place of a threshold: those with the most, of equal ones those of lowest index. */
  readonly winners: number | undefined
  /** Steps at most, at least 1. */
  readonly steps: number
}

/** Pairs of patterns, packed rows each. */
export interface PairMemory {
  readonly count: number
  readonly inputs: number
  readonly outputs: number
  /** count × rowWords(inputs) words. */
  readonly xs: Uint32Array
  /** count × rowWords(outputs) words. */
  readonly ys: Uint32Array
}

export type Similarity = 'dot' | 'cosine' | 'euclidean'
export type Separator = 'softmax' | 'sparsemax' | 'entmax15'

/** What a retrieval depends on besides memory and query. */
export interface RetrievalPlan {
  /** Inverse temperature, > 0; cosine similarity divides it by ‖q‖. */
  readonly beta: number
  readonly similarity: Similarity
  readonly separator: Separator
}

/** 64·ln 2: a softmax weight whose logit lies further below the largest is exactly zero. */
export const SOFTMAX_CUT = 44.3614195558365
/** Where logits provably lie this close together, none can be cut, and weights are taken relative to their bound. */
export const SOFTMAX_SPREAD = 44

/** Everything a recall depends on besides memory and cue. Already validated: kernels do not check it again. */
export interface RecallPlan {
  readonly dynamics: 'asynchronous' | 'synchronous'
  /** A rule, or the neurons in visiting order: one entry an update, repeated each sweep. */
  readonly order: Order | Uint32Array
  readonly tie: Tie
  readonly maxSweeps: number
  /**
   * T of each sweep, ≥ 0, the last one from there on; undefined: 0. At T > 0 a neuron becomes +1 where u < 1/(1 + e^−x),
   * x = (2·total)/T with `total` what at T = 0 has its sign taken (Glauber 1963), u the uniform number of this update: of the
   * k-th of a sweep (of neuron k, synchronously) it is made of the words 2(k mod 2) and + 1 of draw 2^31 + ⌊k/2⌋. A recall
   * may end only in sweeps from which on T is 0.
   */
  readonly temperatures: Float64Array | undefined
  /** Number of the first sweep: which words it draws. */
  readonly firstSweep: number
  /** 64-bit seed as two words. */
  readonly seedLow: number
  readonly seedHigh: number
  /** Query index of the first cue; cue b of a batch draws from stream + b. An integer below 2^53. */
  readonly stream: number
  /** Query index of each cue by itself, in place of `stream`: integers below 2^53; or undefined. */
  readonly streams: Float64Array | undefined
  /** What integer fields are divided by before the external field is added, and twice energies: N, or 1. */
  readonly scale: number
  /** N values b_i, or undefined. */
  readonly externalField: Float64Array | undefined
  /** R words, bit 1 = this neuron keeps the cue's value; or undefined. */
  readonly clamp: Uint32Array | undefined
}

export type Activation = 'tanh' | 'logistic'

/** Graded neurons (Hopfield 1984): du_i/dt = Σ_j J_ij V_j + b_i − u_i/τ with V = g(γ·u). */
export interface GradedNetwork {
  readonly neurons: number
  /** N rows of paddedStride(N) numbers J_ij, zeros behind the N-th. */
  readonly weights: Float64Array
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

/** Columns of an outcome row: how the recall of one cue ended. */
export const OUTCOME = { sweeps: 0, flips: 1, energy: 2, cycle: 3, length: 4 } as const

export interface KernelTrace {
  /** E before the first update, then after every flip (asynchronous) or sweep (synchronous). */
  readonly energies: Float64Array
  /** One row of P integer overlaps after each sweep. */
  readonly overlaps: Int32Array
  /** The neurons that flipped, in order. */
  readonly flips: Uint32Array
}

/** Epochs or steps of a neuron that did not get where its rule ends. */
export const NEVER_LEARNED = 0xffffffff

export interface Kernels {
  /** 'typescript', or the tier of the addon: 'scalar', 'avx2', 'avx512-skx', 'avx512', 'amx', 'neon'. */
  readonly tier: string

  /** Whether recallAsync computes beside this thread; if not, it computes on it, in later turns of the event loop. */
  readonly parallel: boolean

  /** Zeroed words that start on a 64-byte boundary where the backend can tell; in a SharedArrayBuffer if `shared`. */
  allocate(words: number, shared?: boolean): Uint32Array

  /** count × N values ±1 into count × R words. Returns the index of the first value that is not ±1 (then rows are unspecified), or −1. */
  pack(states: Int8Array, count: number, neurons: number, rows: Uint32Array): number

  /** count × R words into count × N values ±1. */
  unpack(rows: Uint32Array, count: number, neurons: number, states: Int8Array): void

  /** P × R words into N × C words: bit μ of column i is bit i of row μ. */
  transpose(rows: Uint32Array, count: number, neurons: number, columns: Uint32Array): void

  /** out[b·P + μ] = ξ^μ·s^b = N − 2·popcount(ξ^μ xor s^b), for `stateCount` packed states. */
  overlaps(
    rows: Uint32Array,
    count: number,
    neurons: number,
    states: Uint32Array,
    stateCount: number,
    out: Int32Array,
  ): void

  /** P × R words into planeWords(P, N) words, zeros where there is no pattern. Padding bits of rows count as zero. */
  interleave(rows: Uint32Array, count: number, neurons: number, planes: Uint32Array): void

  /**
   * The nearest pattern of each of `stateCount` packed states, P ≥ 1: overlaps[b] = max_μ ξ^μ·s^b, and indices[b] is the
   * lowest μ that has it. These patterns are μ = first … first + P − 1; where first > 0, indices and overlaps come in as those
   * before left them.
   */
  nearest(
    planes: Uint32Array,
    count: number,
    neurons: number,
    states: Uint32Array,
    stateCount: number,
    first: number,
    indices: Uint32Array,
    overlaps: Int32Array,
  ): void

  /**
   * One-bit synapses (Willshaw et al. 1969): `weights` is neurons × R words with R = rowWords(outputs), `active` the indices
   * of active input units. Sets every synapse from them to the units of `row`, R words with clean padding.
   */
  willshawStore(
    weights: Uint32Array,
    neurons: number,
    outputs: number,
    active: Uint32Array,
    row: Uint32Array,
  ): void

  /**
   * Calls codes up from `count` cues, cue b being the active input units units[starts[b]] … units[starts[b + 1] − 1], ascending.
   * Each step sets all output units at once; a further one goes on from them, auto-associative memories alone, until nothing
   * changes. rows: the units that are 1 at the end, R = rowWords(outputs) words a cue. Two numbers a cue in outcomes: steps
   * made, and 1 if the last of them changed nothing. See reference/codes.ts for the order of operations.
   */
  recallCodes(
    memory: CodeMemory,
    starts: Uint32Array,
    units: Uint32Array,
    count: number,
    plan: CodePlan,
    rows: Uint32Array,
    outcomes: Uint32Array,
  ): void

  /** As recallCodes, on another thread where `parallel` says so; arrays as for recallAsync. */
  recallCodesAsync(...work: Parameters<Kernels['recallCodes']>): Promise<void>

  /**
   * J_ij += sign·Σ_μ ξ_i^μ ξ_j^μ for i ≠ j (Hopfield 1982, eq. 2); the diagonal stays as it is. Or, `fresh`, whatever J was:
   * J_ij = that, J_ii = 0.
   */
  hebbian(
    columns: Uint32Array,
    count: number,
    neurons: number,
    sign: 1 | -1,
    weights: Int32Array,
    fresh: boolean,
  ): void

  /** out[i] = Σ_μ ξ_i^μ v^μ − P·s_i, exact integers (|out| < 2^53). Takes any v, not only overlaps of s. */
  implicitFields(
    rows: Uint32Array,
    count: number,
    neurons: number,
    overlaps: Int32Array,
    state: Uint32Array,
    out: Float64Array,
  ): void

  /** out[i] = Σ_j J_ij s_j, exact integers (|out| < 2^53). */
  denseFields(weights: Int32Array, neurons: number, state: Uint32Array, out: Float64Array): void

  /** h of every neuron, as the form of the memory defines it. */
  localFields(memory: Memory, state: Uint32Array, out: Float64Array): void

  /** Q = Σ_i≠j J_ij s_i s_j = Σ_μ (v^μ)² − N·P, summed as f64 in ascending μ. */
  implicitQuadratic(overlaps: Int32Array, count: number, neurons: number): number

  /** Q = Σ_i s_i h_i, summed as f64 in ascending i. */
  denseQuadratic(fields: Float64Array, neurons: number, state: Uint32Array): number

  /**
   * Q of `count` packed states, as the two kernels above define it for one. Of an interaction: −2·E. Of votes:
   * Σ_μ v^μ w^μ − Σ_i d_i, each sum as f64 in ascending order. Of the other forms as of dense weights.
   */
  quadratics(memory: Memory, states: Uint32Array, count: number, out: Float64Array): void

  /** dot8(b, s): the external field's part of −E (numerics/dot8.ts). */
  externalDot(externalField: Float64Array, neurons: number, state: Uint32Array): number

  /** Words draw·4 … of Philox4x32-10 with counter (draw, sweep, query low, query high), ascending draws from 0. */
  philox(
    seedLow: number,
    seedHigh: number,
    sweep: number,
    queryLow: number,
    queryHigh: number,
    out: Uint32Array,
  ): void

  /**
   * Whole recalls of `count` cues, each as if it were alone. Cues and states are ±1 bytes (count × N) or packed
   * (count × R; padding bits of cues count as zero), each as it likes; `outcomes` is count × OUTCOME.length. cycle is 1 at a fixed point,
   * λ ≥ 2 where the state after a sweep is that of λ sweeps before (of two before, synchronously; of more or in a fixed
   * visiting order for forms whose weights need not be symmetric, found as Brent (1980) does), 0 when maxSweeps came first.
   * Returns the index of the first cue value that is not ±1 (nothing else is then
   * specified), or −1.
   */
  recall(
    memory: Memory,
    cues: Int8Array | Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): number

  /**
   * As recall, with packed cues, on another thread where `parallel` says so. Until it settles, every array must stay as it
   * is and where it is: callers hand in their own copies, never a user's arrays.
   */
  recallAsync(
    memory: Memory,
    cues: Uint32Array,
    count: number,
    plan: RecallPlan,
    states: Int8Array | Uint32Array,
    outcomes: Float64Array,
  ): Promise<void>

  /**
   * Lets `count` pairs of states settle in place (Kosko 1988): in turn, the other side first where fromY is not 0, each side
   * becomes sgn Σ_μ (its pattern μ)·(overlap of the other side with its own), a unit at zero keeping its value, until both have
   * stayed as they are, or for maxSteps. Three numbers a pair: steps, 1 if both stayed, E = −Σ_μ (ξ^μ·x)(η^μ·y).
   */
  bidirectional(
    pairs: PairMemory,
    xs: Uint32Array,
    ys: Uint32Array,
    count: number,
    fromY: Uint8Array,
    maxSteps: number,
    outcomes: Float64Array,
  ): void

  /** As bidirectional, on another thread where `parallel` says so; arrays as for recallAsync. */
  bidirectionalAsync(...work: Parameters<Kernels['bidirectional']>): Promise<void>

  /** As recall, for one packed cue, with everything that happened on the way. */
  recallTraced(
    memory: Memory,
    cue: Uint32Array,
    plan: RecallPlan,
    state: Uint32Array,
    outcome: Float64Array,
  ): KernelTrace

  /** norms[μ] = √dot8(k^μ, k^μ). */
  keyNorms(keys: Float32Array, count: number, dimension: number, norms: Float64Array): void

  /** Bytes of the coarse copies of 64 keys; 0 where this backend makes none. */
  screenBytes(dimension: number): number

  /** Coarse copies of 64-key tiles from…to of the memory, into its `screen`. */
  screen(memory: KeyMemory, from: number, to: number): void

  /**
   * out[b·M + μ] = l^μ = β·s^μ, the logits of `count` queries (count × d, row-major): s = dot8(q, k^μ), times scales[μ] or
   * less offsets[μ] where the similarity says so. cosine: β/‖q‖ in place of β, 0 where ‖q‖ is.
   */
  logits(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    out: Float64Array,
  ): void

  /**
   * One association of each query with the keys: out[b·e + c] = Σ_μ w_μ x_c^μ / Σ_μ w_μ, rounded once to f32. Weights are
   * rounded to f32, so that products are exact; Σ w_μ x^μ ascends in μ, Σ w_μ goes by dot8's order.
   *
   * softmax: w = exp(l^μ − l*), where l* is the largest logit and w is exactly 0 below l* − SOFTMAX_CUT. But where β and the
   * norms bound logits to a span of SOFTMAX_SPREAD (docs/numerics.md), l* is that upper bound, and nothing is cut: then
   * one pass over the keys is enough. sparsemax, entmax15: see reference/separators.ts.
   *
   * potentials[2·b], [2·b + 1]: softmax l* and Σ w, so that log Σ e^l = l* + log Σ w; otherwise the conjugate function and 1.
   * @param mask count × M, 0 where the key must not be seen by the query, at least one is; or undefined.
   * @param out count × e; undefined where only potentials are wanted.
   */
  retrieve(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    mask: Uint8Array | undefined,
    out: Float32Array | undefined,
    potentials: Float64Array,
  ): void

  /** As retrieve, on another thread where `parallel` says so; arrays as for recallAsync. */
  retrieveAsync(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    out: Float32Array | undefined,
    potentials: Float64Array,
  ): Promise<void>

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

  /** As integrate, on another thread where `parallel` says so; arrays as for recallAsync. */
  integrateAsync(
    network: GradedNetwork,
    potentials: Float64Array,
    count: number,
    plan: IntegrationPlan,
    outputs: Float64Array,
    outcomes: Float64Array,
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
   * The same of few pairs and without d: out[k] = ξ_iᵀAξ_j for the k-th of `sources`, j, which neuron i = first + r hears, where
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

  /** out[i·m + j] = Σ_μ ξ_i^μ η_j^μ for n units of `left` and m of `right`, columns of P patterns each (Kosko 1988). */
  correlations(
    left: Uint32Array,
    right: Uint32Array,
    count: number,
    n: number,
    m: number,
    out: Int32Array,
  ): void

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
   * @param weights N × N, any to begin with; J_ii counts as 0 and stays as it is. Not symmetric.
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
   */
  bounded(rows: Uint32Array, count: number, neurons: number, limit: number, weights: Int32Array): void

  /**
   * The signs of Hebb's weights (Sompolinsky 1987), N rows of R words: bit j of row i is 1 where Σ_μ ξ_i^μ ξ_j^μ ≥ 0; 0 where
   * i = j, and in the padding.
   */
  clipped(columns: Uint32Array, count: number, neurons: number, signs: Uint32Array): void
}
