import { HopfieldError } from 'hopfield-native'

/** A state, a code or a vector as it travels: packed bits, or numbers. */
export type PlainRow = Uint8Array | Float32Array | Float64Array
/** Two of them, by the names of their sides. */
export type PairRow = Readonly<Record<string, PlainRow | undefined>>
export type Row = PlainRow | PairRow

/** How a client writes states: as numbers, as base64, or as bytes. */
export type Form = 'numbers' | 'base64' | 'bytes'

/** How rows of one kind are written in bodies and in logs. */
export interface RowFormat<R extends Row = Row> {
  /** Numbers of a row. */
  readonly width: number
  /** Bytes of a row in a packed body. */
  readonly bytes: number
  /** What a row is, for people. */
  readonly says: string
  /** A row of what a body has. All that a call with many rows would be refused for is refused here. @throws HopfieldError naming it. */
  read(name: string, given: unknown): R
  /** The rows of packed bytes; they may be views of them. @throws HopfieldError */
  readAll(name: string, bytes: Uint8Array): R[]
  /** A row as a client wants it. */
  written(row: R, form: Form): unknown
  /** A row as packed bytes. */
  pack(row: R): Uint8Array
  /** A packed row that a random one of as many bits as it is wide stands for. */
  example(bits: Uint8Array): Uint8Array
}

/** Bit i of packed bits. */
export function bit(bits: Uint8Array, i: number): 0 | 1 {
  return ((bits[i >> 3] >> (i & 7)) & 1) === 1 ? 1 : 0
}

/** Bytes as JSON has them. */
export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')
}

/** What a string of a body has in base64. */
export function bytesOf(name: string, text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node leaves out what is no base64.
  if (bytes.length === Math.floor((text.replace(/=+$/, '').length * 3) / 4)) return bytes
  throw new HopfieldError('ERR_HOPFIELD_VALUE', `${name}: expected base64, got ${told(text)}`)
}

/** Cuts packed bytes into rows. */
export function cut<R>(
  name: string,
  bytes: Uint8Array,
  { bytes: size, says }: { readonly bytes: number; readonly says: string },
  row: (name: string, bytes: Uint8Array) => R,
): R[] {
  if (bytes.length === size) return [row(name, bytes)]
  if (bytes.length % size !== 0 || bytes.length === 0) {
    throw new HopfieldError(
      'ERR_HOPFIELD_SHAPE',
      `${name}: expected rows of ${size} bytes (${says}), got ${bytes.length} bytes`,
    )
  }
  return Array.from({ length: bytes.length / size }, (_, k) =>
    row(`${name}[${k}]`, bytes.subarray(k * size, (k + 1) * size)),
  )
}

/** A value at the end of a message. */
export function told(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 40 ? `${text.slice(0, 37)}…` : text
}
