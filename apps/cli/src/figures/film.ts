import type { Grid } from '../patterns.js'
import { type Axis, layAxis, roomOf } from './axis.js'
import { type Curve, clipped, curveMarks, MARKS, one } from './curve-marks.js'
import { BELOW, entriesOf, requireCurves } from './curves.js'
import { drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Figure, figure, type Part, WIDTH, type Words } from './figure.js'
import { galleryPart } from './gallery.js'
import type { Picture } from './picture.js'
import type { Colors } from './theme.js'

/** A state of the film. */
export interface Frame extends Omit<Picture, 'grid'> {
  /** When: a number on the axis of time. */
  readonly at: number
  readonly label: string
}

export interface Film extends Words {
  readonly grid: Grid
  readonly frames: readonly Frame[]
  /** Flips, sweeps or steps. */
  readonly time: Axis
  /** Curves below the frames, side by side: energy, overlaps. */
  readonly charts: readonly { readonly y: Axis; readonly curves: readonly Curve[] }[]
  readonly height?: number
}

/** Most frames in one row. */
const ROW = 10
const GAP = 34

/** States one after the other, and below them what the curves did meanwhile. */
export function film(given: Film): Figure {
  return figure(given, ...filmParts(given))
}

export function filmParts({ grid, frames, charts, time, height = 190 }: Omit<Film, keyof Words>): Part[] {
  // Curves of one colour would be taken for each other, so colours go on from chart to chart.
  let used = 0
  const colored = charts.map(({ y, curves }) => {
    requireCurves('film', curves)
    return { y, curves: curves.map((curve) => ({ ...curve, color: curve.color ?? used++ })) }
  })
  const width = (WIDTH - 2 * EDGE - GAP * (charts.length - 1)) / charts.length
  const drawOne = async (k: number, colors: Colors, top: number): Promise<string> => {
    const { y, curves } = colored[k]
    const heights = curves.flatMap((curve) => Array.from(curve.y))
    const up = layAxis(await vega(), y, heights, { length: height, label: 44 })
    const left = roomOf(up)
    const box = { x: EDGE + k * (width + GAP) + left, y: top, width: width - left - 4, height }
    const times = curves.flatMap((curve) => Array.from(curve.x))
    const across = layAxis(await vega(), time, times, { length: box.width, label: 56 })
    // A short line at the axis says when a frame was.
    const shown = frames.map(({ at }) => {
      const place = { x: { scale: 'x', value: at }, y: { value: height }, y2: { value: height - 5 } }
      return one('rule', { ...place, stroke: { value: colors.ink } })
    })
    const lines = curves.flatMap((curve) =>
      curveMarks(curve, colors.series[curve.color % colors.series.length], MARKS[curve.color % MARKS.length]),
    )
    return drawChart({ box, x: across, y: up, marks: [...shown, ...clipped(box, lines, 2)] }, colors)
  }
  const drawn: Part = {
    async draw(colors, top): Promise<Body> {
      const parts = await Promise.all(charts.map((_, k) => drawOne(k, colors, top)))
      return { height: height + BELOW, parts }
    },
    legend: (colors) => colored.flatMap(({ curves }) => (curves.length < 2 ? [] : entriesOf(curves, colors))),
  }
  const rows = Math.ceil(frames.length / ROW)
  const columns = Math.ceil(frames.length / rows)
  return [galleryPart({ pictures: frames.map((frame) => ({ ...frame, grid })), columns }), drawn]
}
