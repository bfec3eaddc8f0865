import { fraction, type Given, Schema } from '../input/options.js'
import { checkStored, type RecallNetwork } from './networks.js'
import { noisyRecall, passedOn, TRIALS } from './noisy-recall.js'

const ERRORS = {
  /** Share of neurons to flip in each cue, exactly round(noise·N) neurons; 0 by default. */
  noise: fraction(0),
  ...TRIALS,
}
const SCHEMA = new Schema(ERRORS)

export interface RetrievalErrorsOptions extends Given<typeof ERRORS> {}

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
  checkStored('retrievalErrors', network, ['recallBatch'])
  const read = SCHEMA.read('retrievalErrors', options)
  const { noise, trials, seed } = read
  const count = network.patternCount
  const recall = passedOn(read)
  const wrongBits = new Float64Array(count)
  const exactShare = new Float64Array(count)
  const convergedShare = new Float64Array(count)
  for (let mu = 0; mu < count; mu++) {
    const request = { method: 'retrievalErrors', noise, trials, seed, stream: mu * trials }
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
