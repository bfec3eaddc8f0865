import { InvalidArgumentError, Option } from 'commander'
import type { RecallOptions } from 'hopfield-native'
import type { Grid } from './patterns.js'

// Parsers of option values. Commander writes the option's name before the message.

export function fraction(text: string): number {
  const value = /^\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a number from 0 to 1.')
  return value
}

/** `0.1,0.2`. */
export function fractions(text: string): number[] {
  return text.split(',').map(fraction)
}

export function positive(text: string): number {
  const value = /^\d*\.?\d+(e[-+]?\d+)?$/i.test(text) ? Number(text) : Number.NaN
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected a number above 0.')
  return value
}

export function real(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (!Number.isFinite(value)) throw new InvalidArgumentError('Expected a number.')
  return value
}

export function integerFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= least && value <= most)) {
      throw new InvalidArgumentError(`Expected an integer from ${least} to ${most}.`)
    }
    return value
  }
}

/** A bigint, because a number holds 53 of the 64 bits. */
function seed(text: string): bigint {
  const value = /^\d+$/.test(text) ? BigInt(text) : -1n
  if (value < 0n || value >= 1n << 64n)
    throw new InvalidArgumentError('Expected an integer from 0 to 2^64 - 1.')
  return value
}

/** `--seed`, of what it says. Help cannot print a bigint, so the default is told in words. */
export function seedOption(description: string): Option {
  return new Option('--seed <integer>', description).argParser(seed).default(0n, '0')
}

/** A named order, or neurons in visiting order. recall.ts checks that the neurons exist once the patterns are read. */
export function order(text: string): NonNullable<RecallOptions['order']> {
  if (text === 'random' || text === 'cyclic' || text === 'random-site') return text
  const neurons = text.trim().split(/[\s,]+/)
  if (!neurons.every((neuron) => /^\d{1,10}$/.test(neuron))) {
    throw new InvalidArgumentError('Expected random, cyclic, random-site or neurons such as 4,0,2.')
  }
  return neurons.map(Number)
}

/** `--store a b --store c` is a, b and c. */
export function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

/** Larger pictures have more neurons than a memory could hold, and end the library that scales them. */
const MOST_PIXELS = 8192

/** A size in pixels: 32x32, or 32 for a square. */
export function size(text: string): Grid {
  const match = /^(\d{1,5})(?:[x×](\d{1,5}))?$/i.exec(text)
  const [width, height] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])]
  if (match === null || Math.min(width, height) < 1 || Math.max(width, height) > MOST_PIXELS) {
    throw new InvalidArgumentError(
      `Expected a width and a height in pixels, at most ${MOST_PIXELS}, such as 32x32.`,
    )
  }
  return { width, height }
}
