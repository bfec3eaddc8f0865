import { randomBytes } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
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
  const folder = dirname(path)
  try {
    if (statSync(folder).isDirectory()) return
  } catch (error) {
    throw new DataError(`cannot write ${path}: ${folder}: ${reasonOf(error)}`)
  }
  throw new DataError(`cannot write ${path}: ${folder} is not a folder`)
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

function same(a: Stats, b: Stats | undefined): boolean {
  return b !== undefined && a.dev === b.dev && a.ino === b.ino
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
    const target = status === undefined ? path : realpathSync(path)
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
