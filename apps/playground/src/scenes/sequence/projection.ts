/**
 * Weights under which each pattern recalls the next one, and the last the first: J = Σ_μν ξ^(μ+1) (C⁻¹)_μν ξ^νᵀ / N with the overlaps
 * C of the patterns (Personnaz, Guyon and Dreyfus 1986). For orthogonal patterns it is Hebb's rule for sequences; patterns that look
 * alike do not disturb each other either, so long as none is a sum of others. No neuron hears itself: the diagonal, of order P/N, is left out.
 * @returns N × N numbers, row-major; not symmetric.
 */
export function projectionToNext(patterns: Int8Array, neurons: number): Float64Array {
  const count = patterns.length / neurons
  const inverse = inverted(overlapsOf(patterns, neurons), count)
  const weights = new Float64Array(neurons * neurons)
  const dual = new Float64Array(neurons)
  for (let mu = 0; mu < count; mu++) {
    dual.fill(0)
    for (let nu = 0; nu < count; nu++) {
      const share = inverse[mu * count + nu] / neurons
      for (let j = 0; j < neurons; j++) dual[j] += share * patterns[nu * neurons + j]
    }
    const next = ((mu + 1) % count) * neurons
    for (let i = 0; i < neurons; i++) {
      for (let j = 0; j < neurons; j++) weights[i * neurons + j] += patterns[next + i] * dual[j]
    }
  }
  for (let i = 0; i < neurons; i++) weights[i * neurons + i] = 0
  return weights
}

function overlapsOf(patterns: Int8Array, neurons: number): Float64Array {
  const count = patterns.length / neurons
  const overlaps = new Float64Array(count * count)
  for (let mu = 0; mu < count; mu++) {
    for (let nu = 0; nu < count; nu++) {
      let sum = 0
      for (let i = 0; i < neurons; i++) sum += patterns[mu * neurons + i] * patterns[nu * neurons + i]
      overlaps[mu * count + nu] = sum / neurons
    }
  }
  return overlaps
}

/** By Gauss and Jordan. Overlaps of independent patterns are positive definite, so no pivot is zero. */
function inverted(matrix: Float64Array, size: number): Float64Array {
  const left = matrix.slice()
  const right = Float64Array.from(matrix, (_, k) => (k % (size + 1) === 0 ? 1 : 0))
  for (let pivot = 0; pivot < size; pivot++) {
    const by = 1 / left[pivot * size + pivot]
    for (let k = 0; k < size; k++) {
      left[pivot * size + k] *= by
      right[pivot * size + k] *= by
    }
    for (let row = 0; row < size; row++) {
      if (row === pivot) continue
      const share = left[row * size + pivot]
      for (let k = 0; k < size; k++) {
        left[row * size + k] -= share * left[pivot * size + k]
        right[row * size + k] -= share * right[pivot * size + k]
      }
    }
  }
  return right
}
