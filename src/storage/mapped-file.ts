import { describe, HopfieldError } from '../errors.js'
import type { Kernels } from '../kernels/contract/kernels.js'
import { LARGEST_BUFFER, withOpenFile } from '../platform/node/files.js'

/**
 * A file as memory, without reading it: the system reads a page when it is first touched. What is written there stays in this
 * process. The file must not be cut while the memory is in use, as with every mapping: replace it by renaming another one onto it.
 * @returns undefined where this backend or this system cannot map files; then read it.
 * @throws HopfieldError ERR_HOPFIELD_FILE if there is no such file, if it is none, or if it is empty or too large.
 */
export function mapFile(kernels: Kernels, path: string): ArrayBuffer | undefined {
  if (typeof path !== 'string') {
    throw new HopfieldError('ERR_HOPFIELD_TYPE', `path: expected a string, got ${describe(path)}`)
  }
  try {
    return withOpenFile(path, ({ descriptor, bytes, regular }) => {
      if (!regular) throw unusable(path, 'it is not a regular file')
      if (bytes === 0) throw unusable(path, 'it is empty')
      if (bytes > LARGEST_BUFFER) {
        throw unusable(path, `it has ${bytes} bytes, and arrays have at most ${LARGEST_BUFFER} here`)
      }
      return kernels.mapFile(descriptor, path, bytes)
    })
  } catch (cause) {
    if (cause instanceof HopfieldError) throw cause
    throw unusable(path, (cause as Error).message, cause)
  }
}

function unusable(path: string, why: string, cause?: unknown): HopfieldError {
  return new HopfieldError(
    'ERR_HOPFIELD_FILE',
    `cannot use the file ${JSON.stringify(path)}: ${why}`,
    cause === undefined ? undefined : { cause },
  )
}
