import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, type LearningRule } from '../../src/index.js'
import { sameStates } from '../helpers/statistics.js'
import { HAS_GLYPHS, readGlyphs } from '../helpers/unifont.js'

describe.runIf(HAS_GLYPHS)('64 ideographs of 16×16 pixels from 20 % noise', () => {
  const glyphs = HAS_GLYPHS ? readGlyphs() : new Map<number, Int8Array>()
  const stored = Array.from({ length: 64 }, (_, k) => glyphs.get(0x4e00 + k) ?? new Int8Array(0))

  function share(learning: LearningRule): number {
    const net = new HopfieldNetwork({ neurons: 256, learning }).store(stored)
    const cues = Array.from({ length: 40 * 64 }, (_, b) => addNoise(stored[b % 64], { noise: 0.2, seed: b }))
    const { states } = net.recallBatch(cues, { seed: 1 })
    return (
      cues.filter((_, b) => sameStates(states.subarray(256 * b, 256 * (b + 1)), stored[b % 64])).length /
      cues.length
    )
  }

  it('come back most often after dreams, then with a margin, then by the pseudo-inverse', () => {
    const dreams = share({ kind: 'daydreaming', dreams: 60_000 })
    const margin = share({ kind: 'perceptron', margin: 0.5 })
    expect(dreams).toBeGreaterThan(0.8)
    expect(dreams).toBeGreaterThan(margin + 0.1)
    expect(margin).toBeGreaterThan(share({ kind: 'pseudoinverse' }) + 0.1)
  })
})
