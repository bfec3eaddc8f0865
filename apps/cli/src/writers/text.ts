import { formatGlyph } from 'hopfield-native'
import type { Grid } from '../patterns.js'

/** Drawings in # and ., a blank line between them: what readers/text.ts reads. */
export function formatText(states: Int8Array, neurons: number, { width }: Grid): string {
  const glyphs: string[] = []
  for (let at = 0; at < states.length; at += neurons) {
    glyphs.push(`${formatGlyph(states.subarray(at, at + neurons), { width })}\n`)
  }
  return glyphs.join('\n')
}
