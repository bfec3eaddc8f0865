import fc from 'fast-check'

/** One change of some bytes; positions and values are taken modulo what there is. */
export interface Mutation {
  readonly what: 'flip' | 'byte' | 'number' | 'digits' | 'cut' | 'insert' | 'copy' | 'swap'
  readonly at: number
  readonly other: number
  readonly length: number
  readonly value: number
}

/** Lengths, counts and offsets that somebody might believe. */
const NUMBERS = [
  0,
  1,
  7,
  0x7f,
  0xff,
  0x7fff,
  0xffff,
  2 ** 24,
  2 ** 31 - 1,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 40,
  2 ** 53 - 1,
  2 ** 53,
]

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(
  fc.record<Mutation>({
    what: fc.constantFrom('flip', 'byte', 'number', 'digits', 'digits', 'cut', 'insert', 'copy', 'swap'),
    at: fc.nat(),
    other: fc.nat(),
    length: fc.oneof(fc.constantFrom(1, 2, 4, 8), fc.nat(200)),
    value: fc.oneof(fc.nat(255), fc.constantFrom(...NUMBERS)),
  }),
  { minLength: 1, maxLength: 4 },
)

function spliced(bytes: Uint8Array, at: number, removed: number, put: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length - removed + put.length)
  out.set(bytes.subarray(0, at))
  out.set(put, at)
  out.set(bytes.subarray(at + removed), at + put.length)
  return out
}

/** Another number in place of one that is written in digits, from `at` on; text before and behind it stays. */
function withDigits(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1')
  const found = /\d+/.exec(text.slice(at)) ?? /\d+/.exec(text)
  if (found === null) return bytes
  const from = text.indexOf(found[0], text.slice(at).includes(found[0]) ? at : 0)
  return spliced(bytes, from, found[0].length, new TextEncoder().encode(String(value)))
}

function mutated(bytes: Uint8Array, { what, at, other, length, value }: Mutation): Uint8Array {
  if (bytes.length === 0) return Uint8Array.of(value)
  const out = Uint8Array.from(bytes)
  const [from, to] = [at % bytes.length, other % bytes.length]
  const most = Math.min(length, bytes.length - from)
  switch (what) {
    case 'flip':
      out[from] ^= 1 << (value & 7)
      return out
    case 'byte':
      out[from] = value
      return out
    case 'number': {
      const digits = new DataView(new ArrayBuffer(8))
      digits.setBigUint64(0, BigInt(value), true)
      out.set(new Uint8Array(digits.buffer, 0, Math.min([2, 4, 8][other % 3], bytes.length - from)), from)
      return out
    }
    case 'digits':
      return withDigits(bytes, from, value)
    case 'cut':
      return other % 3 === 0 ? out.subarray(0, from) : spliced(bytes, from, most, new Uint8Array(0))
    case 'insert':
      return spliced(bytes, from, 0, new Uint8Array(length).fill(value))
    case 'copy':
      return spliced(bytes, to, 0, bytes.subarray(from, from + most))
    case 'swap':
      out.copyWithin(to, from, from + most)
      return out
  }
}

export function mutate(bytes: Uint8Array, all: readonly Mutation[]): Uint8Array {
  return all.reduce(mutated, bytes)
}
