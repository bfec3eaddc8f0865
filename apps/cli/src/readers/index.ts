import { UsageError } from '../errors.js'
import { isFolder, readBytes } from '../files.js'
import { concatenate, type PatternSet } from '../patterns.js'
import { readCsv } from './csv.js'
import { isImage, readImages } from './images.js'
import { readNpy } from './npy.js'
import type { CodePoints } from './ranges.js'
import { readText } from './text.js'
import { readUnifont } from './unifont.js'

export interface ReadOptions {
  /** Which glyphs of a Unifont file to read; all by default. */
  range?: CodePoints | undefined
  /** Light pixels of an image are +1 instead of dark ones. */
  invert?: boolean
}

const KINDS = '.npy, .txt, .csv, .hex, .png, .pbm (each also with .gz), or a folder of images'

/** Patterns of several files and folders, in order. The kinds may differ. */
export function readPatterns(paths: readonly string[], options: ReadOptions): PatternSet {
  return concatenate(
    paths.map((path) => readOne(path, options)),
    paths,
  )
}

export function isUnifont(path: string): boolean {
  return /\.hex(\.gz)?$/i.test(path)
}

function readOne(path: string, { range, invert = false }: ReadOptions): PatternSet {
  if (isFolder(path) || isImage(path)) return readImages(path, invert)
  if (isUnifont(path)) return readUnifont(path, readBytes(path), range)
  if (/\.npy(\.gz)?$/i.test(path)) return readNpy(path, readBytes(path))
  if (/\.csv(\.gz)?$/i.test(path)) return readCsv(path, readBytes(path), invert)
  if (/\.txt(\.gz)?$/i.test(path)) return readText(path, readBytes(path))
  throw new UsageError(`${path}: the name of a pattern file must end in ${KINDS}`)
}
