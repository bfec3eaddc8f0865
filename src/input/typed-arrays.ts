/**
 * Arrays that no SharedArrayBuffer is under: `Int8Array<ArrayBuffer>` and so on where TypeScript tells the difference (from 5.7),
 * plain `Int8Array` before, which would refuse to name it.
 */
export type Int8s = ReturnType<Int8ArrayConstructor['of']>
export type Uint8s = ReturnType<Uint8ArrayConstructor['of']>
export type Int32s = ReturnType<Int32ArrayConstructor['of']>
export type Uint32s = ReturnType<Uint32ArrayConstructor['of']>
export type Float32s = ReturnType<Float32ArrayConstructor['of']>
export type Float64s = ReturnType<Float64ArrayConstructor['of']>

/** Numbers in an array of any kind, also the 64-bit integers that are NumPy's default. */
export type NumbersLike = ArrayLike<number> | BigInt64Array | BigUint64Array

/** The typed arrays that kernels read. */
export type Typed = Int8Array | Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array

/** The constructor of a typed array. */
export interface TypedClass<T extends Typed> {
  readonly name: string
  readonly BYTES_PER_ELEMENT: number
  new (length: number): T
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T
  readonly prototype: T
}

/** What every typed array answers of itself, whatever a subclass or a property of its own says in its place. */
const own = (key: PropertyKey): ((this: unknown) => unknown) =>
  Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Int8Array.prototype), key)?.get as () => unknown
const [tag, length, buffer, byteOffset, byteLength] = [
  Symbol.toStringTag,
  'length',
  'buffer',
  'byteOffset',
  'byteLength',
].map(own)

/** Names of classes: a function's own `name` takes longer to look up than the rest of a check. */
const NAMES: ReadonlyMap<unknown, string> = new Map(
  [Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array].map((Class) => [Class, Class.name]),
)

/** Whether a value is an array of this class that kernels can read. `instanceof` alone also takes a Proxy of one. */
export function isTyped<T extends Typed>(value: unknown, Class: TypedClass<T>): value is T {
  // Cues are bytes, and one look into a map is a fiftieth of a small recall.
  const name = Class === (Int8Array as unknown) ? 'Int8Array' : NAMES.get(Class)
  return tag.call(value) === name && value instanceof (Class as TypedClass<Typed>)
}

/** Whether reading a value runs no code of the caller's: a typed array of any class, or nothing. */
export function isInert(value: unknown): boolean {
  return value === undefined || tag.call(value) !== undefined
}

/** Whether a value has what every typed array inherits. */
export function inheritsTyped(value: object): boolean {
  return value instanceof Object.getPrototypeOf(Int8Array)
}

/** The number of values in a typed array; undefined of anything else. */
export function typedLength<T>(value: T): T extends Typed ? number : number | undefined {
  return (tag.call(value) === undefined ? undefined : length.call(value)) as never
}

/** Whether a value is a typed array whose buffer was transferred. */
export function isTransferred(value: unknown): boolean {
  return tag.call(value) !== undefined && isDetached(buffer.call(value) as ArrayBufferLike)
}

/** A transferred buffer looks empty; only making a view of it tells (ArrayBuffer.detached came with Node 21). */
export function isDetached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength !== 0) return false
  try {
    new Uint8Array(buffer)
    return false
  } catch {
    return true
  }
}

/**
 * Reads two arguments. One that is a typed array may be taken as it is, so it is read after one whose reading may run the caller's code.
 * @param given the first argument.
 */
export function readBoth<A, B>(given: unknown, first: () => A, second: () => B): [A, B] {
  if (!isInert(given)) return [first(), second()]
  const later = second()
  return [first(), later]
}

/** The bytes under a typed array of any class; undefined if its buffer was transferred. */
export function bytesOf(array: unknown): Uint8Array | undefined {
  if (tag.call(array) === undefined || isTransferred(array)) return undefined
  const [start, size] = [byteOffset.call(array), byteLength.call(array)] as [number, number]
  return new Uint8Array(buffer.call(array) as ArrayBuffer, start, size)
}

/** Whether a typed array has methods of no one else: most have, and a view of each would cost a small recall a tenth of its time. */
export function isPristine<T extends Typed>(array: T, Class: TypedClass<T>): boolean {
  return Object.getPrototypeOf(array) === Class.prototype && !Object.hasOwn(array, 'constructor')
}

/** Whether the buffer under a typed array keeps its length. */
export function isFixed(array: Typed): boolean {
  const of = buffer.call(array) as { readonly resizable?: boolean; readonly growable?: boolean }
  return of.resizable !== true && of.growable !== true
}

/**
 * The same memory as an array of exactly this class: methods of a subclass, or a species of the caller's, would run the caller's code.
 * Undefined if it is no array of the class, or if its buffer was transferred.
 */
export function plainArray<T extends Typed>(value: unknown, Class: TypedClass<T>): T | undefined {
  if (!isTyped(value, Class)) return undefined
  try {
    return new Class(buffer.call(value) as ArrayBuffer, byteOffset.call(value) as number, typedLength(value))
  } catch {
    return undefined
  }
}
