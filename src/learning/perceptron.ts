import { allocate } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'

/** Integer weights, all zero, N × N. */
export function integerWeights(neurons: number): Int32Array {
  return allocate('weights', neurons ** 2 * 4, () => new Int32Array(neurons ** 2))
}

export interface PerceptronOutcome {
  /** N × N integers, row-major, zero diagonal; not symmetric. */
  readonly weights: Int32Array
  /** Of each neuron, the first epoch, counted from 1, that changed nothing; NEVER_LEARNED where none did. */
  readonly epochs: Uint32Array
}

/**
 * Weights with a margin of κ or more, where there are any (Gardner 1988; Krauth and Mézard 1987; Diederich and Opper 1987): each neuron
 * is a perceptron that learns ξ_i^μ from the others, adding ξ_i^μ ξ_j^μ to J_ij while ξ_i^μ h_i^μ ≤ κ·‖J_i‖. Up to 2N random
 * patterns can be learned at κ = 0, and the rule ends if they can. O(P²N) for overlaps, O(P) a correction.
 * @param margin κ ≥ 0.
 * @param maxEpochs passes over the patterns, a neuron, 2^31 − 1 at most.
 * @param start weights to begin with, changed in place; zeros if undefined.
 */
export function perceptronWeights(
  kernels: Kernels,
  rows: Uint32Array,
  count: number,
  neurons: number,
  margin: number,
  maxEpochs: number,
  start?: Int32Array,
): PerceptronOutcome {
  const weights = start ?? integerWeights(neurons)
  const epochs = new Uint32Array(neurons)
  kernels.perceptron(rows, count, neurons, margin, maxEpochs, weights, epochs)
  return { weights, epochs }
}
