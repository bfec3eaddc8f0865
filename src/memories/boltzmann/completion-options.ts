import { readFlags } from '../../input/glyphs.js'
import { integer, number, optional } from '../../input/options.js'

/** Options of a completion. @param tolerance its default. */
export const completion = (tolerance: number) => ({
  /** V flags: a unit with flag 1 or true keeps the cue's value. Without it all are free. */
  clamp: optional<ArrayLike<number | bigint | boolean>, Uint8Array, number>(readFlags),
  /** Most steps, 1 to 2^31 − 1; 1000 by default. */
  maxSteps: integer(1, 2 ** 31 - 1, 1000),
  /** It ends where no mean changes by more than this, 0 to 1; 1e-4 by default, and 1e-6 in a machine whose units are all coupled. */
  tolerance: number(0, 1, tolerance),
})
