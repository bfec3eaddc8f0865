import { expect } from 'vitest'
import { addNoise, DenseAssociativeMemory, PackedPatterns, randomPatterns } from '../../src/index.js'
import type { Backend } from './backends.js'

const NEURONS = 256
const PORTION = 20_000

/**
 * Stores `count` random patterns of 256 neurons and expects what the least distance d of any two promises. With the radius d − 1 every
 * pattern comes back alone. With the radius ⌊d/2⌋ it does so from a cue with as many flipped neurons less one, because then every other
 * pattern is farther away than the radius; `noisy` cues ask that.
 */
export async function expectAllAlone(count: number, noisy: number, backend: Backend): Promise<void> {
  const patterns = randomPatterns({ count, neurons: NEURONS, seed: 1, packed: true })
  const make = (radius: number): DenseAssociativeMemory =>
    new DenseAssociativeMemory({
      neurons: NEURONS,
      interaction: { kind: 'epanechnikov', radius },
      backend,
    }).store(patterns)
  const { exact, radius: widest, closest } = await make(1).exactnessAsync()
  const [a, b] = [...closest].map((mu) => patterns.pattern(mu))
  expect(exact).toBe(true)
  expect(widest).toBe(a.filter((s, i) => s !== b[i]).length - 1)
  const all = make(widest)
  for (let from = 0; from < count; from += PORTION) {
    const own = rows(patterns, from, Math.min(from + PORTION, count))
    await expectAlone(all, own, own)
  }
  const radius = (widest + 1) >> 1
  const few = Array.from({ length: noisy }, (_, k) => patterns.pattern(Math.floor((k * count) / noisy)))
  const cues = few.map((pattern, stream) => addNoise(pattern, { count: radius - 1, seed: 2, stream }))
  await expectAlone(make(radius), packed(cues), packed(few))
}

const packed = (states: Int8Array[]): PackedPatterns => PackedPatterns.from(states, { neurons: NEURONS })

function rows(patterns: PackedPatterns, from: number, to: number): PackedPatterns {
  const stride = patterns.words.length / patterns.count
  return new PackedPatterns({ neurons: NEURONS, words: patterns.words.slice(from * stride, to * stride) })
}

/** Every cue ends in its pattern, and no other has a part in the energy there. */
async function expectAlone(
  net: DenseAssociativeMemory,
  cues: PackedPatterns,
  patterns: PackedPatterns,
): Promise<void> {
  const found = await net.recallAsync(cues, { dynamics: 'synchronous', packed: true })
  // One comparison of each kind, and not twenty thousand.
  expect(found.states.words.every((word, k) => word === patterns.words[k])).toBe(true)
  expect([...new Set(found.active)]).toEqual([1])
  expect([...new Set(found.converged)].map(Boolean)).toEqual([true])
}
