import { allocate } from '../errors.js'
import { flag, fraction, type Given, required, Schema, seed } from '../input/options.js'
import { PackedPatterns } from '../input/packed-patterns.js'
import { MAX_NEURONS } from '../input/spins.js'
import type { Int8s } from '../input/typed-arrays.js'
import { checkInteger } from '../input/validate.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { kernelsFor } from '../kernels/select.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'

const RANDOM = {
  /** P, how many patterns. */
  count: required<number>((name, value) => checkInteger(name, value, 0, 2 ** 32)),
  /** N, values in each. */
  neurons: required<number>((name, value) => checkInteger(name, value, 1, MAX_NEURONS)),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
  /** Probability of +1 at each neuron, independently; ½ by default. */
  activity: fraction(0.5),
  /** true: one bit per neuron, as PackedPatterns. */
  packed: flag(false),
}
const SCHEMA = new Schema(RANDOM)

export interface RandomPatternsOptions extends Given<typeof RANDOM> {}

/**
 * Independent random patterns. Pattern μ depends only on the seed, N, the activity and μ, not on `count`.
 * At activity ½ the bits of the generator are used directly; otherwise one 53-bit uniform number decides each neuron.
 *
 * @returns Int8Array of P·N values ±1, row-major, or PackedPatterns if asked.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the option; ERR_HOPFIELD_MEMORY if it does not fit.
 */
export function randomPatterns(options: RandomPatternsOptions & { packed: true }): PackedPatterns
export function randomPatterns(options: RandomPatternsOptions & { packed?: false }): Int8s
export function randomPatterns(options: RandomPatternsOptions): Int8s | PackedPatterns
export function randomPatterns(options: RandomPatternsOptions): Int8s | PackedPatterns {
  const { count, neurons, activity, packed, seed } = SCHEMA.read('randomPatterns', options)
  const [seedLow, seedHigh] = seed
  const stride = rowWords(neurons)
  const kernels = kernelsFor('auto')
  const words = allocate('randomPatterns', count * stride * 4, () => kernels.allocate(count * stride))
  const stream = new WordStream(seedLow, seedHigh)
  for (let mu = 0; mu < count; mu++) {
    const row = words.subarray(mu * stride, (mu + 1) * stride)
    if (activity === 0.5) kernels.philox(seedLow, seedHigh, PURPOSE.patterns, mu, 0, row)
    else {
      stream.seek(PURPOSE.patterns, mu)
      for (let i = 0; i < neurons; i++) if (stream.uniform() < activity) row[i >>> 5] |= 1 << (i & 31)
    }
    clearPadding(row, neurons)
  }
  const patterns = new PackedPatterns({ neurons, words })
  return packed ? patterns : allocate('randomPatterns', count * neurons, () => patterns.unpack())
}
