import { roomFor } from '../../storage/growth.js'
import { LITTLE } from '../../storage/safetensors.js'
import { Gaps } from './gaps.js'

/** The caller's name for a stored pattern, unique in its memory. */
export type Id = string | number

/** Patterns of a page, at most. */
export const SLOTS = 2 ** 12
/** Characters after which a page takes no more. */
const FULL = 2 ** 20
/** Of so many slots of a page half may be empty. */
const FEW = 64
/** Characters of ids that have gone, beside as many as those that are there have: fewer are not worth a page made anew. */
const SPARE = 2 ** 16
/** Characters that a call of String.fromCharCode takes. */
const CALL = 2 ** 12

// What stands before an id among the characters of a page. A pattern without an id has no characters at all.
const [STRING, NUMBER] = [0x22, 0x23]

const mixed = (hash: number, code: number): number => {
  const h = Math.imul(hash ^ code, 0x9e3779b1)
  return h ^ (h >>> 15)
}

const bodyOf = (id: Id): string => (typeof id === 'string' ? id : String(id))
const kindOf = (id: Id): number => (typeof id === 'string' ? STRING : NUMBER)

/** A number of 32 bits that a page says of the same id too. */
export function hashOf(id: Id, seed: number): number {
  const body = bodyOf(id)
  let hash = mixed(seed, kindOf(id))
  for (let k = 0; k < body.length; k++) hash = mixed(hash, body.charCodeAt(k))
  return hash >>> 0
}

/**
 * The ids of some patterns in a row, as characters in one array: a million strings would be looked at one by one whenever JavaScript
 * collects garbage, and nobody has a turn meanwhile. Each pattern has a slot, which it keeps while others before it go.
 */
export class IdPage {
  /** Names the page while it is in a list. */
  readonly serial: number
  /** The index of its first pattern in the list. */
  base = 0
  /** A code point below 128 takes one byte; two where one is higher. */
  #codes: Uint8Array | Uint16Array = new Uint8Array(0)
  #used = 0
  /** Characters of the ids that are there. */
  #living = 0
  #starts = new Uint32Array(0)
  #ends = new Uint32Array(0)
  #slots = 0
  #gaps = new Gaps()
  /** The characters as a string, of which ids are parts: made when a page that takes no more is read. */
  #text: string | undefined
  /** Whether another page reads the arrays. */
  #lent = false

  constructor(serial: number) {
    this.serial = serial
  }

  /** Its patterns. */
  get length(): number {
    return this.#slots - this.#gaps.count
  }

  /** How many more it takes. */
  get room(): number {
    return this.#used >= FULL ? 0 : SLOTS - this.#slots
  }

  /** Characters that there is room for. */
  get characters(): number {
    return this.#codes.length
  }

  /** A page that says the same, and may change while this one stays as it is. */
  copy(): IdPage {
    const page = new IdPage(this.serial)
    page.base = this.base
    page.#codes = this.#codes
    page.#used = this.#used
    page.#living = this.#living
    page.#starts = this.#starts
    page.#ends = this.#ends
    page.#slots = this.#slots
    page.#gaps = this.#gaps.copy()
    page.#text = this.#text
    page.#lent = true
    return page
  }

  /** Adds a pattern. */
  push(id: Id | undefined): void {
    this.#own()
    this.#widen(1)
    const slot = this.#slots++
    this.#put(slot, id)
  }

  /** Adds patterns without ids. */
  skip(count: number): void {
    this.#own()
    this.#widen(count)
    this.#starts.fill(0, this.#slots, this.#slots + count)
    this.#ends.fill(0, this.#slots, this.#slots + count)
    this.#slots += count
  }

  at(k: number): Id | undefined {
    const slot = this.#gaps.numberAt(k)
    const start = this.#starts[slot]
    const end = this.#ends[slot]
    if (start === end) return undefined
    const body = this.#string(start + 1, end)
    return this.#codes[start] === NUMBER ? Number(body) : body
  }

  /** Gives a pattern another id, or none. @returns whether others have another slot now. */
  set(k: number, id: Id | undefined): boolean {
    this.#own()
    const slot = this.#gaps.numberAt(k)
    this.#living -= this.#size(slot)
    this.#put(slot, id)
    if (!this.#wasteful) return false
    this.#pack()
    return true
  }

  /** One pattern goes. @returns as `set`. */
  remove(k: number): boolean {
    this.#living -= this.#size(this.#gaps.numberAt(k))
    this.#gaps.remove(k)
    this.#slots = this.#gaps.trim(this.#slots)
    if ((this.#slots < FEW || this.length > this.#slots / 2) && !this.#wasteful) return false
    this.#pack()
    return true
  }

  /** All patterns from the one at `length` on go. */
  truncate(length: number): void {
    if (length >= this.length) return
    for (let k = length; k < this.length; k++) this.#living -= this.#size(this.#gaps.numberAt(k))
    this.#slots = this.#gaps.trim(this.#gaps.numberAt(length))
    this.#used = 0
    for (let slot = 0; slot < this.#slots; slot++) this.#used = Math.max(this.#used, this.#ends[slot])
    this.#text = undefined
  }

  slotOf(k: number): number {
    return this.#gaps.numberAt(k)
  }

  /** Where in the page the pattern of a slot is; undefined where none has it. */
  placeOf(slot: number): number | undefined {
    return slot < this.#slots ? this.#gaps.indexOf(slot) : undefined
  }

  /** As `hashOf` of the id in a slot; −1 if there is none. */
  hash(slot: number, seed: number): number {
    const start = this.#starts[slot]
    const end = this.#ends[slot]
    if (start === end) return -1
    let hash = seed
    for (let k = start; k < end; k++) hash = mixed(hash, this.#codes[k])
    return hash >>> 0
  }

  /** Whether this id is in a slot. */
  has(slot: number, id: Id): boolean {
    const body = bodyOf(id)
    const start = this.#starts[slot]
    if (this.#ends[slot] - start !== body.length + 1 || this.#codes[start] !== kindOf(id)) return false
    for (let k = 0; k < body.length; k++) if (this.#codes[start + 1 + k] !== body.charCodeAt(k)) return false
    return true
  }

  /** Whether more characters than not are of ids that have gone. */
  get #wasteful(): boolean {
    return this.#used > 2 * this.#living + SPARE
  }

  /** Characters of what is in a slot. */
  #size(slot: number): number {
    return this.#ends[slot] - this.#starts[slot]
  }

  #put(slot: number, id: Id | undefined): void {
    this.#text = undefined
    if (id === undefined) {
      this.#starts[slot] = this.#ends[slot] = 0
      return
    }
    const body = bodyOf(id)
    const start = this.#used
    const end = start + 1 + body.length
    if (end > this.#codes.length) this.#codes = grown(this.#codes, roomFor(end, this.#codes.length))
    this.#codes[start] = kindOf(id)
    for (let k = 0; k < body.length; k++) {
      const code = body.charCodeAt(k)
      if (code > 0x7f && this.#codes instanceof Uint8Array) this.#codes = Uint16Array.from(this.#codes)
      this.#codes[start + 1 + k] = code
    }
    this.#starts[slot] = start
    this.#ends[slot] = this.#used = end
    this.#living += end - start
  }

  /** Makes room for more slots. */
  #widen(count: number): void {
    const needed = this.#slots + count
    if (needed <= this.#starts.length) return
    const room = Math.min(SLOTS, roomFor(needed, this.#starts.length))
    this.#starts = grown(this.#starts, room)
    this.#ends = grown(this.#ends, room)
  }

  /** Copies arrays that another page reads before they change. */
  #own(): void {
    if (!this.#lent) return
    this.#codes = this.#codes.slice()
    this.#starts = this.#starts.slice()
    this.#ends = this.#ends.slice()
    this.#lent = false
  }

  /** Leaves out the slots and the characters of patterns that have gone. */
  #pack(): void {
    const ids = Array.from({ length: this.length }, (_, k) => this.at(k))
    this.#codes = new Uint8Array(0)
    this.#used = this.#living = 0
    this.#starts = new Uint32Array(ids.length)
    this.#ends = new Uint32Array(ids.length)
    this.#slots = 0
    this.#gaps = new Gaps()
    this.#lent = false
    for (const id of ids) this.push(id)
  }

  #string(start: number, end: number): string {
    if (this.room === 0) this.#text ??= decoded(this.#codes.subarray(0, this.#used))
    return this.#text?.slice(start, end) ?? decoded(this.#codes.subarray(start, end))
  }
}

/** The same numbers in more room. */
function grown<T extends Uint8Array | Uint16Array | Uint32Array>(values: T, room: number): T {
  const more = new (values.constructor as new (length: number) => T)(room)
  more.set(values)
  return more
}

function decoded(codes: Uint8Array | Uint16Array): string {
  if (codes.length <= CALL) return String.fromCharCode.apply(null, codes as unknown as number[])
  if (codes instanceof Uint8Array) return new TextDecoder('utf-8', { ignoreBOM: true }).decode(codes)
  try {
    // Refused where there is half a pair, which strings of JavaScript may have, and where the engine knows UTF-8 alone.
    if (LITTLE) return new TextDecoder('utf-16le', { fatal: true, ignoreBOM: true }).decode(codes)
  } catch {
    // Piece by piece, as below.
  }
  let text = ''
  for (let at = 0; at < codes.length; at += CALL) text += decoded(codes.subarray(at, at + CALL))
  return text
}
