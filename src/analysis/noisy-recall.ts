import type { RecallOptions } from '../memories/bipolar/recall-options.js'
import { addNoise } from '../patterns/corruption.js'
import type { RecallNetwork } from './networks.js'

/** Recall options that the diagnostics pass on. */
export type DiagnosticRecallOptions = Pick<
  RecallOptions,
  'dynamics' | 'order' | 'tie' | 'maxSweeps' | 'externalField' | 'temperature'
>

export const RECALL_KEYS: readonly string[] = [
  'dynamics',
  'order',
  'tie',
  'maxSweeps',
  'externalField',
  'temperature',
]

/** Recalls of one pattern from `trials` noisy cues: the wrong bits of each, and whether it converged. */
export interface NoisyRecall {
  wrong: Uint32Array
  converged: Uint8Array
}

/** Cue t uses stream `stream + t` for its noise and its recall. */
export function noisyRecall(
  network: RecallNetwork,
  pattern: Int8Array,
  request: { noise: number; trials: number; seed: number | bigint; stream: number },
  options: DiagnosticRecallOptions,
): NoisyRecall {
  const { noise, trials, seed, stream } = request
  const n = network.neurons
  const cues = new Int8Array(trials * n)
  for (let t = 0; t < trials; t++) {
    cues.set(addNoise(pattern, { noise, seed, stream: stream + t }), t * n)
  }
  const { states, converged } = network.recallBatch(cues, { ...options, seed, stream })
  const wrong = new Uint32Array(trials)
  for (let k = 0; k < states.length; k++) {
    if (states[k] !== pattern[k % n]) wrong[Math.floor(k / n)]++
  }
  return { wrong, converged }
}

/** The recall options among the given ones. */
export function passedOn(options: object): DiagnosticRecallOptions {
  return Object.fromEntries(Object.entries(options).filter(([key]) => RECALL_KEYS.includes(key)))
}
