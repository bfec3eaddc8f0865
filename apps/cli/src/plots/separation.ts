import { expansionOverlap } from 'hopfield-native'
import { type SeparationCurve, separationCurve } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  type PopulationFlags,
  populationOptions,
  series,
  surveyOf,
  tableOf,
} from './population.js'

interface Flags extends PopulationFlags {
  readonly neurons: number
  readonly active: number
  readonly outputs: number
  readonly sources: number
  readonly winners: number[]
  readonly overlaps: number[]
  readonly pairs: number
}

/** One expansion: so many of its units win. */
export interface SeparationRun {
  readonly winners: number
  readonly sources: number
  readonly curve: SeparationCurve
}

export const separationPlot = plot<Flags>({
  kind: 'separation',
  summary: 'how far an expansion pulls similar inputs apart (dentate gyrus)',
  description:
    'Expands pairs of similar inputs by sparse random projections, lets the strongest units win, and compares what comes out.',
  example: 'separation --winners 25,100,500 --svg separation.svg',
  options: (command) =>
    populationOptions(command, 20)
      .option('--neurons <count>', 'input neurons', integerFrom(2, 2 ** 20), 1000)
      .option('--active <count>', 'of them active in each input', integerFrom(1, 2 ** 20), 100)
      .option('--outputs <count>', 'output units', integerFrom(1, 2 ** 24), 5000)
      .option('--sources <count>', 'inputs that each of them listens to', integerFrom(1, 256), 20)
      .option(
        '--winners <counts>',
        'output units that win, a curve each',
        series(1, 2 ** 24, true),
        [25, 100, 500],
      )
      .option(
        '--overlaps <fractions>',
        'shares of active inputs in common, as a,b,c or from:to:step',
        series(0, 1),
        between(0, 1, 20),
      )
      .option('--pairs <count>', 'pairs of inputs for each network', integerFrom(1, 2 ** 20), 20),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, active, outputs, sources, overlaps, pairs } = flags
    const runs = await inTurn(flags.winners, watching, async (winners, limits): Promise<SeparationRun> => {
      const wiring = { neurons, active, outputs, sources, winners }
      return {
        winners,
        sources,
        curve: await separationCurve({ ...wiring, overlaps, pairs, ...surveyOf(flags), ...limits }),
      }
    })
    return {
      data: { runs },
      words: tableOf(
        'input',
        runs.map(({ winners, curve }) => ({ label: `${winners} winners`, curve: curve.overlap })),
      ),
      figure: () => separationFigure(runs, `${pairs} pairs of inputs for each of ${captionOf(flags)}`),
    }
  },
})

export function separationFigure(runs: readonly SeparationRun[], caption: string): Figure {
  const [{ curve: first, sources }] = runs
  const { neurons, active, outputs } = first
  const shares = [...new Set(between(0, active, 60).map(Math.round))].filter(
    (shared) => shared >= 2 * active - neurons,
  )
  return curves({
    title: 'Pattern separation by expansion',
    caption: `${neurons} inputs, ${active} of them active; ${outputs} outputs that listen to ${sources} inputs each; ${caption} Dashed: theory.`,
    x: { title: 'overlap of the inputs, share of active ones in common', domain: [0, 1] },
    y: { title: 'overlap of the outputs', domain: [0, 1.02] },
    curves: [
      ...runs.map(({ winners, curve }, k) =>
        drawn(curve.overlap, `${winners} winners`, [0, 1], { kind: 'points', color: k }),
      ),
      ...runs.map(({ winners }, color) => ({
        label: '',
        kind: 'theory' as const,
        color,
        x: shares.map((shared) => shared / active),
        y: shares.map((shared) =>
          expansionOverlap({ neurons, active, shared, sources, activity: winners / outputs }),
        ),
      })),
      { label: 'no separation', kind: 'line', color: 5, x: [0, 1], y: [0, 1] },
    ],
  })
}
