import { basename } from 'node:path'
import { bipolar, HopfieldError } from 'hopfield-native'
import { DataError } from '../errors.js'
import { type Glyph, gather, type PatternSet } from '../patterns.js'

interface Block {
  readonly line: number
  readonly lines: string[]
}

/** Drawings separated by blank lines; marks as `bipolar` takes them. */
export function readText(path: string, bytes: Uint8Array): PatternSet {
  const blocks = blocksOf(new TextDecoder().decode(bytes))
  if (blocks.length === 0) throw new DataError(`${path}: the file has no glyph`)
  const stem = basename(path).replace(/\.txt(\.gz)?$/i, '')
  return gather(
    path,
    blocks.map((block, mu) => glyphOf(path, `${stem}[${mu}]`, block)),
  )
}

function blocksOf(text: string): Block[] {
  const blocks: Block[] = []
  let current: Block | undefined
  for (const [k, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') {
      current = undefined
      continue
    }
    if (current === undefined) {
      current = { line: k + 1, lines: [] }
      blocks.push(current)
    }
    current.lines.push(line)
  }
  return blocks
}

function glyphOf(path: string, name: string, { line, lines }: Block): Glyph {
  const drawing = lines.join('\n')
  try {
    const state = bipolar(drawing)
    const height = rowCount(lines, drawing)
    return { name, grid: { width: state.length / height, height }, state }
  } catch (error) {
    if (!(error instanceof HopfieldError)) throw error
    throw new DataError(`${path}, glyph at line ${line}: ${error.message.replace(/^bipolar: bits: /, '')}`)
  }
}

/** The rows may also stand on one line, separated by blanks, unless blanks are marks. */
function rowCount(lines: readonly string[], drawing: string): number {
  const blanksAreMarks = lines.length > 1 && !/[.0]/.test(drawing)
  return blanksAreMarks ? lines.length : drawing.trim().split(/\s+/).length
}
