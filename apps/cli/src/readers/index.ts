import { UsageError } from '../errors.js'
import { isFolder, readBytes } from '../files.js'
import { concatenate, type Grid, type PatternSet } from '../patterns.js'
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
  /** The size to which all images are scaled; by default they are read as they are. */
  size?: Grid | undefined
}

const KINDS =
  '.npy, .txt, .csv, .hex, .png, .pbm, .jpg, .gif, .webp (each also with .gz), or a folder of images'

/** Patterns of several files and folders, in order. The kinds may differ. */
export async function readPatterns(paths: readonly string[], options: ReadOptions): Promise<PatternSet> {
  const sets: PatternSet[] = []
  for (const path of paths) sets.push(await readOne(path, options))
  return concatenate(sets, paths)
}

export function isUnifont(path: string): boolean {
  return /\.hex(\.gz)?$/i.test(path)
}

async function readOne(path: string, { range, invert = false, size }: ReadOptions): Promise<PatternSet> {
  if (path === '') throw new UsageError('the name of a pattern file is empty')
  if (isFolder(path) || isImage(path)) return readImages(path, { invert, size })
  if (isUnifont(path)) return readUnifont(path, readBytes(path), range)
  if (/\.npy(\.gz)?$/i.test(path)) return readNpy(path, readBytes(path))
  if (/\.csv(\.gz)?$/i.test(path)) return readCsv(path, readBytes(path), invert)
  if (/\.txt(\.gz)?$/i.test(path)) return readText(path, readBytes(path))
  throw new UsageError(`${path}: the name of a pattern file must end in ${KINDS}`)
}
