import { extname } from 'node:path'
import { formatNpy } from 'hopfield-native'
import { UsageError } from '../errors.js'
import { isFolder, requireFolderAt, requireFolderFor, writeWhole } from '../files.js'
import { gridOf, type PatternSet } from '../patterns.js'
import { writeFolder } from './folder.js'
import type { WriteOptions } from './options.js'
import { formatSheet } from './png.js'
import { formatText } from './text.js'

export type Writer = (states: PatternSet, options: WriteOptions) => void | Promise<void>

/** The writer for a file name. Throws for an unknown ending, before any work is done. */
export function writerFor(path: string): Writer {
  const named = FORMATS[extname(path).toLowerCase()]
  if (named !== undefined && !path.endsWith('/') && isFolder(path)) {
    throw new UsageError(
      `--out ${path}: it is a folder; end the name in / to fill it with PNG files, or choose another name`,
    )
  }
  if (path.endsWith('/') || isFolder(path)) {
    requireFolderAt(path)
    return (states, options) => writeFolder(path, states, options)
  }
  if (named === undefined) {
    throw new UsageError(
      `--out ${path}: the name must end in .npy, .png, .txt, or / for a folder of PNG files`,
    )
  }
  requireFolderFor(path)
  return (states, options) => writeWhole(path, named(states, options))
}

const FORMATS: Record<string, (states: PatternSet, options: WriteOptions) => Uint8Array | string> = {
  '.npy': ({ states, neurons }) => formatNpy(states, [states.length / neurons, neurons]),
  '.png': (states, options) => formatSheet(states, gridOf(states.neurons, states.grid), options),
  '.txt': ({ states, neurons, grid }) => formatText(states, neurons, gridOf(neurons, grid)),
}
