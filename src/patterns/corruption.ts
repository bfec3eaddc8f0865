import { describe, HopfieldError } from '../errors.js'
import { binary, readFlags } from '../input/glyphs.js'
import { checkFraction, checkInteger, checkOptions, isArrayLike, seedWords } from '../input/validate.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'

export interface NoiseOptions {
  /** How many neurons change sign, from 0 to N; no neuron changes twice. */
  flips?: number
  /** Or which share of them: exactly round(fraction·N). */
  fraction?: number
  /** 64-bit seed; 0 by default. */
  seed?: number | bigint
  /** Number of the random stream under the seed; different streams give independent noise. 0 by default. */
  stream?: number
}

/** A checked copy of the given state. */
function copyOf(state: ArrayLike<number>): Int8Array {
  return Int8Array.from(binary(state), (bit) => bit * 2 - 1)
}

/**
 * A copy of the state with the given number of signs changed, at distinct neurons drawn uniformly.
 * The neurons are the first entries of a Fisher–Yates shuffle: with the same seed, more flips include the fewer.
 *
 * @throws HopfieldError ERR_HOPFIELD_OPTION unless exactly one of `flips` and `fraction` is given; ERR_HOPFIELD_RANGE
 *   for flips outside 0…N or a fraction outside 0…1; ERR_HOPFIELD_VALUE for a value that is not ±1.
 */
export function addNoise(state: ArrayLike<number>, options: NoiseOptions): Int8Array {
  checkOptions('addNoise', options ?? null, ['flips', 'fraction', 'seed', 'stream'])
  const { flips, fraction, seed = 0, stream = 0 } = options
  if ((flips === undefined) === (fraction === undefined)) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'addNoise: expected exactly one of flips and fraction')
  }
  const out = copyOf(state)
  const n = out.length
  const count =
    flips === undefined
      ? Math.round(checkFraction('fraction', fraction) * n)
      : checkInteger('flips', flips, 0, n)
  const words = new WordStream(...seedWords(seed)).seek(
    PURPOSE.noise,
    checkInteger('stream', stream, 0, Number.MAX_SAFE_INTEGER),
  )
  const sites = Uint32Array.from({ length: n }, (_, i) => i)
  for (let k = 0; k < count; k++) {
    const j = n - 1 - words.bounded(n - k)
    const site = sites[j]
    sites[j] = sites[k]
    sites[k] = site
    out[site] = -out[site]
  }
  return out
}

export interface MaskOptions {
  /** The share of neurons to keep (the first round(keep·N) of them), or one flag per neuron: 1 keeps it. */
  keep: number | ArrayLike<number | boolean>
  /** The value of all other neurons: −1 by default, +1, or 'random', a fair coin per neuron. */
  fill?: -1 | 1 | 'random'
  /** 64-bit seed of 'random'; 0 by default. */
  seed?: number | bigint
}

/**
 * A copy of the state with a part of it hidden, as a cue. To keep the visible part fixed during the recall, pass the same flags as
 * `clamp`.
 *
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _SHAPE or _VALUE naming the argument.
 */
export function mask(state: ArrayLike<number>, options: MaskOptions): Int8Array {
  checkOptions('mask', options ?? null, ['keep', 'fill', 'seed'])
  const { keep, fill = -1, seed = 0 } = options
  const out = copyOf(state)
  const kept = isArrayLike(keep)
    ? readFlags('keep', keep, out.length)
    : new Uint8Array(out.length).fill(1, 0, Math.round(checkFraction('keep', keep) * out.length))
  if (fill !== -1 && fill !== 1 && fill !== 'random') {
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `mask: fill: expected -1, 1 or 'random', got ${describe(fill)}`,
    )
  }
  const words = new WordStream(...seedWords(seed)).seek(PURPOSE.mask, 0)
  for (let i = 0; i < out.length; i++) {
    if (kept[i] === 0) out[i] = fill === 'random' ? (words.word() & 1) * 2 - 1 : fill
  }
  return out
}
