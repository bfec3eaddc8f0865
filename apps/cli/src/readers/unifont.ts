import { DataError } from '../errors.js'
import { type Glyph, gather, type PatternSet } from '../patterns.js'
import { type CodePoints, formatCodePoint, formatCodePoints } from './ranges.js'

const HEIGHT = 16

/**
 * GNU Unifont: lines `CODEPOINT:digits`, 16 rows with one bit per pixel, the most significant bit on the left. 64 digits are a glyph 16 pixels
 * wide, 32 digits one 8 pixels wide.
 */
export function readUnifont(path: string, bytes: Uint8Array, range: CodePoints | undefined): PatternSet {
  const rows = readLines(path, new TextDecoder().decode(bytes))
  const codes = range === undefined ? [...rows.keys()] : chosen(path, rows, range)
  if (codes.length === 0) throw new DataError(`${path}: the file has no glyph`)
  const glyphs = codes.map((code) => glyphOf(path, code, rows.get(code) as string))
  return gather(path, glyphs, '; choose glyphs of one width with --range')
}

function readLines(path: string, text: string): Map<number, string> {
  const rows = new Map<number, string>()
  for (const [k, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue
    const match = /^([0-9a-f]{1,6}):([0-9a-f]+)\s*$/i.exec(line)
    if (match === null)
      throw new DataError(`${path}, line ${k + 1}: expected CODEPOINT:digits in hexadecimal`)
    rows.set(Number.parseInt(match[1], 16), match[2])
  }
  return rows
}

/** A single code point must exist; a range may have gaps, as Unicode has. */
function chosen(path: string, rows: Map<number, string>, range: CodePoints): number[] {
  const codes = new Set<number>()
  for (const [first, last] of range) {
    if (first === last && !rows.has(first)) {
      throw new DataError(`${path}: the file has no glyph for ${formatCodePoint(first)}`)
    }
    for (let code = first; code <= last; code++) if (rows.has(code)) codes.add(code)
  }
  if (codes.size === 0)
    throw new DataError(`${path}: the file has no glyph in the range ${formatCodePoints(range)}`)
  return [...codes]
}

function glyphOf(path: string, code: number, digits: string): Glyph {
  const name = formatCodePoint(code)
  if (digits.length !== 32 && digits.length !== 64) {
    throw new DataError(`${path}: ${name} has ${digits.length} digits; a glyph has 32 (8×16) or 64 (16×16)`)
  }
  const state = new Int8Array(digits.length * 4)
  for (let i = 0; i < state.length; i++) {
    const bit = (Number.parseInt(digits[i >> 2], 16) >> (3 - (i & 3))) & 1
    state[i] = bit === 1 ? 1 : -1
  }
  return { name, grid: { width: state.length / HEIGHT, height: HEIGHT }, state }
}
