import { HopfieldError } from '../errors.js'
import {
  checkFraction,
  checkIndex,
  checkInteger,
  checkLength,
  checkNumber,
  checkOptions,
  seedWords,
} from '../input/validate.js'
import { checkStored, type RecallNetwork } from './networks.js'
import { type DiagnosticRecallOptions, noisyRecall, passedOn, RECALL_KEYS } from './noisy-recall.js'

export interface BasinOptions extends DiagnosticRecallOptions {
  /** Indices of the patterns to recall; all by default. */
  patterns?: ArrayLike<number>
  /** Shares of neurons to flip, each from 0 to 1, ascending. */
  distances: ArrayLike<number>
  /** Cues per pattern and distance; 1 by default. */
  trials?: number
  /** 64-bit seed; 0 by default. */
  seed?: number | bigint
  /** Least final overlap that counts as recalled, −1 to 1. 1 by default: recalled to the last bit. */
  overlap?: number
}

/** How often recall succeeds, per distance; see {@link basin}. */
export interface Basin {
  distances: Float64Array
  /** Share of cues recalled, one value per distance. */
  probability: Float64Array
  /** Ends of the 95 % interval (Wilson 1927), for independent cues. */
  lower: Float64Array
  upper: Float64Array
  /** Distance at which the probability falls below ½, interpolated linearly; undefined if it does not within `distances`. */
  radius: number | undefined
}

/** The normal distribution's 97.5 % point. */
const Z = 1.959963984540054

/**
 * Measures how far a cue may be from a stored pattern and still recall it. The cue at a larger distance has the same flips as the
 * cue at a smaller one, and more.
 * @throws HopfieldError ERR_HOPFIELD_RANGE if no pattern is stored; _RANGE, _TYPE, _VALUE or _OPTION naming the option.
 */
export function basin(network: RecallNetwork, options: BasinOptions): Basin {
  checkStored('basin', network, ['recallBatch'])
  checkOptions('basin', options ?? null, [
    'patterns',
    'distances',
    'trials',
    'seed',
    'overlap',
    ...RECALL_KEYS,
  ])
  const { seed = 0 } = options
  const distances = readDistances(options.distances)
  const trials = checkInteger('trials', options.trials ?? 1, 1, 2 ** 30)
  const overlap = checkNumber('overlap', options.overlap ?? 1, -1, 1)
  seedWords(seed)
  const indices = readIndices(options.patterns, network.patternCount)
  const recall = passedOn(options)
  // m = 1 − 2·wrong/N: this many wrong bits still count as recalled. The slack is far below one bit.
  const allowed = ((1 - overlap) * network.neurons) / 2 + 1e-6
  const recalled = distances.map((noise) => {
    let hits = 0
    for (const [k, mu] of indices.entries()) {
      const request = { noise, trials, seed, stream: k * trials }
      const { wrong } = noisyRecall(network, network.pattern(mu), request, recall)
      for (const bits of wrong) if (bits <= allowed) hits++
    }
    return hits
  })
  const cues = indices.length * trials
  const probability = recalled.map((hits) => hits / cues)
  return {
    distances,
    probability,
    lower: probability.map((p) => wilson(p, cues, -1)),
    upper: probability.map((p) => wilson(p, cues, 1)),
    radius: radiusOf(distances, probability),
  }
}

function wilson(p: number, count: number, side: 1 | -1): number {
  const square = Z * Z
  const half = Z * Math.sqrt((p * (1 - p)) / count + square / (4 * count * count))
  const end = (p + square / (2 * count) + side * half) / (1 + square / count)
  return Math.min(1, Math.max(0, end))
}

function radiusOf(distances: Float64Array, probability: Float64Array): number | undefined {
  for (let k = 1; k < distances.length; k++) {
    const [before, after] = [probability[k - 1], probability[k]]
    if (before >= 0.5 && after < 0.5) {
      const share = (before - 0.5) / (before - after)
      return distances[k - 1] + share * (distances[k] - distances[k - 1])
    }
  }
  return undefined
}

function readDistances(given: unknown): Float64Array {
  const values = checkLength('distances', given, (given as ArrayLike<number> | undefined)?.length ?? 1)
  if (values.length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', 'distances: expected at least one number, got none')
  }
  const out = Float64Array.from(values, (x, k) => checkFraction(`distances[${k}]`, x))
  for (let k = 1; k < out.length; k++) {
    if (out[k] <= out[k - 1]) {
      throw new HopfieldError(
        'ERR_HOPFIELD_VALUE',
        `distances[${k}]: expected more than distances[${k - 1}], ${out[k - 1]}, got ${out[k]}`,
      )
    }
  }
  return out
}

function readIndices(given: unknown, count: number): number[] {
  if (given === undefined) return Array.from({ length: count }, (_, mu) => mu)
  const values = checkLength('patterns', given, (given as ArrayLike<number> | null)?.length ?? 1)
  if (values.length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', 'patterns: expected at least one index, got none')
  }
  return Array.from(values, (mu, k) => checkIndex(`patterns[${k}]`, mu, count))
}
