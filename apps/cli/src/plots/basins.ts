import { Option } from 'commander'
import { type BasinCurve, basinCurve } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { told } from '../figures/words.js'
import { learningRule } from '../learning.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  loadsOption,
  neuronsOption,
  type RecallFlags,
  recallOf,
  recallOptions,
  series,
  tableOf,
} from './population.js'

const MEASURES = {
  exact: 'share of cues recalled exactly',
  retrieved: 'share of cues recalled with m ≥ 0.9',
  overlap: 'overlap m with the pattern after recall',
} as const
type Measure = keyof typeof MEASURES

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly loads: number[]
  readonly noise: number[]
  readonly measure: Measure
}

export interface BasinRun {
  readonly learning: string
  readonly curve: BasinCurve
}

export const basinsPlot = plot<Flags>({
  kind: 'basins',
  summary: 'from how much noise patterns are recalled: basins of attraction',
  description: 'Recalls patterns from cues that are worse and worse, at several loads.',
  example: 'basins --loads 0.02,0.06,0.1,0.13 --svg basins.svg',
  options: (command) =>
    recallOptions(command, 20, 'hebbian')
      .addOption(neuronsOption(500))
      .addOption(loadsOption([0.02, 0.06, 0.1, 0.13], 'loads P/N, a curve each'))
      .option(
        '--noise <fractions>',
        'shares of neurons to flip, as a,b,c or from:to:step',
        series(0, 1),
        between(0, 0.5, 20),
      )
      .addOption(
        new Option('--measure <measure>', 'what is drawn')
          .choices(Object.keys(MEASURES))
          .default('retrieved'),
      ),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, loads, noise, measure } = flags
    const rules = flags.learning ?? [learningRule('hebbian')]
    const runs = await inTurn(rules, watching, async (rule, limits): Promise<BasinRun> => {
      const curve = await basinCurve({
        neurons,
        learning: rule.learning,
        loads,
        noise,
        ...recallOf(flags),
        ...limits,
      })
      return { learning: rule.name, curve }
    })
    const measured = runs.flatMap(({ learning, curve }) =>
      curve.loads.map((load) => ({ label: labelOf(runs, learning, load.alpha), curve: load[measure] })),
    )
    return {
      data: { measure, runs },
      words: tableOf('noise', measured),
      figure: () => basinsFigure(runs, measure, captionOf(flags)),
    }
  },
})

function labelOf(runs: readonly BasinRun[], learning: string, alpha: number): string {
  const load = `α = ${told(Number(alpha.toPrecision(3)))}`
  if (runs.length === 1) return load
  return runs[0].curve.loads.length === 1 ? learning : `${learning}, ${load}`
}

export function basinsFigure(runs: readonly BasinRun[], measure: Measure, caption: string): Figure {
  const [{ learning, curve: first }] = runs
  const range = measure === 'overlap' ? ([-1, 1] as const) : ([0, 1] as const)
  const fixed = [
    `N = ${first.neurons}`,
    ...(runs.length === 1 ? [learning] : []),
    ...(first.loads.length === 1 ? [`α = ${told(Number(first.loads[0].alpha.toPrecision(3)))}`] : []),
  ]
  return curves({
    title: 'How far cues may be from their pattern',
    caption: `${fixed.join(', ')}; random patterns; ${caption}`,
    x: { title: 'noise in the cue, share of neurons flipped' },
    y: { title: MEASURES[measure], domain: [measure === 'overlap' ? -0.1 : 0, 1.02] },
    curves: runs.flatMap(({ learning: rule, curve }) =>
      curve.loads.map((load) => drawn(load[measure], labelOf(runs, rule, load.alpha), range)),
    ),
  })
}
