/**
 * Sums of random features of stored vectors (Rahimi and Recht 2007; Hoover et al. 2024): what a memory of fixed size keeps. The features of
 * x are cos 2πt_y and sin 2πt_y at the angles t = scale·R x, for Y frequencies.
 *
 * R is made of blocks of D = featureSide(d) rows each, and so are the sums: block b is H S₂ H S₁ H S₀, where H is the Hadamard matrix of
 * signs (Sylvester's, not normalised) and S_r flips the signs of those components whose bit is set in row 3b + r of `signs`, D/32 words
 * each (Yu et al. 2016). A vector has zeros behind its d-th component. H adds and subtracts pairs of components at distance 1, 2, 4, … in
 * this order: (a, b) becomes (a + b, a − b). A flip is x + (−2)·x. All of it in f64.
 */

/** Places of the numbers that say how features are made and read. */
export const FEATURES = {
  /** d, 1 to 65,536. */
  dimension: 0,
  /** Y, 1 to 2^24. */
  frequencies: 1,
  scale: 2,
  /** What the sum of densities is multiplied by. */
  unit: 3,
  /** What pulls are multiplied by. */
  gain: 4,
  length: 5,
} as const

/** Features are whole multiples of 1/FEATURE_ONE, and sums count those: they are exact in any order. */
export const FEATURE_ONE: number = 2 ** 24

/** D: the dimension of blocks, a power of two, at least 64. */
export function featureSide(dimension: number): number {
  return Math.max(64, 2 ** (32 - Math.clz32(dimension - 1)))
}

/** Number of blocks of frequencies; what is behind the Y-th in the last one has sums of 0. */
export function featureBlocks(dimension: number, frequencies: number): number {
  return Math.ceil(frequencies / featureSide(dimension))
}

/** Numbers of all sums: of each block D cosines, then D sines. */
export function featureSumLength(dimension: number, frequencies: number): number {
  return 2 * featureSide(dimension) * featureBlocks(dimension, frequencies)
}

/** Words of all signs. */
export function featureSignWords(dimension: number, frequencies: number): number {
  return (3 * featureSide(dimension) * featureBlocks(dimension, frequencies)) / 32
}

/** Sums of random features. */
export interface FeatureKernels {
  /**
   * sums += factor·round(FEATURE_ONE·feature) of each of `count` vectors, rounded to even.
   * @param features FEATURES.length numbers.
   * @param factor a whole number: 1 to store, −1 to forget.
   */
  addFeatures(
    features: Float64Array,
    signs: Uint32Array,
    vectors: Float32Array,
    count: number,
    factor: number,
    sums: Float64Array,
  ): void

  /**
   * Of each of `count` vectors x: densities[b] = unit·Σ_y (C_y cos 2πt_y + S_y sin 2πt_y), by dot8's order of y, C and S the sums; and pulls
   * = gain·(Rᵀ w) + density·x with w_y = S_y cos 2πt_y − C_y sin 2πt_y, 0 behind the Y-th. Rᵀ w is the sum over blocks, ascending, of
   * S₀ H S₁ H S₂ H w.
   * @param densities count numbers.
   * @param pulls count × d numbers.
   */
  askFeatures(
    features: Float64Array,
    signs: Uint32Array,
    sums: Float64Array,
    vectors: Float32Array,
    count: number,
    densities: Float64Array,
    pulls: Float64Array,
  ): void
}
