import { randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DataError, reasonOf, UsageError } from './errors.js'

/** The bytes of a file, inflated if its name ends in .gz. */
export function readBytes(path: string): Uint8Array {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (error) {
    throw new DataError(`cannot read ${path}: ${reasonOf(error)}`)
  }
  if (!path.endsWith('.gz')) return plain(bytes)
  try {
    return plain(gunzipSync(bytes))
  } catch (error) {
    throw new DataError(`cannot read ${path}: it is not a complete gzip file (${reasonOf(error)})`)
  }
}

/** The same memory as a Uint8Array: Buffer's slice() returns a view, Uint8Array's returns a copy. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false
}

/** undefined if the path cannot be examined; reading or writing it then reports why. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Throws if a file could not be written to this path; called before long work. */
export function requireFolderFor(path: string): void {
  if (path.endsWith('/') || isFolder(path)) throw new DataError(`cannot write ${path}: it is a folder`)
  const folder = dirname(path)
  try {
    if (statSync(folder).isDirectory()) {
      requireRight(folder, path)
      return
    }
  } catch (error) {
    throw new DataError(`cannot write ${path}: ${folder}: ${reasonOf(error)}`)
  }
  throw new DataError(`cannot write ${path}: ${folder} is not a folder`)
}

/** A new file takes the old one's place, so the folder must allow it; a device stays where it is. */
function requireRight(folder: string, path: string): void {
  const there = statusOf(path)
  if (there === undefined) accessSync(folder, constants.W_OK)
  else accessSync(there.isFile() ? dirname(realpathSync(path)) : path, constants.W_OK)
}

/** Throws if there could be no folder of this path; called before long work. */
export function requireFolderAt(path: string): void {
  let above = resolve(path)
  while (statusOf(above) === undefined && above !== dirname(above)) above = dirname(above)
  if (!isFolder(above)) throw new DataError(`cannot create the folder ${path}: ${above} is not a folder`)
  try {
    accessSync(above, constants.W_OK)
  } catch (error) {
    throw new DataError(`cannot write into the folder ${path}: ${above}: ${reasonOf(error)}`)
  }
}

/**
 * Throws if an output would take the place of an input, by whatever name, or would be put among the files of one. Called before long work.
 * @param flag the option that names the output.
 */
export function requireOther(flag: string, output: string, inputs: readonly string[]): void {
  const there = statusOf(output)
  if (there === undefined || !(there.isFile() || there.isDirectory())) return
  for (const input of inputs) {
    if (same(there, statusOf(input)))
      throw new UsageError(`${flag} ${output}: it is also an input; choose another name`)
    if (there.isDirectory() && same(there, statusOf(dirname(input)))) {
      throw new UsageError(`${flag} ${output}: the input ${input} is in that folder; choose another one`)
    }
  }
}

/**
 * Throws if two outputs have one name: the second would take the place of the first. Called before long work.
 * @param outputs the paths by the options that name them.
 */
export function requireApart(outputs: Readonly<Record<string, string | undefined>>): void {
  const flags = new Map<string, string>()
  for (const [flag, path] of Object.entries(outputs)) {
    const place = path === undefined ? undefined : placeOf(path)
    if (place === undefined) continue
    const other = flags.get(place)
    if (other !== undefined)
      throw new UsageError(`${flag} ${path}: it is also what ${other} writes; choose another name`)
    flags.set(place, flag)
  }
}

/** Throws if an output could not be written, or would take the place of an input or of another one; called before long work. */
export function requireOutputs(
  outputs: Readonly<Record<string, string | undefined>>,
  inputs: readonly string[],
): void {
  requireApart(outputs)
  for (const [flag, path] of Object.entries(outputs)) {
    if (path === undefined) continue
    requireFolderFor(path)
    requireOther(flag, path, inputs)
  }
}

/** One text for all names of a place, whether something is there or not; undefined for a device, which takes what comes. */
function placeOf(path: string): string | undefined {
  const there = statusOf(path)
  if (there !== undefined)
    return there.isFile() || there.isDirectory() ? `${there.dev}:${there.ino}` : undefined
  try {
    const made = madeAt(path)
    return join(realpathSync(dirname(made)), basename(made))
  } catch {
    return resolve(path)
  }
}

function same(a: Stats, b: Stats | undefined): boolean {
  return b !== undefined && a.dev === b.dev && a.ino === b.ino
}

/** Where a file is made that is not there yet: what a link leads to, if the path is one. */
function madeAt(path: string): string {
  let link: string
  try {
    link = readlinkSync(path)
  } catch {
    return path
  }
  return madeAt(resolve(realpathSync(dirname(path)), link))
}

/**
 * Writes the whole file or nothing: first a temporary file in the same folder, which is then renamed.
 *
 * Synchronous on purpose. main.ts handles SIGINT and SIGTERM, and such handlers run only between turns of the event
 * loop, so no signal can interrupt between the first byte and the rename.
 */
export function writeWhole(path: string, content: Uint8Array | string): void {
  try {
    const status = statusOf(path)
    // Renaming onto /dev/stdout or a pipe would replace the device.
    if (status !== undefined && !status.isFile()) {
      writeFileSync(path, content)
      return
    }
    const target = status === undefined ? madeAt(path) : realpathSync(path)
    const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}.tmp`)
    try {
      writeFileSync(temporary, content, { flag: 'wx', mode: status?.mode ?? 0o666 })
      renameSync(temporary, target)
    } catch (error) {
      rmSync(temporary, { force: true })
      throw error
    }
  } catch (error) {
    throw new DataError(`cannot write ${path}: ${reasonOf(error)}`)
  }
}
