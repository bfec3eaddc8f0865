import { type Body, EDGE, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { drawPicture, type Picture, pixelFor } from './picture.js'
import { element, escaped } from './svg.js'
import type { Colors } from './theme.js'
import { linesOf, widthOf } from './words.js'

export interface Gallery extends Words {
  /** Pictures of one size, with what stands below each, if anything. */
  readonly pictures: readonly (Picture & { readonly label?: string })[]
  /** Default: so many that the whole is about as wide as a figure. */
  readonly columns?: number
}

const BETWEEN = 10
/** How large a picture of several is at most. */
const MOST = 120
/** How large a picture is that stands alone. */
const ALONE = 600
const NOTE = 12

/** Pictures of one size, side by side. */
export function gallery(given: Gallery): Figure {
  return figure(given, galleryPart(given))
}

export function galleryPart({ pictures, columns }: Omit<Gallery, keyof Words>): Part {
  if (pictures.length === 0) throw new RangeError('gallery: there is no picture')
  const { grid } = pictures[0]
  const usable = WIDTH - 2 * EDGE + BETWEEN
  const many =
    columns ??
    Math.min(pictures.length, pictures.length <= 6 ? 6 : Math.max(8, Math.ceil(Math.sqrt(pictures.length))))
  const side = pictures.length === 1 ? ALONE : Math.min(MOST, usable / many - BETWEEN)
  const pixel = pixelFor(grid, side)
  const [wide, high] = [grid.width * pixel, grid.height * pixel]
  const step = Math.max(wide + BETWEEN, Math.min(usable / many, side + BETWEEN))
  const named = pictures.some(({ label }) => label !== undefined)
  const row = high + BETWEEN + (named ? NOTE + 8 : 0)
  const draw = async (colors: Colors, top: number): Promise<Body> => ({
    height: Math.ceil(pictures.length / many) * row - BETWEEN,
    parts: pictures.flatMap((picture, k) => {
      const [x, y] = [EDGE + (k % many) * step, top + Math.floor(k / many) * row]
      const label = cut(picture.label ?? '', step - 4)
      const place = { x: x + wide / 2, y: y + high + NOTE + 4, 'text-anchor': 'middle', 'font-size': NOTE }
      return [
        drawPicture(picture, { x, y, pixel }, colors),
        ...(label === '' ? [] : [element('text', { ...place, fill: colors.faint }, escaped(label))]),
      ]
    }),
  })
  return { draw }
}

export interface RowsOfPictures extends Words {
  /** What stands above each column. */
  readonly heads: readonly string[]
  /** Pictures of one size, as many in each row. */
  readonly rows: readonly { readonly label: string; readonly pictures: readonly Picture[] }[]
}

/** How large a picture in rows is at most. */
const IN_ROWS = 72
/** The same where there are few columns. */
const LARGE = 130
const HEAD = 22

/** Pictures in rows: what is one below the other belongs together. */
export function rowsOfPictures({ heads, rows, ...words }: RowsOfPictures): Figure {
  const { grid } = rows[0].pictures[0]
  const left = EDGE + Math.min(110, Math.max(...rows.map(({ label }) => widthOf(label, 13)))) + 14
  const step = (WIDTH - EDGE - left + BETWEEN) / heads.length
  const pixel = pixelFor(grid, Math.min(heads.length <= 4 ? LARGE : IN_ROWS, step - BETWEEN))
  const [wide, high] = [grid.width * pixel, grid.height * pixel]
  const across = Math.min(step, wide + 2 * BETWEEN)
  const draw = async (colors: Colors, top: number): Promise<Body> => ({
    height: HEAD + rows.length * (high + BETWEEN) - BETWEEN,
    parts: [
      ...heads.map((head, column) => {
        const place = { x: left + column * across + wide / 2, y: top + 12, 'text-anchor': 'middle' }
        return element('text', { ...place, fill: colors.faint }, escaped(cut(head, across)))
      }),
      ...rows.flatMap(({ label, pictures }, row) => {
        const y = top + HEAD + row * (high + BETWEEN)
        const lines = linesOf(label, 13, 110)
        return [
          ...lines.map((line, k) => {
            const middle = y + high / 2 + 4.5 + (k - (lines.length - 1) / 2) * 16
            return element('text', { x: left - 14, y: middle, 'text-anchor': 'end' }, escaped(line))
          }),
          ...pictures.map((picture, column) =>
            drawPicture(picture, { x: left + column * across, y, pixel }, colors),
          ),
        ]
      }),
    ],
  })
  return figure(words, { draw })
}

/** As much of the text as has room. */
export function cut(text: string, width: number): string {
  if (widthOf(text, NOTE) <= width) return text
  let kept = Array.from(text)
  while (kept.length > 1 && widthOf(`${kept.join('')}…`, NOTE) > width) kept = kept.slice(0, -1)
  return `${kept.join('')}…`
}
