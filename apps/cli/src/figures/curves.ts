import type { Mark } from 'vega'
import { type Axis, layAxis, roomOf } from './axis.js'
import { type Curve, clipped, curveMarks, DASHES, MARKED, MARKS, one } from './curve-marks.js'
import { type Box, drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Entry, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { requireLengths } from './lengths.js'
import type { Colors } from './theme.js'

/** A line across the chart at a value that deserves one. */
export interface Guide {
  /** Where it is: on one of the axes. */
  readonly x?: number
  readonly y?: number
  readonly label: string
}

export interface CurvesChart extends Words {
  readonly x: Axis
  readonly y: Axis
  readonly curves: readonly Curve[]
  readonly guides?: readonly Guide[]
  /** Of the plot, in pixels. Default: 300. */
  readonly height?: number
}

/** Room for labels and title of a horizontal axis. */
export const BELOW = 42

/** Curves with error bars, lines of theory, and lines at values that deserve one. */
export function curves(chart: CurvesChart): Figure {
  return figure(chart, curvesPart(chart))
}

export function curvesPart(chart: Omit<CurvesChart, keyof Words>): Part {
  requireCurves('curves', chart.curves)
  const { x, y, height = 300, guides = [] } = chart
  const draw = async (colors: Colors, top: number): Promise<Body> => {
    const all = chart.curves
    const tall = { length: height, label: 44 }
    const up = layAxis(
      await vega(),
      y,
      [...all.flatMap((curve) => spanOf(curve, 'y')), ...guides.flatMap((g) => g.y ?? [])],
      tall,
    )
    const left = EDGE + roomOf(up)
    // Labels of upright lines stand above the plot.
    const above = guides.some((guide) => guide.x !== undefined) ? 18 : 4
    const box = { x: left, y: top + above, width: WIDTH - EDGE - 8 - left, height }
    const spread = [...all.flatMap((curve) => spanOf(curve, 'x')), ...guides.flatMap((g) => g.x ?? [])]
    const across = layAxis(await vega(), x, spread, { length: box.width, label: 64 })
    const lines = all.flatMap((curve, k) => curveMarks(curve, colorOf(curve, k, colors), markOf(curve, k)))
    const marks = [...guideMarks(guides, box, colors), ...clipped(box, lines)]
    const drawn = await drawChart({ box, x: across, y: up, grid: 'both', marks }, colors)
    return { height: above + height + BELOW, parts: [drawn] }
  }
  return { draw, legend: (colors) => entriesOf(chart.curves, colors) }
}

export function requireCurves(what: string, all: readonly Curve[]): void {
  for (const { label, x, y, low = y, high = y } of all) {
    requireLengths(`${what}: ${label}`, x.length, { y, low, high })
  }
}

export function entriesOf(all: readonly Curve[], colors: Colors): Entry[] {
  const named = all.map((curve, k) => ({ curve, k })).filter(({ curve }) => curve.label !== '')
  if (named.length < 2 && all.length < 2) return []
  return named.map(({ curve, k }) => ({
    label: curve.label,
    color: colorOf(curve, k, colors),
    line: curve.kind !== 'points',
    dash: DASHES[curve.kind ?? 'measured'] ?? [],
    ...(MARKED.includes(curve.kind ?? 'measured') ? { mark: markOf(curve, k) } : {}),
  }))
}

function colorOf({ color }: Curve, k: number, { series }: Colors): string {
  return series[(color ?? k) % series.length]
}

/** Where colours begin again, marks go on. */
function markOf({ color }: Curve, k: number): string {
  const number = color ?? k
  return MARKS[(number + Math.floor(number / MARKS.length)) % MARKS.length]
}

/** Numbers of one axis, with the ends of error bars along it. */
function spanOf(curve: Curve, of: 'x' | 'y'): number[] {
  const { [of]: values, along = 'y', low = values, high = values } = curve
  return along === of ? [...Array.from(values), ...Array.from(low), ...Array.from(high)] : Array.from(values)
}

export function guideMarks(guides: readonly Guide[], { width, height }: Box, colors: Colors): Mark[] {
  return guides.flatMap(({ x, y, label }) => {
    const dash = { value: [2, 3] }
    const look = { stroke: { value: colors.faint }, strokeWidth: { value: 1.3 }, strokeDash: dash }
    const said = { text: { value: label }, fontSize: { value: 12 }, fill: { value: colors.faint } }
    if (x !== undefined) {
      const place = { scale: 'x', value: x }
      return [
        one('rule', { x: place, y: { value: 0 }, y2: { value: height }, ...look }),
        one('text', { x: place, y: { value: -6 }, align: { value: 'center' }, ...said }),
      ]
    }
    const place = { scale: 'y', value: y ?? 0 }
    const end = { x: { value: width - 4 }, y: { ...place, offset: -5 }, align: { value: 'right' } }
    const halo = { ...said, stroke: { value: colors.paper }, strokeWidth: { value: 4 } }
    return [
      one('rule', { y: place, x: { value: 0 }, x2: { value: width }, ...look }),
      one('text', { ...end, ...halo }),
      one('text', { ...end, ...said }),
    ]
  })
}
