import { formatGlyph } from 'hopfield-native'
import type { Grid } from '../patterns.js'

/** Drawings in # and . separated by blank lines, as readers/text.ts reads them. */
export function formatText(states: Int8Array, neurons: number, { width }: Grid): string {
  const glyphs: string[] = []
  for (let at = 0; at < states.length; at += neurons) {
    glyphs.push(`${formatGlyph(states.subarray(at, at + neurons), { width })}\n`)
  }
  return glyphs.join('\n')
}
