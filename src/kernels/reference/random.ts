import { philoxBlock } from '../../numerics/philox.js'

export function philox(
  seedLow: number,
  seedHigh: number,
  sweep: number,
  queryLow: number,
  queryHigh: number,
  out: Uint32Array,
): void {
  const block = new Uint32Array(4)
  for (let at = 0; at < out.length; at += 4) {
    philoxBlock(seedLow, seedHigh, [at >>> 2, sweep, queryLow, queryHigh], block, 0)
    out.set(at + 4 <= out.length ? block : block.subarray(0, out.length - at), at)
  }
}
