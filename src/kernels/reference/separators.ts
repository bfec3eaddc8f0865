/**
 * Weights with exact zeros: the α-entmax family (Peters, Niculae and Martins 2019), α = 2 and 1.5. Both need the
 * threshold τ at which weights sum to one, from the largest logits down; ties change nothing, so any sort will do.
 */

/** Logits further than this below the largest weigh nothing: 1/(α − 1). */
export const REACH = { sparsemax: 1, entmax15: 2, normmax: 1 } as const

/** Those within reach of the largest, largest first, less the largest. */
function within(values: Float64Array, reach: number): { most: number; sorted: Float64Array } {
  let most = Number.NEGATIVE_INFINITY
  for (const z of values) if (z > most) most = z
  const near = values.filter((z) => z - most >= -reach)
  for (let k = 0; k < near.length; k++) near[k] -= most
  return { most, sorted: near.sort().reverse() }
}

/**
 * p = max(z − τ, 0) (Martins and Astudillo 2016, eq. 3). Weights are left as f32 rounds them; returns the conjugate
 * Σ p·z − (Σ p² − 1)/2, which is to sparsemax what log Σ e^z is to softmax.
 */
export function sparsemax(values: Float64Array, weights: Float32Array): number {
  const { most, sorted } = within(values, REACH.sparsemax)
  let sum = 0
  let threshold = 0
  let size = 0
  for (let k = 0; k < sorted.length; k++) {
    sum += sorted[k]
    const candidate = (sum - 1) / (k + 1)
    if (sorted[k] <= candidate) break
    threshold = candidate
    size = k + 1
  }
  let conjugate = 0
  for (let k = 0; k < size; k++) {
    const p = sorted[k] - threshold
    conjugate += p * sorted[k] - p * p * 0.5
  }
  for (let mu = 0; mu < values.length; mu++) {
    const p = values[mu] - most - threshold
    weights[mu] = p > 0 ? p : 0
  }
  return most + (conjugate + 0.5)
}

/** τ at which Σ max(factor·z − τ, 0)² is 1, of sorted z, and how many terms there are (Peters et al. 2019, algorithm 2). */
function rootThreshold(sorted: Float64Array, factor: number): { threshold: number; size: number } {
  let sum = 0
  let squares = 0
  let threshold = 0
  let size = 0
  for (let k = 0; k < sorted.length; k++) {
    const z = sorted[k] * factor
    sum += z
    squares += z * z
    const n = k + 1
    const mean = sum / n
    const spread = squares - sum * mean
    const inside = (1 - spread) / n
    const candidate = inside > 0 ? mean - Math.sqrt(inside) : mean
    if (z <= candidate) break
    threshold = candidate
    size = n
  }
  return { threshold, size }
}

/** p = max(z/2 − τ, 0)². As sparsemax; the conjugate is Σ p·z − (Σ p^1.5 − 1)·4/3. */
export function entmax15(values: Float64Array, weights: Float32Array): number {
  const { most, sorted } = within(values, REACH.entmax15)
  const { threshold, size } = rootThreshold(sorted, 0.5)
  let conjugate = 0
  for (let k = 0; k < size; k++) {
    const t = sorted[k] * 0.5 - threshold
    const p = t * t
    conjugate += p * sorted[k] - (p * t * 4) / 3
  }
  for (let mu = 0; mu < values.length; mu++) {
    const t = (values[mu] - most) * 0.5 - threshold
    weights[mu] = t > 0 ? t * t : 0
  }
  return most + (conjugate + 4 / 3)
}

/**
 * p ∝ max(z − τ, 0), where the squares of these sum to 1 (Santos et al. 2025: normmax with α = 2). Weights are left as f32 rounds them, not
 * yet divided by their sum T. The conjugate Σ p·z − ‖p‖ + 1 is τ + 1: Σ p·z is τ + 1/T, and ‖p‖ is 1/T.
 */
export function normmax(values: Float64Array, weights: Float32Array): number {
  const { most, sorted } = within(values, REACH.normmax)
  const { threshold } = rootThreshold(sorted, 1)
  for (let mu = 0; mu < values.length; mu++) {
    const p = values[mu] - most - threshold
    weights[mu] = p > 0 ? p : 0
  }
  return most + (threshold + 1)
}

/**
 * w = 1 where t = 1 + (z − most) > 0 (Hoover et al. 2025): the keys of a ball, whose radius is √(2/β) where z = −½β‖q − k‖² + most. Returns
 * Σ t, whose logarithm is to this what log Σ e^z is to softmax.
 * @param most what no logit exceeds.
 */
export function epanechnikov(values: Float64Array, weights: Float32Array, most: number): number {
  let sum = 0
  for (let mu = 0; mu < values.length; mu++) {
    const t = values[mu] - most + 1
    weights[mu] = t > 0 ? 1 : 0
    if (t > 0) sum += t
  }
  return sum
}
