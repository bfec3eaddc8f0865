import { describe, HopfieldError } from '../../errors.js'
import { MAX_NEURONS } from '../../input/spins.js'
import type { Pairs } from '../problems/coupling-table.js'
import { MOST } from '../problems/coupling-table.js'

/** A line of a file that has something on it. */
export interface Line {
  /** From 1. */
  readonly number: number
  readonly words: readonly string[]
}

/** Lines without blank ones and comments. @param comment what a comment begins with. */
export function linesOf(name: string, text: unknown, comment: RegExp): Line[] {
  if (typeof text !== 'string') {
    throw new HopfieldError(
      'ERR_HOPFIELD_TYPE',
      `${name}: expected the text of a file, got ${describe(text)}`,
    )
  }
  const lines: Line[] = []
  for (const [k, line] of text.split(/\r\n|\n|\r/).entries()) {
    const words = wordsOf(line)
    if (words.length > 0 && !comment.test(words[0])) lines.push({ number: k + 1, words })
  }
  return lines
}

/** No-break space, and the mark that some editors put before a text. */
const BLANKS = [0xa0, 0xfeff]

function isBlank(code: number): boolean {
  return code <= 32 || BLANKS.includes(code)
}

/** What stands between blanks. A file has a line an edge, and splitting them by a regular expression took half of the time. */
function wordsOf(line: string): string[] {
  const words: string[] = []
  let from = -1
  for (let k = 0; k <= line.length; k++) {
    const inside = k < line.length && !isBlank(line.charCodeAt(k))
    if (inside && from < 0) from = k
    else if (!inside && from >= 0) {
      words.push(line.slice(from, k))
      from = -1
    }
  }
  return words
}

/** A word of up to nine digits as the number that it is; −1 where it is something else. */
function digits(word: string): number {
  if (word.length > 9) return -1
  let number = 0
  for (let k = 0; k < word.length; k++) {
    const digit = word.charCodeAt(k) - 48
    if (digit < 0 || digit > 9) return -1
    number = 10 * number + digit
  }
  return number
}

/** An error of a file: which line, and why. */
export function bad(line: number, why: string): HopfieldError {
  return new HopfieldError('ERR_HOPFIELD_FORMAT', `line ${line}: ${why}`)
}

/** A word as a number. */
export function numberAt(line: Line, at: number, what: string): number {
  const word = line.words[at]
  if (word === undefined)
    throw bad(line.number, `expected ${what} as word ${at + 1}, got ${line.words.length} words`)
  const plain = digits(word)
  if (plain >= 0) return plain
  const x = /^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(word) ? Number(word) : Number.NaN
  if (Math.abs(x) <= MOST) return x
  throw bad(line.number, `expected ${what}, got ${describe(word)}`)
}

/** A word as a whole number. */
export function integerAt(line: Line, at: number, what: string, least: number, most: number): number {
  const x = numberAt(line, at, what)
  if (Number.isInteger(x) && x >= least && x <= most) return x
  throw bad(
    line.number,
    `expected ${what}, a whole number from ${least} to ${most}, got ${describe(line.words[at])}`,
  )
}

export interface PairFile {
  /** What the two names of a line are: 'node', 'variable'. */
  readonly noun: string
  /** Whether the third word may be missing, and is 1 then. */
  readonly optionalWeight: boolean
  readonly comment: RegExp
  /** What a variable with itself may be; refused where not. */
  readonly ownAllowed: boolean
}

/**
 * A header "n m", behind which anything may stand, and m lines "i j number" with i and j from 1 to n. Some files of the G-set have a
 * stray word in the header.
 */
export function readPairLines(name: string, text: unknown, file: PairFile): Pairs {
  const [header, ...lines] = linesOf(name, text, file.comment)
  if (header === undefined)
    throw bad(1, 'expected a header with the numbers of variables and lines, got nothing')
  const variables = integerAt(header, 0, `the number of ${file.noun}s`, 0, MAX_NEURONS)
  const count = integerAt(header, 1, 'the number of lines that follow', 0, 2 ** 31)
  if (lines.length !== count) {
    const end = lines[Math.min(count, lines.length - 1)]?.number ?? header.number
    throw bad(end, `expected ${count} lines after the header, as it says, got ${lines.length}`)
  }
  const pairs = {
    variables,
    from: new Uint32Array(count),
    to: new Uint32Array(count),
    values: new Float64Array(count),
  }
  for (const [k, line] of lines.entries()) {
    const i = integerAt(line, 0, `a ${file.noun}`, 1, variables)
    const j = integerAt(line, 1, `a ${file.noun}`, 1, variables)
    if (i === j && !file.ownAllowed)
      throw bad(line.number, `expected two different ${file.noun}s, got ${i} twice`)
    if (line.words.length > 3) throw bad(line.number, `expected three words, got ${line.words.length}`)
    pairs.from[k] = i - 1
    pairs.to[k] = j - 1
    pairs.values[k] = line.words.length === 2 && file.optionalWeight ? 1 : numberAt(line, 2, 'a weight')
  }
  return pairs
}

/** The same as text. */
export function formatPairLines(variables: number, lines: readonly string[]): string {
  return `${[`${variables} ${lines.length}`, ...lines].join('\n')}\n`
}
