import { element } from './figures/svg.js'
import type { Grid } from './patterns.js'
import { type Rgb, told } from './shades.js'

/** A picture as pixels: the colour of each. */
export interface Picture {
  readonly grid: Grid
  colorOf(pixel: number): Rgb
}

/** Where a picture is put, and how large a pixel of it is. */
export interface Placed {
  readonly x: number
  readonly y: number
  readonly pixel: number
}

/** A picture as SVG: a path a colour, and a frame. */
export function drawPicture({ grid, colorOf }: Picture, { x, y, pixel }: Placed): string {
  const { width, height } = grid
  const paths = new Map<string, string>()
  for (let i = 0; i < width * height; i++) {
    const color = told(colorOf(i))
    const square = `M${i % width} ${Math.floor(i / width)}h1v1h-1z`
    paths.set(color, (paths.get(color) ?? '') + square)
  }
  const frame = element('rect', { width, height, fill: 'none', stroke: '#999', 'stroke-width': 1 / pixel })
  return element(
    'g',
    { transform: `translate(${x} ${y}) scale(${pixel})`, 'shape-rendering': 'crispEdges' },
    ...[...paths].map(([fill, d]) => element('path', { fill, d })),
    frame,
  )
}

/** The size of a pixel, so that a picture is about so large. */
export function pixelFor({ width, height }: Grid, side: number): number {
  return Math.max(1, Math.floor(side / Math.max(width, height)))
}

/** Up to this many pictures share one row. */
const ROW = 6

/** In how many columns pictures of one size make something that is about square. */
export function columnsFor(pictures: readonly Picture[]): number {
  const { width, height } = pictures[0].grid
  return pictures.length <= ROW ? pictures.length : Math.ceil(Math.sqrt((pictures.length * height) / width))
}
