import type { PatternSet } from './patterns.js'

/** For each cue the stored pattern it was before any noise, or −1 where it is none. */
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

/** Whether cue b's state is the pattern the cue was made from. */
export function cameBack(states: Int8Array, b: number, stored: PatternSet, origin: number): boolean {
  const { neurons } = stored
  for (let i = 0; i < neurons; i++) {
    if (states[b * neurons + i] !== stored.states[origin * neurons + i]) return false
  }
  return true
}
