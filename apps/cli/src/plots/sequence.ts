import { sequenceOverlap } from 'hopfield-native'
import { type SequenceCurve, sequenceCurve } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  loadsOption,
  type PopulationFlags,
  populationOptions,
  sizesOption,
  surveyOf,
  tableOf,
} from './population.js'

interface Flags extends PopulationFlags {
  readonly neurons: number[]
  readonly loads: number[]
  readonly steps: number
}

export const sequencePlot = plot<Flags>({
  kind: 'sequence',
  summary: 'how well a sequence of patterns is replayed, against its length',
  description: 'Stores one sequence of random patterns, and replays it from each of them.',
  example: 'sequence --neurons 500,2000 --svg sequence.svg',
  options: (command) =>
    populationOptions(command, 10)
      .addOption(sizesOption([250, 1000]))
      .addOption(loadsOption(between(0.1, 0.36, 13), 'lengths P/N, as a,b,c or from:to:step'))
      .option('--steps <count>', 'steps of the replay', integerFrom(1, 1e6), 30),
  async measure(flags, watching): Promise<Measured> {
    const { loads, steps } = flags
    const runs = await inTurn(flags.neurons, watching, (neurons, limits) =>
      sequenceCurve({ neurons, loads, steps, ...surveyOf(flags), ...limits }),
    )
    return {
      data: { steps, runs },
      words: tableOf(
        'α',
        runs.map(({ neurons, overlap }) => ({ label: `N = ${neurons}`, curve: overlap })),
      ),
      figure: () => sequenceFigure(runs, `${steps} steps; ${captionOf(flags)}`),
    }
  },
})

export function sequenceFigure(runs: readonly SequenceCurve[], caption: string): Figure {
  const x = runs[0].overlap.x
  const loads = between(x[0], x[x.length - 1], 160)
  const theory = loads.map((alpha) => sequenceOverlap(alpha))
  return curves({
    title: 'How long a sequence can be replayed',
    caption: `Random patterns in a circle, rule sequence, synchronous, ${caption} Theory: Düring, Coolen and Sherrington, N → ∞.`,
    x: { title: 'length of the sequence, P/N' },
    y: {
      title: 'overlap m with the pattern that is due',
      domain: [Math.min(0, ...runs.flatMap(({ overlap }) => Array.from(overlap.mean))), 1.02],
    },
    curves: [
      ...runs.map(({ neurons, overlap }) => drawn(overlap, `N = ${neurons}`, [-1, 1])),
      { label: 'theory', kind: 'theory', color: 5, x: loads, y: theory.map((m) => (m > 0 ? m : Number.NaN)) },
    ],
    guides: [{ x: 0.269, label: 'α = 0.269' }],
  })
}
