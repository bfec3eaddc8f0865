import { WordStream } from '../../numerics/philox.js'
import type { ConnectingKernels } from '../contract/kernels.js'

export function rewired(
  ...[seedLow, seedHigh, sweep, query, chance, bound, out]: Parameters<ConnectingKernels['rewired']>
): void {
  const words = new WordStream(seedLow, seedHigh)
  for (let k = 0; k < out.length; k++) {
    words.seek(sweep, query + k)
    out[k] = words.uniform() < chance ? 1 + words.bounded(bound) : 0
  }
}

export function ascend(...[starts, count, items, repeated]: Parameters<ConnectingKernels['ascend']>): void {
  repeated.fill(0, 0, Math.ceil(count / 32))
  for (let k = 0; k < count; k++) {
    const list = items.subarray(starts[k], starts[k + 1]).sort()
    for (let at = 1; at < list.length; at++) {
      if (list[at] === list[at - 1]) repeated[k >>> 5] |= 1 << (k & 31)
    }
  }
}
