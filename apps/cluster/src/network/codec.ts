import { ClusterError } from '../errors.js'

// A message: 'HFC' and the format's version, the length of its head (u32), the head (JSON), then arrays, each at a multiple of eight bytes
// and little-endian. The head has { "$array": [kind, travelling kind, length] } in place of an array, in the order in which they follow.
// Numbers keep their bits: whole numbers travel in the narrowest integers that hold all of an array, and come back as what they were.

/** Raised when older versions would misread what newer ones send, the rows of packed states among it. */
export const FORMAT = 2
const MAGIC = [0x48, 0x46, 0x43]
const PREFIX = 8

const KINDS = {
  i8: Int8Array,
  u8: Uint8Array,
  i16: Int16Array,
  u16: Uint16Array,
  i32: Int32Array,
  u32: Uint32Array,
  f32: Float32Array,
  f64: Float64Array,
} as const
type Kind = keyof typeof KINDS
type Numbers = InstanceType<(typeof KINDS)[Kind]>

const NAMES = new Map<unknown, Kind>(Object.entries(KINDS).map(([name, type]) => [type, name as Kind]))

/** What an array of a kind may travel as, the narrowest first. Floats of one word are vectors, which are hardly ever whole. */
const NARROWER: { readonly [K in Kind]: readonly Kind[] } = {
  i8: ['i8'],
  u8: ['u8'],
  i16: ['i8', 'i16'],
  u16: ['u8', 'u16'],
  i32: ['i8', 'i16', 'i32'],
  u32: ['u8', 'u16', 'u32'],
  f32: ['f32'],
  f64: ['i8', 'i16', 'i32', 'f64'],
}

/** The deepest that a message nests. */
const DEPTH = 8

const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8

/** The kind that an array travels as. */
function narrowest(kind: Kind, array: Numbers): Kind {
  if (NARROWER[kind].length === 1) return kind
  let [least, most] = [0, 0]
  for (let k = 0; k < array.length; k++) {
    const x = array[k]
    // A fraction, NaN, an infinity, or the zero that no integer has.
    if (x !== Math.trunc(x) || (x === 0 && 1 / x < 0)) return kind
    if (x < least) least = x
    if (x > most) most = x
  }
  for (const one of NARROWER[kind]) {
    if (one === kind) break
    const { BYTES_PER_ELEMENT: bytes } = KINDS[one]
    const signed = one[0] === 'i' ? 1 : 0
    if (least >= -signed * 2 ** (8 * bytes - 1) && most < 2 ** (8 * bytes - signed)) return one
  }
  return kind
}

/** A value as JSON has it: arrays go to `arrays`, and what JSON has not is an object of one name that begins with '$'. */
function headOf(value: unknown, arrays: Numbers[]): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) }
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { $number: Object.is(value, -0) ? '-0' : String(value) }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => headOf(one, arrays))
  if (ArrayBuffer.isView(value)) {
    const kind = value instanceof Uint8Array ? 'u8' : NAMES.get(value.constructor)
    if (kind === undefined) throw new TypeError(`encode: no ${value.constructor.name} travels`)
    const array = value as Numbers
    const as = narrowest(kind, array)
    arrays.push(as === kind ? array : new KINDS[as](array))
    return { $array: [kind, as, array.length] }
  }
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  for (const [key] of entries)
    if (key.startsWith('$')) throw new TypeError(`encode: '${key}' is a name of the format`)
  return Object.fromEntries(entries.map(([key, one]) => [key, headOf(one, arrays)]))
}

export function encode(value: unknown): Uint8Array {
  const arrays: Numbers[] = []
  const head = Buffer.from(JSON.stringify(headOf(value, arrays)))
  const first = padded(PREFIX + head.length)
  const out = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + padded(byteLength), first))
  out.set([...MAGIC, FORMAT])
  new DataView(out.buffer).setUint32(4, head.length, true)
  out.set(head, PREFIX)
  let at = first
  for (const { buffer, byteOffset, byteLength } of arrays) {
    out.set(new Uint8Array(buffer, byteOffset, byteLength), at)
    at += padded(byteLength)
  }
  return out
}

/**
 * What was encoded. At most eight times the bytes of the message are allocated.
 * @throws ClusterError ERR_CLUSTER_FORMAT for bytes that are no message of this format, saying what is wrong.
 */
export function decode(bytes: Uint8Array): unknown {
  if (bytes.length < PREFIX || MAGIC.some((byte, k) => bytes[k] !== byte))
    throw malformed(`expected 'HFC' and a head, got ${bytes.length} bytes of something else`)
  if (bytes[3] !== FORMAT)
    throw malformed(`expected format ${FORMAT}, got ${bytes[3]}; run the same version everywhere`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  const first = padded(PREFIX + length)
  if (first > bytes.length) throw malformed(`a head of ${length} bytes in a message of ${bytes.length}`)
  let head: unknown
  try {
    head = JSON.parse(TEXT.decode(bytes.subarray(PREFIX, PREFIX + length)))
  } catch (error) {
    throw malformed(`its head: ${(error as Error).message}`)
  }
  if (typeof head !== 'object' || head === null) throw malformed('its head is no object')
  const rest = new Rest(bytes, first)
  const value = rest.read(head, 0)
  rest.end()
  return value
}

const TEXT = new TextDecoder('utf-8', { fatal: true })

/** The arrays of a message, taken in their order. */
class Rest {
  readonly #bytes: Uint8Array
  #at: number

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes
    this.#at = at
  }

  /** What a head says. */
  read(head: unknown, depth: number): unknown {
    if (typeof head !== 'object' || head === null) return head
    if (depth === DEPTH) throw malformed(`it nests deeper than ${DEPTH}`)
    if (Array.isArray(head)) return head.map((one) => this.read(one, depth + 1))
    const entries = Object.entries(head)
    const [name, one] = entries[0] ?? []
    if (name?.startsWith('$') && entries.length === 1) return this.#special(name, one)
    for (const [key] of entries)
      if (key.startsWith('$') || key === '__proto__') throw malformed(`it has the name '${key}'`)
    return Object.fromEntries(entries.map(([key, value]) => [key, this.read(value, depth + 1)]))
  }

  #special(name: string, given: unknown): unknown {
    if (name === '$array') return this.#array(given)
    if (name === '$integer' && typeof given === 'string' && /^-?\d{1,40}$/.test(given)) return BigInt(given)
    if (name === '$number' && ['-0', 'NaN', 'Infinity', '-Infinity'].includes(given as string))
      return Number(given)
    throw malformed(`it has the name '${name}'`)
  }

  #array(given: unknown): Numbers {
    const [kind, as, length] = (Array.isArray(given) ? given : []) as [Kind, Kind, number]
    const known = Object.hasOwn(KINDS, kind) && NARROWER[kind].includes(as)
    if (!known || !Number.isSafeInteger(length) || length < 0)
      throw malformed(`an array is described as ${JSON.stringify(given)}`)
    const size = length * KINDS[as].BYTES_PER_ELEMENT
    if (size > this.#bytes.length - this.#at) throw malformed(`it ends before its arrays do`)
    const from = this.#bytes.byteOffset + this.#at
    this.#at = Math.min(this.#at + padded(size), this.#bytes.length)
    // A copy of its own: it is aligned, and keeps no buffer of the connection.
    const array = new KINDS[as](this.#bytes.buffer.slice(from, from + size) as ArrayBuffer)
    return as === kind ? array : new KINDS[kind](array)
  }

  end(): void {
    if (this.#at !== this.#bytes.length)
      throw malformed(`${this.#bytes.length - this.#at} bytes follow its arrays`)
  }
}

function malformed(what: string): ClusterError {
  return new ClusterError('ERR_CLUSTER_FORMAT', `message: ${what}`)
}
