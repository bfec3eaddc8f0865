import { InvalidArgumentError } from 'commander'

/** Ranges of code points in the order given: [4E00, 4E1F] is a range, [41, 41] a single code point. */
export type CodePoints = readonly (readonly [first: number, last: number])[]

const LAST = 0x10ffff

/** '0041,4E00-4E1F', with or without U+. */
export function codePoints(text: string): CodePoints {
  return text.split(',').map((part) => {
    const match = /^\s*(?:U\+)?([0-9a-f]{1,6})(?:-(?:U\+)?([0-9a-f]{1,6}))?\s*$/i.exec(part)
    if (match === null) {
      throw new InvalidArgumentError('Expected hexadecimal code points and ranges such as 0041,4E00-4E1F.')
    }
    const first = Number.parseInt(match[1], 16)
    const last = match[2] === undefined ? first : Number.parseInt(match[2], 16)
    if (last < first)
      throw new InvalidArgumentError(`The range ${part.trim()} is empty: it ends before it begins.`)
    if (last > LAST) throw new InvalidArgumentError('Code points end at 10FFFF.')
    return [first, last]
  })
}

export function formatCodePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`
}

export function formatCodePoints(range: CodePoints): string {
  return range
    .map(([first, last]) =>
      first === last ? formatCodePoint(first) : `${formatCodePoint(first)}-${formatCodePoint(last)}`,
    )
    .join(', ')
}
