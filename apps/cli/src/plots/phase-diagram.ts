import { type PhaseDiagram, phaseDiagram } from 'hopfield-native/experiments'
import { type Figure, heatMap } from '../figures/index.js'
import { formatRows } from '../table.js'
import { integerFrom } from '../values.js'
import { type Measured, plot } from './plot.js'
import {
  between,
  inTurn,
  loadsOption,
  neuronsOption,
  oneRule,
  type RecallFlags,
  recallOf,
  recallOptions,
  series,
} from './population.js'

interface Flags extends RecallFlags {
  readonly neurons: number
  readonly loads: number[]
  readonly temperatures: number[]
  readonly sweeps: number
}

export const phasePlot = plot<Flags>({
  kind: 'phase-diagram',
  summary: 'what is remembered at each load and temperature, with the lines of the theory',
  description:
    'Starts networks from their patterns, lets them run at a temperature, and measures what is left of the overlap.',
  example: 'phase-diagram --neurons 500 --sweeps 50 --svg phase-diagram.svg',
  options: (command) =>
    recallOptions(command, 5)
      .addOption(neuronsOption(500))
      .addOption(loadsOption(between(0.01, 0.16, 15)))
      .option(
        '--temperatures <numbers>',
        'temperatures, as a,b,c or from:to:step',
        series(0, 1e6),
        between(0, 1.25, 25),
      )
      .option(
        '--sweeps <count>',
        'sweeps from the pattern to the state that is measured',
        integerFrom(1, 1e6),
        50,
      ),
  async measure(flags, watching): Promise<Measured> {
    const { neurons, loads, temperatures, sweeps, networks, seed } = flags
    const { name, options } = oneRule(flags)
    const [found] = await inTurn([options], watching, (learning, limits) =>
      phaseDiagram({ neurons, loads, temperatures, sweeps, ...learning, ...recallOf(flags), ...limits }),
    )
    const { x, y, mean } = found.overlap
    return {
      data: { learning: name, ...found },
      words: formatRows(
        ['T', ...Array.from(x, (alpha) => `α = ${alpha.toFixed(2)}`)],
        Array.from(y, (temperature, j) => [
          temperature.toFixed(2),
          ...Array.from(x, (_, i) => mean[j * x.length + i].toFixed(2)),
        ]),
      ),
      figure: () =>
        phaseFigure(
          found,
          `N = ${neurons}, ${name}, ${networks} ${networks === 1 ? 'network' : 'networks'} at each load, ${sweeps} sweeps from the pattern, ${flags.dynamics}, seed ${seed}.`,
        ),
    }
  },
})

export function phaseFigure({ overlap, lines }: PhaseDiagram, caption: string): Figure {
  const { x, y, mean } = overlap
  const drawn =
    lines === undefined
      ? []
      : [
          { label: 'T_M: below it patterns are states', ...lines.retrieval },
          { label: 'T_c: below it they are the best ones', ...lines.ground },
          { label: 'T_g: above it nothing is frozen', ...lines.spinGlass },
        ]
  return heatMap({
    title: 'What is remembered, by load and temperature',
    caption: `${caption}${lines === undefined ? '' : ' Lines: Amit, Gutfreund and Sompolinsky, N → ∞.'}`,
    x: { title: 'load α = P/N' },
    y: { title: 'temperature T' },
    color: { title: 'overlap m with the pattern', domain: [0, 1] },
    columns: x,
    rows: y,
    values: mean.map((m) => Math.max(0, m)),
    lines: drawn.map((line) => ({
      ...line,
      label: line.label.replace(/T_(\w)/, (_, index: string) => `T${SUBSCRIPTS[index]}`),
    })),
  })
}

/** Letters below the line, as far as Unicode has them. */
const SUBSCRIPTS: Readonly<Record<string, string>> = { M: 'ᴍ', c: 'ᴄ', g: 'ɢ' }
