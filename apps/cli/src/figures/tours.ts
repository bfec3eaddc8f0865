import type { Laid } from './axis.js'
import { lineMark, MARKS, one } from './curve-marks.js'
import { drawChart } from './drawn.js'
import { EDGE, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { requireLengths } from './lengths.js'
import { element, escaped } from './svg.js'

export interface DrawnTour {
  readonly name: string
  readonly note: string
  /** Numbers of cities in the order of the round trip. */
  readonly tour: ArrayLike<number>
}

export interface Tours extends Words {
  /** Pairs of coordinates. */
  readonly cities: readonly (readonly [number, number])[]
  /** Round trips through the same cities, side by side. */
  readonly tours: readonly DrawnTour[]
}

const GAP = 28
const HEAD = 48
/** How wide one map is at most, when it is a wide one, and how high it is at least. */
const MOST = 460
const WIDE = 1.6
const LEAST = 90
/** Pixels about the outermost cities. */
const ROOM = 6

/** Round trips on the map, side by side. */
export function tours({ cities, tours: trips, ...words }: Tours): Figure {
  for (const { name, tour } of trips) requireLengths(`tours: ${name}`, cities.length, { tour })
  const [xs, ys] = [cities.map(([x]) => x), cities.map(([, y]) => y)]
  const [wide, high] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]
  // Wide maps are one below the other.
  const columns = wide > WIDE * high ? 1 : trips.length
  const width = Math.min(MOST, (WIDTH - 2 * EDGE - GAP * (columns - 1)) / columns)
  const perPixel = Math.max(wide, high) / (width - 2 * ROOM) || 1
  const height = Math.max(high / perPixel + 2 * ROOM, LEAST)
  /** A scale of so many pixels with the cities in its middle. */
  const scale = (all: readonly number[], length: number): Laid => {
    const middle = (Math.max(...all) + Math.min(...all)) / 2
    const half = (length / 2) * perPixel
    return { title: [], scale: 'linear', domain: [middle - half, middle + half], ticks: [], labels: [] }
  }
  const [x, y] = [scale(xs, width), scale(ys, height)]
  const part: Part = {
    async draw(colors, top) {
      const parts = trips.map(async ({ name, note, tour }, k) => {
        const above = top + Math.floor(k / columns) * (HEAD + height + GAP)
        const box = { x: EDGE + (k % columns) * (width + GAP), y: above + HEAD, width, height }
        const trip = Array.from(tour).concat(tour[0])
        const path = {
          x: { scale: 'x', field: 'x' },
          y: { scale: 'y', field: 'y' },
          stroke: { value: colors.series[k % colors.series.length] },
          strokeWidth: { value: 1.8 },
          strokeJoin: { value: 'round' },
        }
        const line = lineMark(
          trip.map((city) => ({ x: cities[city][0], y: cities[city][1] })),
          path,
        )
        const places = cities.map(([east, north]) =>
          one('path', {
            x: { scale: 'x', value: east },
            y: { scale: 'y', value: north },
            path: { value: MARKS[0] },
            scaleX: { value: cities.length > 100 ? 0.4 : 0.8 },
            scaleY: { value: cities.length > 100 ? 0.4 : 0.8 },
            fill: { value: colors.ink },
          }),
        )
        return [
          element('text', { x: box.x, y: above + 14, 'font-size': 14, 'font-weight': 600 }, escaped(name)),
          element('text', { x: box.x, y: above + 33, fill: colors.faint }, escaped(note)),
          await drawChart({ box, x, y, axes: false, marks: [line, ...places] }, colors),
        ]
      })
      const rows = Math.ceil(trips.length / columns)
      return { height: rows * (HEAD + height + GAP) - GAP, parts: (await Promise.all(parts)).flat() }
    },
  }
  return figure(words, part)
}
