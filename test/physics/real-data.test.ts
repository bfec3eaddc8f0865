import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork, type LearningRule } from '../../src/index.js'
import { VARIANTS } from '../helpers/backends.js'
import { proportionError, sameStates } from '../helpers/statistics.js'
import { HAS_GLYPHS, readGlyphs } from '../helpers/unifont.js'

describe.runIf(HAS_GLYPHS)('glyphs of 16×16 pixels', () => {
  const glyphs = HAS_GLYPHS ? readGlyphs() : new Map<number, Int8Array>()
  const glyph = (code: number): Int8Array => glyphs.get(code) ?? new Int8Array(0)
  // Half of their pixels inked and no two of them with an overlap beyond 6/256: as good as random patterns.
  const dissimilar = [0x2738, 0x337f, 0x91bb].map(glyph)
  const consecutive = Array.from({ length: 32 }, (_, k) => glyph(0x4e00 + k))

  it('are read as the right pixels', () => {
    // U+4E00, the numeral one, is a single stroke across the middle.
    expect(consecutive[0].filter((s) => s === 1).length).toBeLessThan(20)
  })

  it('include three that are dissimilar', () => {
    const overlaps = [
      [0, 1],
      [0, 2],
      [1, 2],
    ].map(([a, b]) => dissimilar[a].reduce((sum, s, i) => sum + s * dissimilar[b][i], 0))
    expect(Math.max(...overlaps.map(Math.abs))).toBeLessThanOrEqual(6)
  })

  for (const { backend, weights } of VARIANTS) {
    /** How many of the glyphs come back exactly from 20 % noise, under ten seeds each. */
    const recalled = (stored: Int8Array[]): number => {
      const net = new HopfieldNetwork({ neurons: 256, backend, weights }).store(stored)
      let exact = 0
      for (let seed = 0; seed < 10; seed++) {
        for (const xi of stored) {
          if (sameStates(net.recall(addNoise(xi, { noise: 0.2, seed }), { seed }).state, xi)) exact++
        }
      }
      return exact
    }

    it(`that are dissimilar are recalled from 20 % noise every time, ${backend}, ${weights}`, () => {
      expect(recalled(dissimilar)).toBe(30)
    })

    it(`that are 32 consecutive ideographs are never recalled by Hebb's rule, ${backend}, ${weights}`, () => {
      expect(recalled(consecutive)).toBe(0)
    })

    it(`that are 32 consecutive ideographs are no fixed points either, ${backend}, ${weights}`, () => {
      const net = new HopfieldNetwork({ neurons: 256, backend, weights }).store(consecutive)
      expect(consecutive.filter((xi) => net.isFixedPoint(xi))).toEqual([])
    })
  }

  const ideographs = Array.from({ length: 64 }, (_, k) => glyph(0x4e00 + k))

  /** Share of the first `count` ideographs that come back exactly, ten noises each. */
  function share(learning: LearningRule, count: number, fraction: number): number {
    const stored = ideographs.slice(0, count)
    const net = new HopfieldNetwork({ neurons: 256, learning }).store(stored)
    const cues = Array.from({ length: 10 * count }, (_, b) =>
      addNoise(stored[b % count], { noise: fraction, seed: b }),
    )
    const { states } = net.recallBatch(cues, { seed: 1 })
    const exact = cues.filter((_, b) =>
      sameStates(states.subarray(256 * b, 256 * (b + 1)), stored[b % count]),
    )
    return exact.length / cues.length
  }

  // By an independent NumPy program, 30 noises a glyph: zero diagonal, one neuron at a time in random order.
  for (const [count, fraction, expected] of [
    [32, 0.1, 0.878],
    [32, 0.2, 0.771],
    [64, 0.1, 0.835],
    [64, 0.2, 0.467],
  ]) {
    it(`are brought back by the pseudo-inverse, ${count} of them from ${100 * fraction} % noise, as another program finds`, () => {
      const error = Math.hypot(proportionError(expected, 10 * count), proportionError(expected, 30 * count))
      expect(Math.abs(share({ kind: 'pseudoinverse' }, count, fraction) - expected)).toBeLessThan(4 * error)
      expect(share({ kind: 'hebbian' }, count, fraction)).toBe(0)
    })
  }

  it('have wider basins where perceptrons learn them with a margin', () => {
    const margin = share({ kind: 'perceptron', margin: 0.5 }, 64, 0.2)
    expect(margin).toBeGreaterThan(share({ kind: 'pseudoinverse' }, 64, 0.2) + 0.1)
  })
})
