import { scaleLinear, scaleLog } from 'd3-scale'
import { curveStepAfter, line } from 'd3-shape'
import { element, escaped } from './figures/svg.js'
import { BLUE, drawing, FAINT, PAPER, RULE, VERMILION_TEXT } from './house-style.js'

const WIDTH = 760
const HEIGHT = 400
const PLOT = { left: 96, right: WIDTH - 44, top: 60, bottom: HEIGHT - 56 }
/** Room for a label of the axis. */
const LABEL = 64

/** The least energy against time, in milliseconds on a logarithmic axis, and the bound that none is below. */
export function formatEnergies(
  title: string,
  history: readonly (readonly [time: number, energy: number])[],
  end: number,
  bound: number,
): string {
  const first = Math.max(history[0][0], 0.01)
  const x = scaleLog()
    .domain([first, Math.max(end, first * 10)])
    .range([PLOT.left, PLOT.right])
  const energies = history.map(([, energy]) => energy)
  const [least, most] = [Math.min(...energies), Math.max(...energies)]
  // A bound that is far below would leave no room for what happened.
  const near = bound >= least - Math.max(most - least, Math.abs(least) / 100)
  const y = scaleLinear()
    .domain([near ? bound : least - (most - least || Math.abs(least) || 1) / 8, most])
    .range([PLOT.bottom, PLOT.top])
    .nice()
  const last = history[history.length - 1]
  const points = [...history, [Math.max(end, first), last[1]] as const].map(
    ([time, energy]): [number, number] => [x(Math.max(time, first)), y(energy)],
  )
  const text = (
    at: readonly [number, number],
    content: string,
    more: Record<string, string | number> = {},
  ): string => element('text', { x: at[0], y: at[1], ...more }, content)
  // 1, 2 and 5 of every decade, as far as their labels have room.
  const times: number[] = []
  for (const time of x.ticks()) {
    const hasRoom = times.length === 0 || x(time) - x(times[times.length - 1]) > LABEL
    if (hasRoom && '125'.includes(time.toExponential()[0])) times.push(time)
  }
  return drawing(
    WIDTH,
    HEIGHT,
    13,
    {},
    element('title', {}, `The least energy against time: ${escaped(title)}`),
    element('rect', { width: WIDTH, height: HEIGHT, fill: PAPER }),
    text([PLOT.left, 34], `least energy of ${escaped(title)}`, { 'font-size': 15, 'font-weight': 600 }),
    ...y
      .ticks(6)
      .flatMap((energy) => [
        element('path', { d: `M${PLOT.left} ${y(energy)}H${PLOT.right}`, stroke: RULE }),
        text([PLOT.left - 10, y(energy) + 4.5], told(energy), { 'text-anchor': 'end', fill: FAINT }),
      ]),
    ...times.flatMap((time) => [
      element('path', { d: `M${x(time)} ${PLOT.bottom}v5`, stroke: FAINT }),
      text([x(time), PLOT.bottom + 22], `${told(time)} ms`, { 'text-anchor': 'middle', fill: FAINT }),
    ]),
    ...(near
      ? [
          element('path', {
            d: `M${PLOT.left} ${y(bound)}H${PLOT.right}`,
            stroke: VERMILION_TEXT,
            'stroke-dasharray': '5 4',
          }),
        ]
      : []),
    text([PLOT.right, near ? y(bound) - 7 : PLOT.top - 26], `no energy is below ${told(bound)}`, {
      'text-anchor': 'end',
      fill: VERMILION_TEXT,
    }),
    element('path', {
      d: line().curve(curveStepAfter)(points) as string,
      fill: 'none',
      stroke: BLUE,
      'stroke-width': 2.5,
      'stroke-linejoin': 'round',
    }),
    text([points[points.length - 1][0], y(last[1]) - 9], told(last[1]), {
      'text-anchor': 'end',
      fill: BLUE,
      'font-weight': 600,
    }),
  )
}

function told(x: number): string {
  return String(Number(x.toPrecision(9))).replace('-', '−')
}
