import { PackedPatterns } from 'hopfield-native'

/** States of ±1 neurons, packed for the way. */
export function packedStates(states: Int8Array, neurons: number): Uint32Array {
  return PackedPatterns.from(states, { neurons }).words
}

/** Rows from…to of packed patterns. */
export function rowsOf(patterns: PackedPatterns, from: number, to: number): PackedPatterns {
  const words = patterns.words.length / Math.max(patterns.count, 1)
  return new PackedPatterns({
    neurons: patterns.neurons,
    words: patterns.words.slice(from * words, to * words),
  })
}
