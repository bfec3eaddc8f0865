/** Typed arrays by the number that Node-API gives their kind. */
const KINDS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
] as const

export type TypedArray = InstanceType<(typeof KINDS)[number]>

const BYTES = KINDS.map(({ BYTES_PER_ELEMENT }) => BYTES_PER_ELEMENT)
/** The number of words' kind. */
export const WORDS = 6

const KIND_OF = new Map<unknown, number>(KINDS.map((kind, number) => [kind.prototype, number]))

/** The number of an array's kind; undefined of whatever is no typed array. */
export function kindOf(value: unknown): number | undefined {
  if (!ArrayBuffer.isView(value)) return undefined
  return KIND_OF.get(Object.getPrototypeOf(value))
}

/** A typed array of this kind over `buffer`. */
export function arrayOf(kind: number, buffer: ArrayBuffer, offset: number, length: number): TypedArray {
  return new KINDS[kind](buffer, offset, length)
}

/** Elements up to which copying one by one takes less time than making a view. */
const FEW = 32
/** The same where a view is made of the module's memory too. */
const SOME = 128

const { set } = Float64Array.prototype

/** The module's memory as arrays of every kind, made again when it has grown. */
export class Heap {
  readonly #memory: WebAssembly.Memory
  #views: TypedArray[] = []
  /**
   * One of them. Views end when the memory grows: to ask the memory for its buffer takes longer than to look at what is here, and an engine
   * knows the length of an array of one kind faster than that of any.
   */
  #words: Uint32Array = new Uint32Array(0)
  #parts: { readonly from: number; readonly length: number; readonly view: TypedArray }[] = []

  constructor(memory: WebAssembly.Memory) {
    this.#memory = memory
  }

  /** Words of 32 bits; a pointer p is at p / 4. */
  get words(): Uint32Array {
    if (this.#words.length === 0) this.#renew()
    return this.#words
  }

  /** Numbers of 64 bits; a pointer p is at p / 8. */
  get doubles(): Float64Array {
    return this.#view(8) as Float64Array
  }

  get bytes(): Uint8Array {
    return this.#view(1) as Uint8Array
  }

  put(at: number, array: TypedArray, kind: number): void {
    const heap = this.#view(kind) as Float64Array
    const from = at / BYTES[kind]
    const { length } = array
    if (length > FEW) {
      heap.set(array as Float64Array, from)
      return
    }
    for (let k = 0; k < length; k++) heap[from + k] = array[k] as number
  }

  take(at: number, array: TypedArray, kind: number): void {
    const heap = this.#view(kind) as Float64Array
    const from = at / BYTES[kind]
    const { length } = array
    if (length > SOME) {
      // A caller's array may have a `set` of its own.
      set.call(array as Float64Array, this.#part(kind, from, length) as Float64Array)
      return
    }
    for (let k = 0; k < length; k++) array[k] = heap[from + k]
  }

  /** Of the memory, as the last call had it: most bring arrays of the same sizes. */
  #part(kind: number, from: number, length: number): TypedArray {
    const last = this.#parts[kind]
    if (last !== undefined && last.from === from && last.length === length) return last.view
    const view = this.#view(kind).subarray(from, from + length)
    this.#parts[kind] = { from, length, view }
    return view
  }

  #view(kind: number): TypedArray {
    if (this.#words.length === 0) this.#renew()
    return this.#views[kind]
  }

  #renew(): void {
    const { buffer } = this.#memory
    this.#parts = []
    this.#views = KINDS.map((Kind) => new Kind(buffer))
    this.#words = this.#views[WORDS] as Uint32Array
  }
}
