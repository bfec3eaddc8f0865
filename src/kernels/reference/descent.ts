import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import type { Couplings } from '../contract/kernels.js'
import { rowWords } from '../contract/layout.js'
import { Flipping } from './flipping.js'

export function descend(...given: Parameters<typeof descendSteps>): void {
  atOnce(descendSteps(...given))
}

/** In steps. */
export function* descendSteps(
  memory: Couplings,
  fields: Float64Array | undefined,
  rows: Uint32Array,
  count: number,
  maxFlips: number,
  flips: Uint32Array,
): Generator<void, void> {
  const pace = new Pace()
  const words = rowWords(memory.neurons)
  for (let b = 0; b < count; b++) {
    const state = new Flipping(memory, fields, rows.subarray(b * words, (b + 1) * words))
    flips[b] = 0
    while (flips[b] < maxFlips) {
      let [least, at] = [0, -1]
      for (let i = 0; i < state.neurons; i++) {
        const gain = state.gain(i)
        if (gain < least) [least, at] = [gain, i]
      }
      if (at < 0) break
      state.flip(at)
      flips[b]++
      if (pace.due(8 * state.neurons)) yield
    }
    if (pace.due(16 * state.neurons)) yield
  }
}
