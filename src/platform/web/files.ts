// A page has no files by name: each call says so, as the system would, with what to do instead.
import type { OpenFile, OpenPieces, Stoppable } from '../node/files.js'

/** Bytes of the largest array: no engine promises more. */
export const LARGEST_BUFFER: number = 2 ** 32

/** What a caller names, as it is: nothing here looks for it. */
export function pathOf(place: string | URL): string {
  return String(place)
}

export function withOpenFile<T>(_path: string, _use: (file: OpenFile) => T): T {
  throw noFiles()
}

export async function readingFile<T>(_path: string, _use: (file: OpenPieces) => Promise<T>): Promise<T> {
  throw noFiles()
}

export async function replacingFile(
  _path: string,
  _use: (file: OpenPieces) => Promise<void>,
  _stoppable: Stoppable,
): Promise<void> {
  throw noFiles()
}

/** An error as the system makes them, with a code. */
function noFiles(): Error {
  const message =
    'there are no files here; keep the bytes of toBytes() yourself, and open them by fromBytes()'
  return Object.assign(new Error(message), { code: 'ENOTSUP' })
}
