import { Option } from 'commander'
import { type ErrorHistogram, errorHistogram } from 'hopfield-native/experiments'
import { type Figure, figure, histogramPart } from '../figures/index.js'
import { formatRows } from '../table.js'
import { type Measured, plot } from './plot.js'
import {
  BARS,
  captionOf,
  inTurn,
  neuronsOption,
  oneRule,
  type RecallFlags,
  recallOf,
  recallOptions,
  series,
} from './population.js'

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly counts: number[]
  readonly units: 'bipolar' | 'binary'
}

export const histogramPlot = plot<Flags>({
  kind: 'histogram',
  summary: 'how many bits of a stored pattern are wrong: the histogram of 1982',
  description:
    'Starts recall from each stored pattern, and counts the bits that end up wrong, as Hopfield did in 1982.',
  example: 'histogram --neurons 100 --counts 5,10,15 --units binary --networks 200 --svg histogram.svg',
  options: (command) =>
    recallOptions(command, 200)
      .addOption(neuronsOption(100, 4096))
      .option(
        '--counts <counts>',
        'numbers of patterns, a histogram each',
        series(1, 65_536, true),
        [5, 10, 15],
      )
      .addOption(
        new Option('--units <units>', '±1, or 0 and 1 as in 1982')
          .choices(['bipolar', 'binary'])
          .default('bipolar'),
      ),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, counts, units } = flags
    const { name, options } = oneRule(flags)
    const [found] = await inTurn([options], watching, (learning, limits) =>
      errorHistogram({ neurons, counts, units, ...learning, ...recallOf(flags), ...limits }),
    )
    const rows = found.histograms.map(({ patternCount, errors, wrongBits }) => [
      String(patternCount),
      errors.mean[0].toFixed(3),
      `${wrongBits.mean[0].toFixed(2)} ± ${wrongBits.standardError[0].toFixed(2)}`,
    ])
    return {
      data: { units, learning: name, ...found },
      words: formatRows(['P', 'without error', 'wrong bits'], rows),
      figure: () =>
        histogramFigure(found, `${name}, ${units === 'binary' ? '0/1' : '±1'} units; ${captionOf(flags)}`),
    }
  },
})

/** No more bars than have room. */
const MOST_BARS = 24

/** A histogram below the other, for each number of patterns. */
export function histogramFigure({ neurons, histograms }: ErrorHistogram, caption: string): Figure {
  const last = Math.max(...histograms.map(({ errors }) => errors.mean.findLastIndex((share) => share > 0)))
  const width = Math.ceil((last + 1) / MOST_BARS)
  const count = Math.ceil((last + 1) / width)
  const edges = Array.from({ length: count + 1 }, (_, k) => k)
  const x = {
    title: width === 1 ? 'wrong bits' : `wrong bits, ${width} in each bar`,
    domain: [0, count] as const,
    ticks: edges.slice(0, -1).map((k) => k + 0.5),
    label: (tick: number): string => {
      const from = Math.floor(tick) * width
      return width === 1 ? String(from) : `${from}–${from + width - 1}`
    },
  }
  const parts = histograms.map(({ patternCount, errors }) => {
    const sums = edges.slice(0, -1).map((k) => {
      const [from, to] = [k * width, Math.min((k + 1) * width, neurons + 1)]
      // Bits of one bar are added; their errors as of independent shares, which is too much rather than too little.
      const error = Math.hypot(...errors.standardError.subarray(from, to))
      return { mean: errors.mean.subarray(from, to).reduce((a, b) => a + b, 0), error: BARS * error }
    })
    const bars = {
      label: '',
      values: sums.map(({ mean }) => mean),
      low: sums.map(({ mean, error }) => Math.max(0, mean - error)),
      high: sums.map(({ mean, error }) => Math.min(1, mean + error)),
    }
    return histogramPart({ x, y: { title: `share, P = ${patternCount}` }, edges, bars: [bars], height: 130 })
  })
  const words = {
    title: 'Wrong bits after recall from a stored pattern',
    caption: `N = ${neurons} neurons, P random patterns, ${caption}`,
  }
  return figure(words, ...parts)
}
