import { columnWords, popcount32, spin } from '../kernels/contract/layout.js'
import { couple } from '../kernels/reference/coupled.js'
import type { Transposed } from './csr-transpose.js'
import type { Coupling } from './learner.js'

/** ξ_iᵀAξ_j of every connection from j to i, in their places: whole numbers, in 32 bits where they fit. */
export function connectionWeights(
  leads: Transposed,
  columns: Uint32Array,
  neurons: number,
  coupling: Omit<Coupling, 'divisor'> & { readonly count: number },
): Int32Array | Float64Array {
  const { count } = coupling
  if (coupling.coupling === 'diagonal' && coupling.couplings.every((x) => x === 1)) {
    return agreements(leads, columns, neurons, count)
  }
  const height = columnWords(count)
  const out = new Float64Array(leads.places.length)
  const [own, votes] = [new Int32Array(count), new Float64Array(count)]
  for (let j = 0; j < neurons; j++) {
    for (let mu = 0; mu < count; mu++) own[mu] = spin(columns, mu, j * height)
    couple(coupling, own, votes)
    for (let k = leads.starts[j]; k < leads.starts[j + 1]; k++) {
      const base = leads.sources[k] * height
      let sum = 0
      for (let mu = 0; mu < count; mu++) sum += spin(columns, mu, base) * votes[mu]
      out[leads.places[k]] = sum
    }
  }
  return out.every((x) => Math.abs(x) < 2 ** 31) ? Int32Array.from(out) : out
}

/** Σ_μ ξ_i^μ ξ_j^μ, 32 patterns at a time. */
function agreements(
  { starts, sources, places }: Transposed,
  columns: Uint32Array,
  neurons: number,
  count: number,
): Int32Array {
  const height = columnWords(count)
  const out = new Int32Array(places.length)
  for (let j = 0; j < neurons; j++) {
    for (let k = starts[j]; k < starts[j + 1]; k++) {
      let differing = 0
      const [a, b] = [sources[k] * height, j * height]
      for (let w = 0; w < height; w++) differing += popcount32(columns[a + w] ^ columns[b + w])
      out[places[k]] = count - 2 * differing
    }
  }
  return out
}
