import { randomPatterns } from 'hopfield-native'
import type { Values } from '../../state/parameters.js'
import { PICTURES, paintedPicture, SIDE } from './paintings.js'
import type { P } from './parameters.js'

/** A picture that lost its lower rows, with coins mixed into the others. */
export function queryOf({ picture, hidden, noise, seed }: Values<P>): Float32Array {
  const grey = paintedPicture(PICTURES[picture - 1])
  const coins = randomPatterns({ count: 1, neurons: SIDE * SIDE, seed })
  const seen = Math.round((1 - hidden) * SIDE) * SIDE
  return grey.map((value, i) => (i < seen ? (1 - noise) * value + noise * coins[i] : 0))
}
