import { addNoise, mask } from 'hopfield-native'
import { picturesOf } from '../../pictures/drawings.js'
import type { Values } from '../../state/parameters.js'
import { resized } from '../../state/picture.js'
import type { P } from './parameters.js'

/** The stored patterns. */
export function patternsOf({ pictures, side }: Values<P>): Int8Array[] {
  return picturesOf(pictures, Number(side)).map((picture) => resized(picture, Number(side)))
}

/** The index of the pattern that is damaged: there may be fewer than were asked for. */
export function targetOf({ target }: Values<P>, count: number): number {
  return Math.min(target, count) - 1
}

/** The state that falls. */
export function cueOf(values: Values<P>, patterns: readonly Int8Array[]): Int8Array {
  const { cue, damage, amount, seed, side } = values
  if (cue.length > 0) return resized(cue[0], Number(side))
  const pattern = patterns[targetOf(values, patterns.length)]
  return damage === 'noise' ? addNoise(pattern, { noise: amount, seed }) : mask(pattern, { keep: 1 - amount })
}

/** Every neuron once, in an order that the seed gives. `program.ts` has the same in words. */
export function shuffled(neurons: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: neurons }, (_, i) => i)
  let word = seed
  for (let left = neurons; left > 1; left--) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0
    const chosen = Math.floor((word / 2 ** 32) * left)
    const last = order[left - 1]
    order[left - 1] = order[chosen]
    order[chosen] = last
  }
  return order
}
