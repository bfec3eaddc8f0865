/** A state or a vector: ±1 values as Int8Array, packed bits as Uint8Array, numbers as Float32Array, or either as a plain array. */
export type State = Int8Array | Uint8Array | Float32Array | readonly number[]

/** A state as it travels: bytes, or a plain array as it is. */
export function sent(state: State): Uint8Array | readonly number[] {
  if (state instanceof Int8Array) return packed(state)
  if (state instanceof Float32Array) return bytesOf(state)
  return state
}

/** A state that has come back, as the one was that was sent. */
export function received<S extends State>(like: S, state: Uint8Array | number[]): S {
  if (like instanceof Int8Array) return unpacked(state as Uint8Array, like.length) as unknown as S
  if (like instanceof Float32Array) return numbersOf(state as Uint8Array) as unknown as S
  return state as unknown as S
}

/** Neuron i in bit i mod 8 of byte ⌊i/8⌋. What is not ±1 is left to the server, which says which value it is. */
function packed(state: Int8Array): Uint8Array | readonly number[] {
  const bytes = new Uint8Array(Math.ceil(state.length / 8))
  for (let i = 0; i < state.length; i++) {
    if (state[i] === 1) bytes[i >> 3] |= 1 << (i & 7)
    else if (state[i] !== -1) return Array.from(state)
  }
  return bytes
}

function unpacked(bytes: Uint8Array, neurons: number): Int8Array {
  return Int8Array.from({ length: neurons }, (_, i) => (((bytes[i >> 3] >> (i & 7)) & 1) === 1 ? 1 : -1))
}

/** f32, little-endian on every machine. */
function bytesOf(vector: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * vector.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < vector.length; i++) view.setFloat32(4 * i, vector[i], true)
  return bytes
}

function numbersOf(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true))
}
