/**
 * A state, a code or a vector: ±1 values as Int8Array, packed bits as Uint8Array, numbers as Float32Array or Float64Array (of graded neurons), or
 * any of them as a plain array.
 */
export type State = Int8Array | Uint8Array | Float32Array | Float64Array | readonly number[]

/** A cue of a memory of pairs: one side or both. */
export interface PairCue<S extends State = State> {
  readonly x?: S
  readonly y?: S
}

/** A pair as a recall ends with it, each side in the form of the cue. */
export interface Pair<S extends State = State> {
  readonly x: S
  readonly y: S
}

/** What memories store: states, or pairs of them as { x, y }, { key, value } or { input, output }. */
export type Pattern =
  | State
  | Pair
  | { readonly key: State; readonly value: State }
  | { readonly input: State; readonly output: State }

type Wired = Uint8Array | readonly number[]

/** A state or its sides as they travel: bytes, or plain arrays as they are. */
export function sent(given: Pattern | PairCue): Wired | Readonly<Record<string, Wired>> {
  if (isState(given)) return wiredOf(given)
  const sides = Object.entries(given).filter(([, row]) => row !== undefined)
  return Object.fromEntries(sides.map(([side, row]) => [side, wiredOf(row)]))
}

export function isState(given: Pattern | PairCue): given is State {
  return ArrayBuffer.isView(given) || Array.isArray(given)
}

/** A row that has come back, as the one was that was sent. @param units of packed bits. */
export function received<S extends State>(like: S, row: Wired, units: number = like.length): S {
  if (like instanceof Int8Array) return unpacked(row as Uint8Array, units) as unknown as S
  if (like instanceof Float32Array) return numbersOf(row as Uint8Array, Float32Array) as unknown as S
  if (like instanceof Float64Array) return numbersOf(row as Uint8Array, Float64Array) as unknown as S
  return row as unknown as S
}

function wiredOf(state: State): Wired {
  if (state instanceof Int8Array) return packed(state)
  if (state instanceof Float32Array || state instanceof Float64Array) return bytesOf(state)
  return state
}

/** Neuron i in bit i mod 8 of byte ⌊i/8⌋. What is not ±1 is left to the server, which says which value it is. */
function packed(state: Int8Array): Wired {
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

/** f32 or f64, little-endian on every machine. */
function bytesOf(vector: Float32Array | Float64Array): Uint8Array {
  const bytes = new Uint8Array(vector.byteLength)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < vector.length; i++) {
    if (vector instanceof Float64Array) view.setFloat64(8 * i, vector[i], true)
    else view.setFloat32(4 * i, vector[i], true)
  }
  return bytes
}

function numbersOf(bytes: Uint8Array, Numbers: Float32ArrayConstructor | Float64ArrayConstructor) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const size = Numbers.BYTES_PER_ELEMENT
  const numbers = new Numbers(bytes.length / size)
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = size === 8 ? view.getFloat64(8 * i, true) : view.getFloat32(4 * i, true)
  }
  return numbers
}
