import Table from 'cli-table3'
import stringWidth from 'string-width'
import { colorsFor } from './colors.js'
import type { CueReport, Report } from './report.js'
import type { Verdict } from './verdict.js'
import { terminalWidth, wrapped } from './width.js'

const colors = colorsFor(process.stdout)

const PAINT: Record<Verdict, (text: string) => string> = {
  exact: colors.green,
  inverse: colors.cyan,
  spurious: colors.yellow,
}

/** Columns separated by spaces only. */
const BARE = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

const GAP = 2
/** Columns of text get no narrower than this. */
const LEAST = 8

/**
 * The widths of columns where the natural ones exceed `room`: the widest columns of text give way, and end in ….
 * Undefined where that is not enough.
 */
function fitted(
  natural: readonly number[],
  isText: readonly boolean[],
  room: number,
): readonly number[] | undefined {
  const widths = [...natural]
  for (;;) {
    const whole = widths.reduce((sum, width) => sum + width, 0) + GAP * (widths.length - 1)
    const widest = widths.reduce(
      (best, width, k) => (isText[k] && width > LEAST && width > (widths[best] ?? 0) ? k : best),
      -1,
    )
    if (whole <= room) return widths
    if (widest < 0) return undefined
    widths[widest]--
  }
}

/**
 * A table. By default the first column is text (left), the others are numbers (right). Where there is no room for all columns, each row
 * is a paragraph with a line a column.
 * @param room columns of the terminal; by default those that there are.
 */
export function formatRows(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  aligned: ('left' | 'right')[] = head.map((_, k) => (k === 0 ? 'left' : 'right')),
  room: number | undefined = terminalWidth(),
): string {
  const natural = head.map((title, k) => Math.max(...[title, ...rows.map((row) => row[k])].map(stringWidth)))
  const isText = aligned.map((side) => side === 'left')
  const widths = room === undefined ? undefined : fitted(natural, isText, room)
  if (room !== undefined && widths === undefined) return paragraphs(head, rows)
  const table = new Table({
    head: head.map((title) => colors.dim(title)),
    chars: BARE,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: aligned,
    ...(widths === undefined ? {} : { colWidths: [...widths] }),
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

function paragraphs(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(...head.map(stringWidth)) + GAP
  return rows
    .map((row) => head.map((title, k) => colors.dim(title.padEnd(width)) + row[k]).join('\n'))
    .join('\n\n')
}

/** The first `rows` results as a table. */
export function formatTable(results: readonly CueReport[], rows: number): string {
  return formatRows(
    ['cue', 'nearest', 'overlap', 'verdict', 'sweeps', 'energy'],
    results
      .slice(0, rows)
      .map((result) => [
        withCharacter(result.cue),
        withCharacter(result.nearest),
        result.overlap.toFixed(3),
        PAINT[result.verdict](result.verdict),
        `${result.sweeps}${ending(result.cycle)}`,
        result.energy.toFixed(3),
      ]),
    ['left', 'left', 'right', 'left', 'right', 'right'],
  )
}

function ending(cycle: number): string {
  if (cycle === 1) return ''
  return cycle === 0 ? ', no fixed point' : cycle === 2 ? ', two-cycle' : `, cycle of ${cycle}`
}

/** A code point together with its character. */
function withCharacter(name: string): string {
  const match = /^U\+([0-9A-F]{4,6})$/.exec(name)
  if (match === null) return name
  const character = String.fromCodePoint(Number.parseInt(match[1], 16))
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `${name} ${character}` : name
}

export function formatSummary({ neurons, patterns, alpha, settings, summary }: Report): string {
  const noise = settings.noise === 0 ? '' : ` at ${Number((settings.noise * 100).toPrecision(6))} % noise`
  const { exact, inverse, spurious } = summary
  const lines = [
    `N = ${neurons}, P = ${patterns}, α = ${alpha.toFixed(3)}; ` +
      `${summary.cues} ${summary.cues === 1 ? 'cue' : 'cues'}${noise}: ` +
      `${exact} exact, ${inverse} inverse, ${spurious} spurious.`,
  ]
  const { recovered, withOrigin } = summary
  if (withOrigin > 0) {
    const which = withOrigin === summary.cues ? '' : ' cues made from stored patterns'
    lines.push(`${recovered} of ${withOrigin}${which} came back to their own original.`)
  }
  return wrapped(lines.join('\n'))
}
