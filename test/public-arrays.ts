// Checked by `npm run types`, never run: arrays of results can be transferred and written to files, which takes an ArrayBuffer and
// not a SharedArrayBuffer. Only TypeScript from 5.7 on can say so; test/public-types.ts is for older ones too.
import { addNoise, HopfieldNetwork, ModernHopfield, randomPatterns } from 'hopfield-native'

const net = new HopfieldNetwork({ neurons: 25 })
const modern = new ModernHopfield({ dimension: 2 })

export const patterns: Int8Array<ArrayBuffer> = randomPatterns({ count: 2, neurons: 25 })
export const noisy: Int8Array<ArrayBuffer> = addNoise(patterns, { count: 3 })
export const state: Int8Array<ArrayBuffer> = net.recall(noisy).state
export const states: Int8Array<ArrayBuffer> = net.recallBatch(noisy).states
export const energies: Float64Array<ArrayBuffer> = net.energyBatch(states)
export const fields: Float64Array<ArrayBuffer> = net.localField(state)
export const found: Float32Array<ArrayBuffer> = modern.retrieve([1, 2]).state

// @ts-expect-error what it shares with workers is shared memory
export const memory: ArrayBuffer = net.share().memory
