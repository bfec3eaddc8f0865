import { type PalimpsestCurve, palimpsestCurve } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { learningRule } from '../learning.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  neuronsOption,
  type RecallFlags,
  recallOptions,
  series,
  surveyOf,
  tableOf,
} from './population.js'

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly stored?: number
  readonly ages?: number[]
}

export interface PalimpsestRun {
  readonly learning: string
  readonly curve: PalimpsestCurve
}

export const palimpsestPlot = plot<Flags>({
  kind: 'palimpsest',
  summary: 'what a memory that forgets still knows, by age',
  description:
    'Stores one pattern after the other, many more than there is room for, and recalls them by age.',
  example: 'palimpsest --neurons 500 --learning palimpsest --learning hebbian --svg palimpsest.svg',
  options: (command) =>
    recallOptions(command, 20, 'palimpsest and hebbian')
      .addOption(neuronsOption(500, 16_384))
      .option('--stored <count>', 'patterns stored (default: 2 N)', integerFrom(1, 2 ** 20))
      .option(
        '--ages <counts>',
        'ages to recall; 0 is the last one stored (default: up to N / 10)',
        series(0, 2 ** 20, true),
      ),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, dynamics } = flags
    const rules = flags.learning ?? ['palimpsest', 'hebbian'].map(learningRule)
    const stored = flags.stored ?? 2 * neurons
    const usual = [...new Set(between(0, Math.min(neurons / 10, stored - 1), 20).map(Math.round))]
    const ages = flags.ages ?? usual
    const runs = await inTurn(rules, watching, async ({ name, learning }, limits): Promise<PalimpsestRun> => {
      const curve = await palimpsestCurve({
        neurons,
        learning,
        stored,
        ages,
        dynamics,
        ...surveyOf(flags),
        ...limits,
      })
      return { learning: name, curve }
    })
    return {
      data: { stored, runs },
      words: tableOf(
        'age',
        runs.map(({ learning, curve }) => ({ label: learning, curve: curve.retrieved })),
      ),
      figure: () => palimpsestFigure(runs, stored, captionOf(flags)),
    }
  },
})

export function palimpsestFigure(runs: readonly PalimpsestRun[], stored: number, caption: string): Figure {
  const [{ learning, curve: first }] = runs
  return curves({
    title: 'What is still known, by age',
    caption: `N = ${first.neurons}${runs.length === 1 ? `, ${learning}` : ''}; ${stored} random patterns stored one after the other; ${caption}`,
    x: { title: 'age, patterns stored since', whole: true },
    y: { title: 'share of networks that recall it with m ≥ 0.9', domain: [0, 1.02] },
    curves: runs.map(({ learning: rule, curve }) => drawn(curve.retrieved, rule, [0, 1])),
  })
}
