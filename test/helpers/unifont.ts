import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

// Glyphs of GNU Unifont, 16×16 pixels: strongly correlated, which is what random patterns are not.
const PATH = join(import.meta.dirname, '../../../shared/data/unifont-16x16.hex.gz')

/** Whether they are here: real inputs are no part of the repository. CI has them. */
export const HAS_GLYPHS: boolean = existsSync(PATH)
const MISSING = `${PATH} is absent: real inputs are not part of the repository`
if (!HAS_GLYPHS && process.env['CI']) throw new Error(MISSING)
if (!HAS_GLYPHS) console.warn(MISSING)

/** Glyphs by code point, +1 where there is ink. A line is CODEPOINT:64 hex digits, most significant bit left. */
export function readGlyphs(): Map<number, Int8Array> {
  const lines = gunzipSync(readFileSync(PATH)).toString().trim().split('\n')
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
