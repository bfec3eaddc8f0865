import type { Flag } from './flag.js'

export type Similarity = 'dot' | 'cosine' | 'euclidean'
export type Separator = 'softmax' | 'sparsemax' | 'entmax15' | 'normmax' | 'epanechnikov'
export type Precision = 'double' | 'single'

/** How much keys count beside one another: a factor of their exponentials. */
export interface Salience {
  /** Of each of M keys the natural logarithm, finite. */
  readonly logs: Float64Array
  readonly leastLog: number
  readonly mostLog: number
  /** The saliences themselves, and their sum in ascending order; kernels read neither. */
  readonly values: Float64Array
  readonly total: number
}

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
  /** What is added to logits, or undefined where all keys count the same. */
  readonly salience: Salience | undefined
  /** Coarse copies of the first ⌊M/64⌋·64 keys, as `quantizeKeys` made them; empty where there are none. Changes no result. */
  readonly quantizedKeys: Uint8Array
}

/** What a retrieval depends on besides memory and query. */
export interface RetrievalPlan {
  /** Inverse temperature, > 0; cosine similarity divides it by ‖q‖. */
  readonly beta: number
  readonly similarity: Similarity
  readonly separator: Separator
  /** What sums are made in: f64, or f32 where the query allows it (SINGLE_MOST). */
  readonly precision: Precision
}

/**
 * (32 + ⌈log2 M⌉)·ln 2: a softmax weight of M keys whose logit lies further below the largest is exactly zero. All that is left out
 * weighs less than 2^-32 of the largest weight alone.
 */
export function softmaxCut(count: number): number {
  return (64 - Math.clz32(count - 1)) * Math.LN2
}

/**
 * With precision 'single' a query's sums are f32 where d is no more than this, and ‖q‖·max‖k‖ from 2^-60 to 2^100: then none can
 * overflow. Elsewhere they are f64.
 */
export const SINGLE_MOST = 65536
/** Weights of f32 are multiplied by this before values are, so that no sum of 64 products overflows: a power of two, which changes no digit. */
export const WEIGHT_UNIT: number = 2 ** -8
/** Keys whose products with f32 weights are added in f32; the sums of such tiles are added in f64. */
export const KEY_TILE = 64

/** Where logits provably lie this close together, none can be cut, and weights are taken relative to their bound. */
export function softmaxSpread(count: number): number {
  return softmaxCut(count) - 0.25
}

/** Continuous patterns. */
export interface RetrievalKernels {
  /** norms[μ] = √dot8(k^μ, k^μ). */
  keyNorms(keys: Float32Array, count: number, dimension: number, norms: Float64Array): void

  /** Bytes of the coarse copies of 64 keys; 0 where this backend makes none. */
  quantizedBytes(dimension: number): number

  /** Coarse copies of 64-key tiles from…to of the memory, into its `quantizedKeys`. */
  quantizeKeys(memory: KeyMemory, from: number, to: number): void

  /**
   * out[b·M + μ] = l^μ = β·s^μ + salience.logs[μ], the logits of `count` queries (count × d, row-major): s = dot8(q, k^μ), or dot16 where sums are
   * f32 (reference/single.ts), times scales[μ] or
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
   * out[b·M + μ] = w_μ / Σ w: the weights with which `retrieve` reads out the keys for each of `count` queries, without a mask. All are 0
   * where none has weight.
   */
  associate(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    out: Float64Array,
  ): void

  /**
   * The k keys most similar to each query, the most similar first and among equals the lower index: indices[b·k + r], their
   * similarities, the logits at β = 1 without salience less shifts[b], and their weights as `associate` has them.
   * @param seen M flags, 0 where the key must not be seen, at least k are; the weights of those that are seen sum to 1. Or undefined.
   */
  mostSimilar(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    k: number,
    seen: Uint8Array | undefined,
    shifts: Float64Array,
    indices: Uint32Array,
    similarities: Float64Array,
    weights: Float64Array,
  ): void

  /**
   * One association of each query with the keys: out[b·e + c] = Σ_μ w_μ x_c^μ / Σ_μ w_μ, rounded once to f32. Weights are
   * rounded to f32, so that products are exact; Σ w_μ x^μ ascends in μ, Σ w_μ goes by dot8's order.
   *
   * softmax: w = exp(l^μ − l*), where l* is the largest logit and w is exactly 0 below l* − softmaxCut(M). But where β and
   * the norms, and saliences, bound logits to a span of softmaxSpread(M) (docs/numerics.md), l* is that upper bound, and nothing is cut: then
   * one pass over the keys is enough. sparsemax, entmax15, normmax: see reference/separators.ts. epanechnikov: w = 1 where l^μ − l° > −1,
   * and 0 elsewhere; l° is the upper bound of the query's logits, which a key at distance zero has. Where no key has weight, out is 0.
   *
   * Where sums are f32: w = singleExp(l^μ − l* rounded to f32); the products with WEIGHT_UNIT·w of each tile of KEY_TILE keys are
   * fused and added in f32, in ascending μ, and the sums of tiles in f64.
   *
   * potentials[2·b], [2·b + 1]: softmax l* and Σ w, so that log Σ e^l = l* + log Σ w; otherwise the conjugate function, or with
   * epanechnikov Σ max(0, 1 + l^μ − l°), and how many keys have weight.
   * @param mask count × M, 0 where the key must not be seen by the query, or M where the same keys are seen by all; of each query at
   *   least one is. Or undefined.
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

  /** As retrieve, on another thread where `parallel` says so; arrays and flag as for recallAsync. */
  retrieveAsync(
    memory: KeyMemory,
    queries: Float32Array,
    count: number,
    plan: RetrievalPlan,
    mask: Uint8Array | undefined,
    out: Float32Array | undefined,
    potentials: Float64Array,
    flag?: Flag,
  ): Promise<void>
}
