import { describe, HopfieldError } from '../../errors.js'
import { readFlags } from '../../input/glyphs.js'
import { unread } from '../../input/options.js'
import { element, lengthOf } from '../../input/validate.js'
import type { PatternKey } from '../ids/ids.js'

/** The options that say which patterns may be looked at. */
export interface Seeing {
  readonly only?: ArrayLike<PatternKey> | undefined
  readonly mask?: ArrayLike<number | bigint | boolean> | undefined
}

/** Which patterns may be looked at. */
export interface Seen {
  /** M. */
  readonly stored: number
  /** M flags, or undefined where all may be. */
  readonly flags: Uint8Array | undefined
  /** How many may be. */
  readonly count: number
}

/** The options that say it, of a schema; they are read by `readSeen`. */
export const SEEING = {
  /** The patterns to look among, by index or `{ id }`; the others have no weight. All by default. */
  only: unread<ArrayLike<PatternKey>>(),
  /** The same as M flags: a pattern with flag 0 or false is not looked at. */
  mask: unread<ArrayLike<number | bigint | boolean>>(),
}

/**
 * A flag for each pattern, and how many are set; no flags where all may be seen.
 * @param stored the number of patterns.
 * @param place the index of a pattern.
 */
export function readSeen(
  method: string,
  { only, mask }: Seeing,
  stored: number,
  place: (which: unknown) => number,
): Seen {
  if (only !== undefined && mask !== undefined) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', `${method}: give only or mask, not both`)
  }
  if (only === undefined && mask === undefined) return { stored, flags: undefined, count: stored }
  const name = only === undefined ? 'mask' : 'only'
  const flags = only === undefined ? readFlags(`${method}: mask`, mask, stored) : new Uint8Array(stored)
  const named = only === undefined ? 0 : lengthOf(only)
  if (named < 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${method}: only: expected an array of patterns, got ${describe(only)}`,
    )
  }
  for (let at = 0; at < named; at++) flags[place(element(only as ArrayLike<unknown>, at))] = 1
  let count = 0
  for (const flag of flags) count += flag
  if (count > 0) return { stored, flags, count }
  throw new HopfieldError(
    'ERR_HOPFIELD_VALUE',
    `${method}: ${name}: expected at least one pattern to look at, got none`,
  )
}

/** Reading options and queries may run the caller's code, which may store and forget. */
export function unchanged(method: string, stored: number, now: number): void {
  if (stored === now) return
  throw new HopfieldError(
    'ERR_HOPFIELD_BUSY',
    `${method}: reading the arguments changed the number of stored patterns; do not store or forget in a getter`,
  )
}
