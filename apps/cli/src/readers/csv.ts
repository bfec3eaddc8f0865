import { basename } from 'node:path'
import { type Grid, gather, type PatternSet } from '../patterns.js'
import { isSquare, readRows } from './csv-rows.js'
import { otsu } from './otsu.js'

/** Pictures as rows of grey values. Large values are ink and become +1, as dark pixels of an image do; with `invert` small ones. */
export function readCsv(path: string, bytes: Uint8Array, invert: boolean): PatternSet {
  const { pixels, most, rows } = readRows(path, bytes)
  const stem = basename(path).replace(/\.csv(\.gz)?$/i, '')
  const grid = gridOfRow(pixels)
  return gather(
    path,
    rows.map(({ values, label }, mu) => ({
      name: `${stem}[${mu}]${label === undefined ? '' : `=${label}`}`,
      grid,
      state: spins(values, most, invert),
    })),
  )
}

function spins(values: readonly number[], most: number, invert: boolean): Int8Array {
  const grey = Uint8Array.from(values, (x) => (most === 0 ? 255 : 255 - Math.round((x / most) * 255)))
  const threshold = otsu(grey)
  return Int8Array.from(grey, (level) => (level <= threshold !== invert ? 1 : -1))
}

function gridOfRow(pixels: number): Grid {
  const side = Math.sqrt(pixels)
  return isSquare(pixels) ? { width: side, height: side } : { width: pixels, height: 1 }
}
