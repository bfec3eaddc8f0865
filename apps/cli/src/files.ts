import { randomBytes } from 'node:crypto'
import { readFileSync, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { DataError, reasonOf } from './errors.js'

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
    throw new DataError(`cannot read ${path}: it is no complete gzip file (${reasonOf(error)})`)
  }
}

/** The same memory without Buffer's own methods: its slice() is a view where that of a Uint8Array is a copy. */
function plain(bytes: Buffer): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false
}

/** undefined for whatever cannot be looked at: reading or writing it then says why. */
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Fails before the work rather than after it where a file could not be put. */
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
 * The whole file or none: written beside its place and renamed into it.
 *
 * Synchronous on purpose. main.ts handles SIGINT and SIGTERM, and such handlers run only between turns of the event
 * loop, so no signal comes between the first byte and the rename.
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
