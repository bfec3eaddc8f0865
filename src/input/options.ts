import { describe, HopfieldError, isRevoked, within } from '../errors.js'
import {
  checkBoolean,
  checkChoice,
  checkFraction,
  checkInteger,
  checkNumber,
  isPlainObject,
  ownProperties,
  seedWords,
} from './validate.js'

/** One option: its check and its default. */
export interface Option<Given, Read, About = unknown> {
  /** @param about what the check depends on, usually N. */
  read(name: string, value: unknown, about: About): Read
  readonly usual: Read
  /** Only a type: what callers may write. */
  readonly given?: Given
  readonly required?: boolean
  /** Whether it is left to {@link apartOf}: what differs from call to call is not kept with the other options. */
  readonly apart?: boolean
}

export type Options = Readonly<Record<string, Option<unknown, unknown, never>>>

type GivenOf<O> = O extends { readonly given?: infer Given } ? Exclude<Given, undefined> : never
type ReadOf<O> = O extends { readonly usual: infer Read } ? Read : never
type Demanded<S> = { [K in keyof S]: S[K] extends { readonly required: true } ? K : never }[keyof S]

/** The type of the object that callers write. */
export type Given<S> = { -readonly [K in keyof Pick<S, Exclude<keyof S, Demanded<S>>>]?: GivenOf<S[K]> } & {
  -readonly [K in keyof Pick<S, Demanded<S>>]: GivenOf<S[K]>
}
/** The type of the checked options. */
export type Read<S> = { readonly [K in keyof S]: ReadOf<S[K]> }

/** Old names, or names of other methods, with the end of their error: what to do instead. */
export type Instead = Readonly<Record<string, string>>

/**
 * The options of a method, each declared in one place: name, check, default and type. Every value of the caller's object is read
 * once, and only properties that it has itself.
 */
export class Schema<S extends Options> {
  readonly #options: S
  readonly #usual: Read<S>
  readonly #required: readonly string[]
  readonly #instead: Instead
  #last: LastRead | undefined

  /**
   * @param options what there is, or a schema whose options these are too: each remembers what it read last.
   * @param blanks names that `read` answers with undefined, and that are no options.
   */
  constructor(options: S | Schema<S>, instead: Instead = {}, blanks: readonly string[] = []) {
    if (options instanceof Schema) {
      this.#options = options.#options
      this.#usual = options.#usual
      this.#required = options.#required
      this.#instead = options.#instead
      return
    }
    this.#options = Object.assign(Object.create(null), options)
    const keys = Object.keys(options)
    const usual = [...blanks.map((key) => [key, undefined]), ...keys.map((key) => [key, options[key].usual])]
    this.#usual = Object.fromEntries(usual) as Read<S>
    this.#required = keys.filter((key) => options[key].required)
    this.#instead = Object.assign(Object.create(null), instead)
  }

  /** The defaults, always the same object; `read` returns it if there are no options. */
  get usual(): Read<S> {
    return this.#usual
  }

  /** Whether `read` gives this same object again for the same options. */
  keeps(read: Read<S>): boolean {
    return read === this.#usual || read === this.#last?.read
  }

  /**
   * Checks an options object. It refuses unknown names, so that a misspelt option is an error.
   * @param method the called method, with which error messages begin.
   */
  read(method: string, given: unknown, about?: unknown): Read<S> {
    if (given === undefined && this.#required.length === 0) return this.#usual
    try {
      return this.#read('', given, about)
    } catch (error) {
      throw within(method, error)
    }
  }

  /** The same for an object that is the option `name` of another. */
  readWithin(name: string, given: unknown, about?: unknown): Read<S> {
    try {
      return this.#read(`${name}.`, given, about)
    } catch (error) {
      throw error instanceof Misfit ? within(name, error) : error
    }
  }

  #read(path: string, given: unknown, about: unknown): Read<S> {
    if (!isPlainObject(given)) throw noOptions(given)
    const keys = Object.keys(given)
    const last = this.#last?.suits(path, about, keys) ? this.#last : undefined
    let k = 0
    let value: unknown
    let one: unknown
    for (; last !== undefined && k < keys.length; k++) {
      if (last.values[k] === APART) continue
      value = given[keys[k]]
      if (isPrimitive(value) && value === last.values[k]) continue
      one = this.#readOne(path, keys[k], value, about)
      if (one !== last.reads[k]) break
    }
    if (last !== undefined && k === keys.length) return last.read as Read<S>
    const reads = last === undefined ? [] : [...last.reads.slice(0, k), one]
    const values = last === undefined ? [] : [...last.values.slice(0, k), value]
    for (k = reads.length; k < keys.length; k++) {
      values.push(this.#options[keys[k]]?.apart ? APART : given[keys[k]])
      reads.push(values[k] === APART ? undefined : this.#readOne(path, keys[k], values[k], about))
    }
    const read: Record<string, unknown> = { ...this.#usual }
    for (k = 0; k < keys.length; k++) if (reads[k] !== undefined) read[keys[k]] = reads[k]
    for (const key of this.#required) {
      if (read[key] === undefined)
        (this.#options[key] as Option<unknown, unknown>).read(path + key, undefined, about)
    }
    this.#last = reads.every(isSmall) ? new LastRead(path, about, keys, values, reads, read) : undefined
    return read as Read<S>
  }

  #readOne(path: string, key: string, value: unknown, about: unknown): unknown {
    const option = this.#options[key] as Option<unknown, unknown> | undefined
    if (option === undefined) this.#refuse(path, key, value)
    return value === undefined ? undefined : option?.read(path === '' ? key : path + key, value, about)
  }

  #refuse(path: string, key: string, value: unknown): void {
    const instead = this.#instead[key]
    if (instead !== undefined) {
      if (value === undefined) return
      throw new HopfieldError('ERR_HOPFIELD_OPTION', `${path}${key}: ${instead}`)
    }
    const known = Object.keys(this.#options).join(', ')
    const where = path === '' ? '' : `${path}${key}: `
    throw new HopfieldError(
      'ERR_HOPFIELD_OPTION',
      `${where}unknown option ${JSON.stringify(key)}; known: ${known}`,
    )
  }
}

/**
 * The last options that were read, if they take little room. A recall of a few neurons takes a microsecond, and making an object of all
 * options takes a good part of that; in a loop they are the same each time.
 */
class LastRead {
  readonly #path: string
  readonly #about: unknown
  readonly #keys: readonly string[]
  /** What callers gave, where it is primitive: nothing else can be known by its value. */
  readonly values: readonly unknown[]
  readonly reads: readonly unknown[]
  readonly read: unknown

  constructor(
    path: string,
    about: unknown,
    keys: readonly string[],
    values: readonly unknown[],
    reads: readonly unknown[],
    read: unknown,
  ) {
    this.#path = path
    this.#about = about
    this.#keys = keys
    this.values = values.map((value) => (isPrimitive(value) || value === APART ? value : NO_PRIMITIVE))
    this.reads = reads
    this.read = read
  }

  suits(path: string, about: unknown, keys: readonly string[]): boolean {
    const known = this.#keys
    if (path !== this.#path || about !== this.#about || keys.length !== known.length) return false
    for (let k = 0; k < known.length; k++) if (keys[k] !== known[k]) return false
    return true
  }
}

const NO_PRIMITIVE = {}
const APART = {}

function isPrimitive(value: unknown): boolean {
  return value === null || (typeof value !== 'object' && typeof value !== 'function')
}

/** Nothing that is better not kept: primitive values, short typed arrays, and the two words of a seed. */
function isSmall(read: unknown): boolean {
  if (isPrimitive(read)) return true
  if (ArrayBuffer.isView(read)) return read.byteLength <= 4096
  return !isRevoked(read) && Array.isArray(read) && read.length === 2
}

/** An error about an options object as a whole. */
class Misfit extends HopfieldError {}

function noOptions(given: unknown): HopfieldError {
  const described = describe(given)
  const got = described.endsWith(' Object') ? 'one with a prototype of its own' : described
  return new Misfit('ERR_HOPFIELD_TYPE', `expected an options object, got ${got}`)
}

/** Options of several kinds, with the discriminant `kind`. */
export class Kinds<S extends Readonly<Record<string, Options>>> {
  readonly #schemas = new Map<string, Schema<Options>>()
  readonly #kinds: readonly (keyof S & string)[]

  constructor(kinds: S) {
    this.#kinds = Object.keys(kinds)
    for (const kind of this.#kinds)
      this.#schemas.set(kind, new Schema({ kind: unread<string>(), ...kinds[kind] }))
  }

  /** Checks an object with a kind. Throws HopfieldError that calls it `name`. */
  read(
    name: string,
    given: unknown,
    about?: unknown,
  ): { [K in keyof S]: { readonly kind: K } & Read<S[K]> }[keyof S] {
    if (!isPlainObject(given)) {
      throw new HopfieldError(
        'ERR_HOPFIELD_TYPE',
        `${name}: expected an object with a kind, got ${describe(given)}`,
      )
    }
    const copy = ownProperties(given)
    if (copy['kind'] === undefined && copy['rule'] !== undefined) {
      throw new HopfieldError('ERR_HOPFIELD_OPTION', `${name}.rule: it is now called kind`)
    }
    const kind = checkChoice(`${name}.kind`, copy['kind'], this.#kinds)
    return (this.#schemas.get(kind) as Schema<Options>).readWithin(name, copy, about) as never
  }
}

/** The options of a schema, without some of them. */
export function without<S extends Options, K extends keyof S>(
  options: S,
  ...keys: K[]
): Pick<S, Exclude<keyof S, K>> {
  const left = Object.entries(options).filter(([key]) => !keys.includes(key as K))
  return Object.fromEntries(left) as Pick<S, Exclude<keyof S, K>>
}

/** An option with the default `usual`. */
export function option<Given, Read = Given, About = unknown>(
  usual: Read,
  read: (name: string, value: unknown, about: About) => Read,
): Option<Given, Read, About> {
  return { usual, read }
}

/** An option that may be omitted; it is then undefined. */
export function optional<Given, Read = Given, About = unknown>(
  read: (name: string, value: unknown, about: About) => Read,
): Option<Given, Read | undefined, About> {
  return { usual: undefined, read }
}

/** An option that must be given. */
export function required<Given, Read = Given, About = unknown>(
  read: (name: string, value: unknown, about: About) => Read,
): Option<Given, Read, About> & { readonly required: true } {
  return { usual: undefined as Read, read, required: true }
}

/** An option that is checked elsewhere. */
export function unread<Given>(): Option<Given, Given | undefined> {
  return { usual: undefined, read: (_, value) => value as Given }
}

/** An option that `Schema.read` knows and leaves alone. */
export interface Apart<Given> extends Option<Given, undefined> {
  readonly apart: true
}

export function apart<A extends Apart<unknown>>(): A {
  return { usual: undefined, read: () => undefined, apart: true } as Apart<unknown> as A
}

/** What an options object, which a schema has read, has under the name of an option that stands apart. */
export function apartOf(given: unknown, key: string): unknown {
  const value = (given as Readonly<Record<string, unknown>> | undefined)?.[key]
  return value !== undefined && Object.hasOwn(given as object, key) ? value : undefined
}

export function flag(usual: boolean): Option<boolean, boolean> {
  return { usual, read: checkBoolean }
}

export function choice<const T extends string>(choices: readonly T[], usual: NoInfer<T>): Option<T, T> {
  return { usual, read: (name, value) => checkChoice(name, value, choices) }
}

export function integer(least: number, most: number, usual: number): Option<number, number> {
  return { usual, read: (name, value) => checkInteger(name, value, least, most) }
}

export function number(least: number, most: number, usual: number): Option<number, number> {
  return { usual, read: (name, value) => checkNumber(name, value, least, most) }
}

export function fraction(usual: number): Option<number, number> {
  return { usual, read: checkFraction }
}

/** A 64-bit seed as two words; 0 by default. */
export function seed(): Option<number | bigint, readonly [low: number, high: number]> {
  return { usual: [0, 0], read: (name, value) => seedWords(value, name) }
}
