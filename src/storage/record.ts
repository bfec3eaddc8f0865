import { allHere, type Steps } from '../async/steps.js'
import { HopfieldError } from '../errors.js'
import { Leased } from './lease.js'

/** The arrays that memories keep. */
export type Values = Uint8Array | Int32Array | Uint32Array | Float32Array | Float64Array

/** An array and what its indices mean: the last index runs fastest. */
export interface Tensor {
  readonly values: Values
  readonly shape: readonly number[]
}

/** What JSON can hold. A bigint is a whole number that f64 cannot hold. */
export type Fact =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly Fact[]
  | { readonly [name: string]: Fact }

/** By name. Without a prototype, so that no name is special. */
export type Facts = { readonly [name: string]: Fact }

/** Everything a memory knows, as data: what a file holds, what threads share, what a copy is made from. */
export interface MemoryRecord {
  /** The name of the memory's class. */
  readonly kind: string
  /** How its weights are kept. */
  readonly form: string
  /** Options with which the class is constructed again, without arrays and backend. */
  readonly options: Facts
  /** What has come about since, in numbers and words. */
  readonly facts: Facts
  readonly arrays: ReadonlyMap<string, Tensor>
}

/** Collects a record. Arrays are taken as they are: views that stay the same only while they are held. */
export class RecordWriter {
  /** Whether arrays that can be computed from others are wanted too, for readers that need not compute them again. */
  readonly derived: boolean
  readonly #options: Record<string, Fact> = Object.create(null)
  readonly #facts: Record<string, Fact> = Object.create(null)
  readonly #arrays = new Map<string, Tensor>()
  readonly #releases: (() => void)[] = []
  readonly #making: (() => Steps<void>)[] = []

  constructor(derived = false) {
    this.derived = derived
  }

  /** An option of the constructor; undefined is left out. */
  option(name: string, value: Fact | undefined): void {
    if (value !== undefined) this.#options[name] = value
  }

  fact(name: string, value: Fact | undefined): void {
    if (value !== undefined) this.#facts[name] = value
  }

  array(name: string, values: Values, shape: readonly number[]): void {
    this.#arrays.set(name, { values, shape })
  }

  /** Adds what makes an array of what the memory knows at the call, in steps. The record is whole once `making` has been done. */
  later(steps: () => Steps<void>): void {
    this.#making.push(steps)
  }

  *making(): Steps<void> {
    for (const steps of this.#making.splice(0)) yield* steps()
  }

  /** Keeps arrays of the record as they are until `release`. */
  hold(leased: Leased<unknown>): void {
    this.#releases.push(leased.hold())
  }

  /** Lets what was held change again. */
  release(): void {
    for (const release of this.#releases.splice(0)) release()
  }

  record(kind: string, form: string): MemoryRecord {
    return { kind, form, options: this.#options, facts: this.#facts, arrays: this.#arrays }
  }
}

type Kind<V extends Values> = { readonly name: string; new (length: number): V }

/** A look through contents, in small steps where they may be large. */
export type Check = () => Steps<void>

/**
 * Hands out a record of unknown origin. Whatever does not fit is ERR_HOPFIELD_FILE with its place. Types and shapes are checked
 * at once; contents by `settle`, which whoever opens the record calls, or else the memory at the first use of them.
 */
export class RecordReader {
  readonly record: MemoryRecord
  readonly shared: boolean
  readonly #untaken: Set<string>
  readonly #unread: Set<string>
  readonly #conversions: Check[] = []
  readonly #checks: Check[] = []
  readonly #trusted: boolean

  /**
   * @param shared whether others have the arrays too: who would change one then copies it first.
   * @param trusted whether contents come from a memory of this process, and need no look through.
   */
  constructor(record: MemoryRecord, shared: boolean, trusted = false) {
    this.#trusted = trusted
    this.record = record
    this.shared = shared
    this.#untaken = new Set(record.arrays.keys())
    this.#unread = new Set(Object.keys(record.facts))
  }

  /** A fact, after its check; `check` sees undefined if there is none. */
  fact<T>(name: string, check: (name: string, value: unknown) => T): T {
    this.#unread.delete(name)
    return check(name, this.record.facts[name])
  }

  has(name: string): boolean {
    return this.record.arrays.has(name)
  }

  /** The length of an array along one index. */
  extent(name: string, axis: number): number {
    return this.#tensor(name).shape[axis] ?? 0
  }

  /**
   * An array of the record itself, not a copy.
   * @param shape the expected lengths; undefined where any will do.
   */
  array<V extends Values>(
    name: string,
    kinds: Kind<V> | readonly Kind<V>[],
    shape: readonly (number | undefined)[],
  ): V {
    const { values, shape: given } = this.#tensor(name)
    this.#untaken.delete(name)
    const accepted = Array.isArray(kinds) ? (kinds as readonly Kind<V>[]) : [kinds as Kind<V>]
    const fits =
      accepted.some((Accepted) => values instanceof Accepted) &&
      given.length === shape.length &&
      shape.every((length, axis) => length === undefined || length === given[axis])
    if (fits) return values as V
    const expected = `${accepted.map((Accepted) => Accepted.name).join(' or ')} ${shapeText(shape)}`
    throw misfit(name, `expected ${expected}, got ${values.constructor.name} ${shapeText(given)}`)
  }

  /** Arrays under the conditions of this record. */
  lease<T>(values: T): Leased<T> {
    return new Leased(values, this.shared)
  }

  /** Adds a look through contents. */
  check(look: Check): void {
    if (!this.#trusted) this.complete(look)
  }

  /** Adds what makes the rest from contents, after the looks through them; it is done for contents that are trusted, too. */
  complete(steps: Check): void {
    this.#checks.push(steps)
  }

  /** Adds what makes arrays of today from those of older records. It is done before anybody has the memory, of a mapped file too. */
  convert(steps: Check): void {
    this.#conversions.push(steps)
  }

  /** Makes such arrays. */
  *converting(): Steps<void> {
    for (const steps of this.#conversions.splice(0)) yield* steps()
  }

  /** Looks through all contents that nobody has looked through. It throws every time if they are not what they should be. */
  settle(): void {
    allHere(this.settling())
  }

  /** The same in small steps. */
  *settling(): Steps<void> {
    yield* this.converting()
    // A check may read what another one has checked before it.
    for (let look = this.#checks[0]; look !== undefined; look = this.#checks[0]) {
      yield* look()
      if (this.#checks[0] === look) this.#checks.shift()
    }
  }

  /** Refuses what nobody has asked for: it would be lost. */
  finish(): void {
    for (const name of this.#untaken) throw misfit(name, `unknown array of a ${this.record.kind}`)
    for (const name of this.#unread) throw misfit(name, `unknown fact of a ${this.record.kind}`)
  }

  #tensor(name: string): Tensor {
    const tensor = this.record.arrays.get(name)
    if (tensor === undefined) throw misfit(name, 'expected an array with this name, got none')
    return tensor
  }
}

/** Numbers per step of a check: some tenths of a millisecond. */
const SOME = 2 ** 15

/**
 * Looks at indices from 0 to length − 1, in small steps.
 * @param size how many numbers each of them stands for.
 */
export function* each(length: number, look: (k: number) => void, size = 1): Generator<void, void> {
  const some = Math.max(1, Math.floor(SOME / size))
  for (let from = 0; from < length; from += some) {
    const to = Math.min(from + some, length)
    for (let k = from; k < to; k++) look(k)
    yield
  }
}

/** Refuses numbers beyond ±`most`, and what is none. */
export function within(from: RecordReader, name: string, values: Values, most: number): void {
  if (values instanceof Int32Array) return
  from.check(() =>
    each(values.length, (k) => {
      if (Math.abs(values[k]) <= most) return
      throw misfit(`${name}[${k}]`, `expected a number within ±${most}, got ${values[k]}`)
    }),
  )
}

/** The error about something in a record. */
export function misfit(place: string, words: string): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_FILE', `${place}: ${words}`)
}

function shapeText(shape: readonly (number | undefined)[]): string {
  return `[${shape.map((length) => length ?? 'any').join(', ')}]`
}
