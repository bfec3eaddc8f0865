import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { popcount32, rowWords } from '../contract/layout.js'

export function overlaps(...given: Parameters<typeof overlapSteps>): void {
  atOnce(overlapSteps(...given))
}

/** In steps. */
export function* overlapSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  states: Uint32Array,
  stateCount: number,
  out: Int32Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = rowWords(neurons)
  // Padding bits are zero in both rows, so whole padding words never differ and need not be read.
  const used = Math.ceil(neurons / 32)
  for (let b = 0; b < stateCount; b++) {
    for (let mu = 0; mu < count; mu++) {
      let differing = 0
      for (let k = 0; k < used; k++) differing += popcount32(rows[mu * stride + k] ^ states[b * stride + k])
      out[b * count + mu] = neurons - 2 * differing
      if (pace.due(used + 8)) yield
    }
  }
}
