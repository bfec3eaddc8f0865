import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { realData } from './data.js'

// Glyphs of GNU Unifont, 16×16 pixels: strongly correlated, which is what random patterns are not.
const PATH = realData('unifont-16x16.hex.gz')

/** Whether they are here. */
export const HAS_GLYPHS: boolean = PATH !== undefined

/** Glyphs by code point, +1 where there is ink. A line is CODEPOINT:64 hex digits, most significant bit left. */
export function readGlyphs(): Map<number, Int8Array> {
  const lines = gunzipSync(readFileSync(PATH as string))
    .toString()
    .trim()
    .split('\n')
  return new Map(
    lines.map((line) => {
      const [code, digits] = line.split(':')
      const glyph = new Int8Array(256)
      for (let d = 0; d < 64; d++) {
        const four = Number.parseInt(digits[d], 16)
        for (let k = 0; k < 4; k++) glyph[4 * d + k] = (four >> (3 - k)) & 1 ? 1 : -1
      }
      return [Number.parseInt(code, 16), glyph]
    }),
  )
}
