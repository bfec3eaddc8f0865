import type { PackedPatterns } from 'hopfield-native'
import type { PatternSet } from './patterns.js'

/** For each cue the index of the stored pattern it equals before noise, or −1. */
export function originsOf(cues: PatternSet, stored: PatternSet): Int32Array {
  if (cues === stored) return Int32Array.from(stored.names, (_, mu) => mu)
  const indices = new Map<string, number>()
  for (const [mu, key] of keys(stored).entries()) if (!indices.has(key)) indices.set(key, mu)
  return Int32Array.from(keys(cues), (key) => indices.get(key) ?? -1)
}

function keys({ states, neurons, names }: PatternSet): string[] {
  const bytes = Buffer.from(states.buffer, states.byteOffset, states.byteLength)
  return names.map((_, mu) => bytes.toString('latin1', mu * neurons, (mu + 1) * neurons))
}

/** Whether cue b's recall ended in the pattern the cue was made from. Padding is zero in both. */
export function cameBack(states: PackedPatterns, b: number, stored: PackedPatterns, origin: number): boolean {
  const width = states.words.length / states.count
  for (let w = 0; w < width; w++) {
    if (states.words[b * width + w] !== stored.words[origin * width + w]) return false
  }
  return true
}
