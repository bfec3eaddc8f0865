import { PNG } from 'pngjs'
import type { Grid } from '../patterns.js'
import { requireLengths } from './lengths.js'
import { element } from './svg.js'
import { type Colors, rgbOf } from './theme.js'

/** Values of pixels as a picture. */
export interface Picture {
  readonly grid: Grid
  readonly values: ArrayLike<number>
  /** `spins` are ±1, `grey` goes from 0 (paper) to 1 (ink), `signed` from −1 (vermilion) to 1 (blue). Default: `spins`. */
  readonly kind?: 'spins' | 'grey' | 'signed'
  /** Pixels that are wrong: they get the colour of errors, and differ in shape where a pixel is large enough. */
  readonly wrong?: Iterable<number>
  /** Pixels that were hidden, which have a tint. */
  readonly hidden?: ArrayLike<number | boolean>
}

/** Where a picture is put, and how large a pixel of it is. */
export interface Placed {
  readonly x: number
  readonly y: number
  readonly pixel: number
}

/** A picture of more pixels is an image inside the SVG; others are paths, which stay sharp and turn dark with the page. */
const MOST_PATHS = 64 ** 2

/** From this size pixels are drawn apart. */
const APART = 5

/** A picture as SVG. */
export function drawPicture(picture: Picture, place: Placed, colors: Colors): string {
  const { width, height } = picture.grid
  requireLengths('picture', width * height, { values: picture.values })
  const wrong = new Set(picture.wrong ?? [])
  const fills = Array.from({ length: width * height }, (_, i) => fillOf(picture, i, wrong.has(i), colors))
  if (width * height > MOST_PATHS) return image(picture.grid, fills, place)
  if ((picture.kind ?? 'spins') === 'spins' && place.pixel >= APART)
    return cells(picture, fills, wrong, place, colors)
  return paths(picture.grid, fills, place, colors)
}

function fillOf(
  { values, kind = 'spins', hidden }: Picture,
  i: number,
  wrong: boolean,
  colors: Colors,
): string {
  const value = values[i]
  if (kind === 'grey') return colors.grey(value, Boolean(hidden?.[i]))
  if (kind === 'signed') return colors.signed(value)
  if (wrong) return value > 0 ? colors.wrong : colors.signed(-0.375)
  return value > 0 ? colors.ink : colors.blank
}

/** Rounded squares; a wrong one is filled where the value is +1, a ring where it is −1. */
function cells(
  { grid, values }: Picture,
  fills: readonly string[],
  wrong: ReadonlySet<number>,
  { x, y, pixel }: Placed,
  colors: Colors,
): string {
  const size = pixel - pixel / 8
  const drawn = fills.map((fill, i) => {
    const [left, top] = [x + (i % grid.width) * pixel, y + Math.floor(i / grid.width) * pixel]
    const rx = pixel / 8
    if (!wrong.has(i) || values[i] > 0)
      return element('rect', { x: left, y: top, width: size, height: size, rx, fill })
    const ring = Math.max(1, pixel / 10)
    const inner = { x: left + ring / 2, y: top + ring / 2, width: size - ring, height: size - ring }
    return element('rect', { ...inner, rx, fill: colors.blank, stroke: colors.wrong, 'stroke-width': ring })
  })
  return element('g', {}, ...drawn)
}

/** A path a colour, in which neighbours of one row are one rectangle; and a frame. */
function paths(
  { width, height }: Grid,
  fills: readonly string[],
  { x, y, pixel }: Placed,
  colors: Colors,
): string {
  const byColor = new Map<string, string>()
  for (let i = 0; i < fills.length; ) {
    const [fill, from] = [fills[i], i]
    do i++
    while (i % width !== 0 && fills[i] === fill)
    const run = `M${from % width} ${Math.floor(from / width)}h${i - from}v1h-${i - from}z`
    byColor.set(fill, (byColor.get(fill) ?? '') + run)
  }
  const frame = { width, height, fill: 'none', stroke: colors.frame, 'stroke-width': 1 / pixel }
  return element(
    'g',
    { transform: `translate(${x} ${y}) scale(${pixel})`, 'shape-rendering': 'crispEdges' },
    ...Array.from(byColor, ([fill, d]) => element('path', { fill, d })),
    element('rect', frame),
  )
}

function image({ width, height }: Grid, fills: readonly string[], { x, y, pixel }: Placed): string {
  const png = new PNG({ width, height, colorType: 2 })
  for (const [i, fill] of fills.entries()) png.data.set([...rgbOf(fill), 255], 4 * i)
  const href = `data:image/png;base64,${PNG.sync.write(png, { colorType: 2 }).toString('base64')}`
  const place = { x, y, width: width * pixel, height: height * pixel }
  return element('image', {
    ...place,
    'image-rendering': 'pixelated',
    style: 'image-rendering:pixelated',
    'xlink:href': href,
  })
}

/** The size of a pixel, so that a picture is at most so large: whole pixels where it can be. */
export function pixelFor({ width, height }: Grid, side: number): number {
  const pixel = side / Math.max(width, height)
  return pixel >= 1 ? Math.floor(pixel) : pixel
}
