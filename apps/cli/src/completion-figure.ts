import type { Completed, Completion } from './completion.js'
import { formatRowsOfPictures } from './rows-figure.js'
import { grey } from './shades.js'

/** Three rows of pictures, one column per class: the cue with its hidden half, the recalled and the stored picture. */
export function formatCompletion({ side, examples }: Completion): string {
  const grid = { width: side, height: side }
  const row = (label: string, of: (one: Completed) => Float32Array, tinted = false) => ({
    label,
    pictures: examples.map((one) => {
      const values = of(one)
      return { grid, colorOf: (i: number) => grey(values[i], tinted && one.hidden[i]) }
    }),
  })
  return formatRowsOfPictures({
    title: 'Pictures of which half is hidden, the recalled pictures, and the stored ones',
    heads: examples.map(({ label }) => String(label)),
    rows: [
      row('cue', ({ cue }) => cue, true),
      row('retrieved', ({ retrieved }) => retrieved),
      row('stored', ({ original }) => original),
    ],
  })
}
