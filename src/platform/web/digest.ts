// SHA-256 (FIPS 180-4), because what engines have of their own (crypto.subtle) answers later, and toBytes() answers at once.
import type { Digest } from '../node/digest.js'

const BLOCK = 64

export function sha256(): Digest {
  const { constants, initial } = fractions()
  const hash = initial
  const words = new Int32Array(64)
  const block = new Uint8Array(BLOCK)
  const view = new DataView(block.buffer)
  let filled = 0
  let bytes = 0

  function digestBlock(): void {
    for (let t = 0; t < 16; t++) words[t] = view.getInt32(4 * t)
    for (let t = 16; t < 64; t++) {
      const early = words[t - 15]
      const late = words[t - 2]
      const s0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3)
      const s1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10)
      words[t] = words[t - 16] + s0 + words[t - 7] + s1
    }
    let [a, b, c, d, e, f, g, h] = hash
    for (let t = 0; t < 64; t++) {
      const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
      const one = (h + s1 + ((e & f) ^ (~e & g)) + constants[t] + words[t]) | 0
      const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + one) | 0
      d = c
      c = b
      b = a
      a = (one + two) | 0
    }
    for (const [k, word] of [a, b, c, d, e, f, g, h].entries()) hash[k] += word
    filled = 0
  }

  return {
    update(data) {
      bytes += data.length
      for (let at = 0; at < data.length; ) {
        const taken = Math.min(BLOCK - filled, data.length - at)
        block.set(data.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        if (filled === BLOCK) digestBlock()
      }
    },
    hex() {
      block[filled++] = 0x80
      if (filled > BLOCK - 8) {
        block.fill(0, filled)
        digestBlock()
      }
      block.fill(0, filled)
      // The number of bits, in 64 of them.
      view.setUint32(BLOCK - 8, Math.floor(bytes / 2 ** 29))
      view.setUint32(BLOCK - 4, (bytes % 2 ** 29) * 8)
      digestBlock()
      return Array.from(hash, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
    },
  }
}

function rotated(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** The first 32 bits behind the point of the cube roots of the first 64 primes, and of the square roots of the first eight. */
function fractions(): { constants: Int32Array; initial: Int32Array } {
  const constants = new Int32Array(64)
  const initial = new Int32Array(8)
  for (let candidate = 2, found = 0; found < 64; candidate++) {
    let prime = true
    for (let divisor = 2; divisor * divisor <= candidate; divisor++) prime &&= candidate % divisor !== 0
    if (!prime) continue
    constants[found] = rootBits(BigInt(candidate), 3n)
    if (found < 8) initial[found] = rootBits(BigInt(candidate), 2n)
    found++
  }
  return { constants, initial }
}

/** The first 32 bits behind the point of a root, exactly: engines may round `Math.cbrt` as they like. */
function rootBits(value: bigint, degree: bigint): number {
  const scaled = value << (32n * degree)
  let root = 0n
  for (let bit = 1n << 37n; bit > 0n; bit >>= 1n) {
    if ((root + bit) ** degree <= scaled) root += bit
  }
  return Number(BigInt.asIntN(32, root))
}
