import { WHOLE, type WholeLimits } from '../async/async-options.js'
import type { Steps } from '../async/steps.js'
import { allocate, describe, HopfieldError } from '../errors.js'
import { readAscending } from '../input/ascending.js'
import { type Given, number, type Read, required, Schema, unread } from '../input/options.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import { checkIndex, element, lengthOf } from '../input/validate.js'
import { measureBeside, measureHere } from './doors.js'
import type { AsyncRecallNetwork, RecallNetwork } from './networks.js'
import { noisyRecalls, passedOn, TRIALS } from './noisy-recall.js'

const BASIN = {
  /** Indices of the patterns to recall; all by default. */
  patterns: unread<NumbersLike>(),
  /** Shares of neurons to flip, each from 0 to 1, ascending. */
  noise: required<NumbersLike, Float64Array>((name, value) => readAscending(name, value, 0, 1)),
  /** Least final overlap that counts as recalled, −1 to 1. 1 by default: recalled to the last bit. */
  overlap: number(-1, 1, 1),
  ...TRIALS,
}
const SCHEMA = new Schema(BASIN, { distances: 'is now called noise' })

export interface BasinOptions extends Given<typeof BASIN> {}

const BASIN_ASYNC = { ...BASIN, ...WHOLE }
const LATER = new Schema(BASIN_ASYNC, { distances: 'is now called noise' })

export interface BasinAsyncOptions extends Given<typeof BASIN_ASYNC> {}

/** How often recall succeeds, per noise; see {@link basin}. */
export interface Basin {
  /** Shares of neurons that were flipped. */
  noise: Float64Array
  /** Share of cues recalled, one value per noise. */
  probability: Float64Array
  /** Ends of the 95 % interval (Wilson 1927), for independent cues. */
  lower: Float64Array
  upper: Float64Array
  /** Noise at which the probability falls below ½, interpolated linearly; undefined if it does not within `noise`. */
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
  return measureHere('basin', network, () => SCHEMA.read('basin', options), measure)
}

/**
 * As `basin`, beside other work: the same numbers. It recalls with `recallAsync`. Do not change the network meanwhile.
 * @throws HopfieldError as `basin`. The promise rejects; nothing is thrown.
 */
export async function basinAsync(network: AsyncRecallNetwork, options: BasinAsyncOptions): Promise<Basin> {
  return measureBeside('basinAsync', network, () => LATER.read('basinAsync', options), measure)
}

function* measure(
  method: string,
  network: RecallNetwork & Partial<AsyncRecallNetwork>,
  read: Read<typeof BASIN>,
  limits: WholeLimits | undefined,
): Steps<Basin> {
  const { noise, trials, overlap, seed } = read
  const patterns = readIndices(`${method}: patterns`, read.patterns, network.patternCount)
  // m = 1 − 2·wrong/N: this many wrong bits still count as recalled. The slack is far below one bit.
  const allowed = ((1 - overlap) * network.neurons) / 2 + 1e-6
  const cues = patterns.length * trials
  const recalled = new Float64Array(noise.length)
  for (const [at, share] of noise.entries()) {
    const tell = (_: number, wrong: number): void => {
      if (wrong <= allowed) recalled[at]++
    }
    const [before, total] = [at * cues, noise.length * cues]
    const wanted = { method, patterns, noise: share, trials, seed, before, total }
    yield* noisyRecalls(network, wanted, passedOn(read), limits, tell)
  }
  const probability = recalled.map((hits) => hits / cues)
  return {
    noise,
    probability,
    lower: probability.map((p) => wilson(p, cues, -1)),
    upper: probability.map((p) => wilson(p, cues, 1)),
    radius: radiusOf(noise, probability),
  }
}

function wilson(p: number, count: number, side: 1 | -1): number {
  const square = Z * Z
  const half = Z * Math.sqrt((p * (1 - p)) / count + square / (4 * count * count))
  const end = (p + square / (2 * count) + side * half) / (1 + square / count)
  return Math.min(1, Math.max(0, end))
}

function radiusOf(noise: Float64Array, probability: Float64Array): number | undefined {
  for (let k = 1; k < noise.length; k++) {
    const [before, after] = [probability[k - 1], probability[k]]
    if (before >= 0.5 && after < 0.5) {
      const share = (before - 0.5) / (before - after)
      return noise[k - 1] + share * (noise[k] - noise[k - 1])
    }
  }
  return undefined
}

function readIndices(name: string, given: unknown, count: number): Uint32Array {
  if (given === undefined) return new Uint32Array(count).map((_, mu) => mu)
  const length = lengthOf(given)
  if (length < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected an array of indices, got ${describe(given)}`,
    )
  }
  if (length === 0) {
    throw new HopfieldError('ERR_HOPFIELD_RANGE', `${name}: expected at least one index, got none`)
  }
  const indices = allocate(name, length * 4, () => new Uint32Array(length))
  for (let k = 0; k < length; k++) {
    indices[k] = checkIndex(`${name}[${k}]`, element(given as ArrayLike<unknown>, k), count)
  }
  return indices
}
