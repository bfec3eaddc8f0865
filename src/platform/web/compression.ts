// What zip archives ask of a page: engines inflate by streams alone, which answer later.

/** The checksum of zip files: CRC-32 with the polynomial 0xedb88320. */
export function crc32(bytes: Uint8Array): number {
  const table = Int32Array.from({ length: 256 }, (_, byte) => {
    let word = byte
    for (let bit = 0; bit < 8; bit++) word = (word >>> 1) ^ (word & 1 ? 0xedb88320 : 0)
    return word
  })
  let sum = -1
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 255]
  return ~sum >>> 0
}

/**
 * The bytes that a raw DEFLATE stream (RFC 1951) stands for.
 * @returns undefined if the stream is damaged, is not over at the end of `packed`, or stands for more or less than `size` bytes.
 */
export function inflate(packed: Uint8Array, size: number): Uint8Array | undefined {
  const bits = new Bits(packed)
  const out = new Output(size)
  try {
    let last = 0
    while (last === 0) {
      last = bits.take(1)
      const kind = bits.take(2)
      if (kind === 0) copyStored(bits, out)
      else if (kind === 1) inflateBlock(bits, out, fixedCodes())
      else if (kind === 2) inflateBlock(bits, out, readCodes(bits))
      else return undefined
    }
  } catch (error) {
    if (error instanceof Damaged) return undefined
    throw error
  }
  return out.at === size && bits.over ? out.bytes : undefined
}

class Damaged extends Error {}

/** Bits of a stream, the lowest of each byte first. */
class Bits {
  readonly #bytes: Uint8Array
  #at = 0
  #held = 0
  #count = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** A number of at most 16 bits. */
  take(count: number): number {
    while (this.#count < count) {
      this.#held |= this.#byte() << this.#count
      this.#count += 8
    }
    const taken = this.#held & ((1 << count) - 1)
    this.#held >>>= count
    this.#count -= count
    return taken
  }

  /** The next whole bytes; bits before them are left out. */
  wholeBytes(count: number): Uint8Array {
    this.#held = 0
    this.#count = 0
    if (this.#at + count > this.#bytes.length) throw new Damaged()
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  /** Whether nothing is left but bits that fill the last byte. */
  get over(): boolean {
    return this.#at === this.#bytes.length
  }

  #byte(): number {
    if (this.over) throw new Damaged()
    return this.#bytes[this.#at++]
  }
}

class Output {
  readonly bytes: Uint8Array
  at = 0

  constructor(size: number) {
    this.bytes = new Uint8Array(size)
  }

  put(byte: number): void {
    if (this.at === this.bytes.length) throw new Damaged()
    this.bytes[this.at++] = byte
  }

  /** Repeats what lies `distance` bytes back; it may reach into what it writes. */
  repeat(distance: number, length: number): void {
    if (distance > this.at || this.at + length > this.bytes.length) throw new Damaged()
    for (let k = 0; k < length; k++, this.at++) this.bytes[this.at] = this.bytes[this.at - distance]
  }
}

function copyStored(bits: Bits, out: Output): void {
  const [low, high, lowCheck, highCheck] = bits.wholeBytes(4)
  const length = low | (high << 8)
  if ((length ^ (lowCheck | (highCheck << 8))) !== 0xffff) throw new Damaged()
  for (const byte of bits.wholeBytes(length)) out.put(byte)
}

/** A Huffman code: how many words of each length there are, and what they stand for in order. */
interface Code {
  readonly counts: readonly number[]
  readonly symbols: readonly number[]
}

interface Codes {
  readonly lengths: Code
  readonly distances: Code
}

const LONGEST = 15
const END = 256

/** @param whole whether words may be missing: of distances there may be one word or none. */
function codeOf(lengths: readonly number[], whole: boolean): Code {
  const counts = new Array<number>(LONGEST + 1).fill(0)
  for (const length of lengths) counts[length]++
  let left = 1
  for (let length = 1; length <= LONGEST; length++) {
    left = 2 * left - counts[length]
    if (left < 0) throw new Damaged()
  }
  const used = lengths.length - counts[0]
  if (left > 0 && (whole || used > 1 || used !== counts[1])) throw new Damaged()
  counts[0] = 0
  const symbols = Array.from(lengths.keys())
    .filter((symbol) => lengths[symbol] > 0)
    .sort((one, other) => lengths[one] - lengths[other] || one - other)
  return { counts, symbols }
}

function decode(bits: Bits, { counts, symbols }: Code): number {
  let word = 0
  let first = 0
  let index = 0
  for (let length = 1; length <= LONGEST; length++) {
    word |= bits.take(1)
    const count = counts[length]
    if (word - first < count) return symbols[index + word - first]
    index += count
    first = (first + count) << 1
    word <<= 1
  }
  throw new Damaged()
}

function fixedCodes(): Codes {
  const lengths = Array.from({ length: 288 }, (_, symbol) =>
    symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8,
  )
  return { lengths: codeOf(lengths, true), distances: codeOf(new Array<number>(32).fill(5), true) }
}

/** The order in which a block tells the lengths of the words that tell lengths. */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

function readCodes(bits: Bits): Codes {
  const literals = bits.take(5) + 257
  const distances = bits.take(5) + 1
  const told = bits.take(4) + 4
  if (literals > 286 || distances > 30) throw new Damaged()
  const first = new Array<number>(ORDER.length).fill(0)
  for (const symbol of ORDER.slice(0, told)) first[symbol] = bits.take(3)
  const code = codeOf(first, true)
  const lengths: number[] = []
  while (lengths.length < literals + distances) {
    const symbol = decode(bits, code)
    if (symbol < 16) {
      lengths.push(symbol)
      continue
    }
    if (symbol === 16 && lengths.length === 0) throw new Damaged()
    const value = symbol === 16 ? lengths[lengths.length - 1] : 0
    const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7)
    for (let k = 0; k < times; k++) lengths.push(value)
  }
  if (lengths.length > literals + distances || lengths[END] === 0) throw new Damaged()
  return {
    lengths: codeOf(lengths.slice(0, literals), true),
    distances: codeOf(lengths.slice(literals), false),
  }
}

/** Symbols 257 to 284 stand for lengths from 3, in groups of four with one bit more each; symbols of distances alike in pairs. */
function inflateBlock(bits: Bits, out: Output, { lengths, distances }: Codes): void {
  for (;;) {
    const symbol = decode(bits, lengths)
    if (symbol === END) return
    if (symbol < END) {
      out.put(symbol)
      continue
    }
    if (symbol > 285) throw new Damaged()
    const length = symbol === 285 ? 258 : 3 + grouped(bits, symbol - 257, 2)
    const far = decode(bits, distances)
    if (far > 29) throw new Damaged()
    out.repeat(1 + grouped(bits, far, 1), length)
  }
}

/** A number by its symbol: 2^shift symbols share a count of extra bits. */
function grouped(bits: Bits, symbol: number, shift: number): number {
  const group = symbol >> shift
  if (group < 2) return symbol
  const extra = group - 1
  return (((1 << shift) + (symbol & ((1 << shift) - 1))) << extra) + bits.take(extra)
}
