import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { DataError, reasonOf } from '../errors.js'
import { writeWhole } from '../files.js'
import { gridOf, type PatternSet } from '../patterns.js'
import type { WriteOptions } from './options.js'
import { formatPicture } from './png.js'

const FILES_A_TURN = 32

/** One PNG per state, numbered so that the order of names is the order of cues. */
export async function writeFolder(folder: string, set: PatternSet, options: WriteOptions): Promise<void> {
  const { states, neurons, names } = set
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new DataError(`cannot create the folder ${folder}: ${reasonOf(error)}`)
  }
  const digits = String(names.length - 1).length
  for (const [b, name] of names.entries()) {
    const file = `${String(b).padStart(digits, '0')}-${name.replace(/[^\w.+-]+/g, '_')}.png`
    const state = states.subarray(b * neurons, (b + 1) * neurons)
    writeWhole(join(folder, file), formatPicture(state, gridOf(neurons, set.grid), options))
    if (b % FILES_A_TURN === FILES_A_TURN - 1) await setImmediate()
  }
}
