import type { Mark } from 'vega'
import type { Box } from './drawn.js'

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
  /** What `low` and `high` bound: by default `y`. */
  readonly along?: 'x' | 'y'
  /** Which of the colours; curves of one number belong together. Default: as many as there are curves before. */
  readonly color?: number
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

type Kind = NonNullable<Curve['kind']>

export const DASHES: Partial<Record<Kind, number[]>> = { theory: [6, 4] }
/** Kinds whose points have marks. */
export const MARKED: readonly Kind[] = ['measured', 'points']

/** Half the length of the end of an error bar, and how thick the bar is. */
const END = 3
const BAR = { strokeWidth: { value: 1.4 } }

/** Marks of one curve on scales `x` and `y`: error bars below, then the line, then the points. */
export function curveMarks(curve: Curve, color: string, mark: string): Mark[] {
  const { x, y, kind = 'measured' } = curve
  const rows = Array.from(x, (at, k) => ({ x: at, y: y[k] }))
  const stroke = { value: color }
  const marks = errorBars(curve, color)
  if (kind !== 'points') {
    const path = {
      x: { scale: 'x', field: 'x' },
      y: { scale: 'y', field: 'y' },
      defined: { signal: 'isFinite(datum.y)' },
      stroke,
      strokeWidth: { value: kind === 'measured' ? 1.6 : 2.2 },
      strokeDash: { value: DASHES[kind] ?? [] },
      strokeJoin: { value: 'round' },
      interpolate: { value: kind === 'steps' ? 'step-after' : 'linear' },
    }
    const known = rows.filter((row) => Number.isFinite(row.x))
    marks.push(lineMark(known, path))
  }
  if (!MARKED.includes(kind)) return marks
  for (const row of rows) {
    if (!Number.isFinite(row.x) || !Number.isFinite(row.y)) continue
    const at = { x: { scale: 'x', value: row.x }, y: { scale: 'y', value: row.y } }
    marks.push(one('path', { ...at, path: { value: mark }, fill: stroke }))
  }
  return marks
}

function errorBars({ x, y, along = 'y', ...curve }: Curve, color: string): Mark[] {
  if (curve.low === undefined && curve.high === undefined) return []
  const measured = along === 'y' ? y : x
  const { low = measured, high = measured } = curve
  const across = along === 'y' ? 'x' : 'y'
  const look = { stroke: { value: color }, ...BAR }
  return Array.from(x).flatMap((_, k) => {
    if (!(high[k] > low[k]) || !Number.isFinite(x[k]) || !Number.isFinite(y[k])) return []
    const value = (of: number) => ({ scale: along, value: of })
    const place = { scale: across, value: (along === 'y' ? x : y)[k] }
    const bar = { [along]: value(low[k]), [`${along}2`]: value(high[k]), [across]: place }
    const ends = { [across]: { ...place, offset: -END }, [`${across}2`]: { ...place, offset: END } }
    return [
      one('rule', { ...bar, ...look }),
      ...[low[k], high[k]].map((end) => one('rule', { ...ends, [along]: value(end), ...look })),
    ]
  })
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
