import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork } from '../src/index.js'
import { VARIANTS } from './helpers/backends.js'
import { sameStates } from './helpers/statistics.js'
import { HAS_GLYPHS, readGlyphs } from './helpers/unifont.js'

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
          if (sameStates(net.recall(addNoise(xi, { fraction: 0.2, seed }), { seed }).state, xi)) exact++
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
})
