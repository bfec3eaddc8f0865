import { within } from '../errors.js'
import { type Given, integer, option, type Read, unread } from '../input/options.js'
import type { NumbersLike } from '../input/typed-arrays.js'
import { seedWords } from '../input/validate.js'
import type { RecallOptions } from '../memories/bipolar/recall-options.js'
import type { BatchResult } from '../memories/bipolar/recall-result.js'
import { addNoise } from '../patterns/corruption.js'
import type { RecallNetwork } from './networks.js'

/** Options of the recalls that the diagnostics make; the network checks them. */
export const RECALLING = {
  dynamics: unread<NonNullable<RecallOptions['dynamics']>>(),
  order: unread<NonNullable<RecallOptions['order']>>(),
  tie: unread<NonNullable<RecallOptions['tie']>>(),
  maxSweeps: unread<number>(),
  externalField: unread<NumbersLike>(),
  temperature: unread<NonNullable<RecallOptions['temperature']>>(),
}

/** Options of every diagnostic that recalls. */
export const TRIALS = {
  /** Cues per pattern, and per noise; 1 by default. */
  trials: integer(1, 2 ** 30, 1),
  /** 64-bit seed; 0 by default. */
  seed: option<number | bigint>(0, (name, value) => {
    seedWords(value, name)
    return value as number | bigint
  }),
  ...RECALLING,
}

/** Recall options that the diagnostics pass on. */
export type DiagnosticRecallOptions = Given<typeof RECALLING>

/** Recalls of one pattern from `trials` noisy cues: the wrong bits of each, and whether it converged. */
export interface NoisyRecall {
  wrong: Uint32Array
  converged: Uint8Array
}

/** Cue t uses stream `stream + t` for its noise and its recall. */
export function noisyRecall(
  network: RecallNetwork,
  pattern: Int8Array,
  request: { method: string; noise: number; trials: number; seed: number | bigint; stream: number },
  options: DiagnosticRecallOptions,
): NoisyRecall {
  const { method, noise, trials, seed, stream } = request
  const n = network.neurons
  const cues = new Int8Array(trials * n)
  for (let t = 0; t < trials; t++) {
    cues.set(addNoise(pattern, { noise, seed, stream: stream + t }), t * n)
  }
  const { states, converged } = recalled(method, network, cues, { ...options, seed, stream })
  const wrong = new Uint32Array(trials)
  for (let k = 0; k < states.length; k++) {
    if (states[k] !== pattern[k % n]) wrong[Math.floor(k / n)]++
  }
  return { wrong, converged }
}

/** The network says what is wrong with the options; the caller knows them as those of another method. */
function recalled(
  method: string,
  network: RecallNetwork,
  cues: Int8Array,
  options: DiagnosticRecallOptions & { seed: number | bigint; stream: number },
): BatchResult<Int8Array> {
  try {
    return network.recallBatch(cues, options)
  } catch (error) {
    throw within(method, error)
  }
}

/** The recall options among those that were read. */
export function passedOn(options: Read<typeof RECALLING>): DiagnosticRecallOptions {
  const keys = Object.keys(RECALLING) as (keyof typeof RECALLING)[]
  const given = keys.filter((key) => options[key] !== undefined)
  return Object.fromEntries(given.map((key) => [key, options[key]]))
}
