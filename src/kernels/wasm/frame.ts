import { HopfieldError } from '../../errors.js'
import { Heap, type TypedArray, WORDS } from './heap.js'

/** What the module lends of its memory: native/wasm/runtime.cc. */
export interface Lender {
  readonly memory: WebAssembly.Memory
  malloc(bytes: number): number
  free(at: number): void
}

/** Vectors of the kernels lie on cache lines. */
const LINE = 64
/** Bytes up to which copying takes no longer than looking for a copy. */
const SMALL = 2 ** 13
/** Bytes of what stays as it is that are copied together: whoever reads a part waits for no more than that. */
const PIECE = 2 ** 18
/** Bytes of arrays that a call may bring without asking for memory. */
const DESK = 2 ** 18
/** Of a text that ends with a byte of zero. */
export const AUTO_LENGTH = 0xffffffff

/** An array that a call brought, and where its copy lies. */
interface Copy {
  readonly array: TypedArray
  readonly kind: number
  readonly at: number
  /** What to give back; 0 where it is not the call's own. */
  readonly owned: number
}

/** Who ends what an object owns in the module's memory. */
export interface Ending {
  readonly finalize: number
  readonly data: number
  readonly hint: number
}

export interface Estate extends Ending {
  readonly blocks: readonly number[]
}

/** Words that stay as they are, and what calls have brought of them. It does not hold them. */
export interface Settled {
  readonly offset: number
  readonly length: number
  /** Which pieces have been copied. */
  readonly has: Uint8Array
  at: number
  /** What the copy takes of the memory; 0 without one. */
  owned: number
  /** The last call that read the copy. */
  call: number
}

/** What an object has at a place that Node-API calls a reference. */
type Reference = { readonly strong: unknown } | { readonly weak: WeakRef<object> }

export function outOfMemory(): never {
  throw new HopfieldError(
    'ERR_HOPFIELD_MEMORY',
    'the WebAssembly kernel ran out of memory: a module addresses 4 GB, copies of what calls bring among them; use smaller batches, or the native backend',
  )
}

/**
 * What a call has while it runs: values by number, and arrays of JavaScript as copies in the module's memory, since WebAssembly sees nothing
 * else. Arrays of a handle stay as long as it lives: memories never change under their handles.
 */
export class Frame {
  readonly heap: Heap
  /** What Node-API says of an error that it knows nothing of. */
  readonly unknown: number
  readonly #lender: Lender
  readonly #remembers: boolean
  readonly #desk: number
  #deskUsed = 0
  /** Undefined, those of the call, and room. */
  readonly #values: unknown[] = [undefined]
  #used = 1
  #given: readonly unknown[] = []
  #bound = 0
  /** Copies stay when the call ends. */
  #keeping = false
  #copies: Copy[] = []
  readonly #buffers = new Map<ArrayBuffer, { at: number; owned: number }>()
  #wrapped: { readonly object: object; readonly ending: Ending } | undefined
  readonly #kept = new WeakMap<object, readonly Copy[]>()
  readonly #settled = new WeakMap<ArrayBufferLike, Settled>()
  /** Of those, which have a copy. */
  readonly #standing = new Set<Settled>()
  /** Buffers whose copy was made in this call. */
  readonly #made: { readonly buffer: ArrayBufferLike; readonly settled: Settled }[] = []
  #calls = 0
  readonly #references: (Reference | undefined)[] = [undefined]
  readonly #free: number[] = []
  readonly #decoder = new TextDecoder()
  /** Of the whole environment. */
  instanceData = 0

  /** @param remembers whether a call on a handle may bring the handle's own arrays: then they live as long as it. */
  constructor(lender: Lender, remembers = true) {
    this.#lender = lender
    this.#remembers = remembers
    this.heap = new Heap(lender.memory)
    this.#desk = this.#room(DESK).at
    this.unknown = this.#room(LINE).at
    this.heap.words.fill(0, this.unknown >>> 2, (this.unknown + LINE) >>> 2)
  }

  /** The arguments of the call. */
  get given(): readonly unknown[] {
    return this.#given
  }

  /** What the called function is bound to. */
  get bound(): number {
    return this.#bound
  }

  begin(given: readonly unknown[], bound: number, keeping: boolean): void {
    this.#given = given
    this.#bound = bound
    this.#keeping = keeping
    this.#calls++
  }

  /** These words stay as they are until this is said of their buffer again, or it is gone. Other threads may write into shared ones. */
  settle({ buffer, byteOffset, byteLength }: Uint32Array): void {
    if (!(buffer instanceof ArrayBuffer)) return
    const before = this.#settled.get(buffer)
    if (before !== undefined) this.drop(before)
    const has = new Uint8Array(Math.ceil(byteLength / PIECE))
    this.#settled.set(buffer, { offset: byteOffset, length: byteLength, has, at: 0, owned: 0, call: 0 })
  }

  /** Copies back what was written: the arguments at these positions, and the control block, which is none. */
  takeBack(writes: readonly number[]): void {
    const given = this.#given
    const copies = this.#copies
    for (let k = 0; k < copies.length; k++) {
      const { array, kind, at } = copies[k]
      let back = true
      for (let j = 0; j < given.length && back; j++) back = given[j] !== array
      for (let j = 0; j < writes.length && !back; j++) back = given[writes[j]] === array
      if (back) this.heap.take(at, array, kind)
    }
    if (this.#buffers.size === 0) return
    for (const [buffer, { at }] of this.#buffers) {
      new Uint8Array(buffer).set(this.heap.bytes.subarray(at, at + buffer.byteLength))
    }
  }

  /** Gives back a copy of what stays as it is. */
  drop(settled: Settled): void {
    if (settled.owned !== 0) this.#lender.free(settled.owned)
    settled.owned = 0
    settled.has.fill(0)
    this.#standing.delete(settled)
  }

  /** Copies that this call has made of what stays as it is, and the buffers they go with. */
  made(told: (buffer: ArrayBufferLike, settled: Settled) => void): void {
    if (this.#made.length === 0) return
    for (const { buffer, settled } of this.#made) told(buffer, settled)
    this.#made.length = 0
  }

  /** What the object that this call has wrapped owns from now on, the copies of the call among it. */
  register(told: (object: object, estate: Estate) => void): void {
    if (this.#wrapped === undefined) return
    const { object, ending } = this.#wrapped
    if (this.#remembers) this.#kept.set(object, this.#copies)
    told(object, { ...ending, blocks: this.#copies.map(({ owned }) => owned).filter((owned) => owned !== 0) })
    this.#copies = []
  }

  /** Whatever has happened, what belongs to the call ends with it. */
  end(): void {
    for (const { owned } of this.#copies) if (owned !== 0) this.#lender.free(owned)
    if (this.#copies.length > 0) this.#copies = []
    if (this.#buffers.size > 0) {
      for (const { owned } of this.#buffers.values()) this.#lender.free(owned)
      this.#buffers.clear()
    }
    // Nothing here keeps alive what the call was given; a shorter list would have to grow again.
    for (let k = 1; k < this.#used; k++) this.#values[k] = undefined
    this.#used = 1
    this.#given = []
    this.#deskUsed = 0
    this.#wrapped = undefined
    this.#keeping = false
  }

  value(number: number): unknown {
    return this.#values[number]
  }

  /** The number of a value. */
  give(value: unknown): number {
    if (value === undefined) return 0
    this.#values[this.#used] = value
    return this.#used++
  }

  /** Writes the number of a value; returns the status of success. */
  answer(at: number, value: unknown): number {
    const number = this.give(value)
    this.heap.words[at >>> 2] = number
    return 0
  }

  /** Where the bytes of an array are for this call. */
  copied(array: TypedArray, kind: number): number {
    const copies = this.#copies
    for (let k = 0; k < copies.length; k++) if (copies[k].array === array) return copies[k].at
    const kept = this.#inHandle(array)
    if (kept !== undefined) {
      this.#copies.push({ array, kind, at: kept, owned: 0 })
      return kept
    }
    // A handle's arrays live as long as it.
    const settled = this.#keeping ? undefined : this.#inSettled(array)
    if (settled !== undefined) {
      this.#copies.push({ array, kind, at: settled, owned: 0 })
      return settled
    }
    const bytes = array.byteLength
    // An address that is not null, and that nothing is read from.
    if (bytes === 0) return LINE
    if (bytes >= 2 ** 32 - 2 * LINE) outOfMemory()
    const end = this.#deskUsed + Math.ceil(bytes / LINE) * LINE
    const { at, owned } =
      end <= DESK && !this.#keeping ? { at: this.#desk + this.#deskUsed, owned: 0 } : this.#room(bytes)
    if (owned === 0) this.#deskUsed = end
    this.heap.put(at, array, kind)
    this.#copies.push({ array, kind, at, owned })
    return at
  }

  /** A buffer for JavaScript, whose bytes the call writes. */
  newBuffer(bytes: number): { buffer: ArrayBuffer; at: number } {
    const buffer = new ArrayBuffer(bytes)
    const room = this.#room(bytes)
    this.#buffers.set(buffer, room)
    return { buffer, at: room.at }
  }

  placeOf(buffer: ArrayBuffer): number {
    return this.#buffers.get(buffer)?.at ?? 0
  }

  wrap(object: object, ending: Ending): void {
    this.#wrapped = { object, ending }
  }

  refer(reference: Reference): number {
    const at = this.#free.pop() ?? this.#references.length
    this.#references[at] = reference
    return at
  }

  referred(at: number): unknown {
    const reference = this.#references[at]
    if (reference === undefined) return undefined
    return 'weak' in reference ? reference.weak.deref() : reference.strong
  }

  forget(at: number): void {
    this.#references[at] = undefined
    this.#free.push(at)
  }

  text(address: number, length: number): string {
    const { bytes } = this.heap
    const at = address >>> 0
    const end = length >>> 0 === AUTO_LENGTH ? bytes.indexOf(0, at) : at + length
    return this.#decoder.decode(bytes.subarray(at, end))
  }

  #room(bytes: number): { at: number; owned: number } {
    const owned = this.#lender.malloc(bytes + LINE) >>> 0
    if (owned === 0) {
      if (!this.#dropOthers()) outOfMemory()
      return this.#room(bytes)
    }
    return { at: Math.ceil(owned / LINE) * LINE, owned }
  }

  /** Where an array is that is a part of what stays as it is. */
  #inSettled({ buffer, byteOffset, byteLength }: TypedArray): number | undefined {
    if (byteLength <= SMALL) return undefined
    const settled = this.#settled.get(buffer)
    if (settled === undefined) return undefined
    const from = byteOffset - settled.offset
    if (from < 0 || from + byteLength > settled.length) return undefined
    if (settled.owned === 0) {
      Object.assign(settled, this.#room(settled.length))
      this.#standing.add(settled)
      this.#made.push({ buffer, settled })
    }
    settled.call = this.#calls
    for (let piece = Math.floor(from / PIECE); piece * PIECE < from + byteLength; piece++) {
      if (settled.has[piece] === 0) this.#bring(piece, settled, buffer)
    }
    return settled.at + from
  }

  #bring(piece: number, { offset, length, at, has }: Settled, buffer: ArrayBuffer): void {
    const first = piece * PIECE
    const words = Math.min(PIECE, length - first) / 4
    this.heap.put(at + first, new Uint32Array(buffer, offset + first, words), WORDS)
    has[piece] = 1
  }

  /** Gives back copies that this call has not asked for. Returns whether there were any. */
  #dropOthers(): boolean {
    const others = [...this.#standing].filter(({ call }) => call !== this.#calls)
    for (const settled of others) this.drop(settled)
    return others.length > 0
  }

  /** Where an array is that is one of the memory of this call, or a part of one: a kernel may complete what its memory has. */
  #inHandle(array: TypedArray): number | undefined {
    const handle = this.#given[1]
    if (typeof handle !== 'object' || handle === null) return undefined
    for (const copy of this.#kept.get(handle) ?? []) {
      const from = array.byteOffset - copy.array.byteOffset
      if (array.buffer !== copy.array.buffer || from < 0) continue
      if (from + array.byteLength <= copy.array.byteLength) return copy.at + from
    }
    return undefined
  }
}
