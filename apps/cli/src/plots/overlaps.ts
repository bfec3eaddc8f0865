import { type OverlapCurves, overlapCurves } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { told } from '../figures/words.js'
import { integerFrom, positive } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  captionOf,
  drawn,
  inTurn,
  neuronsOption,
  oneRule,
  type RecallFlags,
  recallOf,
  recallOptions,
  series,
  tableOf,
} from './population.js'

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly load: number
  readonly noise: number[]
  readonly sweeps: number
}

export const overlapsPlot = plot<Flags>({
  kind: 'overlaps',
  summary: 'the overlap with a pattern from sweep to sweep, from near and far',
  description:
    'Follows the overlap with a stored pattern in time, from cues that are near it and far from it.',
  example: 'overlaps --load 0.1 --noise 0.1:0.45:0.05 --dynamics synchronous --svg overlaps.svg',
  options: (command) =>
    recallOptions(command, 20)
      .addOption(neuronsOption(1000))
      .option('--load <number>', 'the load P/N', positive, 0.1)
      .option(
        '--noise <fractions>',
        'shares of neurons to flip, a curve each',
        series(0, 1),
        [0.1, 0.2, 0.25, 0.3, 0.35, 0.4],
      )
      .option('--sweeps <count>', 'sweeps of each curve', integerFrom(1, 10_000), 15),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, load, noise, sweeps } = flags
    const { name, options } = oneRule(flags)
    const patternCount = Math.max(1, Math.round(load * neurons))
    const [found] = await inTurn([options], watching, (learning, limits) =>
      overlapCurves({ neurons, patternCount, noise, sweeps, ...learning, ...recallOf(flags), ...limits }),
    )
    return {
      data: { learning: name, ...found },
      words: tableOf(
        'sweep',
        found.starts.map(({ noise: share, overlap }) => ({
          label: `from ${labelOf(share)}`,
          curve: overlap,
        })),
      ),
      figure: () => overlapsFigure(found, `${name}, ${flags.dynamics}; ${captionOf(flags)}`),
    }
  },
})

function labelOf(noise: number): string {
  return `m = ${told(Number((1 - 2 * noise).toPrecision(3)))}`
}

export function overlapsFigure({ neurons, patternCount, starts }: OverlapCurves, caption: string): Figure {
  const least = Math.min(0, ...starts.flatMap(({ overlap }) => Array.from(overlap.mean)))
  return curves({
    title: 'Overlap with the pattern, from sweep to sweep',
    caption: `N = ${neurons}, P = ${patternCount} random patterns, ${caption} Curves by the overlap of the cue.`,
    x: { title: 'sweeps', whole: true },
    y: { title: 'overlap m', domain: [least, 1.02] },
    curves: starts.map(({ noise, overlap }) => drawn(overlap, labelOf(noise), [-1, 1])),
  })
}
