import { type Fact, misfit } from './record.js'

/** How deep values may lie within each other; no record of ours goes deeper than six. */
const DEEPEST = 64

/**
 * JSON with one text for each value: names in the order of their UTF-16 units, no spaces, numbers as JavaScript writes them, but −0 as
 * -0, a bigint as its digits, and a whole f64 beyond 2^53 with an exponent, so that it is not taken for one.
 */
export function canonicalJson(value: Fact): string {
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'bigint') return value.toString()
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${(value as readonly Fact[]).map(canonicalJson).join(',')}]`
  const fields = value as { readonly [name: string]: Fact }
  const parts = Object.keys(fields)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalJson(fields[name])}`)
  return `{${parts.join(',')}}`
}

function numberText(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`JSON has no ${value}`)
  if (Object.is(value, -0)) return '-0'
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? value.toExponential() : String(value)
}

/**
 * Reads UTF-8 text strictly: names come once, and whole numbers beyond 2^53 become a bigint. Objects have no prototype.
 * @throws HopfieldError ERR_HOPFIELD_FILE with `place` and the position.
 */
export function parseJson(place: string, bytes: Uint8Array): Fact {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw misfit(place, 'expected UTF-8')
  }
  return new Parser(place, text).whole()
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const SPACE = /[ \t\n\r]*/y

class Parser {
  readonly #place: string
  readonly #text: string
  #at = 0

  constructor(place: string, text: string) {
    this.#place = place
    this.#text = text
  }

  whole(): Fact {
    const value = this.#value(0)
    this.#space()
    if (this.#at < this.#text.length) throw this.#expected('nothing more')
    return value
  }

  #value(depth: number): Fact {
    if (depth > DEEPEST) throw this.#expected(`at most ${DEEPEST} levels`)
    this.#space()
    const sign = this.#text[this.#at]
    if (sign === '{') return this.#object(depth)
    if (sign === '[') return this.#list(depth)
    if (sign === '"') return this.#string()
    for (const [word, value] of WORDS) {
      if (!this.#text.startsWith(word, this.#at)) continue
      this.#at += word.length
      return value
    }
    return this.#number()
  }

  #object(depth: number): Fact {
    const out: Record<string, Fact> = Object.create(null)
    this.#at++
    if (this.#next('}')) return out
    do {
      this.#space()
      const name = this.#string()
      if (name in out) throw this.#expected(`each name once, got ${JSON.stringify(name)} twice`)
      if (!this.#next(':')) throw this.#expected('a colon')
      out[name] = this.#value(depth + 1)
    } while (this.#next(','))
    if (!this.#next('}')) throw this.#expected('a comma or }')
    return out
  }

  #list(depth: number): Fact {
    const out: Fact[] = []
    this.#at++
    if (this.#next(']')) return out
    do out.push(this.#value(depth + 1))
    while (this.#next(','))
    if (!this.#next(']')) throw this.#expected('a comma or ]')
    return out
  }

  #string(): string {
    // Not by a pattern: those of V8 give up on strings of many megabytes.
    const from = this.#at
    if (this.#text[from] !== '"') throw this.#expected('a string')
    let end = from + 1
    while (end < this.#text.length && this.#text[end] !== '"') end += this.#text[end] === '\\' ? 2 : 1
    try {
      const value = JSON.parse(this.#text.slice(from, end + 1)) as string
      this.#at = end + 1
      return value
    } catch {
      throw this.#expected('a string')
    }
  }

  #number(): number | bigint {
    const token = this.#token(NUMBER)
    if (token === undefined) throw this.#expected('a value')
    const value = Number(token)
    if (!Number.isFinite(value)) throw this.#expected('a number that f64 can hold')
    if (Number.isSafeInteger(value) || /[.eE]/.test(token)) return value
    // As long as an integer of 64 bits; longer ones would take long to read.
    if (token.length > 20) throw this.#expected('an integer of 64 bits')
    return BigInt(token)
  }

  #token(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const token = pattern.exec(this.#text)?.[0]
    if (token !== undefined) this.#at += token.length
    return token
  }

  #next(sign: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== sign) return false
    this.#at++
    return true
  }

  #space(): void {
    SPACE.lastIndex = this.#at
    this.#at += SPACE.exec(this.#text)?.[0].length ?? 0
  }

  #expected(what: string): Error {
    return misfit(this.#place, `expected ${what} at character ${this.#at} of the JSON`)
  }
}

const WORDS = [
  ['null', null],
  ['true', true],
  ['false', false],
] as const
