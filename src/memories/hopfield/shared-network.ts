import { describe, HopfieldError, isRevoked } from '../../errors.js'
import { MAX_NEURONS } from '../../input/spins.js'
import { checkChoice, checkInteger } from '../../input/validate.js'
import { isSharedArrayBuffer } from '../../platform/node.js'
import { sharedLayout } from '../../storage/shared-layout.js'
import type { Id } from '../ids.js'

/** The handle that `share` returns: a plain object, so that postMessage sends it without copying the memory. */
export interface SharedNetwork {
  readonly kind: 'HopfieldNetwork'
  /** Version of this layout. */
  readonly version: 1
  /** N, the number of neurons. */
  readonly neurons: number
  /** P, the number of patterns. */
  readonly count: number
  readonly weights: 'implicit' | 'dense'
  readonly normalize: 'neurons' | 'none'
  /** The patterns and everything else that recalls need. Do not write into it: that changes the memory under every reader. */
  readonly memory: SharedArrayBuffer
  /** Where they start in `memory`. */
  readonly byteOffset: number
  /** The ids of the patterns, if they have any. */
  readonly ids?: readonly (Id | undefined)[]
}

/** A checked handle, and its words. */
export interface OpenedNetwork extends SharedNetwork {
  readonly words: Uint32Array
}

/** Checks a handle of unknown origin: the returned array lies within its buffer. */
export function openShared(handle: unknown): OpenedNetwork {
  if (handle === null || typeof handle !== 'object' || isRevoked(handle)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `handle: expected a handle of share(), got ${describe(handle)}`,
    )
  }
  // Each field is read once, because a getter may return another value the second time.
  const { kind, version, neurons, count, weights, normalize, memory, byteOffset, ids } = handle as {
    [key in keyof SharedNetwork]?: unknown
  }
  if (kind !== 'HopfieldNetwork' || version !== 1) {
    const got = `${describe(kind)} version ${describe(version)}`
    throw new HopfieldError(
      'ERR_HOPFIELD_FORMAT',
      `handle: expected a handle of HopfieldNetwork, version 1, got ${got}`,
    )
  }
  const n = checkInteger('handle.neurons', neurons, 1, MAX_NEURONS)
  const p = checkInteger('handle.count', count, 0, 2 ** 33)
  const form = checkChoice('handle.weights', weights, ['implicit', 'dense'])
  const unit = checkChoice('handle.normalize', normalize, ['neurons', 'none'])
  if (!isSharedArrayBuffer(memory)) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `handle.memory: expected a SharedArrayBuffer, got ${describe(memory)}`,
    )
  }
  const offset = checkInteger('handle.byteOffset', byteOffset, 0, Number.MAX_SAFE_INTEGER)
  const { end } = sharedLayout(n, p, form === 'dense')
  // Kernels read columns as 64-bit words.
  if (offset % 16 !== 0 || offset + end * 4 > memory.byteLength) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `handle.memory: expected at least ${end * 4} bytes and a byteOffset that is a multiple of 16, got ${memory.byteLength} bytes and byteOffset ${offset}`,
    )
  }
  return {
    kind,
    version,
    neurons: n,
    count: p,
    weights: form,
    normalize: unit,
    memory,
    byteOffset: offset,
    words: new Uint32Array(memory, offset, end),
    ...(ids === undefined ? {} : { ids: ids as readonly (Id | undefined)[] }),
  }
}
