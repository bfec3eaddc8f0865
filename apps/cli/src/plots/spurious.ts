import { type SpuriousCensus, spuriousCensus } from 'hopfield-native/experiments'
import { curves, type Figure } from '../figures/index.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  loadsOption,
  neuronsOption,
  oneRule,
  type RecallFlags,
  recallOf,
  recallOptions,
  tableOf,
} from './population.js'

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly loads: number[]
  readonly starts: number
}

/** Kinds of ends, and what the figure calls them. */
const KINDS = {
  stored: 'stored patterns',
  inverse: 'inverses',
  mixture3: 'mixtures of 3',
  mixture5: 'mixtures of 5',
  spinGlass: 'other fixed points',
  unsettled: 'not at rest',
} as const

export const spuriousPlot = plot<Flags>({
  kind: 'spurious',
  summary: 'what random starts end in: patterns, mixtures, or others',
  description: 'Starts recall from random states, and counts what they end in, by the load.',
  example: 'spurious --neurons 500 --loads 0.006,0.01:0.15:0.01 --svg spurious.svg',
  options: (command) =>
    recallOptions(command, 20)
      .addOption(neuronsOption(500))
      .addOption(loadsOption([0.006, ...between(0.01, 0.15, 14)]))
      .option('--starts <count>', 'random starts in each network', integerFrom(1, 2 ** 20), 100),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, loads, starts } = flags
    const { name, options } = oneRule(flags)
    const { cues: _, ...recall } = recallOf(flags)
    const [found] = await inTurn([options], watching, (learning, limits) =>
      spuriousCensus({ neurons, loads, starts, ...learning, ...recall, ...limits }),
    )
    return {
      data: { learning: name, ...found },
      words: tableOf(
        'α',
        kindsOf(found).map(({ label, curve }) => ({ label, curve })),
      ),
      figure: () => spuriousFigure(found, `${name}, ${starts} random starts in each of ${captionOf(flags)}`),
    }
  },
})

/** The kinds that were found at all. */
function kindsOf(found: SpuriousCensus) {
  return (Object.keys(KINDS) as (keyof typeof KINDS)[])
    .map((kind) => ({ label: KINDS[kind], curve: found[kind] }))
    .filter(({ curve }) => curve.mean.some((share) => share > 0))
}

export function spuriousFigure(found: SpuriousCensus, caption: string): Figure {
  return curves({
    title: 'What random starts end in',
    caption: `N = ${found.neurons}, random patterns, ${caption}`,
    x: { title: 'load α = P/N' },
    y: { title: 'share of starts', domain: [0, 1.02] },
    curves: kindsOf(found).map(({ label, curve }) => drawn(curve, label, [0, 1])),
  })
}
