import type { Completed, Completion } from './completion.js'
import { type Figure, rowsOfPictures } from './figures/index.js'

/** Three rows of pictures, one column per class: the cue with its hidden half, the recalled and the stored picture. */
export function completionFigure({ side, examples, stored }: Completion): Figure {
  const grid = { width: side, height: side }
  const row = (label: string, of: (one: Completed) => Float32Array, tinted = false) => ({
    label,
    pictures: examples.map((one) => {
      return { grid, kind: 'grey' as const, values: of(one), ...(tinted ? { hidden: one.hidden } : {}) }
    }),
  })
  return rowsOfPictures({
    title: 'Pictures of which half is hidden',
    caption: `A modern Hopfield network of ${side * side} neurons that stores ${stored} pictures; one of each class.`,
    description:
      'Three rows of pictures, a column for each class: the cue, of which half is hidden; what the network retrieves; the picture that is stored.',
    heads: examples.map(({ label }) => String(label)),
    rows: [
      row('cue', ({ cue }) => cue, true),
      row('retrieved', ({ retrieved }) => retrieved),
      row('stored', ({ original }) => original),
    ],
  })
}
