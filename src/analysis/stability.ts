import { type Given, integer, Schema } from '../input/options.js'
import { checkStored, type FieldNetwork } from './networks.js'

const STABILITY = {
  /** Bins of the histogram, 1 to 65536; 20 by default. */
  bins: integer(1, 65_536, 20),
}
const SCHEMA = new Schema(STABILITY)

/** How stable the stored patterns are; see {@link stability}. */
export interface Stability {
  /** Smallest γ of each pattern: P values. A pattern whose smallest γ is above 0 is a fixed point. */
  minimum: Float64Array
  /** Smallest γ of all patterns. */
  least: number
  mean: number
  /** Share of the N·P neurons with γ < 0. */
  unstableShare: number
  /** Counts of γ between equally spaced edges; the last bin includes its upper edge. */
  histogram: { edges: Float64Array; counts: Uint32Array }
}

/**
 * γ_i^μ = ξ_i^μ h_i^μ for every neuron of every stored pattern, where h is the local field without external field. (Gardner 1988
 * also divides γ by the norm of the weights.) Takes P local fields and 8·N·P bytes.
 * @param options.bins bins of the histogram, 1 to 65536; 20 by default.
 * @throws HopfieldError ERR_HOPFIELD_RANGE if no pattern is stored; _RANGE, _TYPE or _OPTION naming the option.
 */
export function stability(network: FieldNetwork, options?: Given<typeof STABILITY>): Stability {
  checkStored('stability', network, ['localField'])
  const { bins } = SCHEMA.read('stability', options)
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

/** The part of γ that comes from other patterns; see {@link crosstalk}. */
export interface Crosstalk {
  /** P × N values, row-major. */
  values: Float64Array
  mean: number
  /** Variance of all values about their mean. */
  variance: number
}

/**
 * ξ_i^μ h_i^μ minus the pattern's own signal (N−1)/N. Where it is below −(N−1)/N, the neuron flips. It is meant for Hebb's weights with
 * the factor 1/N: for random patterns it is then a sum of (P−1)(N−1) fair ±1, divided by N (Hertz, Krogh and Palmer 1991).
 * @throws HopfieldError ERR_HOPFIELD_RANGE if no pattern is stored.
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
