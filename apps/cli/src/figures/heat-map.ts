import type { Mark } from 'vega'
import { type Axis, layAxis, roomOf } from './axis.js'
import { type Curve, clipped, lineMark, one } from './curve-marks.js'
import { BELOW, requireCurves } from './curves.js'
import { drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Entry, type Figure, figure, WIDTH, type Words } from './figure.js'
import { requireLengths } from './lengths.js'
import type { Colors } from './theme.js'

/** A word inside a region of the map. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly label: string
}

export interface HeatMap extends Words {
  readonly x: Axis
  readonly y: Axis
  /** What colours mean. Its domain spans the values by default. */
  readonly color: Axis
  /** Middles of the columns and of the rows, ascending. */
  readonly columns: ArrayLike<number>
  readonly rows: ArrayLike<number>
  /** Row after row, from the least of `rows`; what is not finite was not measured. */
  readonly values: ArrayLike<number>
  /** Lines over the map. */
  readonly lines?: readonly Curve[]
  readonly places?: readonly Place[]
  readonly height?: number
}

/** Shades of the bar that says what colours mean. */
const SHADES = 64
const BAR = 14
/** A cell extends so far below the next ones: cells that only touch show the paper between them. */
const SEAM = 1

/** A map of measured values with lines over it: a phase diagram. */
export function heatMap(map: HeatMap): Figure {
  const { columns, rows, values, lines = [], places = [], height = 340 } = map
  requireLengths('heatMap', columns.length * rows.length, { values })
  requireCurves('heatMap', lines)
  const [xs, ys] = [edgesOf(columns), edgesOf(rows)]
  const draw = async (colors: Colors, top: number): Promise<Body> => {
    const up = layAxis(await vega(), { ...map.y, domain: map.y.domain ?? ends(ys) }, [], {
      length: height,
      label: 44,
    })
    const scale = layAxis(await vega(), map.color, Array.from(values), { length: height, label: 44 })
    const left = EDGE + roomOf(up)
    const right = 24 + BAR + roomOf(scale) + 6
    const box = { x: left, y: top + 4, width: WIDTH - EDGE - right - left, height }
    const across = layAxis(await vega(), { ...map.x, domain: map.x.domain ?? ends(xs) }, [], {
      length: box.width,
      label: 64,
    })
    const [least, most] = scale.domain
    const shade = (value: number): string => colors.amount((value - least) / (most - least || 1))
    const cells = Array.from(values).flatMap((value, k): Mark[] => {
      const [column, row] = [k % columns.length, Math.floor(k / columns.length)]
      if (!Number.isFinite(value)) return []
      const fill = { value: shade(value) }
      return [
        one('rect', {
          x: { scale: 'x', value: xs[column] },
          x2: { scale: 'x', value: xs[column + 1], offset: SEAM },
          y: { scale: 'y', value: ys[row + 1], offset: -SEAM },
          y2: { scale: 'y', value: ys[row] },
          fill,
        }),
      ]
    })
    const marks = clipped(
      box,
      [...cells, ...lines.flatMap((line, k) => overMap(line, k)), ...places.flatMap(named)],
      0,
    )
    const bar = { x: box.x + box.width + 24, y: box.y, width: BAR, height }
    const foot = (k: number): number => height - (k * height) / SHADES
    const shades = Array.from({ length: SHADES }, (_, k) =>
      one('rect', {
        x: { value: 0 },
        width: { value: BAR },
        y: { value: Math.max(0, foot(k + 1) - SEAM) },
        y2: { value: foot(k) },
        fill: { value: colors.amount((k + 0.5) / SHADES) },
      }),
    )
    const none = { title: [], scale: 'linear', domain: [0, 1], ticks: [], labels: [] } as const
    return {
      height: 4 + height + BELOW,
      parts: [
        await drawChart({ box, x: across, y: up, grid: 'none', marks }, colors),
        await drawChart({ box: bar, x: none, y: scale, right: true, grid: 'none', marks: shades }, colors),
      ],
    }
  }
  const legend = (colors: Colors): Entry[] =>
    lines.map(({ label }, k) => ({ label, color: colors.ink, line: true, dash: DASHES[k % DASHES.length] }))
  return figure(map, { draw, legend })
}

/** Lines over a map are all white on black, whatever is below them, and differ in their dashes. */
const DASHES = [[], [7, 4], [2, 3], [9, 3, 2, 3]]

function overMap({ x, y }: Curve, k: number): Mark[] {
  const rows = Array.from(x, (at, i) => ({ x: at, y: y[i] }))
  const path = {
    x: { scale: 'x', field: 'x' },
    y: { scale: 'y', field: 'y' },
    defined: { signal: 'isFinite(datum.y)' },
    strokeJoin: { value: 'round' },
  }
  return [
    lineMark(rows, {
      ...path,
      stroke: { value: '#000000' },
      strokeOpacity: { value: 0.6 },
      strokeWidth: { value: 4.5 },
    }),
    lineMark(rows, {
      ...path,
      stroke: { value: '#ffffff' },
      strokeWidth: { value: 2.2 },
      strokeDash: { value: DASHES[k % DASHES.length] },
    }),
  ]
}

function named({ x, y, label }: Place): Mark[] {
  const at = { x: { scale: 'x', value: x }, y: { scale: 'y', value: y }, align: { value: 'center' } }
  const said = { text: { value: label }, fontSize: { value: 13 }, fontWeight: { value: 600 } }
  return [
    one('text', {
      ...at,
      ...said,
      stroke: { value: '#000000' },
      strokeOpacity: { value: 0.6 },
      strokeWidth: { value: 4 },
    }),
    one('text', { ...at, ...said, fill: { value: '#ffffff' } }),
  ]
}

/** Borders half-way between middles. */
function edgesOf(middles: ArrayLike<number>): number[] {
  const count = middles.length
  const half = (k: number): number => (middles[k + 1] - middles[k]) / 2
  if (count === 1) return [middles[0] - 0.5, middles[0] + 0.5]
  return [
    middles[0] - half(0),
    ...Array.from({ length: count - 1 }, (_, k) => middles[k] + half(k)),
    middles[count - 1] + half(count - 2),
  ]
}

function ends(edges: readonly number[]): [number, number] {
  return [edges[0], edges[edges.length - 1]]
}
