import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { DataError, reasonOf } from '../errors.js'
import { isFolder, readBytes } from '../files.js'
import { type Glyph, gather, type PatternSet } from '../patterns.js'
import { otsu } from './otsu.js'
import { readPbm } from './pbm.js'
import { readPng } from './png.js'

export function isImage(path: string): boolean {
  return /\.(png|pbm)(\.gz)?$/i.test(path)
}

/** One image, or every PNG and PBM of a folder in the order of their names. Dark pixels are +1, like ink on paper. */
export function readImages(path: string, invert: boolean): PatternSet {
  const files = isFolder(path) ? imagesIn(path) : [path]
  return gather(
    path,
    files.map((file) => readImage(file, invert)),
  )
}

function imagesIn(folder: string): string[] {
  let names: string[]
  try {
    names = readdirSync(folder).filter(isImage).sort()
  } catch (error) {
    throw new DataError(`cannot read ${folder}: ${reasonOf(error)}`)
  }
  if (names.length === 0) throw new DataError(`${folder}: the folder has no .png or .pbm image`)
  return names.map((name) => join(folder, name))
}

function readImage(path: string, invert: boolean): Glyph {
  const bytes = readBytes(path)
  const { width, height, grey } = /\.png(\.gz)?$/i.test(path) ? readPng(path, bytes) : readPbm(path, bytes)
  const threshold = otsu(grey)
  const state = Int8Array.from(grey, (level) => (level <= threshold !== invert ? 1 : -1))
  return { name: basename(path).replace(/\.(png|pbm)(\.gz)?$/i, ''), grid: { width, height }, state }
}
