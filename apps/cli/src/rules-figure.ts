import type { Compared } from './comparison.js'
import { dots, type Figure } from './figures/index.js'
import { told } from './figures/words.js'

export interface RulesCompared {
  readonly neurons: number
  readonly patterns: number
  readonly noises: readonly number[]
  /** Cues per pattern and noise. */
  readonly trials: number
  readonly seed: bigint
  readonly rules: readonly Compared[]
}

/** For each rule the share of patterns that are fixed points, and of cues recalled exactly at each noise, with 95 % intervals. */
export function rulesFigure({ neurons, patterns, noises, trials, seed, rules }: RulesCompared): Figure {
  const series = (label: string, count: number, of: (rule: Compared) => number) => {
    const values = rules.map(of)
    const intervals = values.map((share) => wilson(share, count))
    return { label, values, low: intervals.map(([low]) => low), high: intervals.map(([, high]) => high) }
  }
  return dots({
    title: 'What each learning rule recalls',
    caption: `N = ${neurons}, P = ${patterns}, α = ${told(Number((patterns / neurons).toFixed(3)))}; ${trials} ${trials === 1 ? 'cue' : 'cues'} per pattern and noise, seed ${seed}. Bars: 95 % intervals (Wilson), as if recalls were independent.`,
    x: { title: 'share recalled exactly', domain: [-0.02, 1.02], ticks: [0, 0.2, 0.4, 0.6, 0.8, 1] },
    rows: rules.map(({ learning }) => learning),
    series: [
      series('patterns that are fixed points', patterns, ({ fixed }) => fixed),
      ...noises.map((noise, k) =>
        series(`cues with ${told(noise * 100)} % noise`, patterns * trials, ({ recalled }) => recalled[k]),
      ),
    ],
  })
}

/** Wilson's interval of a share of `count` trials, at 95 %. */
export function wilson(share: number, count: number): [low: number, high: number] {
  const z = 1.959964
  const [middle, scale] = [share + z ** 2 / (2 * count), 1 + z ** 2 / count]
  const half = z * Math.sqrt((share * (1 - share)) / count + z ** 2 / (4 * count ** 2))
  return [Math.max(0, (middle - half) / scale), Math.min(1, (middle + half) / scale)]
}
