import { randomPatterns } from 'hopfield-native'

/** Points of the unit square: each of the package's random words is a number from 0 to 1. */
export function randomPoints(count: number, seed: number): [x: number, y: number][] {
  const { words } = randomPatterns({ count: 1, neurons: 64 * count, seed, packed: true })
  return Array.from({ length: count }, (_, k) => [words[2 * k] / 2 ** 32, words[2 * k + 1] / 2 ** 32])
}
