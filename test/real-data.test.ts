import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { addNoise, HopfieldNetwork } from '../src/index.js'
import { VARIANTS } from './helpers/backends.js'
import { sameStates } from './helpers/statistics.js'

// Glyphs of GNU Unifont, 16×16 pixels: strongly correlated, which is what random patterns are not.
const PATH = join(import.meta.dirname, '../../shared/data/unifont-16x16.hex.gz')
const THERE = existsSync(PATH)
const MISSING = `${PATH} is absent: real inputs are not part of the repository`
if (!THERE && process.env['CI']) throw new Error(MISSING)
if (!THERE) console.warn(MISSING)

/** Glyphs by code point, +1 where there is ink. A line is CODEPOINT:64 hex digits, most significant bit left. */
function readGlyphs(): Map<number, Int8Array> {
  const lines = gunzipSync(readFileSync(PATH)).toString().trim().split('\n')
  return new Map(
    lines.map((line) => {
      const [code, digits] = line.split(':')
      const ink = (i: number): number => (Number.parseInt(digits[i >> 2], 16) >> (3 - (i & 3))) & 1
      return [Number.parseInt(code, 16), Int8Array.from({ length: 256 }, (_, i) => 2 * ink(i) - 1)]
    }),
  )
}

describe.runIf(THERE)('glyphs of 16×16 pixels', () => {
  const glyphs = THERE ? readGlyphs() : new Map<number, Int8Array>()
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
