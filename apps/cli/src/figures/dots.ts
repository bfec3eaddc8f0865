import type { Axis } from './axis.js'
import type { Curve } from './curve-marks.js'
import { curves } from './curves.js'
import type { Figure, Words } from './figure.js'
import { requireLengths } from './lengths.js'

/** One number for each row. */
export interface Dots {
  readonly label: string
  readonly values: ArrayLike<number>
  readonly low?: ArrayLike<number>
  readonly high?: ArrayLike<number>
}

export interface DotsChart extends Words {
  readonly x: Axis
  /** What is compared, from the top. */
  readonly rows: readonly string[]
  readonly series: readonly Dots[]
  /** Pixels of a row. Default: 34. */
  readonly pitch?: number
  /** Where lines across all rows are. */
  readonly guides?: readonly number[]
}

/** How far apart the series of one row are, in rows. */
const APART = 0.2

/** Things that are compared, one below the other, with their numbers and error bars as dots. */
export function dots({ x, rows, series, pitch = 34, guides = [], ...words }: DotsChart): Figure {
  const lines = series.map(({ label, values, low, high }, k): Curve => {
    requireLengths(`dots: ${label}`, rows.length, { values })
    const place = APART * (k - (series.length - 1) / 2)
    const bars = low === undefined || high === undefined ? {} : { low, high }
    return { label, kind: 'points', along: 'x', x: values, y: rows.map((_, row) => -row - place), ...bars }
  })
  const y = {
    title: '',
    domain: [0.5 - rows.length, 0.5] as const,
    ticks: rows.map((_, row) => -row),
    label: (tick: number): string => rows[-tick],
  }
  const across = guides.map((at) => ({ x: at, label: '' }))
  return curves({ ...words, x, y, curves: lines, guides: across, height: pitch * rows.length })
}
