import { scaleLinear, scalePoint } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import type { Experiment } from './experiment.js'
import { type Attributes, element } from './figures/svg.js'
import { BLUE, drawing, FAINT, INK, PAPER, RULE, VERMILION, VERMILION_TEXT } from './house-style.js'

const WIDTH = 960
const HEIGHT = 632
const MARGIN = 48

const EDGE = '#dedbd2'
const BLANK = '#e9e6de'

/** The experiment as a picture: letters above, energy after each flip below. Every call gives the same bytes. */
export function formatFigure(experiment: Experiment): string {
  const { names, network, sweeps, flips } = experiment
  const description =
    `A Hopfield network of ${network.neurons} neurons stores ${names.join(', ')} and recalls ${names[0]} from a cue ` +
    `with ${experiment.damage.length} wrong neurons in ${sweeps} sweeps and ${flips} flips; the energy falls at every flip.`
  return drawing(
    WIDTH,
    HEIGHT,
    14,
    { 'aria-labelledby': 'title description' },
    `\n${element('title', { id: 'title' }, 'Recall from a noisy cue')}\n`,
    `${element('desc', { id: 'description' }, description)}\n`,
    `${card()}\n`,
    ...letters(experiment),
    ...descent(experiment),
    `${caption(experiment)}\n`,
  )
}

function card(): string {
  return element('rect', {
    x: 0.5,
    y: 0.5,
    width: WIDTH - 1,
    height: HEIGHT - 1,
    rx: 14,
    fill: PAPER,
    stroke: EDGE,
  })
}

function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, 'text-anchor': 'middle', ...attributes }, content)
}

interface GlyphOptions {
  cell: number
  /** Wrong neurons get the colour of errors: filled where the value is +1, a ring where it is −1. */
  wrong?: readonly number[]
}

/** A square glyph whose top left corner is at (left, top). */
function glyph(state: Int8Array, left: number, top: number, { cell, wrong = [] }: GlyphOptions): string {
  const side = Math.sqrt(state.length)
  const gap = cell / 8
  const cells = Array.from(state, (spin, i) => {
    const x = left + (i % side) * cell
    const y = top + Math.floor(i / side) * cell
    const size = cell - gap
    const round = { rx: cell / 8 }
    if (wrong.includes(i) && spin !== 1) {
      const ring = Math.max(1, cell / 10)
      return element('rect', {
        x: x + ring / 2,
        y: y + ring / 2,
        width: size - ring,
        height: size - ring,
        ...round,
        fill: BLANK,
        stroke: VERMILION,
        'stroke-width': ring,
      })
    }
    const fill = wrong.includes(i) ? VERMILION : spin === 1 ? INK : BLANK
    return element('rect', { x, y, width: size, height: size, ...round, fill })
  })
  return `${element('g', {}, ...cells)}\n`
}

const LETTERS_TOP = 80
const LARGE = 24
const SMALL = 14
/** From the bottom of a letter to the line of text below it. */
const BELOW = 24

function letters({ patterns, names, cue, damage, recalled, original, flips }: Experiment): string[] {
  const side = Math.sqrt(original.length)
  const large = side * LARGE - LARGE / 8
  const small = side * SMALL - SMALL / 8
  const middle = LETTERS_TOP + large / 2
  const storedStep = small + 24
  const columns = [430, 620, WIDTH - MARGIN - large]
  const pictures = [
    {
      title: 'noisy cue',
      state: cue,
      wrong: damage,
      note: `${damage.length} of ${cue.length} neurons wrong`,
      color: VERMILION_TEXT,
    },
    { title: 'recalled', state: recalled, wrong: [], note: `after ${flips} flips`, color: FAINT },
    { title: 'original', state: original, wrong: [], note: names[0], color: FAINT },
  ]
  return [
    heading(MARGIN + small / 2 + storedStep * ((patterns.length - 1) / 2), LETTERS_TOP - 26, 'stored'),
    ...patterns.flatMap((pattern, mu) => {
      const left = MARGIN + mu * storedStep
      return [
        glyph(pattern, left, middle - small / 2, { cell: SMALL }),
        text(left + small / 2, middle + small / 2 + BELOW, names[mu], { fill: FAINT }),
      ]
    }),
    '\n',
    ...pictures.flatMap(({ title, state, wrong, note, color }, k) => [
      heading(columns[k] + large / 2, LETTERS_TOP - 26, title),
      glyph(state, columns[k], LETTERS_TOP, { cell: LARGE, wrong }),
      text(columns[k] + large / 2, LETTERS_TOP + large + BELOW, note, { fill: color }),
    ]),
    '\n',
    arrow(columns[0] + large + 16, columns[1] - 16, middle),
    text((columns[1] + large + columns[2]) / 2, middle + 8, '=', { 'font-size': 24, fill: FAINT }),
    '\n',
  ]
}

function heading(x: number, y: number, title: string, attributes: Attributes = {}): string {
  return text(x, y, title, { 'font-size': 15, 'font-weight': 600, ...attributes })
}

function arrow(from: number, to: number, y: number): string {
  return element('path', {
    d: `M${from} ${y}H${to}m-7 -6l7 6l-7 6`,
    fill: 'none',
    stroke: FAINT,
    'stroke-width': 2,
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
  })
}

const CHART = { left: 92, right: WIDTH - MARGIN, top: 304, bottom: 470 }
const TINY = 8

/** Energy is constant from one flip to the next: each state is a plateau with a picture of the state below it. */
function descent({ trace, states, original }: Experiment): string[] {
  const energies = Array.from(trace.energies)
  const x = scalePoint<number>().domain(energies.keys()).range([CHART.left, CHART.right]).padding(0.5)
  const y = scaleLinear()
    .domain([0, Math.min(...energies)])
    .range([CHART.top, CHART.bottom])
  const plateaus = energies.map((energy, k) => ({ middle: x(k) as number, height: y(energy) }))
  const starts = plateaus.map(({ middle, height }): [number, number] => [middle - x.step() / 2, height])
  const end: [number, number] = [CHART.right, starts[starts.length - 1][1]]
  const side = Math.sqrt(original.length) * TINY - TINY / 8
  const top = CHART.bottom + 26
  return [
    heading(MARGIN, CHART.top - 36, `energy ${italic('E')} after every flip`, { 'text-anchor': 'start' }),
    ...axis(y),
    '\n',
    element('path', {
      d: line().curve(curveStepAfter)([...starts, end]) as string,
      fill: 'none',
      stroke: BLUE,
      'stroke-width': 2.5,
      'stroke-linejoin': 'round',
      'stroke-linecap': 'round',
    }),
    '\n',
    ...plateaus.flatMap(({ middle, height }, k) => [
      text(middle, height - 9, minus(energies[k].toFixed(2)), { 'font-size': 13, fill: BLUE, ...HALO }),
      glyph(states[k], middle - side / 2, top, { cell: TINY, wrong: differing(states[k], original) }),
      text(middle, top + side + 20, k === 0 ? 'cue' : String(k), { 'font-size': 13, fill: FAINT }),
      '\n',
    ]),
  ]
}

function differing(state: Int8Array, original: Int8Array): number[] {
  return Array.from(state.keys()).filter((i) => state[i] !== original[i])
}

/** An outline in the background colour, so that chart lines do not cross the digits. */
const HALO = {
  stroke: PAPER,
  'stroke-width': 5,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
  'font-variant-numeric': 'tabular-nums',
}

function axis(y: (energy: number) => number): string[] {
  return [0, -5, -10, -15].flatMap((energy) => [
    element('path', { d: `M${CHART.left} ${y(energy)}H${CHART.right}`, stroke: RULE }),
    text(CHART.left - 12, y(energy) + 4.5, minus(String(energy)), {
      'text-anchor': 'end',
      'font-size': 13,
      fill: FAINT,
    }),
  ])
}

function caption({ network, sweeps, flips, overlaps, names }: Experiment): string {
  const facts = [
    `${italic('N')} = ${network.neurons} neurons`,
    `${italic('P')} = ${network.patternCount} patterns`,
    `${sweeps} sweeps`,
    `${flips} flips`,
    `overlap with ${names[0]} ${overlaps.cue.toFixed(2)} → ${overlaps.recalled.toFixed(2)}`,
  ]
  return text(WIDTH / 2, HEIGHT - 28, facts.join('\u2002·\u2002'), { fill: FAINT })
}

function italic(symbol: string): string {
  return element('tspan', { 'font-style': 'italic' }, symbol)
}

function minus(figure: string): string {
  return figure.replace('-', '−')
}
