import { scaleLinear } from 'd3-scale'
import { curveLinearClosed, line } from 'd3-shape'
import { element } from './svg.js'

const SIDE = 300
const GAP = 28
const TOP = 66
const PAPER = '#fbfaf7'
const INK = '#22303c'
const FAINT = '#6b7680'
const COLORS = ['#b34700', '#0072b2', '#00805f']

export interface DrawnTour {
  readonly name: string
  readonly note: string
  readonly tour: ArrayLike<number>
}

/** Tours through the same cities, side by side. @param cities pairs of coordinates. */
export function formatTours(
  cities: readonly (readonly [number, number])[],
  tours: readonly DrawnTour[],
): string {
  const [xs, ys] = [cities.map(([x]) => x), cities.map(([, y]) => y)]
  const [left, low] = [Math.min(...xs), Math.min(...ys)]
  const [wide, high] = [Math.max(...xs) - left, Math.max(...ys) - low]
  const size = Math.max(wide, high) || 1
  // In the middle of the square.
  const [west, south] = [left - (size - wide) / 2, low - (size - high) / 2]
  const width = tours.length * (SIDE + GAP) + GAP
  const height = TOP + SIDE + GAP
  const panels = tours.flatMap(({ name, note, tour }, k) => {
    const from = GAP + k * (SIDE + GAP)
    const x = scaleLinear()
      .domain([west, west + size])
      .range([from + 6, from + SIDE - 6])
    const y = scaleLinear()
      .domain([south, south + size])
      .range([TOP + SIDE - 6, TOP + 6])
    const at = (c: number): [number, number] => [x(cities[c][0]), y(cities[c][1])]
    const color = COLORS[k % COLORS.length]
    return [
      element('text', { x: from, y: 30, 'font-size': 15, 'font-weight': 600 }, name),
      element('text', { x: from, y: 50, fill: FAINT }, note),
      element('path', {
        d: line().curve(curveLinearClosed)(Array.from(tour, at)) ?? '',
        fill: 'none',
        stroke: color,
        'stroke-width': 1.8,
        'stroke-linejoin': 'round',
      }),
      ...cities.map((_, c) =>
        element('circle', { cx: at(c)[0], cy: at(c)[1], r: cities.length > 100 ? 1.6 : 3, fill: INK }),
      ),
    ]
  })
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'font-family': "ui-sans-serif, system-ui, 'Noto Sans', Helvetica, Arial, sans-serif",
      'font-size': 13,
      fill: INK,
    },
    element('title', {}, `Round trips: ${tours.map(({ name, note }) => `${name} ${note}`).join(', ')}`),
    element('rect', { width, height, fill: PAPER }),
    ...panels,
  )}\n`
}
