import { scaleLinear } from 'd3-scale'
import { curveLinearClosed, line } from 'd3-shape'
import { element, escaped } from './figures/svg.js'
import { BLUE, drawing, FAINT, INK, PAPER, VERMILION_TEXT } from './house-style.js'

const SIDE = 300
/** The least height of a panel. */
const LEAST = 90
const GAP = 28
const TOP = 66
const COLORS = [VERMILION_TEXT, BLUE, '#00805f']

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
  // Cities on a line have some room, too.
  const tall = Math.max((SIDE * high) / size, LEAST)
  // In the middle of the panel.
  const [west, south] = [left - (size - wide) / 2, low - ((size * tall) / SIDE - high) / 2]
  const width = tours.length * (SIDE + GAP) + GAP
  const height = TOP + tall + GAP
  const panels = tours.flatMap(({ name, note, tour }, k) => {
    const from = GAP + k * (SIDE + GAP)
    const x = scaleLinear()
      .domain([west, west + size])
      .range([from + 6, from + SIDE - 6])
    const y = scaleLinear()
      .domain([south, south + (size * tall) / SIDE])
      .range([TOP + tall - 6, TOP + 6])
    const at = (c: number): [number, number] => [x(cities[c][0]), y(cities[c][1])]
    const color = COLORS[k % COLORS.length]
    return [
      element('text', { x: from, y: 30, 'font-size': 15, 'font-weight': 600 }, escaped(name)),
      element('text', { x: from, y: 50, fill: FAINT }, escaped(note)),
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
  const told = tours.map(({ name, note }) => `${name} ${note}`).join(', ')
  return drawing(
    width,
    height,
    13,
    {},
    element('title', {}, escaped(`Round trips: ${told}`)),
    element('rect', { width, height, fill: PAPER }),
    ...panels,
  )
}
