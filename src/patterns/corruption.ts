import { describe, HopfieldError } from '../errors.js'
import { readBits, readFlags } from '../input/glyphs.js'
import { type Given, option, optional, required, Schema, seed } from '../input/options.js'
import type { Int8s, NumbersLike } from '../input/typed-arrays.js'
import { checkFraction, checkInteger, isArrayLike } from '../input/validate.js'
import { PURPOSE, WordStream } from '../numerics/philox.js'

const NOISE = {
  /** Which share of the neurons changes sign: exactly round(noise·N) of them. */
  noise: optional<number>(checkFraction),
  /** Or how many neurons change sign, each at most once. */
  count: optional<number, unknown>((_, value) => value),
  /** 64-bit seed; 0 by default. */
  seed: seed(),
  /** Number of the random stream under the seed; different streams give independent noise. 0 by default. */
  stream: option<number>(0, (name, value) => checkInteger(name, value, 0, Number.MAX_SAFE_INTEGER)),
}
const NOISE_SCHEMA = new Schema(NOISE, {
  fraction: 'it is now called noise',
  flips: 'it is now called count',
})

export interface NoiseOptions extends Given<typeof NOISE> {}

/** A checked copy of the given state. */
function copyOf(method: string, state: NumbersLike): Int8s {
  const bits = readBits(`${method}: state`, state)
  const out = new Int8Array(bits.length)
  for (let i = 0; i < bits.length; i++) out[i] = bits[i] * 2 - 1
  return out
}

/**
 * A copy of the state with the given number of signs changed, at distinct neurons drawn uniformly.
 * The neurons are the first entries of a Fisher–Yates shuffle: with the same seed, more flips include the fewer.
 *
 * @throws HopfieldError ERR_HOPFIELD_OPTION unless exactly one of `noise` and `count` is given; ERR_HOPFIELD_RANGE
 *   for noise outside 0…1 or a count outside 0…N; ERR_HOPFIELD_VALUE for a value that is not ±1.
 */
export function addNoise(state: NumbersLike, options: NoiseOptions): Int8s {
  const { noise, count: given, seed, stream } = NOISE_SCHEMA.read('addNoise', options)
  if ((noise === undefined) === (given === undefined)) {
    throw new HopfieldError('ERR_HOPFIELD_OPTION', 'addNoise: expected exactly one of noise and count')
  }
  const out = copyOf('addNoise', state)
  const n = out.length
  const count = noise === undefined ? checkInteger('addNoise: count', given, 0, n) : Math.round(noise * n)
  if (count === 0) return out
  const words = new WordStream(...seed).seek(PURPOSE.noise, stream)
  const sites = new Uint32Array(n)
  for (let i = 0; i < n; i++) sites[i] = i
  for (let k = 0; k < count; k++) {
    const j = n - 1 - words.bounded(n - k)
    const site = sites[j]
    sites[j] = sites[k]
    sites[k] = site
    out[site] = -out[site]
  }
  return out
}

const MASK = {
  /** The share of neurons kept, from the first on (round(keep·N) of them), or one flag per neuron: 1 keeps it. */
  keep: required<number | ArrayLike<number | bigint | boolean>, unknown>((name, value) =>
    isArrayLike(value) ? value : checkFraction(name, value),
  ),
  /** What the others become: −1 by default, +1, or a fair coin each. */
  fill: option<-1 | 1 | 'random'>(-1, (name, value) => {
    if (value === -1 || value === 1 || value === 'random') return value
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${name}: expected -1, 1 or 'random', got ${describe(value)}`,
    )
  }),
  /** Seed of the coins; 0 by default. */
  seed: seed(),
}
const MASK_SCHEMA = new Schema(MASK)

export interface MaskOptions extends Given<typeof MASK> {}

/**
 * A copy of the state with a part of it hidden, as a cue. To keep the visible part fixed during the recall, pass the same flags as
 * `clamp`.
 *
 * @throws HopfieldError ERR_HOPFIELD_RANGE, _SHAPE or _VALUE naming the argument.
 */
export function mask(state: NumbersLike, options: MaskOptions): Int8s {
  const { keep, fill, seed } = MASK_SCHEMA.read('mask', options)
  const out = copyOf('mask', state)
  const kept = isArrayLike(keep)
    ? readFlags('mask: keep', keep, out.length)
    : new Uint8Array(out.length).fill(1, 0, Math.round((keep as number) * out.length))
  const words = new WordStream(...seed).seek(PURPOSE.mask, 0)
  for (let i = 0; i < out.length; i++) {
    if (kept[i] === 0) out[i] = fill === 'random' ? (words.word() & 1) * 2 - 1 : fill
  }
  return out
}
