import { philoxBlock } from '../../numerics/philox.js'

export function philox(
  seedLow: number,
  seedHigh: number,
  sweep: number,
  queryLow: number,
  queryHigh: number,
  out: Uint32Array,
  queries = 1,
): void {
  const words = out.length / queries
  const block = new Uint32Array(4)
  for (let q = 0; q < queries; q++) {
    const low = queryLow + q
    const high = low < 2 ** 32 ? queryHigh : queryHigh + 1
    for (let at = 0; at < words; at += 4) {
      philoxBlock(seedLow, seedHigh, at >>> 2, sweep, low, high, block, 0)
      for (let w = 0; w < Math.min(words - at, 4); w++) out[q * words + at + w] = block[w]
    }
  }
}
