import { UsageError } from '../errors.js'
import { isFolder, readBytes } from '../files.js'
import { concatenate, type Grid, type PatternSet } from '../patterns.js'
import { readCsv } from './csv.js'
import { isImage, readImages } from './images.js'
import { readNpy, readNpz } from './npy.js'
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
  /** Which array of a .npz file to read; by default its only one. */
  array?: string | undefined
}

const KINDS =
  '.npy, .npz, .txt, .csv, .hex, .png, .pbm, .jpg, .gif, .webp (each also with .gz), or a folder of images'

/** What a help text says of input files. */
export const INPUT_FILES = `
Input files, by the ending of the name (each may end in .gz as well):
  .npy          ±1, or 0 and 1; one axis is one pattern, two are P×N,
                three are P×height×width
  .npz          one such array; --array says which if there are several
  .csv          one picture per row: a square number of grey values,
                then a label or nothing
  .txt          drawings in # 1 X (+1) and . 0 (-1), separated by blank lines
  .hex          GNU Unifont; --range chooses glyphs
  .png .pbm .jpg .gif .webp
                one picture per file, or a folder of files; dark pixels are +1
                (Otsu's threshold), with --invert light ones; --size 32x32 scales
                them to one size`

/** Patterns of several files and folders, in order. The kinds may differ. */
export async function readPatterns(paths: readonly string[], options: ReadOptions): Promise<PatternSet> {
  const sets: PatternSet[] = []
  for (const path of paths) sets.push(await readOne(path, options))
  return concatenate(sets, paths)
}

export function isUnifont(path: string): boolean {
  return /\.hex(\.gz)?$/i.test(path)
}

async function readOne(
  path: string,
  { range, invert = false, size, array }: ReadOptions,
): Promise<PatternSet> {
  if (path === '') throw new UsageError('the name of a pattern file is empty')
  if (isFolder(path) || isImage(path)) return readImages(path, { invert, size })
  if (isUnifont(path)) return readUnifont(path, readBytes(path), range)
  if (/\.npy(\.gz)?$/i.test(path)) return readNpy(path, readBytes(path))
  if (/\.npz(\.gz)?$/i.test(path)) return readNpz(path, readBytes(path), array)
  if (/\.csv(\.gz)?$/i.test(path)) return readCsv(path, readBytes(path), invert)
  if (/\.txt(\.gz)?$/i.test(path)) return readText(path, readBytes(path))
  throw new UsageError(`${path}: the name of a pattern file must end in ${KINDS}`)
}
