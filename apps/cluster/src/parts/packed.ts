import { PackedPatterns } from 'hopfield-native'

/** States of ±1 neurons, packed for the way. */
export function packedStates(states: Int8Array, neurons: number): Uint32Array {
  return PackedPatterns.from(states, { neurons }).words
}

/** Bytes of one such state: whole words of 64 bits up to 256 neurons, and whole blocks of 512 bits from there on. */
export function packedBytes(neurons: number): number {
  return neurons <= 256 ? 8 * Math.ceil(neurons / 64) : 64 * Math.ceil(neurons / 512)
}

/** Rows from…to of packed patterns. */
export function rowsOf(patterns: PackedPatterns, from: number, to: number): PackedPatterns {
  const words = patterns.words.length / Math.max(patterns.count, 1)
  return new PackedPatterns({
    neurons: patterns.neurons,
    words: patterns.words.slice(from * words, to * words),
  })
}
