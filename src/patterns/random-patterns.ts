import { allocate } from '../errors.js'
import { MAX_NEURONS } from '../input/spins.js'
import { checkBoolean, checkFraction, checkInteger, checkOptions, seedWords } from '../input/validate.js'
import { clearPadding, rowWords } from '../kernels/contract/layout.js'
import { kernelsFor } from '../kernels/select.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'
import { PackedPatterns } from './packed-patterns.js'

export interface RandomPatternsOptions {
  /** P, how many patterns. */
  count: number
  /** N, neurons per pattern. */
  neurons: number
  /** 64-bit seed; 0 by default. */
  seed?: number | bigint
  /** Probability of +1 for each neuron, independently; ½ by default. */
  activity?: number
  /** true: returns PackedPatterns, one bit per neuron. */
  packed?: boolean
}

/**
 * Independent random patterns. Pattern μ depends only on the seed, N, the activity and μ, not on `count`.
 * At activity ½ the bits of the generator are used directly; otherwise one 53-bit uniform number decides each neuron.
 *
 * @returns Int8Array of P·N values ±1, row-major, or PackedPatterns if asked.
 * @throws HopfieldError ERR_HOPFIELD_RANGE or _TYPE naming the option; ERR_HOPFIELD_MEMORY if it does not fit.
 */
export function randomPatterns(options: RandomPatternsOptions & { packed: true }): PackedPatterns
export function randomPatterns(options: RandomPatternsOptions & { packed?: false }): Int8Array
export function randomPatterns(options: RandomPatternsOptions): Int8Array | PackedPatterns
export function randomPatterns(options: RandomPatternsOptions): Int8Array | PackedPatterns {
  checkOptions('randomPatterns', options ?? null, ['count', 'neurons', 'seed', 'activity', 'packed'])
  const count = checkInteger('count', options.count, 0, 2 ** 32)
  const neurons = checkInteger('neurons', options.neurons, 1, MAX_NEURONS)
  const { activity = 0.5, packed = false, seed = 0 } = options
  checkFraction('activity', activity)
  checkBoolean('packed', packed)
  const [seedLow, seedHigh] = seedWords(seed)
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
