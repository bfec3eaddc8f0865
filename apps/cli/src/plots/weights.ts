import { type Figure, gallery } from '../figures/index.js'
import { told } from '../figures/words.js'
import { type LearnedFlags, learned, learnedOptions } from './learned.js'
import { type Measured, plot } from './plot.js'

/** The weights of a network. */
export interface Weights {
  readonly neurons: number
  readonly patterns: number
  readonly learning: string
  /** N × N, row-major, divided by N. */
  readonly weights: ArrayLike<number>
}

/** More of them would be less than a pixel each. */
const MOST_NEURONS = 1024

export const weightsPlot = plot<LearnedFlags>({
  kind: 'weights',
  summary: 'the weights between all neurons as a picture',
  description: 'Stores patterns, and draws the N × N weights: blue excites, orange inhibits.',
  example: 'weights --store digits-8x8.csv.gz --learning pseudoinverse:dependent=skip --png weights.png',
  options: learnedOptions,
  inputs: ({ store = [] }) => store,
  async measure(flags, watching): Promise<Measured> {
    const { set, network, rule } = await learned(flags, MOST_NEURONS, watching)
    const { neurons } = set
    const matrix = network.weights({ normalize: true })
    const found = { neurons, patterns: network.patternCount, learning: rule, weights: matrix }
    const { least, most } = rangeOf(found)
    return {
      data: found,
      words: `N = ${neurons}, P = ${found.patterns}, ${rule}: weights from ${least.toFixed(4)} to ${most.toFixed(4)}.`,
      figure: () => weightsFigure(found),
    }
  },
})

function rangeOf({ weights }: Weights): { least: number; most: number } {
  let [least, most] = [0, 0]
  for (const weight of Array.from(weights)) {
    least = Math.min(least, weight)
    most = Math.max(most, weight)
  }
  return { least, most }
}

export function weightsFigure(found: Weights): Figure {
  const { neurons, patterns, learning, weights } = found
  const { least, most } = rangeOf(found)
  const full = Math.max(-least, most) || 1
  const values = Float64Array.from(weights, (weight) => weight / full)
  return gallery({
    title: `Weights of a network of ${neurons} neurons`,
    caption: `P = ${patterns} patterns, ${learning}. Row i, column j: the weight from neuron j to neuron i. Blue excites, orange inhibits, none is the paper; full colour is ±${told(Number(full.toPrecision(3)))}.`,
    pictures: [{ grid: { width: neurons, height: neurons }, kind: 'signed', values }],
  })
}
