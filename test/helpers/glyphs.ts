import { bipolar } from '../../src/index.js'

/** The three letters of the seed experiment, 5×5. */
export const X: Int8Array = bipolar('#...# .#.#. ..#.. .#.#. #...#')
export const T: Int8Array = bipolar('##### ..#.. ..#.. ..#.. ..#..')
export const O: Int8Array = bipolar('.###. #...# #...# #...# .###.')

/** A copy with the named neurons' signs changed. */
export function flipped(state: Int8Array, neurons: readonly number[]): Int8Array {
  const out = state.slice()
  for (const i of neurons) out[i] = -out[i]
  return out
}
