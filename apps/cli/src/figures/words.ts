/** Widths of Helvetica's characters in hundredths of the font size, a little above those of most fonts on the reader's side. */
const NARROW = new Set("iIjl.,:;'|!()[]ft ·")
const WIDE = new Set('mwMW@%—')

/** About how wide a text is. It asks no font, so that figures are the same bytes everywhere. */
export function widthOf(text: string, size: number): number {
  let sum = 0
  for (const char of text) {
    if (NARROW.has(char)) sum += 0.34
    else if (WIDE.has(char)) sum += 0.9
    else sum += char >= 'A' && char <= 'Z' ? 0.7 : char > '\u2e80' ? 1 : 0.61
  }
  return sum * size
}

/** The text in lines of at most this width. */
export function linesOf(text: string, size: number, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && widthOf(`${last} ${word}`, size) <= width) lines[lines.length - 1] += ` ${word}`
    else lines.push(word)
  }
  return lines
}

/** A number as figures have it: nine digits at most, with a minus sign. */
export function told(x: number): string {
  return String(Number(x.toPrecision(9))).replaceAll('-', '−')
}

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** A power of ten, written as one. */
export function power(exponent: number): string {
  const digits = String(Math.abs(exponent)).replace(/\d/g, (digit) => SUPERSCRIPTS[Number(digit)])
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}
