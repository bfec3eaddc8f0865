import { columnsFor, drawPicture, type Picture, pixelFor } from './drawn-picture.js'
import { element, escaped } from './figures/svg.js'
import { drawing, FAINT, PAPER } from './house-style.js'

const GAP = 28
const TOP = 62
const BETWEEN = 8
/** About how wide the pictures are together, and how large one is at most. */
const SIDE = 640
const MOST = 96

/** Pictures of one size, side by side. */
export function formatGallery(title: string, note: string, pictures: readonly Picture[]): string {
  const { grid } = pictures[0]
  const columns = Math.min(pictures.length, Math.max(columnsFor(pictures), 8))
  const pixel = pixelFor(grid, Math.min(MOST, SIDE / columns - BETWEEN))
  const [wide, high] = [grid.width * pixel + BETWEEN, grid.height * pixel + BETWEEN]
  const width = GAP + Math.max(columns * wide - BETWEEN, 320) + GAP
  const height = TOP + Math.ceil(pictures.length / columns) * high - BETWEEN + GAP
  return drawing(
    width,
    height,
    13,
    {},
    element('title', {}, escaped(`${title}: ${note}`)),
    element('rect', { width, height, fill: PAPER }),
    element('text', { x: GAP, y: 28, 'font-size': 15, 'font-weight': 600 }, escaped(title)),
    element('text', { x: GAP, y: 48, fill: FAINT }, escaped(note)),
    ...pictures.map((picture, k) =>
      drawPicture(picture, { x: GAP + (k % columns) * wide, y: TOP + Math.floor(k / columns) * high, pixel }),
    ),
  )
}
