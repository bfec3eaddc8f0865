import stringWidth from 'string-width'

/** Columns of the terminal that stdout is; undefined where it is none, and lines may have any length. */
export function terminalWidth(): number | undefined {
  return process.stdout.isTTY === true ? process.stdout.columns : undefined
}

/** Sentences in lines that fit the terminal, broken between words. */
export function wrapped(text: string, room: number | undefined = terminalWidth()): string {
  if (room === undefined) return text
  return text
    .split('\n')
    .map((line) => inLines(line.split(' '), room).join('\n'))
    .join('\n')
}

/** A label, and beside it a text in lines that fit the terminal. */
export function indented(label: string, text: string, room: number | undefined = terminalWidth()): string {
  const indent = stringWidth(label)
  const narrower = room === undefined ? undefined : Math.max(1, room - indent)
  return label + wrapped(text, narrower).replaceAll('\n', `\n${' '.repeat(indent)}`)
}

function inLines(words: readonly string[], room: number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || stringWidth(`${last} ${word}`) > room) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}
