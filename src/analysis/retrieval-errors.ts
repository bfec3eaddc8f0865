import { WHOLE, type WholeLimits } from '../async/async-options.js'
import type { Steps } from '../async/steps.js'
import { fraction, type Given, type Read, Schema } from '../input/options.js'
import { measureBeside, measureHere } from './doors.js'
import type { AsyncRecallNetwork, RecallNetwork } from './networks.js'
import { noisyRecalls, passedOn, TRIALS } from './noisy-recall.js'

const ERRORS = {
  /** Share of neurons to flip in each cue, exactly round(noise·N) neurons; 0 by default. */
  noise: fraction(0),
  ...TRIALS,
}
const SCHEMA = new Schema(ERRORS)

export interface RetrievalErrorsOptions extends Given<typeof ERRORS> {}

const ERRORS_ASYNC = { ...ERRORS, ...WHOLE }
const LATER = new Schema(ERRORS_ASYNC)

export interface RetrievalErrorsAsyncOptions extends Given<typeof ERRORS_ASYNC> {}

/** One value per pattern, and means over all patterns; see {@link retrievalErrors}. */
export interface RetrievalErrors {
  /** Mean wrong bits after recall. */
  wrongBits: Float64Array
  /** Share of cues recalled to the last bit. */
  exactShare: Float64Array
  /** Share of recalls that converged. */
  convergedShare: Float64Array
  mean: { wrongBits: number; exactShare: number; convergedShare: number }
}

/**
 * Recalls every stored pattern from noisy cues and counts the wrong bits. The same seed gives the same numbers everywhere.
 * @throws HopfieldError ERR_HOPFIELD_RANGE if no pattern is stored; ERR_HOPFIELD_RANGE, _TYPE or _OPTION naming the option.
 */
export function retrievalErrors(network: RecallNetwork, options?: RetrievalErrorsOptions): RetrievalErrors {
  return measureHere('retrievalErrors', network, () => SCHEMA.read('retrievalErrors', options), measure)
}

/**
 * As `retrievalErrors`, beside other work: the same numbers. It recalls with `recallAsync`. Do not change the network meanwhile.
 * @throws HopfieldError as `retrievalErrors`. The promise rejects; nothing is thrown.
 */
export async function retrievalErrorsAsync(
  network: AsyncRecallNetwork,
  options?: RetrievalErrorsAsyncOptions,
): Promise<RetrievalErrors> {
  return measureBeside(
    'retrievalErrorsAsync',
    network,
    () => LATER.read('retrievalErrorsAsync', options),
    measure,
  )
}

function* measure(
  method: string,
  network: RecallNetwork & Partial<AsyncRecallNetwork>,
  read: Read<typeof ERRORS>,
  limits: WholeLimits | undefined,
): Steps<RetrievalErrors> {
  const { noise, trials, seed } = read
  const count = network.patternCount
  const patterns = new Uint32Array(count).map((_, mu) => mu)
  const wrongBits = new Float64Array(count)
  const exactShare = new Float64Array(count)
  const convergedShare = new Float64Array(count)
  const tell = (mu: number, wrong: number, converged: boolean): void => {
    wrongBits[mu] += wrong
    if (wrong === 0) exactShare[mu]++
    if (converged) convergedShare[mu]++
  }
  const wanted = { method, patterns, noise, trials, seed, before: 0, total: count * trials }
  yield* noisyRecalls(network, wanted, passedOn(read), limits, tell)
  for (const sums of [wrongBits, exactShare, convergedShare]) {
    for (let mu = 0; mu < count; mu++) sums[mu] /= trials
  }
  return {
    wrongBits,
    exactShare,
    convergedShare,
    mean: {
      wrongBits: mean(wrongBits),
      exactShare: mean(exactShare),
      convergedShare: mean(convergedShare),
    },
  }
}

function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
