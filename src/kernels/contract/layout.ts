/**
 * How bits lie in memory, the same on both sides of the border.
 *
 * A row is one state or pattern: neuron i in bit (i mod 32) of 32-bit word ⌊i/32⌋, bit 1 = +1, padded with zero bits. 256 neurons or
 * fewer are padded to whole 64-bit words, so that they take few bytes, and more to whole 512-bit blocks, as kernels read them. A column
 * is one neuron's value in every pattern, padded to whole 64-bit words. Planes are patterns eight by eight: word w (64 bits) of patterns
 * 8k…8k+7 side by side, for every w that holds neurons.
 * The addon reads the same bytes as little-endian 64-bit words.
 */
const BLOCK_BITS = 512
/** Up to so many neurons, rows end with the last word in use. */
const SHORT_BITS = 256

/** 32-bit words a row of N neurons. */
export function rowWords(neurons: number): number {
  return neurons <= SHORT_BITS ? Math.ceil(neurons / 64) * 2 : blockWords(neurons)
}

/** 32-bit words of N bits in whole blocks, whatever N is. */
export function blockWords(neurons: number): number {
  return (Math.ceil(neurons / BLOCK_BITS) * BLOCK_BITS) / 32
}

/** 32-bit words a column of P patterns. */
export function columnWords(patterns: number): number {
  return Math.ceil(patterns / 64) * 2
}

/** 32-bit words of P patterns of N neurons in planes. */
export function planeWords(patterns: number, neurons: number): number {
  return Math.ceil(patterns / 8) * Math.ceil(neurons / 64) * 16
}

/** Numbers a row of N weights of graded neurons: whole groups of eight, as dot8 takes them. */
export function paddedStride(neurons: number): number {
  return Math.ceil(neurons / 8) * 8
}

/** +1 or −1: neuron i of the packed row that starts at word `base`. */
export function spin(words: Uint32Array, i: number, base = 0): 1 | -1 {
  return (words[base + (i >>> 5)] >>> (i & 31)) & 1 ? 1 : -1
}

/** The bits of the last partly used word of a row, as a mask; all ones where N fills it. */
export function tailMask(neurons: number): number {
  const used = neurons & 31
  return used === 0 ? 0xffffffff : 2 ** used - 1
}

/** Zero the padding bits of the row at `base`, whatever they were. */
export function clearPadding(words: Uint32Array, neurons: number, base = 0): void {
  const last = base + Math.ceil(neurons / 32)
  words[last - 1] = words[last - 1] & tailMask(neurons)
  const end = base + rowWords(neurons)
  // A call that writes nothing takes as long as the rest of this.
  if (last < end) words.fill(0, last, end)
}

/** Number of one bits in a 32-bit word. */
export function popcount32(word: number): number {
  let w = word - ((word >>> 1) & 0x55555555)
  w = (w & 0x33333333) + ((w >>> 2) & 0x33333333)
  w = (w + (w >>> 4)) & 0x0f0f0f0f
  return Math.imul(w, 0x01010101) >>> 24
}
