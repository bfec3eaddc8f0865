import { createHash } from 'node:crypto'
import { element, escaped } from './svg.js'
import { type Colors, colorsOf, darkRules, FONT, type Theme } from './theme.js'
import { linesOf, widthOf } from './words.js'

/** What is said about every figure. */
export interface Words {
  /** Stands above the figure. */
  readonly title: string
  /** What was measured: sizes, networks, seed. It stands below the figure. */
  readonly caption?: string
  /** What is to be seen, for those who hear it. Default: the caption. */
  readonly description?: string
}

/** A figure. Every call gives the same bytes. */
export interface Figure {
  /** Default: `auto`, which follows the reader's pages. */
  svg(theme?: Theme): Promise<string>
  /** @param options `theme` is `light` by default; `scale` is pixels of the picture per pixel of the figure, 2 by default */
  png(options?: { theme?: 'light' | 'dark'; scale?: number }): Promise<Uint8Array>
}

/** An entry of a legend: a line, a mark, or a patch. */
export interface Entry {
  readonly label: string
  readonly color: string
  readonly dash?: readonly number[]
  /** An SVG path about the origin, in pixels. */
  readonly mark?: string
  readonly line?: boolean
  readonly patch?: boolean
}

/** SVG elements, and how high they are together. */
export interface Body {
  readonly height: number
  readonly parts: readonly string[]
}

/** What stands between title and caption; several parts are one below the other. */
export interface Part {
  /** Draws it below `top`, in the colours of a theme. */
  draw(colors: Colors, top: number): Promise<Body>
  /** Entries for the legend of the figure. */
  legend?(colors: Colors): readonly Entry[]
}

/** Width of a figure, which is meant to be read at 600 pixels and more. */
export const WIDTH = 640
/** Left and right of everything. */
export const EDGE = 20

const TITLE = 16
const NOTE = 12.5
const LEADING = 17

const BETWEEN = 16

/** A figure of its parts. */
export function figure(words: Words, ...parts: readonly Part[]): Figure {
  const svg = async (theme: Theme = 'auto'): Promise<string> => {
    const colors = colorsOf(theme)
    const titles = linesOf(words.title, TITLE * 1.06, WIDTH - 2 * EDGE)
    const below = 14 + titles.length * 20
    const key = drawLegend(
      parts.flatMap((part) => part.legend?.(colors) ?? []),
      colors,
      below + 8,
    )
    const top = below + 8 + key.height + 8
    const drawn: string[] = []
    let height = -BETWEEN
    for (const part of parts) {
      const body = await part.draw(colors, top + height + BETWEEN)
      drawn.push(...body.parts)
      height += BETWEEN + body.height
    }
    const notes = words.caption === undefined ? [] : linesOf(words.caption, NOTE, WIDTH - 2 * EDGE)
    const foot = top + height + (notes.length === 0 ? 4 : 24)
    const whole = Math.ceil(foot + Math.max(0, notes.length - 1) * LEADING + 14)
    const drawing = [
      element('rect', { width: WIDTH, height: whole, fill: colors.paper }),
      ...titles.map((line, k) =>
        element('text', { x: EDGE, y: 30 + k * 20, 'font-size': TITLE, 'font-weight': 600 }, escaped(line)),
      ),
      ...key.parts,
      ...drawn,
      ...notes.map((line, k) =>
        element(
          'text',
          { x: EDGE, y: foot + k * LEADING, 'font-size': NOTE, fill: colors.faint },
          escaped(line),
        ),
      ),
    ].join('\n')
    return framed(words, { width: WIDTH, height: whole, theme, ink: colors.ink }, drawing)
  }
  return {
    svg,
    async png({ theme = 'light', scale = 2 } = {}) {
      const [{ default: sharp }, drawing] = await Promise.all([import('sharp'), svg(theme)])
      return sharp(Buffer.from(drawing), { density: 72 * scale })
        .png()
        .toBuffer()
    },
  }
}

function framed(
  { title, caption = title, description = caption }: Words,
  { width, height, theme, ink }: { width: number; height: number; theme: Theme; ink: string },
  drawing: string,
): string {
  // Vega numbers clips from figure to figure, and several figures may be in one page.
  const clips = [...new Set(Array.from(drawing.matchAll(/id="(clip\d+)"/g), ([, clip]) => clip))]
  const counted = drawing.replace(
    /(id="|url\(#)(clip\d+)/g,
    (_, before, clip) => `${before}${clips.indexOf(clip)}`,
  )
  const id = `f${createHash('sha256').update(title).update(counted).digest('hex').slice(0, 8)}`
  const local = counted.replace(/(id="|url\(#)(\d+)/g, `$1${id}-$2`)
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    'xmlns:xlink': 'http://www.w3.org/1999/xlink',
    class: 'figure',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'aria-labelledby': `${id}-title ${id}-description`,
    'font-family': FONT,
    'font-size': 13,
  }
  const inked = element('g', { fill: ink }, '\n', local, '\n')
  return `${element(
    'svg',
    attributes,
    `\n${element('title', { id: `${id}-title` }, escaped(title))}\n`,
    `${element('desc', { id: `${id}-description` }, escaped(description))}\n`,
    ...(theme === 'auto' ? [element('style', {}, darkRules(inked)), '\n'] : []),
    `${inked}\n`,
  )}\n`
}

const SAMPLE = 22
const ENTRY = 13

/** Entries side by side, and below one another where there is no room. */
function drawLegend(entries: readonly Entry[], colors: Colors, top: number): Body {
  const parts: string[] = []
  let [x, y] = [EDGE, top + 10]
  for (const { label, color, dash, mark, line = false, patch = false } of entries) {
    const width = SAMPLE + 7 + widthOf(label, ENTRY)
    if (x > EDGE && x + width > WIDTH - EDGE) [x, y] = [EDGE, y + 20]
    const dashed = dash === undefined || dash.length === 0 ? {} : { 'stroke-dasharray': dash.join(' ') }
    if (line)
      parts.push(
        element('path', {
          d: `M${x} ${y}h${SAMPLE}`,
          stroke: color,
          'stroke-width': 2,
          fill: 'none',
          ...dashed,
        }),
      )
    if (patch) parts.push(element('rect', { x: x + 4, y: y - 7, width: 14, height: 14, fill: color }))
    if (mark !== undefined)
      parts.push(element('path', { d: mark, transform: `translate(${x + SAMPLE / 2} ${y})`, fill: color }))
    parts.push(
      element(
        'text',
        { x: x + SAMPLE + 7, y: y + 4.5, 'font-size': ENTRY, fill: colors.ink },
        escaped(label),
      ),
    )
    x = Math.round(x + width + 18)
  }
  return { height: entries.length === 0 ? 0 : y + 10 - top, parts }
}
