import type { RestrictedBoltzmannMachine } from 'hopfield-native'
import { curvesPart, type Figure, figure, galleryPart, type Picture } from './figures/index.js'
import { told } from './figures/words.js'
import type { Grid } from './patterns.js'

/** No more filters are drawn: those of the largest weights. */
const MOST_FILTERS = 100
/** Weights beyond this share of all have the full colour. */
const FULL = 0.995

/** What each hidden unit looks for: its weights as a picture, units with the largest ones first. */
export function filtersOf(machine: RestrictedBoltzmannMachine, grid: Grid): Picture[] {
  const { visible, hidden } = machine
  const weights = machine.weights()
  const sizes = weights.map(Math.abs).sort()
  const most = sizes[Math.floor((sizes.length - 1) * FULL)] || 1
  const strength = Float64Array.from({ length: hidden }, (_, j) => {
    let sum = 0
    for (let i = 0; i < visible; i++) sum += weights[i * hidden + j] ** 2
    return sum
  })
  return Array.from(strength, (_, j) => j)
    .sort((a, b) => strength[b] - strength[a])
    .slice(0, MOST_FILTERS)
    .map((j) => {
      const values = Float64Array.from({ length: visible }, (_, i) => weights[i * hidden + j] / most)
      return { grid, kind: 'signed', values }
    })
}

export interface Learned {
  readonly title: string
  readonly hidden: number
  readonly filters: readonly Picture[]
  /** Nats per held-out picture after each epoch; perhaps none. */
  readonly measures: readonly number[]
  readonly measure: string
  /** The epoch that was taken, from 1. */
  readonly best: number
}

/** The filters, and below them the likelihood after each epoch. */
export function filtersFigure({ title, hidden, filters, measures, measure, best }: Learned): Figure {
  const shown =
    filters.length < hidden ? `The ${filters.length} largest of ${hidden} filters` : `${hidden} filters`
  const reached = measures[best - 1]
  const words = {
    title: `What a machine learned of ${title}`,
    caption: `${shown}: blue pixels want ink, orange ones want none.${measures.length > 1 ? ` ${measure} after epoch ${best}: ${told(Number(reached.toFixed(2)))} nats a picture.` : ''}`,
  }
  const gallery = galleryPart({ pictures: filters, columns: Math.ceil(Math.sqrt(filters.length * 2)) })
  if (measures.length < 2) return figure(words, gallery)
  const curve = { label: '', kind: 'line' as const, x: measures.map((_, k) => k + 1), y: measures }
  const taken = { label: '', kind: 'points' as const, color: 0, x: [best], y: [reached] }
  return figure(
    words,
    gallery,
    curvesPart({
      x: { title: 'epoch', domain: [1, measures.length] },
      y: { title: `${measure} of held-out pictures, nats each` },
      curves: [curve, taken],
      height: 200,
    }),
  )
}
