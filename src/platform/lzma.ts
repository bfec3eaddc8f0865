// LZMA as the file format .lzma has it (LZMA SDK, "LZMA specification"), unpacked. Engines unpack gzip of their own, which takes 1.4 times
// the bytes for WebAssembly: its window is 32 kB, and code that was compiled from templates repeats itself over hundreds of them.
import { Pace } from './pace.js'

/** Five bytes of properties, and eight of the unpacked size. */
const HEADER = 13
/** Half of 2^11: a bit that is as likely 0 as 1. */
const EVEN = 1024
const STATES = 12
const SHORTEST = 2

/** Bytes that are no whole .lzma stream. */
export class DamagedLzma extends Error {
  constructor() {
    super('the packed bytes are damaged')
  }
}

/** Likelihoods of so many bits. */
function even(count: number): Uint16Array {
  return new Uint16Array(count).fill(EVEN)
}

/** Bits of a range coder, each read together with how likely it is. */
class Bits {
  readonly #bytes: Uint8Array
  #at = HEADER
  #range = 0xffffffff
  #code = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    if (this.#byte() !== 0) throw new DamagedLzma()
    for (let k = 0; k < 4; k++) this.#code = ((this.#code << 8) | this.#byte()) >>> 0
  }

  bit(likely: Uint16Array, at: number): number {
    const chance = likely[at]
    const bound = (this.#range >>> 11) * chance
    if (this.#code < bound) {
      this.#range = bound
      likely[at] = chance + ((2048 - chance) >>> 5)
      this.#fill()
      return 0
    }
    this.#range -= bound
    this.#code -= bound
    likely[at] = chance - (chance >>> 5)
    this.#fill()
    return 1
  }

  /** A number of so many bits, each as likely 0 as 1. */
  plain(count: number): number {
    let number = 0
    for (let k = 0; k < count; k++) {
      this.#range >>>= 1
      const one = this.#code >= this.#range ? 1 : 0
      if (one === 1) this.#code -= this.#range
      number = ((number << 1) | one) >>> 0
      this.#fill()
    }
    return number
  }

  /** A number of so many bits, the highest first; what is likely depends on those before. */
  tree(likely: Uint16Array, from: number, count: number): number {
    let node = 1
    for (let k = 0; k < count; k++) node = (node << 1) | this.bit(likely, from + node)
    return node - (1 << count)
  }

  /** The same, the lowest bit first. */
  reverseTree(likely: Uint16Array, from: number, count: number): number {
    let node = 1
    let number = 0
    for (let k = 0; k < count; k++) {
      const bit = this.bit(likely, from + node)
      node = (node << 1) | bit
      number |= bit << k
    }
    return number
  }

  #fill(): void {
    if (this.#range >= 2 ** 24) return
    this.#range = (this.#range << 8) >>> 0
    this.#code = ((this.#code << 8) | this.#byte()) >>> 0
  }

  #byte(): number {
    if (this.#at === this.#bytes.length) throw new DamagedLzma()
    return this.#bytes[this.#at++]
  }
}

/** Lengths of repeats: short ones by where they are, long ones not. */
class Lengths {
  readonly #choice = even(2)
  readonly #low = even(16 << 3)
  readonly #middle = even(16 << 3)
  readonly #high = even(1 << 8)

  read(bits: Bits, place: number): number {
    if (bits.bit(this.#choice, 0) === 0) return bits.tree(this.#low, place << 3, 3)
    if (bits.bit(this.#choice, 1) === 0) return 8 + bits.tree(this.#middle, place << 3, 3)
    return 16 + bits.tree(this.#high, 0, 8)
  }
}

/** Distances, by how long the repeat is. */
class Distances {
  readonly #slots = even(4 << 6)
  readonly #near = even(128)
  readonly #align = even(1 << 4)

  read(bits: Bits, length: number): number {
    const slot = bits.tree(this.#slots, Math.min(length, 3) << 6, 6)
    if (slot < 4) return slot
    const count = (slot >>> 1) - 1
    const from = ((2 | (slot & 1)) << count) >>> 0
    if (slot < 14) return from + bits.reverseTree(this.#near, from - slot, count)
    return from + bits.plain(count - 4) * 16 + bits.reverseTree(this.#align, 0, 4)
  }
}

/** Single bytes; after a repeat, what would have gone on says what is likely. */
class Literals {
  readonly #likely: Uint16Array
  readonly #context: number
  readonly #mask: number

  constructor(context: number, position: number) {
    this.#likely = even(0x300 << (context + position))
    this.#context = context
    this.#mask = (1 << position) - 1
  }

  /** @param match the byte at the last distance; -1 where none is asked. */
  read(bits: Bits, at: number, before: number, match: number): number {
    const kind = ((at & this.#mask) << this.#context) + (before >>> (8 - this.#context))
    const from = 0x300 * kind
    let node = 1
    let like = match
    while (like >= 0 && node < 0x100) {
      const expected = (like >>> 7) & 1
      like = (like << 1) & 0xff
      const bit = bits.bit(this.#likely, from + ((1 + expected) << 8) + node)
      node = (node << 1) | bit
      if (bit !== expected) break
    }
    while (node < 0x100) node = (node << 1) | bits.bit(this.#likely, from + node)
    return node & 0xff
  }
}

/**
 * Unpacks a .lzma stream that tells its size, in small steps.
 * @throws DamagedLzma for anything else.
 */
export function* unpackLzma(packed: Uint8Array): Generator<void, Uint8Array> {
  if (packed.length < HEADER) throw new DamagedLzma()
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
  const properties = packed[0]
  if (properties >= 9 * 5 * 5 || view.getUint32(9, true) !== 0) throw new DamagedLzma()
  const context = properties % 9
  const position = Math.floor(properties / 9) % 5
  const placeMask = (1 << Math.floor(properties / 45)) - 1
  const out = new Uint8Array(view.getUint32(5, true))

  const bits = new Bits(packed)
  const literals = new Literals(context, position)
  const isMatch = even(STATES << 4)
  const isRepeat = even(STATES)
  const isOlder = [even(STATES), even(STATES), even(STATES)]
  const isLong = even(STATES << 4)
  const newLengths = new Lengths()
  const oldLengths = new Lengths()
  const distances = new Distances()
  /** The last four distances, less 1. */
  let last: readonly number[] = [0, 0, 0, 0]
  let state = 0
  const pace = new Pace()

  for (let at = 0; at < out.length; ) {
    if (pace.due(16)) yield
    const place = at & placeMask
    if (bits.bit(isMatch, (state << 4) + place) === 0) {
      const match = state < 7 ? -1 : out[at - last[0] - 1]
      out[at] = literals.read(bits, at, at === 0 ? 0 : out[at - 1], match)
      at++
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
      continue
    }
    let length = 1
    if (bits.bit(isRepeat, state) === 0) {
      const long = newLengths.read(bits, place)
      last = [distances.read(bits, long), last[0], last[1], last[2]]
      length = SHORTEST + long
      state = state < 7 ? 7 : 10
    } else {
      const older = olderBy(bits, isOlder, state)
      if (older === 0 && bits.bit(isLong, (state << 4) + place) === 0) {
        state = state < 7 ? 9 : 11
      } else {
        last = [last[older], ...last.filter((_, k) => k !== older)]
        length = SHORTEST + oldLengths.read(bits, place)
        state = state < 7 ? 8 : 11
      }
    }
    const distance = last[0] + 1
    if (distance > at || at + length > out.length) throw new DamagedLzma()
    for (const end = at + length; at < end; at++) out[at] = out[at - distance]
  }
  return out
}

/** Which of the last distances a repeat has: the last one, or one of three before. */
function olderBy(bits: Bits, isOlder: readonly Uint16Array[], state: number): number {
  const older = isOlder.findIndex((likely) => bits.bit(likely, state) === 0)
  return older === -1 ? isOlder.length : older
}
