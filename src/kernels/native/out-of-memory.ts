import { HopfieldError } from '../../errors.js'

/** An error of the addon; its own way of saying that there is no memory left, as users see it. */
export function outOfMemory(cause: unknown): unknown {
  if ((cause as { code?: unknown }).code !== 'ERR_HOPFIELD_MEMORY' || cause instanceof HopfieldError)
    return cause
  return new HopfieldError(
    'ERR_HOPFIELD_MEMORY',
    'the native kernel ran out of memory; use smaller batches or fewer threads',
    { cause },
  )
}
