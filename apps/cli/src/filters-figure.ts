import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import type { RestrictedBoltzmannMachine } from 'hopfield-native'
import { columnsFor, drawPicture, type Picture, pixelFor } from './drawn-picture.js'
import { element, escaped } from './figures/svg.js'
import { BLUE, drawing, FAINT, PAPER, RULE, VERMILION_TEXT } from './house-style.js'
import type { Grid } from './patterns.js'
import { signed } from './shades.js'

/** No more filters are drawn: those of the largest weights. */
const MOST_FILTERS = 100
/** Weights beyond this share of all have the full colour. */
const FULL = 0.995

/** What each hidden unit looks for: its weights as a picture, units with the largest ones first. */
export function filtersOf(machine: RestrictedBoltzmannMachine, grid: Grid): Picture[] {
  const { visible, hidden } = machine
  const weights = machine.weights()
  const sizes = weights.map(Math.abs).sort()
  const most = sizes[Math.floor((sizes.length - 1) * FULL)]
  const strength = Float64Array.from({ length: hidden }, (_, j) => {
    let sum = 0
    for (let i = 0; i < visible; i++) sum += weights[i * hidden + j] ** 2
    return sum
  })
  return Array.from(strength, (_, j) => j)
    .sort((a, b) => strength[b] - strength[a])
    .slice(0, MOST_FILTERS)
    .map((j) => ({ grid, colorOf: (i: number) => signed(weights[i * hidden + j], most) }))
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

const GAP = 28
const TOP = 62
const BETWEEN = 5
/** About how wide the filters are together, and the plot. */
const SIDE = 400
const PLOT = 340
/** Room for the numbers of the axis, and for the label of the best epoch. */
const AXIS = 56
const LABEL = 170

/** The filters, and beside them the likelihood after each epoch. */
export function formatLearned(learned: Learned): string {
  const { title, hidden, filters, measures } = learned
  const { grid } = filters[0]
  const columns = columnsFor(filters)
  const pixel = pixelFor(grid, SIDE / columns - BETWEEN)
  const [wide, high] = [grid.width * pixel + BETWEEN, grid.height * pixel + BETWEEN]
  const panel = Math.max(columns * wide - BETWEEN, 240)
  const rows = Math.ceil(filters.length / columns)
  const plotted = measures.length > 1
  const width = GAP + panel + GAP + (plotted ? AXIS + PLOT + GAP : 0)
  const height = TOP + Math.max(rows * high - BETWEEN, plotted ? 240 : 0) + GAP
  const shown =
    filters.length < hidden ? `the ${filters.length} largest of ${hidden} filters` : `${hidden} filters`
  return drawing(
    width,
    height,
    13,
    {},
    element('title', {}, `Filters of a restricted Boltzmann machine: ${escaped(title)}`),
    element('rect', { width, height, fill: PAPER }),
    element('text', { x: GAP, y: 28, 'font-size': 15, 'font-weight': 600 }, escaped(title)),
    element(
      'text',
      { x: GAP, y: 48, fill: FAINT },
      `${shown}: ${element('tspan', { fill: BLUE }, 'wants ink')}, ${element('tspan', { fill: VERMILION_TEXT }, 'wants none')}`,
    ),
    ...filters.map((filter, k) =>
      drawPicture(filter, {
        x: GAP + (k % columns) * wide,
        y: TOP + Math.floor(k / columns) * high,
        pixel,
      }),
    ),
    ...(plotted ? curve(learned, GAP + panel + GAP + AXIS, height) : []),
  )
}

function curve({ measures, measure, best }: Learned, left: number, height: number): string[] {
  const [right, bottom] = [left + PLOT, height - GAP - 22]
  const x = scaleLinear().domain([1, measures.length]).range([left, right])
  const [low, high] = [Math.min(...measures), Math.max(...measures)]
  const y = scaleLinear()
    .domain(low === high ? [low - 1, high + 1] : [low, high])
    .range([bottom, TOP])
    .nice()
  const [at, reached] = [x(best), measures[best - 1]]
  // The label is where the curve is not: below it.
  const near = measures.filter(
    (_, k) => Math.abs(x(k + 1) - Math.max(at, left + LABEL) + LABEL / 2) <= LABEL / 2 + 8,
  )
  const below = y(Math.min(...near, reached))
  const epochs = x.ticks(5).filter((epoch) => Number.isInteger(epoch) && x(epoch) > left + AXIS)
  return [
    element('text', { x: left, y: 48, fill: FAINT }, escaped(`${measure} of held-out pictures, nats each`)),
    ...y
      .ticks(6)
      .flatMap((nats) => [
        element('path', { d: `M${left} ${y(nats)}H${right}`, stroke: RULE }),
        element('text', { x: left - 9, y: y(nats) + 4.5, 'text-anchor': 'end', fill: FAINT }, minus(nats)),
      ]),
    element('text', { x: left, y: bottom + 20, fill: FAINT }, 'epoch'),
    ...epochs.flatMap((epoch) => [
      element('path', { d: `M${x(epoch)} ${bottom}v5`, stroke: FAINT }),
      element('text', { x: x(epoch), y: bottom + 20, 'text-anchor': 'middle', fill: FAINT }, String(epoch)),
    ]),
    element('path', {
      d: line<number>(
        (_, k) => x(k + 1),
        (nats) => y(nats),
      )(measures) as string,
      fill: 'none',
      stroke: BLUE,
      'stroke-width': 2.5,
      'stroke-linejoin': 'round',
    }),
    element('circle', { cx: at, cy: y(reached), r: 4, fill: BLUE }),
    element(
      'text',
      {
        x: Math.max(at, left + LABEL),
        y: Math.min(below + 20, bottom - 6),
        'text-anchor': 'end',
        fill: BLUE,
        'font-weight': 600,
      },
      `${minus(Number(reached.toFixed(2)))} after epoch ${best}`,
    ),
  ]
}

function minus(x: number): string {
  return String(Number(x.toPrecision(9))).replace('-', '−')
}
