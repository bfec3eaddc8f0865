import { exp } from '../../numerics/exp.js'

/**
 * Whether a replica at β and one at β + step exchange their states: with probability min(1, e^(step·(E_cold − E_hot))), so that both
 * temperatures keep their Boltzmann distribution (Hukushima and Nemoto 1996).
 * @param word a random one.
 */
export function exchanges(step: number, hot: number, cold: number, word: number): boolean {
  const gain = step * (cold - hot)
  return gain >= 0 || word < exp(Math.max(gain, -700)) * 2 ** 32
}

/** Exchanges the bits of `mask` between rows of its length. */
export function exchangeBits(a: Uint32Array, b: Uint32Array, mask: Uint32Array): void {
  const words = mask.length
  for (let w = 0; w < words; w++) {
    const bits = mask[w]
    if (bits === 0) continue
    for (let at = w; at < a.length; at += words) {
      const change = (a[at] ^ b[at]) & bits
      a[at] ^= change
      b[at] ^= change
    }
  }
}
