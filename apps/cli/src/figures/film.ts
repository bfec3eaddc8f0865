import type { Grid } from '../patterns.js'
import { type Axis, labelRoom, layAxis } from './axis.js'
import { BELOW, type Curve, clipped, curveMarks, entriesOf, MARKS, one, requireCurves } from './curves.js'
import { drawChart, vega } from './drawn.js'
import { type Body, EDGE, type Figure, figure, WIDTH, type Words } from './figure.js'
import { cut } from './gallery.js'
import { drawPicture, type Picture, pixelFor } from './picture.js'
import { element, escaped } from './svg.js'
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

const BETWEEN = 12
/** How large a frame is at most. */
const MOST = 92
/** Frames of one row. */
const ROW = 9
const GAP = 34

/** States one after the other, and below them what the curves did meanwhile. */
export function film(given: Film): Figure {
  const { grid, frames, charts, time, height = 190, ...words } = given
  for (const { curves } of charts) requireCurves('film', curves)
  const usable = WIDTH - 2 * EDGE + BETWEEN
  const rows = Math.ceil(frames.length / ROW)
  const columns = Math.ceil(frames.length / rows)
  const step = usable / Math.max(columns, 4)
  const pixel = pixelFor(grid, Math.min(MOST, step - BETWEEN))
  const [wide, high] = [grid.width * pixel, grid.height * pixel]
  const tall = high + 26
  const draw = async (colors: Colors, top: number): Promise<Body> => {
    const states = frames.flatMap((frame, k) => {
      const x = EDGE + (k % columns) * step + (step - BETWEEN - wide) / 2
      const y = top + Math.floor(k / columns) * tall
      const note = { x: x + wide / 2, y: y + high + 16, 'text-anchor': 'middle', 'font-size': 12 }
      return [
        drawPicture({ ...frame, grid }, { x, y, pixel }, colors),
        element('text', { ...note, fill: colors.faint }, escaped(cut(frame.label, step - 4))),
      ]
    })
    const foot = top + rows * tall + 14
    const width = (WIDTH - 2 * EDGE - GAP * (charts.length - 1)) / charts.length
    const drawn = await Promise.all(
      charts.map(async ({ y, curves }, k) => {
        const all = curves.flatMap((curve) => Array.from(curve.y))
        const up = layAxis(await vega(), y, all, { length: height, label: 44 })
        const left = 30 + labelRoom(up)
        const box = {
          x: EDGE + k * (width + GAP) + left,
          y: foot,
          width: width - left - (k === charts.length - 1 ? 6 : 0),
          height,
        }
        const times = curves.flatMap((curve) => Array.from(curve.x))
        const across = layAxis(await vega(), time, times, { length: box.width, label: 56 })
        const shown = frames.map(({ at }) => {
          const place = { scale: 'x', value: at }
          return one('rule', {
            x: place,
            y: { value: height },
            y2: { value: height - 5 },
            stroke: { value: colors.ink },
          })
        })
        const lines = curves.flatMap((curve, c) => {
          const number = curve.color ?? (charts.length > 1 ? c + (k === 0 ? 0 : FIRST) : c)
          return curveMarks(curve, colors.series[number % colors.series.length], MARKS[number % MARKS.length])
        })
        return drawChart({ box, x: across, y: up, marks: [...shown, ...clipped(box, lines, 2)] }, colors)
      }),
    )
    return { height: foot - top + height + BELOW, parts: [...states, ...drawn] }
  }
  return figure(words, draw, (colors) =>
    charts.flatMap(({ curves }, k) =>
      curves.length < 2
        ? []
        : entriesOf(
            curves.map((curve, c) => ({ ...curve, color: curve.color ?? c + (k === 0 ? 0 : FIRST) })),
            colors,
          ),
    ),
  )
}

/** Colours of the second chart begin here, so that no line of one is taken for one of the other. */
const FIRST = 1
