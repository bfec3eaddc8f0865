import { checkInteger, checkOptions } from '../input/validate.js'
import { checkStored, type FieldNetwork } from './networks.js'

/** How firmly stored patterns stand; see {@link stability}. */
export interface Stability {
  /** Least γ of each pattern: P values. A pattern with all γ > 0 is a fixed point. */
  minimum: Float64Array
  /** Least γ of all. */
  least: number
  mean: number
  /** Share of the N·P neurons with γ < 0. */
  unstableShare: number
  /** Counts of γ between equally spaced edges; the last bin includes its upper edge. */
  histogram: { edges: Float64Array; counts: Uint32Array }
}

/**
 * γ_i^μ = ξ_i^μ h_i^μ for every neuron of every stored pattern, h the local field without external field (Gardner 1988, whose
 * γ is divided by the norm of the weights too). O(P) local fields, 8·N·P bytes.
 * @param options.bins of the histogram, 1 to 65536; 20 by default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE where nothing is stored; _RANGE, _TYPE or _OPTION for the options.
 */
export function stability(network: FieldNetwork, options: { bins?: number } = {}): Stability {
  checkStored('stability', network, ['localField'])
  checkOptions('stability', options, ['bins'])
  const bins = checkInteger('bins', options.bins ?? 20, 1, 65536)
  const { neurons, patternCount } = network
  const all = aligned(network)
  const minimum = new Float64Array(patternCount).fill(Number.POSITIVE_INFINITY)
  let [most, sum, unstable] = [Number.NEGATIVE_INFINITY, 0, 0]
  for (let k = 0; k < all.length; k++) {
    const mu = Math.floor(k / neurons)
    const gamma = all[k]
    if (gamma < minimum[mu]) minimum[mu] = gamma
    if (gamma > most) most = gamma
    if (gamma < 0) unstable++
    sum += gamma
  }
  const least = minimum.reduce((a, b) => Math.min(a, b))
  const width = (most - least) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, b) => (b === bins ? most : least + b * width))
  const counts = new Uint32Array(bins)
  for (const gamma of all) {
    counts[width > 0 ? Math.min(bins - 1, Math.floor((gamma - least) / width)) : 0]++
  }
  return {
    minimum,
    least,
    mean: sum / all.length,
    unstableShare: unstable / all.length,
    histogram: { edges, counts },
  }
}

/** What the other patterns add to γ; see {@link crosstalk}. */
export interface Crosstalk {
  /** P × N values, row-major. */
  values: Float64Array
  mean: number
  /** Over all values, about their mean. */
  variance: number
}

/**
 * ξ_i^μ h_i^μ less the pattern's own signal (N−1)/N: below −(N−1)/N it turns the neuron. It is meant for Hebbian weights in the
 * textbook's normalization, where it is a sum of (P−1)(N−1) fair ±1, divided by N, over random patterns (Hertz, Krogh and
 * Palmer 1991).
 * @throws HopfieldError ERR_HOPFIELD_RANGE where nothing is stored.
 */
export function crosstalk(network: FieldNetwork): Crosstalk {
  checkStored('crosstalk', network, ['localField'])
  const signal = (network.neurons - 1) / network.neurons
  const values = aligned(network).map((gamma) => gamma - signal)
  const mean = values.reduce((sum, c) => sum + c, 0) / values.length
  const variance = values.reduce((sum, c) => sum + (c - mean) ** 2, 0) / values.length
  return { values, mean, variance }
}

/** γ, row-major. */
function aligned(network: FieldNetwork): Float64Array {
  const { neurons, patternCount } = network
  const out = new Float64Array(patternCount * neurons)
  for (let mu = 0; mu < patternCount; mu++) {
    const pattern = network.pattern(mu)
    const field = network.localField(pattern)
    for (let i = 0; i < neurons; i++) out[mu * neurons + i] = pattern[i] * field[i]
  }
  return out
}
