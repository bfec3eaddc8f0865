import { addNoise, type HopfieldNetwork } from '../../src/index.js'

/** `count` cues near the stored patterns in turn, in one flat array. */
export function noisyCues(net: HopfieldNetwork, count: number, fraction = 0.1): Int8Array {
  const cues = new Int8Array(count * net.neurons)
  for (let b = 0; b < count; b++) {
    cues.set(addNoise(net.pattern(b % net.patternCount), { noise: fraction, seed: b }), b * net.neurons)
  }
  return cues
}
