import { paddedStride, rowWords, spin } from '../kernels/contract/layout.js'
import type { MatrixLearner } from '../storage/learner.js'
import { paddedIntegers } from '../storage/matrix-arrays.js'
import type { Rule, Settings, Site } from './rule.js'
import { integer, number } from './rule-options.js'

/** Every neuron is a perceptron of optimal stability (Krauth and Mézard 1987); `learningReport` has the stability reached. */
export interface MinimalOverlapOptions {
  kind: 'minimal-overlap'
  /** c ≥ 0: a neuron has learned when ξ_i h_i > c in every pattern. A larger c comes nearer to the optimum; 10 by default. */
  bound?: number
  /** Most steps per neuron, 1 to 2^31 − 1; 100,000 by default. Each step learns one pattern. */
  maxSteps?: number
}

export interface MinimalOverlapReport {
  /** Minimal overlap: steps of each neuron; 0 if maxSteps were not enough. */
  readonly steps: Uint32Array
  /** Minimal overlap: κ_i = min_μ ξ_i^μ h_i^μ/‖J_i‖ of each neuron; 0 if nothing is stored. */
  readonly kappa: Float64Array
  /** Minimal overlap: an upper bound of κ_i for any weights, proved by the learning itself. */
  readonly kappaLimit: Float64Array
  /** Whether every neuron learned: each pattern has the margin, or the stability that ends the learning. */
  readonly converged: boolean
}

/**
 * Each neuron learns, step by step, the pattern that is least stable by then, adding ξ_i^μ ξ_j^μ to J_ij for j ≠ i, until ξ_i^μ h_i^μ > c in
 * all of them (h with 1/N). Steps have M² κ_opt² ≤ ‖J_i‖² ≤ M·(2cN + N − 1), J_i counted without 1/N and κ_opt being the largest stability
 * there is, so that M ≤ (2cN + N − 1)/κ_opt², and what is reached lies between κ_opt·c/(2c + 1) and κ_opt; it tends to κ_opt as c grows
 * (Krauth and Mézard 1987). ‖J_i‖/M is therefore never less than κ_opt. O(P) a step, O(P²N) for overlaps.
 */
export const minimalOverlap: Rule<MinimalOverlapOptions, MinimalOverlapReport> = {
  kind: 'minimal-overlap',
  title: 'perceptrons of optimal stability (Krauth and Mézard 1987)',
  weights: 'iterated',
  holds: '2 N',
  page: 'minimal-overlap.md',
  options: { bound: number(10, 0, 1e9), maxSteps: integer(100_000, 1, 2 ** 31 - 1) },
  /** As for all perceptrons (Cover 1965; Gardner 1988). */
  capacity: () => ({ errorFree: 2 }),
  learners: (site, settings) => ({ matrix: minimalOverlaps(site, settings) }),
}

/** Integers below this are exact. */
const LARGEST_SQUARE = 2 ** 53

/** Every change of the patterns learns all of them again, from zero. */
function minimalOverlaps(
  { kernels, neurons }: Site,
  { bound, maxSteps }: Settings<MinimalOverlapOptions>,
): MatrixLearner<MinimalOverlapReport> {
  const nothing = (): Float64Array => new Float64Array(neurons)
  let report: MinimalOverlapReport = {
    steps: new Uint32Array(neurons),
    kappa: nothing(),
    kappaLimit: nothing(),
    converged: true,
  }
  return {
    divisor: neurons,
    report: () => report,
    learn(rows, count) {
      const weights = paddedIntegers(neurons)
      const told = { steps: new Uint32Array(neurons), kappa: nothing(), kappaLimit: nothing() }
      let converged = true
      if (count > 0) {
        const overlaps = new Int32Array(count * count)
        kernels.overlaps(rows, count, neurons, rows, count, overlaps)
        const patterns = new Int8Array(count * neurons)
        kernels.unpack(rows, count, neurons, patterns)
        const [words, stride] = [rowWords(neurons), paddedStride(neurons)]
        for (let i = 0; i < neurons; i++) {
          const spins = Int8Array.from({ length: count }, (_, mu) => spin(rows, i, mu * words))
          const learned = learn(spins, overlaps, { neurons, least: bound * neurons, maxSteps })
          told.kappa[i] = learned.square === 0 ? 0 : learned.stability / Math.sqrt(learned.square)
          told.kappaLimit[i] = Math.sqrt(learned.square) / learned.steps
          if (learned.stability > bound * neurons) told.steps[i] = learned.steps
          else converged = false
          addUp(weights.subarray(i * stride, i * stride + neurons), patterns, spins, learned.times)
          weights[i * stride + i] = 0
        }
      }
      report = { ...told, converged }
      return weights
    },
  }
}

interface Learned {
  /** How often each pattern was learned. */
  readonly times: Uint32Array
  readonly steps: number
  /** The least ξ_i h_i, and ‖J_i‖², without 1/N. */
  readonly stability: number
  readonly square: number
}

/** One neuron. A step changes its fields in all patterns by a row of the overlaps minus the neuron's own part. */
function learn(
  spins: Int8Array,
  overlaps: Int32Array,
  { neurons, least, maxSteps }: { neurons: number; least: number; maxSteps: number },
): Learned {
  const count = spins.length
  const times = new Uint32Array(count)
  const aligned = new Float64Array(count)
  const changes = Float64Array.from(
    overlaps,
    (v, k) => spins[Math.floor(k / count)] * spins[k % count] * v - 1,
  )
  let [square, steps, weakest, stability] = [0, 0, 0, 0]
  while (stability <= least && steps < maxSteps) {
    const larger = square + 2 * stability + (neurons - 1)
    if (!(larger < LARGEST_SQUARE)) break
    square = larger
    steps++
    times[weakest]++
    const at = weakest * count
    stability = Number.POSITIVE_INFINITY
    for (let nu = 0; nu < count; nu++) {
      const next = aligned[nu] + changes[at + nu]
      aligned[nu] = next
      if (next < stability) {
        stability = next
        weakest = nu
      }
    }
  }
  return { times, steps, stability, square }
}

/** J_ij = Σ_μ times_μ ξ_i^μ ξ_j^μ. */
function addUp(row: Int32Array, patterns: Int8Array, spins: Int8Array, times: Uint32Array): void {
  for (const [mu, often] of times.entries()) {
    if (often === 0) continue
    const [base, change] = [mu * row.length, often * spins[mu]]
    for (let j = 0; j < row.length; j++) row[j] += change * patterns[base + j]
  }
}
