import type { Completed, Completion } from './completion.js'
import { element, escaped } from './svg.js'

const PIXEL = 8
const GAP = 14
const LEFT = 84
const TOP = 34
/** Grey levels of the figure. */
const LEVELS = 16

const ROWS: readonly [title: string, of: (one: Completed) => Float32Array][] = [
  ['cue', ({ cue }) => cue],
  ['retrieved', ({ retrieved }) => retrieved],
  ['stored', ({ original }) => original],
]

/** Three rows of pictures, one column per class: the cue with its hidden half, the recalled and the stored picture. */
export function formatCompletion({ side, examples }: Completion): string {
  const cell = side * PIXEL
  const width = LEFT + examples.length * (cell + GAP) + GAP
  const height = TOP + ROWS.length * (cell + GAP)
  const title = element(
    'title',
    {},
    'Pictures of which half is hidden, the recalled pictures, and the stored ones',
  )
  const parts = [title, element('rect', { width, height, fill: '#fff' })]
  for (const [column, { label }] of examples.entries()) {
    const x = LEFT + column * (cell + GAP) + cell / 2
    parts.push(element('text', { x, y: TOP - 12, 'text-anchor': 'middle' }, escaped(String(label))))
  }
  for (const [row, [title, of]] of ROWS.entries()) {
    const y = TOP + row * (cell + GAP)
    parts.push(element('text', { x: LEFT - 12, y: y + cell / 2 + 5, 'text-anchor': 'end' }, title))
    for (const [column, one] of examples.entries()) {
      parts.push(picture(of(one), side, LEFT + column * (cell + GAP), y, row === 0 ? one.hidden : undefined))
    }
  }
  const font = { 'font-family': 'sans-serif', 'font-size': 14, fill: '#222' }
  const open = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    ...font,
  }
  return `${element('svg', open, ...parts)}\n`
}

/** One path per grey level; hidden pixels are tinted. */
function picture(
  grey: Float32Array,
  side: number,
  x: number,
  y: number,
  hidden: readonly boolean[] | undefined,
): string {
  const paths = new Map<string, string>()
  for (const [i, value] of grey.entries()) {
    const level = Math.round(Math.min(Math.max(value, 0), 1) * LEVELS)
    const light = 255 - Math.round((level / LEVELS) * 235)
    const color = hidden?.[i]
      ? `rgb(${light},${Math.round(light * 0.86)},${Math.round(light * 0.72)})`
      : `rgb(${light},${light},${light})`
    const square = `M${i % side} ${Math.floor(i / side)}h1v1h-1z`
    paths.set(color, (paths.get(color) ?? '') + square)
  }
  const frame = element('rect', {
    width: side,
    height: side,
    fill: 'none',
    stroke: '#999',
    'stroke-width': 0.12,
  })
  return element(
    'g',
    { transform: `translate(${x} ${y}) scale(${PIXEL})`, 'shape-rendering': 'crispEdges' },
    ...[...paths].map(([fill, d]) => element('path', { fill, d })),
    frame,
  )
}
