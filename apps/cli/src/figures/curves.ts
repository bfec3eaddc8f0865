import type { Mark } from 'vega'
import { type Axis, type Laid, layAxis, roomOf } from './axis.js'
import { type Box, drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Entry, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { requireLengths } from './lengths.js'
import type { Colors } from './theme.js'

/** A curve, or points with error bars. */
export interface Curve {
  readonly label: string
  readonly x: ArrayLike<number>
  /** What is not finite was not measured. */
  readonly y: ArrayLike<number>
  /** Ends of the error bars, beside `y`; none by default. */
  readonly low?: ArrayLike<number>
  readonly high?: ArrayLike<number>
  /**
   * `measured` is marks joined by a line, `points` is marks alone, `theory` is a dashed line, `line` a plain one, `steps` keeps each
   * value until the next. Default: `measured`.
   */
  readonly kind?: 'measured' | 'points' | 'theory' | 'line' | 'steps'
  /** Which of the colours; curves of one number belong together. Default: as many as there are curves before. */
  readonly color?: number
}

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

/** Marks that differ in shape as well as in colour: SVG paths within a square of 8 pixels. */
export const MARKS = [
  'M-3.6 0A3.6 3.6 0 1 0 3.6 0A3.6 3.6 0 1 0 -3.6 0Z',
  'M-3.2 -3.2H3.2V3.2H-3.2Z',
  'M0 -4.4L4.1 3.2H-4.1Z',
  'M0 -4.6L4.2 0L0 4.6L-4.2 0Z',
  'M0 4.4L4.1 -3.2H-4.1Z',
  'M-1.4 -4V-1.4H-4V1.4H-1.4V4H1.4V1.4H4V-1.4H1.4V-4Z',
]

/** Room for labels and title of a horizontal axis. */
export const BELOW = 42

const DASHES: Partial<Record<NonNullable<Curve['kind']>, number[]>> = { theory: [6, 4] }
const MARKED: readonly Curve['kind'][] = ['measured', 'points', undefined]

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
    const up = layAxis(await vega(), y, [...all.flatMap(heights), ...guides.flatMap((g) => g.y ?? [])], tall)
    const left = EDGE + roomOf(up)
    // Labels of upright lines stand above the plot.
    const above = guides.some((guide) => guide.x !== undefined) ? 18 : 4
    const box = { x: left, y: top + above, width: WIDTH - EDGE - 8 - left, height }
    const spread = [...all.flatMap((curve) => Array.from(curve.x)), ...guides.flatMap((g) => g.x ?? [])]
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
    ...(MARKED.includes(curve.kind) ? { mark: markOf(curve, k) } : {}),
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

function heights({ y, low = y, high = y }: Curve): number[] {
  return [...Array.from(y), ...Array.from(low), ...Array.from(high)]
}

const END = 3

/** Marks of one curve on scales `x` and `y`: error bars below, then the line, then the points. */
export function curveMarks(curve: Curve, color: string, mark: string): Mark[] {
  const { x, y, low, high, kind = 'measured' } = curve
  const rows = Array.from(x, (at, k) => ({ x: at, y: y[k], low: low?.[k] ?? y[k], high: high?.[k] ?? y[k] }))
  const seen = rows.filter((row) => Number.isFinite(row.x) && Number.isFinite(row.y))
  const value = (of: number): { value: number } => ({ value: of })
  const at = (row: { x: number }, extra: object): object => ({ x: { scale: 'x', value: row.x }, ...extra })
  const stroke = { value: color }
  const marks: Mark[] = []
  for (const row of low === undefined && high === undefined ? [] : seen) {
    if (!(row.high > row.low)) continue
    marks.push(
      one(
        'rule',
        at(row, {
          y: { scale: 'y', value: row.low },
          y2: { scale: 'y', value: row.high },
          stroke,
          strokeWidth: value(1.4),
        }),
      ),
    )
    for (const end of [row.low, row.high]) {
      const ends = {
        x: { scale: 'x', value: row.x, offset: -END },
        x2: { scale: 'x', value: row.x, offset: END },
      }
      marks.push(one('rule', { ...ends, y: { scale: 'y', value: end }, stroke, strokeWidth: value(1.4) }))
    }
  }
  if (kind !== 'points') {
    const path = {
      x: { scale: 'x', field: 'x' },
      y: { scale: 'y', field: 'y' },
      defined: { signal: 'isFinite(datum.y)' },
      stroke,
      strokeWidth: value(kind === 'measured' ? 1.6 : 2.2),
      strokeDash: { value: DASHES[kind] ?? [] },
      strokeJoin: { value: 'round' },
      interpolate: { value: kind === 'steps' ? 'step-after' : 'linear' },
    }
    marks.push(
      lineMark(
        rows.filter((row) => Number.isFinite(row.x)),
        path,
      ),
    )
  }
  if (MARKED.includes(kind)) {
    for (const row of seen) {
      marks.push(
        one('path', at(row, { y: { scale: 'y', value: row.y }, path: { value: mark }, fill: stroke })),
      )
    }
  }
  return marks
}

/** A line through rows of its own. */
export function lineMark(rows: readonly object[], enter: object): Mark {
  return {
    type: 'group',
    data: [{ name: 'rows', values: rows as object[] }],
    marks: [{ type: 'line', from: { data: 'rows' }, encode: { enter } }],
  } as Mark
}

export function one(type: 'rule' | 'path' | 'rect' | 'text', enter: object): Mark {
  return { type, encode: { enter } } as Mark
}

/** Marks that end where the chart ends, or some pixels beyond its edge so that no mark is cut in half. */
export function clipped({ width, height }: Box, marks: Mark[], beyond = 6): Mark[] {
  const path = `M${-beyond},${-beyond}H${width + beyond}V${height + beyond}H${-beyond}Z`
  return [{ type: 'group', clip: { path: { signal: `'${path}'` } }, marks } as unknown as Mark]
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

export type { Axis, Laid }
