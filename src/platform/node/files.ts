// Files: whole ones, read and written piece by piece off the event loop, and those that are open to be mapped.
import { constants as bufferLimits } from 'node:buffer'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { type FileHandle, open, readlink, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The path that a caller names, as a string or as a file URL. */
export function pathOf(place: string | URL): string {
  return resolve(typeof place === 'string' ? place : fileURLToPath(place))
}

/** Bytes of the largest array. */
export const LARGEST_BUFFER: number = bufferLimits.MAX_LENGTH

/** A file that is open for reading. */
export interface OpenFile {
  readonly descriptor: number
  readonly bytes: number
  /** Whether it is a file, and no directory, pipe or device. */
  readonly regular: boolean
}

/** Opens a file, and closes it after `use`. Throws what Node throws, with its `code`. */
export function withOpenFile<T>(path: string, use: (file: OpenFile) => T): T {
  // Without this flag, which Windows does not have, opening a pipe waits for someone who writes.
  const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const facts = fstatSync(descriptor)
    return use({ descriptor, bytes: facts.size, regular: facts.isFile() })
  } finally {
    closeSync(descriptor)
  }
}

/** A file that is being read or written. */
export interface OpenPieces {
  /** Its size when it was opened. */
  readonly bytes: number
  /** Reads from `position` until `out` is full; throws where the file ends before. */
  read(out: Uint8Array, position: number): Promise<void>
  /** Writes all of `from` at `position`. */
  write(from: Uint8Array, position: number): Promise<void>
}

function piecesOf(file: FileHandle, bytes: number): OpenPieces {
  return {
    bytes,
    async read(out, position) {
      for (let at = 0; at < out.length; ) {
        const { bytesRead } = await file.read(out, at, out.length - at, position + at)
        if (bytesRead === 0) throw refused(`it ends at byte ${position + at}`)
        at += bytesRead
      }
    },
    async write(from, position) {
      for (let at = 0; at < from.length; ) {
        at += (await file.write(from, at, from.length - at, position + at)).bytesWritten
      }
    },
  }
}

/** Opens a file for reading, and closes it after `use`. */
export async function readingFile<T>(path: string, use: (file: OpenPieces) => Promise<T>): Promise<T> {
  // Without this flag, which Windows does not have, opening a pipe waits for someone who writes.
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw refused('it is not a regular file')
    return await use(piecesOf(file, facts.size))
  } finally {
    await file.close()
  }
}

/** Who may stop the replacing of a file. Both throw where it is stopped. */
export interface Stoppable {
  /** Waits for work that nothing stops, no longer than until the call is stopped. */
  unlessStopped(work: Promise<unknown>): Promise<void>
  /** From here on the call is not stopped any more. */
  finish(): void
}

/**
 * Replaces or makes a file: `use` writes another one in the same folder, which then takes its name. Whatever happens, there is the old
 * file or the new one under that name, and after an error nothing else is left.
 */
export async function replacingFile(
  path: string,
  use: (file: OpenPieces) => Promise<void>,
  stoppable: Stoppable,
): Promise<void> {
  const { target, mode } = await present(path)
  const beside = `${target}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(beside, 'wx', mode)
  try {
    await use(piecesOf(file, 0))
    await stoppable.unlessStopped(file.sync())
    await file.close()
    stoppable.finish()
    await rename(beside, target)
  } catch (error) {
    await unlink(beside).catch(() => {})
    // Only its name goes at once. Its blocks are given back when it is closed; that takes as long as writing them, and nobody waits for it.
    void file.close().catch(() => {})
    throw error
  }
  await syncFolder(dirname(target))
}

/** Where a path leads, and what may be done with the file that is there. */
async function present(path: string): Promise<{ target: string; mode: number }> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (facts === undefined) {
    // Nothing is there, or a link to a file that is made now.
    const link = await readlink(path).catch(() => undefined)
    return link === undefined
      ? { target: path, mode: 0o666 }
      : present(resolve(await realpath(dirname(path)), link))
  }
  // Another file would take the place of a device or a pipe. What /dev/stdout leads to has no path, so this is asked before.
  if (!facts.isFile()) throw refused('it is not a regular file')
  return { target: await realpath(path), mode: facts.mode & 0o777 }
}

/** Makes a new name in a folder last; where folders cannot be opened, as on Windows, names need no such thing. */
async function syncFolder(path: string): Promise<void> {
  let folder: FileHandle
  try {
    folder = await open(path, 'r')
  } catch {
    return
  }
  try {
    await folder.sync()
  } catch {
    // Some file systems refuse: then there is nothing more to do.
  } finally {
    await folder.close()
  }
}

/** An error as the system makes them, with a code. */
function refused(message: string): Error {
  return Object.assign(new Error(message), { code: 'EINVAL' })
}
