import { checkFraction, checkInteger, checkOptions, seedWords } from '../input/validate.js'
import { checkStored, type RecallNetwork } from './networks.js'
import { type DiagnosticRecallOptions, noisyRecall, passedOn, RECALL_KEYS } from './noisy-recall.js'

export interface RetrievalErrorsOptions extends DiagnosticRecallOptions {
  /** Share of neurons to flip in each cue, exactly round(noise·N) neurons; 0 by default. */
  noise?: number
  /** Cues per pattern; 1 by default. */
  trials?: number
  /** 64-bit seed; 0 by default. */
  seed?: number | bigint
}

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
export function retrievalErrors(
  network: RecallNetwork,
  options: RetrievalErrorsOptions = {},
): RetrievalErrors {
  checkStored('retrievalErrors', network, ['recallBatch'])
  checkOptions('retrievalErrors', options, ['noise', 'trials', 'seed', ...RECALL_KEYS])
  const noise = checkFraction('noise', options.noise ?? 0)
  const trials = checkInteger('trials', options.trials ?? 1, 1, 2 ** 30)
  const { seed = 0 } = options
  seedWords(seed)
  const count = network.patternCount
  const recall = passedOn(options)
  const wrongBits = new Float64Array(count)
  const exactShare = new Float64Array(count)
  const convergedShare = new Float64Array(count)
  for (let mu = 0; mu < count; mu++) {
    const request = { noise, trials, seed, stream: mu * trials }
    const { wrong, converged } = noisyRecall(network, network.pattern(mu), request, recall)
    wrongBits[mu] = mean(wrong)
    exactShare[mu] = wrong.filter((bits) => bits === 0).length / trials
    convergedShare[mu] = mean(converged)
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

function mean(values: Uint32Array | Uint8Array | Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}
