import { Pace } from '../../platform/pace.js'
import { atOnce } from '../../platform/turn.js'
import { popcount32, rowWords, tailMask } from '../contract/layout.js'

/** Where the two halves of word w of pattern mu are in planes of so many words a pattern. */
function place(mu: number, w: number, words: number): number {
  return ((mu >>> 3) * words + w) * 16 + (mu & 7) * 2
}

export function interleave(...given: Parameters<typeof interleaveSteps>): void {
  atOnce(interleaveSteps(...given))
}

/** In steps. */
export function* interleaveSteps(
  rows: Uint32Array,
  count: number,
  neurons: number,
  planes: Uint32Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = rowWords(neurons)
  const words = Math.ceil(neurons / 64)
  const last = Math.ceil(neurons / 32) - 1
  planes.fill(0, 0, Math.ceil(count / 8) * words * 16)
  for (let mu = 0; mu < count; mu++) {
    for (let k = 0; k <= last; k++) {
      const bits = rows[mu * stride + k]
      planes[place(mu, k >>> 1, words) + (k & 1)] = k === last ? bits & tailMask(neurons) : bits
    }
    if (pace.due(2 * stride)) yield
  }
}

export function nearest(...given: Parameters<typeof nearestSteps>): void {
  atOnce(nearestSteps(...given))
}

/** In steps. */
export function* nearestSteps(
  planes: Uint32Array,
  count: number,
  neurons: number,
  states: Uint32Array,
  stateCount: number,
  first: number,
  k: number,
  indices: Uint32Array,
  overlaps: Int32Array,
): Generator<void, void> {
  const pace = new Pace()
  const stride = rowWords(neurons)
  const words = Math.ceil(neurons / 64)
  for (let b = 0; b < stateCount; b++) {
    const [own, values] = [indices, overlaps].map((all) => all.subarray(b * k, (b + 1) * k))
    let held = Math.min(first, k)
    for (let mu = 0; mu < count; mu++) {
      let differing = 0
      for (let w = 0; w < words; w++) {
        const at = place(mu, w, words)
        differing += popcount32(planes[at] ^ states[b * stride + 2 * w])
        differing += popcount32(planes[at + 1] ^ states[b * stride + 2 * w + 1])
      }
      const overlap = neurons - 2 * differing
      if (held < k || overlap > values[k - 1]) {
        if (held < k) held++
        let rank = held - 1
        for (; rank > 0 && values[rank - 1] < overlap; rank--) {
          values[rank] = values[rank - 1]
          own[rank] = own[rank - 1]
        }
        values[rank] = overlap
        own[rank] = first + mu
      }
      if (pace.due(4 * words)) yield
    }
  }
}
