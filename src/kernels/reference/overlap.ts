import { popcount32, rowWords } from '../contract/layout.js'

export function overlaps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  states: Uint32Array,
  stateCount: number,
  out: Int32Array,
): void {
  const stride = rowWords(neurons)
  // Padding bits are zero in both rows, so whole padding words never differ and need not be read.
  const used = Math.ceil(neurons / 32)
  for (let b = 0; b < stateCount; b++) {
    for (let mu = 0; mu < count; mu++) {
      let differing = 0
      for (let k = 0; k < used; k++) differing += popcount32(rows[mu * stride + k] ^ states[b * stride + k])
      out[b * count + mu] = neurons - 2 * differing
    }
  }
}
