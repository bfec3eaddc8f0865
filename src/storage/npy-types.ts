/** Typed arrays for the element types of an .npy file. Booleans are a Uint8Array of 0 and 1, half floats a Float32Array. */
export type NpyData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

/** An element type without its byte order. */
export interface ElementType {
  /** Bytes of an element. */
  readonly bytes: number
  /** What it becomes; `buffer` has whole elements in little-endian order. */
  read(buffer: ArrayBuffer): NpyData
}

const TYPES: Record<string, ElementType> = {
  b1: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  i1: { bytes: 1, read: (buffer) => new Int8Array(buffer) },
  u1: { bytes: 1, read: (buffer) => new Uint8Array(buffer) },
  i2: { bytes: 2, read: (buffer) => new Int16Array(buffer) },
  u2: { bytes: 2, read: (buffer) => new Uint16Array(buffer) },
  i4: { bytes: 4, read: (buffer) => new Int32Array(buffer) },
  u4: { bytes: 4, read: (buffer) => new Uint32Array(buffer) },
  i8: { bytes: 8, read: (buffer) => new BigInt64Array(buffer) },
  u8: { bytes: 8, read: (buffer) => new BigUint64Array(buffer) },
  f2: { bytes: 2, read: (buffer) => widened(new Uint16Array(buffer)) },
  f4: { bytes: 4, read: (buffer) => new Float32Array(buffer) },
  f8: { bytes: 8, read: (buffer) => new Float64Array(buffer) },
}

/** The element type of a descriptor such as '<f4', and whether its bytes begin with the most significant one; undefined if unknown. */
export function typeOf(descr: string): { type: ElementType; bigEndian: boolean } | undefined {
  const [order, code] = [descr[0], descr.slice(1)]
  if (order === undefined || !'<>|='.includes(order) || !Object.hasOwn(TYPES, code)) return undefined
  return { type: TYPES[code], bigEndian: order === '>' }
}

/** The descriptor of a typed array; undefined for what is none. */
export function descriptorOf(data: unknown): string | undefined {
  if (!ArrayBuffer.isView(data)) return undefined
  const name = (data as NpyData)[Symbol.toStringTag]
  return Object.hasOwn(DESCRIPTORS, name) ? DESCRIPTORS[name] : undefined
}

const DESCRIPTORS: Record<string, string> = {
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Float32Array: '<f4',
  Float64Array: '<f8',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
}

/** Turns the bytes of each element round, in place. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  for (let at = 0; at < bytes.length; at += size) {
    for (let [a, b] = [at, at + size - 1]; a < b; a++, b--) {
      const first = bytes[a]
      bytes[a] = bytes[b]
      bytes[b] = first
    }
  }
}

/** Elements that lie column by column, row by row. */
export function rowMajor<Data extends NpyData>(data: Data, shape: readonly number[]): Data {
  const out = data.slice() as Data
  const { length } = data
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1))
  const place = shape.map(() => 0)
  let from = 0
  for (let to = 0; to < length; to++) {
    out[to] = data[from]
    // The next place: the last axis moves, and those before it where it comes to its end.
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]
      if (++place[axis] < shape[axis]) break
      from -= strides[axis] * shape[axis]
      place[axis] = 0
    }
  }
  return out
}

/** Half floats (IEEE 754 binary16) as f32, which holds each of them exactly. */
function widened(halves: Uint16Array): Float32Array {
  const out = new Float32Array(halves.length)
  for (let k = 0; k < out.length; k++) {
    const [exponent, fraction] = [(halves[k] >> 10) & 31, halves[k] & 1023]
    const size =
      exponent === 0
        ? fraction * 2 ** -24
        : exponent === 31
          ? fraction === 0
            ? Number.POSITIVE_INFINITY
            : Number.NaN
          : (1024 + fraction) * 2 ** (exponent - 25)
    out[k] = halves[k] & 0x8000 ? -size : size
  }
  return out
}
