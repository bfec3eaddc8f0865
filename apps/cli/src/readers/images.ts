import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DataError, reasonOf } from '../errors.js'
import { isFolder, readBytes } from '../files.js'
import { type Glyph, type Grid, gather, type PatternSet } from '../patterns.js'
import type { GreyImage } from './grey-image.js'
import { otsu } from './otsu.js'
import { readPbm } from './pbm.js'
import { readPhoto, resized } from './photo.js'
import { readPng } from './png.js'

export function isImage(path: string): boolean {
  return ENDING.test(path)
}

const ENDING = /\.(png|pbm|jpe?g|gif|webp)(\.gz)?$/i

export interface ImageOptions {
  /** Light pixels are +1 instead of dark ones. */
  readonly invert: boolean
  /** The size to which all images are scaled. */
  readonly size: Grid | undefined
}

/** One image, or every image of a folder in the order of their names. Dark pixels are +1, like ink on paper. */
export async function readImages(path: string, options: ImageOptions): Promise<PatternSet> {
  const glyphs: Glyph[] = []
  for (const file of isFolder(path) ? imagesIn(path) : [path]) glyphs.push(await readImage(file, options))
  return gather(path, glyphs, '; --size 32x32 gives all pictures that size')
}

function imagesIn(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter(isImage).sort()
  } catch (error) {
    throw new DataError(`cannot read ${folder}: ${reasonOf(error)}`)
  }
  if (names.length === 0)
    throw new DataError(`${folder}: the folder has no .png, .pbm, .jpg, .gif or .webp image`)
  return names.map((name) => join(folder, name))
}

async function readImage(path: string, { invert, size }: ImageOptions): Promise<Glyph> {
  const whole = await decoded(path, readBytes(path))
  const { width, height, grey } = size === undefined ? whole : await resized(whole, size)
  const threshold = otsu(grey)
  const state = Int8Array.from(grey, (level) => (level <= threshold !== invert ? 1 : -1))
  return { name: basename(path).replace(ENDING, ''), grid: { width, height }, state }
}

async function decoded(path: string, bytes: Uint8Array): Promise<GreyImage> {
  if (/\.png(\.gz)?$/i.test(path)) return readPng(path, bytes)
  if (/\.pbm(\.gz)?$/i.test(path)) return readPbm(path, bytes)
  return readPhoto(path, bytes)
}
