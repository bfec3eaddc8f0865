import { addNoise } from 'hopfield-native'
import { type Figure, type Picture, rowsOfPictures } from './figures/index.js'
import { told } from './figures/words.js'
import { shortName } from './names.js'
import { gridOf, type PatternSet } from './patterns.js'
import type { Report } from './report.js'

/** So many cues are drawn: the first ones. */
const MOST = 8

/** The states of a recall: N values ±1 for each cue. */
export interface RecallStates {
  readonly stored: PatternSet
  readonly cues: PatternSet
  readonly recalled: Int8Array
}

/** The first cues, what was recalled from each, and the stored pattern that is nearest to it. */
export function recallFigure({ stored, cues, recalled }: RecallStates, report: Report): Figure {
  const { neurons, patterns, settings, summary, results } = report
  const grid = gridOf(neurons, stored.grid ?? cues.grid)
  const shown = results.slice(0, MOST)
  const rowOf = (of: Int8Array, b: number): Int8Array => of.subarray(b * neurons, (b + 1) * neurons)
  const { noise: share, seed } = settings
  // Cue b has stream b for its noise.
  const noisy = (b: number): Int8Array =>
    addNoise(rowOf(cues.states, b), { noise: share, seed: BigInt(seed), stream: b })
  const picture = (values: Int8Array, right: Int8Array): Picture => {
    return { grid, values, wrong: Array.from(values.keys()).filter((i) => values[i] !== right[i]) }
  }
  const original = (b: number): Int8Array => rowOf(stored.states, shown[b].nearestIndex)
  const noise = share === 0 ? 'without noise' : `${told(share * 100)} % noise`
  const rule = settings.learning === undefined ? '' : `, ${settings.learning}`
  return rowsOfPictures({
    title: `Cues, and what the ${settings.model} memory recalled`,
    caption: [
      `N = ${neurons}, P = ${patterns}${rule}; ${noise}, seed ${seed}.`,
      `Of ${summary.cues} cues ${summary.exact} ended in a stored pattern, ${summary.inverse} in an inverse one, ${summary.spurious} elsewhere.`,
      `Orange: noise in the cue, and where the recalled state differs from the nearest stored pattern.`,
    ].join(' '),
    heads: shown.map(({ cue }) => shortName(cue)),
    rows: [
      { label: 'cue', pictures: shown.map((_, b) => picture(noisy(b), rowOf(cues.states, b))) },
      { label: 'recalled', pictures: shown.map((_, b) => picture(rowOf(recalled, b), original(b))) },
      { label: 'nearest', pictures: shown.map((_, b) => ({ grid, values: original(b) })) },
    ],
  })
}
