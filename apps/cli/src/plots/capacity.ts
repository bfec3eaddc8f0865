import { Option } from 'commander'
import { retrievalOverlap } from 'hopfield-native'
import { type CapacityCurve, capacityCurve } from 'hopfield-native/experiments'
import { type Curve, curves, type Figure } from '../figures/index.js'
import { told } from '../figures/words.js'
import { learningRule } from '../learning.js'
import { fraction } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  captionOf,
  drawn,
  inTurn,
  loadsOption,
  type RecallFlags,
  recallOf,
  recallOptions,
  sizesOption,
  tableOf,
} from './population.js'

/** What is measured, and how an axis calls it. */
const MEASURES = {
  overlap: 'overlap m with the pattern after recall',
  exact: 'share of patterns recalled exactly',
  retrieved: 'share of patterns recalled with m ≥ 0.9',
} as const
type Measure = keyof typeof MEASURES

interface Flags extends RecallFlags {
  readonly neurons: number[]
  readonly loads: number[]
  readonly noise: number
  readonly measure: Measure
}

export interface CapacityRun {
  readonly learning: string
  readonly curve: CapacityCurve
}

export const capacityPlot = plot<Flags>({
  kind: 'capacity',
  summary: 'how recall ends against the load, for rules and sizes',
  description: 'Stores more and more random patterns, and measures how each is recalled.',
  example: 'capacity --neurons 250,500,1000 --loads 0.06:0.18:0.01 --svg capacity.svg',
  options: (command) =>
    recallOptions(command, 20, 'hebbian')
      .addOption(sizesOption([250, 500, 1000]))
      .addOption(loadsOption(between(0.04, 0.2, 16)))
      .option('--noise <fraction>', 'share of neurons to flip in each cue', fraction, 0)
      .addOption(
        new Option('--measure <measure>', 'what is drawn').choices(Object.keys(MEASURES)).default('overlap'),
      ),
  async measure(flags, watching): Promise<Measured> {
    const rules = flags.learning ?? [learningRule('hebbian')]
    const wanted = rules.flatMap((rule) =>
      flags.neurons.map((neurons) => ({
        learning: rule.name,
        options: { neurons, learning: rule.learning },
      })),
    )
    const { loads, noise, measure } = flags
    const runs = await inTurn(
      wanted,
      watching,
      async ({ learning, options }, limits): Promise<CapacityRun> => {
        const curve = await capacityCurve({ ...options, ...recallOf(flags), loads, noise, ...limits })
        return { learning, curve }
      },
    )
    const labels = labelsOf(runs)
    return {
      data: { measure, noise, runs },
      words: tableOf(
        'α',
        runs.map(({ curve }, k) => ({ label: labels[k], curve: curve[measure] })),
      ),
      figure: () => capacityFigure(runs, { measure, noise, caption: captionOf(flags) }),
    }
  },
})

/** By rule, by size, or by both: whatever differs. */
function labelsOf(runs: readonly CapacityRun[]): string[] {
  const differ = (of: (run: CapacityRun) => unknown): boolean => new Set(runs.map(of)).size > 1
  const [rules, sizes] = [differ(({ learning }) => learning), differ(({ curve }) => curve.neurons)]
  return runs.map(({ learning, curve }) => {
    const size = `N = ${curve.neurons}`
    if (rules && sizes) return `${learning}, ${size}`
    return rules ? learning : size
  })
}

export function capacityFigure(
  runs: readonly CapacityRun[],
  { measure, noise, caption }: { measure: Measure; noise: number; caption: string },
): Figure {
  const labels = labelsOf(runs)
  const range = measure === 'overlap' ? ([-1, 1] as const) : ([0, 1] as const)
  const measured = runs.map(({ curve }, k) => drawn(curve[measure], labels[k], range))
  const theory =
    measure === 'overlap' ? runs.find(({ curve }) => curve.overlap.theory !== undefined) : undefined
  const rules = [...new Set(runs.map(({ learning }) => learning))]
  const sizes = [...new Set(runs.map(({ curve }) => curve.neurons))]
  const said = [
    rules.length === 1 ? `${rules[0]}; ` : '',
    sizes.length === 1 ? `N = ${sizes[0]}; ` : '',
    noise === 0 ? 'recall starts from the pattern' : `cues with ${told(noise * 100)} % noise`,
  ].join('')
  return curves({
    title: 'How much a network can store',
    caption: `Random patterns, ${said}; ${caption}${theory === undefined ? '' : ' Theory: Amit, Gutfreund and Sompolinsky, N → ∞.'}`,
    x: { title: 'load α = P/N' },
    y: {
      title: MEASURES[measure],
      domain: [Math.min(0, ...measured.flatMap(({ y }) => Array.from(y))), 1.02],
    },
    curves: theory === undefined ? measured : [...measured, theoryOf(theory.curve.overlap.x)],
    guides: theory === undefined ? [] : [{ x: 0.138, label: 'α = 0.138' }],
  })
}

/** The overlap of the retrieval state, up to where there is none. */
function theoryOf(x: Float64Array): Curve {
  const loads = between(x[0], x[x.length - 1], 160)
  const overlaps = loads.map((alpha) => retrievalOverlap(alpha))
  return {
    label: 'theory, T = 0',
    kind: 'theory',
    color: 5,
    x: loads,
    y: overlaps.map((m) => (m > 0 ? m : Number.NaN)),
  }
}
