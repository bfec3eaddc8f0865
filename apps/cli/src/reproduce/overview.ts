import { dots, type Figure } from '../figures/index.js'
import { widened } from './judge.js'
import type { Outcome, Report } from './run.js'

/** Where the axis ends: rows further away stand there. */
const END = 2.5

/** Whether the figure has a place for a row: bounds have no distance. */
export function hasDistance({ published }: Pick<Outcome, 'published'>): boolean {
  return (published.relation ?? 'equal') === 'equal'
}

/** How far every published number is from ours, in lengths of the interval on its side. */
export function overview({ rows, seed, quick, complete }: Report): Figure {
  const shown = rows.filter(hasDistance)
  const series = (label: string, wanted: boolean) => ({
    label,
    values: shown.map((row) => (row.holds === wanted ? distance(row) : Number.NaN)),
  })
  const held = rows.filter(({ holds }) => holds).length
  return dots({
    title: `Published results, recomputed: ${held} of ${rows.length} hold`,
    caption: `0: ours is the published number; beyond ±1 it is outside of the interval of four standard errors, and at ±${END} it may be further out. ${rows.length - shown.length} rows are about bounds or trends and are not shown. Seed ${seed}${quick ? ', small networks' : ''}${complete ? '' : ', interrupted'}.`,
    x: {
      title: 'ours less published, in intervals',
      domain: [-END - 0.1, END + 0.1],
      ticks: [-2, -1, 0, 1, 2],
    },
    rows: shown.map(({ id }) => id),
    pitch: 19,
    series: [series('holds', true), series('does not hold', false)],
    guides: [-1, 1],
  })
}

function distance({ ours, published }: Outcome): number {
  if (ours === undefined) return Number.NaN
  const { value, low, high } = widened(ours, published)
  const apart = value - published.value
  if (apart === 0) return 0
  return Math.min(END, Math.max(-END, apart / (apart > 0 ? value - low : high - value)))
}
