import { drawPicture, type Picture, pixelFor } from './drawn-picture.js'
import { element, escaped } from './figures/svg.js'
import { drawing, FAINT, PAPER } from './house-style.js'

const GAP = 14
const LEFT = 100
const TOP = 38
/** About how large a picture is. */
const SIDE = 64

export interface RowsOfPictures {
  readonly title: string
  /** What stands above each column. */
  readonly heads: readonly string[]
  /** Pictures of one size, as many in each row. */
  readonly rows: readonly { readonly label: string; readonly pictures: readonly Picture[] }[]
}

/** Pictures in rows: what is one below the other belongs together. */
export function formatRowsOfPictures({ title, heads, rows }: RowsOfPictures): string {
  const { grid } = rows[0].pictures[0]
  const pixel = pixelFor(grid, SIDE)
  const [wide, high] = [grid.width * pixel, grid.height * pixel]
  const width = LEFT + heads.length * (wide + GAP) + GAP
  const height = TOP + rows.length * (high + GAP)
  const left = (column: number): number => LEFT + column * (wide + GAP)
  return drawing(
    width,
    height,
    13,
    {},
    element('title', {}, escaped(title)),
    element('rect', { width, height, fill: PAPER }),
    ...heads.map((head, column) =>
      element(
        'text',
        { x: left(column) + wide / 2, y: TOP - 13, 'text-anchor': 'middle', fill: FAINT },
        escaped(head),
      ),
    ),
    ...rows.flatMap(({ label, pictures }, row) => {
      const y = TOP + row * (high + GAP)
      return [
        element('text', { x: LEFT - 14, y: y + high / 2 + 4.5, 'text-anchor': 'end' }, escaped(label)),
        ...pictures.map((picture, column) => drawPicture(picture, { x: left(column), y, pixel })),
      ]
    }),
  )
}
