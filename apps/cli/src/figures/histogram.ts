import type { Mark } from 'vega'
import { type Axis, layAxis, roomOf } from './axis.js'
import { type Curve, curveMarks, MARKS, one } from './curve-marks.js'
import { BELOW, type Guide, guideMarks, requireCurves } from './curves.js'
import { drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Entry, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { requireLengths } from './lengths.js'
import type { Colors } from './theme.js'

/** Counts or shares, one for each bar. */
export interface Bars {
  readonly label: string
  readonly values: ArrayLike<number>
  readonly low?: ArrayLike<number>
  readonly high?: ArrayLike<number>
}

export interface HistogramChart extends Words {
  readonly x: Axis
  readonly y: Axis
  /** Where bars begin and where the last one ends: one more than bars. */
  readonly edges: ArrayLike<number>
  /** Bars of several kinds stand side by side. */
  readonly bars: readonly Bars[]
  /** What theory expects of each bar, drawn over them. */
  readonly expected?: readonly Omit<Bars, 'low' | 'high'>[]
  readonly guides?: readonly Guide[]
  readonly height?: number
}

/** Bars between edges, with error bars, and what theory expects of each. */
export function histogram(chart: HistogramChart): Figure {
  return figure(chart, histogramPart(chart))
}

export function histogramPart(chart: Omit<HistogramChart, keyof Words>): Part {
  const { x, y, edges, bars, expected = [], guides = [], height = 280 } = chart
  const count = edges.length - 1
  for (const { label, values, low = values, high = values } of [...bars, ...expected] as Bars[]) {
    requireLengths(`histogram: ${label}`, count, { values, low, high })
  }
  const middles = Array.from({ length: count }, (_, k) => (edges[k] + edges[k + 1]) / 2)
  const theory = expected.map(({ label, values }, k): Curve => {
    return { label, x: middles, y: values, kind: count > 40 ? 'theory' : 'points', color: bars.length + k }
  })
  requireCurves('histogram', theory)
  const draw = async (colors: Colors, top: number): Promise<Body> => {
    const heights = [...bars, ...expected].flatMap(
      ({ values, high = values }: Partial<Bars> & Pick<Bars, 'values'>) => [
        ...Array.from(values),
        ...Array.from(high),
      ],
    )
    // The place of a bar is its foot, so that bars begin at zero.
    const up = layAxis(await vega(), y, y.scale === 'log' ? heights : [0, ...heights], {
      length: height,
      label: 44,
    })
    const left = EDGE + roomOf(up)
    const above = guides.some((guide) => guide.x !== undefined) ? 18 : 4
    const box = { x: left, y: top + above, width: WIDTH - EDGE - 8 - left, height }
    const ends = { ...x, domain: x.domain ?? ([edges[0], edges[count]] as const) }
    const across = layAxis(await vega(), ends, [], { length: box.width, label: 64 })
    const marks = [
      ...bars.flatMap((kind, k) =>
        barMarks(kind, k, { edges, kinds: bars.length, floor: up.domain[0] }, colors),
      ),
      ...guideMarks(guides, box, colors),
      ...theory.flatMap((curve, k) => curveMarks(curve, colors.ink, MARKS[(k + 3) % MARKS.length])),
    ]
    return {
      height: above + height + BELOW,
      parts: [await drawChart({ box, x: across, y: up, grid: 'y', marks }, colors)],
    }
  }
  const legend = (colors: Colors): Entry[] =>
    bars.length + expected.length < 2
      ? []
      : [
          ...bars.map(({ label }, k) => ({ label, color: colors.bars[k % colors.bars.length], patch: true })),
          ...theory.map(({ label, kind }, k) => ({
            label,
            color: colors.ink,
            ...(kind === 'theory' ? { line: true, dash: [6, 4] } : { mark: MARKS[(k + 3) % MARKS.length] }),
          })),
        ]
  return { draw, legend }
}

function barMarks(
  { values, low, high }: Bars,
  kind: number,
  { edges, kinds, floor }: { edges: ArrayLike<number>; kinds: number; floor: number },
  colors: Colors,
): Mark[] {
  const color = { value: colors.bars[kind % colors.bars.length] }
  return Array.from(values).flatMap((value, k) => {
    const [from, to] = [edges[k], edges[k + 1]]
    const at = (share: number): number => from + (to - from) * (0.06 + (0.88 * share) / kinds)
    const [left, right] = [
      { scale: 'x', value: at(kind) },
      { scale: 'x', value: at(kind + 1) },
    ]
    const marks: Mark[] = []
    if (value > floor) {
      const foot = { scale: 'y', value: floor }
      marks.push(one('rect', { x: left, x2: right, y: { scale: 'y', value }, y2: foot, fill: color }))
    }
    const [least, most] = [low?.[k] ?? value, high?.[k] ?? value]
    if (most > least) {
      const middle = { scale: 'x', value: at(kind + 0.5) }
      const line = { stroke: { value: colors.ink }, strokeWidth: { value: 1.3 } }
      marks.push(
        one('rule', {
          x: middle,
          y: { scale: 'y', value: Math.max(least, floor) },
          y2: { scale: 'y', value: most },
          ...line,
        }),
      )
    }
    return marks
  })
}
